# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is counted: lines as Postfix writes them, with names of our own."""

from __future__ import annotations

from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent / "golden"
HEAD = "Nov 25 09:38:55 mx "
MESSAGE = (GOLDEN / "message.txt").read_text()


def message(head: str, queue_id: str) -> str:
    return MESSAGE.replace(HEAD, head).replace("4jZF4H67tbzHYWl", queue_id)


def counts(tally, *names):
    return {name: tally.counts[name] for name in names if tally.counts[name]}


@pytest.mark.parametrize("queue_id", ["4jZF4H67tbzHYWl", "9F1A23C4D5", "A1B2C3"])
@pytest.mark.parametrize(
    "head",
    [
        HEAD,
        f"<22>{HEAD}",
        "2026-11-25T09:38:55.123456+00:00 mx ",
        "<22>1 2026-11-25T09:38:55Z mx ",
        "Nov  5 09:38:55 mx.example.test ",
    ],
)
def test_a_message_is_counted_from_connect_to_removal(count, head, queue_id):
    tally = count(message(head, queue_id))
    assert dict(tally.counts) == {
        "lines": 8,
        "connections": 1,
        "received": 1,
        "bytes_received": 452,
        "delivered": 1,
        "bytes_delivered": 452,
    }
    assert tally.tables["senders"] == {b"Carol@example.org": [1, 452]}
    assert tally.tables["sender_domains"] == {b"example.org": [1, 452]}
    assert tally.tables["recipients"] == {b"alice@example.test": [1, 0, 0, 452]}
    assert tally.tables["recipient_domains"] == {b"example.test": [1, 0, 0, 452, 0.17, 0.17]}
    assert tally.tables["clients"] == {b"client.example.org[192.0.2.7]": [1, 0]}
    assert tally.tables["tls"] == {b"received Anonymous TLSv1.3 with cipher TLS_AES_256_GCM_SHA384": [1]}
    assert [list(part) for part in tally.delays] == [[b"0.17"], [b"0.03"], [b"0.01"], [b"0.1"], [b"0.03"]]
    assert [sum(numbers) for numbers in tally.hours.values()] == [2]
    assert tally.open == {}


DELIVERIES = (GOLDEN / "deliveries.txt").read_text()


def test_each_kind_of_delivery_is_counted(count):
    tally = count(DELIVERIES)
    assert counts(tally, "delivered", "forwarded", "deferrals", "deferred_messages", "bounced", "probes") == {
        "delivered": 3,
        "forwarded": 1,
        "deferrals": 3,
        "deferred_messages": 2,
        "bounced": 2,
        "probes": 1,
    }
    assert tally.counts["broken_lines"] == 0
    assert tally.tables["transports"][b"smtp"] == [0, 2, 1]
    assert tally.tables["transports"][b"pipe"] == [0, 0, 1]
    assert tally.tables["recipients"][b'"al ice, x"@pipe.test'] == [0, 0, 1, 0]
    assert tally.tables["deferrals"] == {
        b"4.4.1 connect to *: Connection refused": [2],
        b"4.3.0 mail transport unavailable": [1],
    }
    assert tally.tables["bounces"] == {
        b"5.1.1 550 5.1.1 <*>: User unknown": [1],
        b'5.3.0 Command died with status 1: "*". Command output: cat: no such file': [1],
    }


REFUSALS = (GOLDEN / "refusals.txt").read_text()


def test_refusals_are_counted_by_reason_and_client(count):
    tally = count(REFUSALS)
    names = ("rejected", "rejected_by_smtpd", "rejected_by_cleanup", "rejected_by_milter", "rejected_by_postscreen")
    assert counts(tally, *names, "held", "discarded", "reject_warnings", "warnings") == {
        "rejected": 7,
        "rejected_by_smtpd": 3,
        "rejected_by_cleanup": 1,
        "rejected_by_milter": 2,
        "rejected_by_postscreen": 1,
        "held": 1,
        "discarded": 1,
        "reject_warnings": 2,
    }
    assert tally.tables["rejects"] == {
        b"RCPT: 454 4.7.1 <*>: Relay access denied": [2],
        b"RCPT: 550 5.1.1 <*>: Recipient address rejected: User unknown in virtual mailbox table": [1],
        b"MAIL: 451 4.7.1 Service unavailable - try again later": [1],
        b"END-OF-MESSAGE: 5.7.1 Spam message rejected": [1],
        b"header: 5.7.1 not this subject": [1],
        b"RCPT: 550 5.7.1 Service unavailable; client [*] blocked using bl.test": [1],
    }
    assert tally.tables["clients"][b"c.test[192.0.2.1]"] == [0, 5]
    assert tally.tables["clients"][b"[192.0.2.9]"] == [0, 1]


