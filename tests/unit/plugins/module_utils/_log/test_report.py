# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import random
from pathlib import Path

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._log import info, report, tally, workers_host
from ansible_collections.postfix_manager.mail.plugins.module_utils._log.counting import count_blocks
from ansible_collections.postfix_manager.mail.plugins.module_utils._log.request import request_of
from ansible_collections.postfix_manager.mail.plugins.module_utils._log.words import size, summary, warnings

GOLDEN = Path(__file__).parent / "golden"
PARAMS = {
    **dict.fromkeys(("paths", "since", "until", "cursor", "instance", "trace", "addresses_salt")),
    **{"journal": True, "rotated": False, "top": 20, "max_entries": 20_000, "brute_force_threshold": 1},
    "addresses": "shown",
}
LOG = "".join((GOLDEN / f"{name}.txt").read_text() for name in ("message", "deliveries", "refusals"))
LOGIN = "Nov 25 09:39:01 mx dovecot: imap-login: {}: user=<alice@example.test>, rip=192.0.2.7\n"


def result(counted, clock, **params):
    return report.rendered(counted, clock, request_of({**PARAMS, **params}, clock.reference))


def test_everything_is_plain_data_with_the_largest_first(count, clock):
    said = result(count(LOG + LOGIN.format("Logged in")), clock)
    assert said["messages"]["received"] == 1
    assert said["messages"]["relayed"] == 0
    assert said["tables"]["rejects"][0] == {"name": "RCPT: 454 4.7.1 <*>: Relay access denied", "count": 2}
    assert said["delays"]["total"] == {"mean": 0.3025, "p50": 0.03, "p90": 1.0, "p95": 1.0, "p99": 1.0, "max": 1.0}
    assert said["hours"] == [
        {
            **{"hour": "2026-11-25T09:00", "received": 1, "delivered": 4, "deferrals": 3, "bounced": 2, "rejected": 7},
            **{"logins": 1, "failed_logins": 0},
        }
    ]
    assert said["log"]["first"] == "2026-11-25T09:38:55Z"
    assert said["log"]["last"] == "2026-11-25T09:39:01Z"


def test_those_that_nothing_was_delivered_to_are_listed_but_not_counted(count, clock):
    head = "Nov 25 09:39:00 mx postfix/smtp[1]: 4jZF4"
    sent, deferred, bounced = (
        f"{head}{name}: to=<{name}@{name}.test>, relay=none, delay=1, delays=0/0/1/0, dsn=2.0.0, status={status} (x)\n"
        for name, status in (("a", "sent"), ("b", "deferred"), ("c", "bounced"))
    )
    said = result(count(sent + deferred + bounced), clock)
    for name in ("recipients", "recipient_domains"):
        assert said["messages"][name] == 1
        assert len(said["tables"][name]) == 3


def test_the_summary_adds_up_what_filters_said(count, clock):
    head = "Nov 25 09:39:00 mx amavis[1]: (00001-01) "
    log = f"{head}Passed CLEAN {{Relayed}}, x\n" * 2 + f"{head}Blocked INFECTED (Eicar) {{Discarded}}, x\n"
    assert "Filters called 2 harmless, 1 infected." in summary(result(count(log), clock))


def test_hours_without_mail_have_a_line_too(count, clock):
    lines = [
        f"Nov 25 {hour}:00:00 mx postfix/smtpd[1]: 4jZF{hour}: client=c.test[192.0.2.1]\n" for hour in ("07", "10")
    ]
    assert [(row["hour"][11:], row["received"]) for row in result(count("".join(lines)), clock)["hours"]] == [
        ("07:00", 1),
        ("08:00", 0),
        ("09:00", 0),
        ("10:00", 1),
    ]


@pytest.mark.parametrize("mode", ["hashed", "dropped"])
def test_no_name_of_a_person_shows_when_it_must_not(count, clock, mode):
    log = LOG + LOGIN.format("Logged in") + LOGIN.format("Aborted login (auth failed, 1 attempts in 2 secs)") * 2
    said = result(count(log + "broken: <carol@example.org> is in it\n"), clock, addresses=mode)
    assert "carol" in str(result(count(log), clock)).lower()
    assert not [name for name in ("alice", "carol", "al ice") if name in str(said).lower()]


def test_a_table_has_so_many_lines(count, clock):
    assert len(result(count(LOG), clock, top=2)["tables"]["rejects"]) == 2


def test_the_summary_says_what_matters(count, clock):
    log = LOG + LOGIN.format("Aborted login (auth failed, 1 attempts in 2 secs)") + "broken\n"
    said = "\n".join(summary(result(count(log), clock)))
    assert "1 message received (452 bytes), 4 deliveries (0 of them to other servers)." in said
    assert "2 bounced, 2 deferred (in 3 attempts), 0 expired, 7 rejected." in said
    assert "Most rejections (2): RCPT: 454 4.7.1 <*>: Relay access denied." in said
    assert "1 address may be guessing passwords; the busiest, 192.0.2.7, failed 1 time with 1 name." in said
    assert "1 line could not be read." in said