def test_what_a_filter_before_the_queue_refuses_is_rejected(count):
    tally = count(
        f"{HEAD}postfix/smtpd[1]: NOQUEUE: proxy-reject: END-OF-MESSAGE: 554 5.7.0 Reject, id=012-01 - spam; "
        "from=<a@b.test> to=<c@d.test> proto=ESMTP helo=<b.test>\n"
        f"{HEAD}postfix/smtpd[1]: proxy-accept: END-OF-MESSAGE: 250 2.0.0 from MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 "
        "Ok: queued as DF66E940333; from=<a@b.test> to=<c@d.test> proto=ESMTP helo=<b.test>\n"
    )
    assert counts(tally, "rejected", "rejected_by_proxy") == {"rejected": 1, "rejected_by_proxy": 1}
    assert tally.tables["rejects"] == {b"END-OF-MESSAGE: 554 5.7.0 Reject, id=012-01 - spam": [1]}


@pytest.mark.parametrize(
    ("said", "entered"),
    [
        ("CONNECT from [192.0.2.1]:5 to [192.0.2.2]:25", b"CONNECT"),
        ("WHITELISTED [192.0.2.1]:5", b"ALLOWLISTED"),
        ("ALLOWLISTED [192.0.2.1]:5", b"ALLOWLISTED"),
        ("BLACKLISTED [192.0.2.1]:5", b"DENYLISTED"),
        ("DENYLISTED [192.0.2.1]:5", b"DENYLISTED"),
        ("PASS NEW [192.0.2.1]:5", b"PASS NEW"),
        ("PASS OLD [192.0.2.1]:5", b"PASS OLD"),
        ("PREGREET 30 after 0.02 from [192.0.2.1]:5: EHLO x\\r\\n", b"PREGREET"),
        ("DNSBL rank 3 for [192.0.2.1]:5", b"DNSBL"),
        ("HANGUP after 0.1 from [192.0.2.1]:5 in tests before SMTP handshake", b"HANGUP"),
        ("COMMAND PIPELINING from [192.0.2.1]:5 after RCPT: x", b"COMMAND PIPELINING"),
        ("BARE NEWLINE from [192.0.2.1]:5 after RCPT", b"BARE NEWLINE"),
        ("NON-SMTP COMMAND from [192.0.2.1]:5 after CONNECT: GET", b"NON-SMTP COMMAND"),
        ("COMMAND COUNT LIMIT from [192.0.2.1]:5 after RCPT", b"COMMAND COUNT"),
    ],
)
def test_postscreen_speaks_two_vocabularies(count, said, entered):
    assert count(f"{HEAD}postfix/postscreen[1]: {said}\n").tables["postscreen"] == {entered: [1]}


def test_warnings_and_worse_are_counted_by_class(count):
    tally = count(
        f"{HEAD}postfix/smtpd[1]: warning: hostname a.test does not resolve to address 192.0.2.1\n"
        f"{HEAD}postfix/smtpd[2]: warning: hostname b.test does not resolve to address 192.0.2.2\n"
        f"{HEAD}postfix/master[1]: fatal: bind 0.0.0.0 port 25: Address already in use\n"
        f"{HEAD}postfix/trivial-rewrite[1]: panic: something is wrong\n"
    )
    assert counts(tally, "warnings", "fatals", "panics") == {"warnings": 2, "fatals": 1, "panics": 1}
    assert b"master fatal: bind * port 25: Address already in use" in tally.tables["warnings"]