def test_an_empty_log_has_a_result(count, clock):
    said = result(count(""), clock)
    assert said["messages"]["received"] == 0
    assert said["delays"]["total"] == {}
    assert said["summary"][0] == "No line with a time was found."


def test_what_was_cut_is_said(clock):
    counted = tally.Tally(limit=10)
    for number in range(100):
        counted.add_row("senders", b"%d@a.test" % number, [number + 1, 1])
    counted.bound()
    said = result(counted, clock)
    assert said["log"]["cut"] == [{"table": "senders", "entries": 90, "largest": 90}]
    assert [row["name"] for row in said["tables"]["senders"]] == [f"{number}@a.test" for number in range(99, 89, -1)]
    assert "max_entries in senders" in warnings(said, [])[0]
    assert "is gone" in warnings(result(tally.Tally(), clock), ["/var/log/mail.log"])[0]


@pytest.mark.parametrize("seed", range(40))
def test_no_damage_to_a_log_breaks_the_report(clock, seed):
    chance = random.Random(seed)
    log = bytearray(
        (LOG + LOGIN.format("Logged in")).replace("Nov 25 09", chance.choice(["Nov 25 09", "2026-11-25T09"])).encode()
    )
    for _damage in range(chance.choice([1, 10, 300])):
        place = chance.randrange(len(log))
        log[place : place + chance.randrange(30)] = chance.choice(
            [b"", b"\n", b"\xff", b": ", b"[", b"<", b"reject: ", log[:50]]
        )
    counted = tally.Tally()
    count_blocks([bytes(log)], counted, clock)
    said = result(counted, clock)
    assert said["log"]["lines"] == len(bytes(log).removesuffix(b"\n").split(b"\n"))
    assert said["summary"]


@pytest.mark.parametrize("parts", [2, 3, 7])
def test_the_parts_of_a_log_add_up_to_the_whole(count, clock, parts):
    # Forty times the same messages, interleaved, each in its own order.
    chance, lines = random.Random(1), []
    for number in range(40):
        own = (LOG + (GOLDEN / "two_hosts.txt").read_text()).replace("4jZF4", f"4jZF4{number}").splitlines()
        lines += zip(sorted(number + chance.random() * 20 for _line in own), own)
    log = [line for _time, line in sorted(lines)]
    whole, cut = count("\n".join(log)), len(log) // parts + 1
    first, *later = [count("\n".join(log[start : start + cut])) for start in range(0, len(log), cut)]
    for part in later:
        first.add(part)
    assert dict(first.counts) == dict(whole.counts)
    for name, table in whole.tables.items():
        assert first.tables[name] == {key: pytest.approx(row) for key, row in table.items()}


def test_work_is_shared_and_comes_back_in_order():
    assert workers_host.side_by_side(lambda part: part * 2, [1, 2, 3]) == [2, 4, 6]


def test_an_error_in_a_part_is_an_error():
    def work(part):
        if part:
            raise info.files_host.Error("no such part")

    with pytest.raises(info.files_host.Error, match="no such part"):
        workers_host.side_by_side(work, [0, 1])


def test_a_process_that_dies_is_an_error():
    with pytest.raises(info.files_host.Error, match="ended early"):
        workers_host.side_by_side(lambda part: part and info.os._exit(1), [0, 1])


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({"journal": False}, ["paths"]),
        ({"since": "yesterday", "until": "noon"}, ["since", "until"]),
        ({"since": "2026-11-25", "until": "2026-11-24"}, ["until"]),
        ({"top": 0, "max_entries": -1, "brute_force_threshold": 0}, ["top", "max_entries", "brute_force_threshold"]),
        ({"trace": {"queue_id": None, "message_id": None, "address": None}}, ["trace"]),
        ({"trace": {"queue_id": "x y"}}, ["trace.queue_id"]),
        (
            {"trace": {"queue_id": 4711, "address": " ", "subject": "x"}},
            ["trace.queue_id", "trace.address", "trace.subject"],
        ),
        ({"trace": {"address": "a@b.test"}, "cursor": "/x"}, ["cursor"]),
        ({"paths": ["/a", "/b", "/a"]}, ["paths[2]"]),
    ],
)
def test_bad_input_is_refused_all_at_once(clock, params, says):
    with pytest.raises(info.files_host.Error) as error:
        request_of({**PARAMS, **params}, clock.reference)
    options = [problem["option"] for problem in error.value.details["problems"]]
    assert sorted(options) == sorted(says)


@pytest.mark.parametrize(("number", "words"), [(0, "0 bytes"), (999, "999 bytes"), (1500, "1.5 kB"), (2.5e9, "2.5 GB")])
def test_sizes_have_units(number, words):
    assert size(number) == words