def test_events_beside_the_queue_are_counted(count):
    tally = count(
        f"{HEAD}postfix/qmgr[1]: 4jZF4A: from=<a@b.test>, status=expired, returned to sender\n"
        f"{HEAD}postfix/qmgr[1]: 4jZF4B: from=<a@b.test>, status=force-expired, returned to sender\n"
        f"{HEAD}postfix/bounce[1]: 4jZF4B: sender non-delivery notification: 4jZF4C\n"
        f"{HEAD}postfix/bounce[1]: 4jZF4B: sender delivery status notification: 4jZF4D\n"
        f"{HEAD}postfix/bounce[1]: 4jZF4B: sender delay notification: 4jZF4E\n"
        f"{HEAD}postfix/smtp[1]: connect to a.test[192.0.2.1]:25: Connection refused\n"
        f"{HEAD}postfix/smtpd[1]: improper command pipelining after CONNECT from c.test[192.0.2.1]: EHLO x\\r\\n\n"
        f"{HEAD}postfix/smtpd[1]: improper command pipelining after RSET from c.test[192.0.2.1]\n"
        f"{HEAD}postfix/smtpd[1]: improper command pipelining after DATA from unknown[192.0.2.1]:\n"
        f"{HEAD}postfix/smtpd[1]: too many errors after RCPT from c.test[192.0.2.1]\n"
        f"{HEAD}postfix/smtpd[1]: lost connection after DATA from c.test[192.0.2.1]\n"
        f"{HEAD}postfix/smtpd[1]: NOQUEUE: lost connection after EHLO from c.test[192.0.2.1]\n"
        f"{HEAD}postfix/smtpd[1]: timeout after DATA from c.test[192.0.2.1]\n"
        f"{HEAD}postfix/anvil[1]: statistics: max connection rate 3/60s for (smtp:192.0.2.1) at Nov 25 09:39:01\n"
        f"{HEAD}postfix/anvil[1]: statistics: max connection rate 2/60s for (smtp:192.0.2.1) at Nov 25 09:59:01\n"
        f"{HEAD}postfix/anvil[1]: statistics: max cache size 7 at Nov 25 09:39:01\n"
    )
    assert dict(tally.counts) == {
        "lines": 16,
        "expired": 2,
        "notifications_non_delivery": 1,
        "notifications_status": 1,
        "notifications_delay": 1,
        "failed_connections": 1,
        "improper_pipelining": 3,
        "too_many_errors": 1,
        "lost_connections": 2,
        "timeouts": 1,
        "anvil_connection_rate": 3,
        "anvil_cache_size": 7,
    }


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("removed", "deleted_by_hand"),
        ("placed on hold", "held_by_hand"),
        ("released from hold", "released_by_hand"),
        ("requeued", "requeued_by_hand"),
        ("expired", "expired_by_hand"),
    ],
)
def test_what_an_administrator_did_is_counted(count, said, name):
    tally = count(f"{HEAD}postfix/pickup[1]: 4jZF4A: uid=0 from=<root>\n{HEAD}postfix/postsuper[2]: 4jZF4A: {said}\n")
    assert tally.counts[name] == 1
    assert (b"4jZF4A" in tally.open) == (said != "removed")


def test_an_instance_is_counted_alone(count):
    log = message(HEAD, "4jZF4A").replace("postfix/", "postfix-out/") + MESSAGE.format(head=HEAD, id="4jZF4B")
    assert count(log).counts["received"] == 2
    assert count(log, "postfix-out").counts["received"] == 1
    assert count(log.replace("postfix/smtpd", "postfix/submission/smtpd"), "postfix").counts["received"] == 1


def test_mail_that_a_program_hands_in_is_received(count):
    tally = count(f"{HEAD}postfix/pickup[1]: 4jZF4A: uid=0 from=<root>\n")
    assert tally.counts["received"] == 1
    assert tally.tables["clients"] == {b"pickup": [1, 0]}


def test_zeros_that_a_crash_left_hide_no_line(count):
    tally = count(message(HEAD, "4jZF4A") + "\0" * 300 + message("Nov 25 10:00:00 mx ", "4jZF4B"))
    assert tally.counts["broken_lines"] == 0
    assert {hour: numbers[:2] for hour, numbers in tally.hours.items()} == {b"Nov 25 09": [1, 1], b"Nov 25 10": [1, 1]}


@pytest.mark.parametrize(
    "line",
    [
        "",
        ":",
        "no time in this line: at all",
        "Nov 25 09:38:5",
        f"{HEAD}postfix/smtp[1]: 4jZF4A: to=<x@a.test>, relay=no",
        f"{HEAD}postfix/qmgr[1]: 4jZF4A: from=<x@a.test>, size=many, nrcpt=1 (queue active)",
        "\x01\x00\x02",
        "a" * 5000,
    ],
)
def test_a_broken_line_is_counted_and_shown(count, line):
    tally = count(f"{line}\n" + message(HEAD, "4jZF4A"))
    assert tally.counts["broken_lines"] == 1
    assert tally.broken == [line.encode()[:200]]
    assert tally.counts["delivered"] == 1


def test_of_many_broken_lines_a_few_are_shown(count):
    tally = count("broken\n" * 1000)
    assert tally.counts["broken_lines"] == 1000
    assert len(tally.broken) == 10


def test_lines_of_other_programs_are_no_broken_ones(count):
    tally = count(f"{HEAD}CRON[12]: (root) CMD (true)\n{HEAD}kernel: [1.0] something\n{HEAD}systemd[1]: Started x.\n")
    assert (tally.counts["other_lines"], tally.counts["broken_lines"]) == (3, 0)


def test_events_stand_in_their_hours(count):
    log = "".join(message(f"Nov 25 {hour:02d}:59:59 mx ", f"4jZF4{hour}") for hour in (8, 9, 9, 10))
    assert {hour: numbers[:2] for hour, numbers in count(log).hours.items()} == {
        b"Nov 25 08": [1, 1],
        b"Nov 25 09": [2, 2],
        b"Nov 25 10": [1, 1],
    }


SASL = f"{HEAD}postfix/submission/smtpd[7]: warning: c.test[192.0.2.1]: SASL PLAIN authentication failed: "


@pytest.mark.parametrize(
    ("said", "failed"),
    [
        (f"{SASL}UGFzc3dvcmQ6\n", {b"192.0.2.1": [0, 1]}),
        (f"{SASL}, sasl_username=alice@example.test\n", {b"192.0.2.1": [0, 1]}),
        (SASL.replace("]: SASL", "]:40022: SASL") + "generic failure\n", {b"192.0.2.1": [0, 1]}),
        # Nobody looked at a password.
        (f"{SASL}Connection lost to authentication server\n", {}),
        (f"{SASL}Invalid authentication mechanism\n", {}),
        # AUTH commands that failed: with a line of their own, without one, and both.
        (
            f"{SASL}x\n{HEAD}postfix/submission/smtpd[7]: disconnect from c.test[192.0.2.1] ehlo=1 auth=0/1 quit=1 "
            "commands=2/3\n",
            {b"192.0.2.1": [0, 1]},
        ),
        (
            f"{HEAD}postfix/smtpd[8]: disconnect from unknown[192.0.2.9] ehlo=1 auth=0/2 rset=1 commands=2/4\n",
            {b"192.0.2.9": [0, 2]},
        ),
        (
            f"{SASL}x\n{HEAD}postfix/submission/smtpd[7]: disconnect from c.test[192.0.2.1] auth=1/3 commands=1/3\n",
            {b"192.0.2.1": [0, 2]},
        ),
        (f"{HEAD}postfix/smtpd[8]: disconnect from c.test[192.0.2.1] ehlo=1 auth=1 quit=1 commands=3\n", {}),
        # The line of one process does not pay for another's.
        (
            f"{SASL}x\n{HEAD}postfix/submission/smtpd[9]: disconnect from c.test[192.0.2.2] auth=0/1 commands=0/1\n",
            {b"192.0.2.1": [0, 1], b"192.0.2.2": [0, 1]},
        ),
    ],
)
def test_failed_logins_are_counted_once_each(count, said, failed):
    tally = count(said)
    assert tally.tables["login_addresses"] == failed
    assert tally.counts["failed_logins"] == sum(row[1] for row in failed.values())


def test_a_client_is_one_whatever_its_port(count):
    log = "".join(
        f"{HEAD}postfix/smtpd[1]: 4jZF4{port}: client=c.test[192.0.2.1]:{port}\n"
        f"{HEAD}postfix/smtpd[1]: NOQUEUE: reject: RCPT from c.test[192.0.2.1]:{port}: 454 4.7.1 <x@a.test>: Relay "
        "access denied; from=<a@b.test> to=<x@a.test> proto=ESMTP helo=<c.test>\n"
        for port in (40001, 40002)
    )
    assert count(log).tables["clients"] == {b"c.test[192.0.2.1]": [2, 2]}


def test_a_day_of_one_digit_may_stand_without_a_second_blank(count):
    tally = count(message("Nov 5 09:38:55 mx ", "4jZF4A"))
    assert tally.counts["delivered"] == 1
    assert {hour: numbers[:2] for hour, numbers in tally.hours.items()} == {b"Nov 5 09": [1, 1]}
    assert count("Nov 5 09:38:55 mx CRON[12]: (root) CMD (true)\n").counts["other_lines"] == 1
