# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.privacy import Privacy
from ansible_collections.postfix_manager.mail.plugins.module_utils._log import trace

LOG = (Path(__file__).parent / "golden/two_hosts.txt").read_bytes()
MESSAGE_ID = "<20261125093857.1@out.test>"


def read():
    return [LOG]


def traced(clock, privacy, **wanted):
    return trace.events(trace.traced(read, {name: [value] for name, value in wanted.items()}), clock, privacy)


@pytest.mark.parametrize(
    "wanted",
    [
        {"message_id": MESSAGE_ID},
        {"message_id": MESSAGE_ID.strip("<>")},
        {"queue_id": "4jZF4K5gKh"},
        {"queue_id": "4jZF4K56HM"},
    ],
)
def test_a_message_is_traced_from_connect_to_mailbox_across_hosts(clock, wanted):
    found = traced(clock, Privacy(), **wanted)
    assert found["queue_ids"] == ["4jZF4K56HM", "4jZF4K5gKh"]
    assert MESSAGE_ID in found["message_ids"]
    told = [(event["host"], event["program"].partition("[")[0].partition("(")[0]) for event in found["events"]]
    assert told == [
        ("relay", "postfix/smtpd"),
        ("relay", "postfix/smtpd"),
        ("relay", "postfix/cleanup"),
        ("relay", "postfix/qmgr"),
        ("relay", "postfix/smtpd"),
        ("store", "postfix/smtpd"),
        ("store", "postfix/smtpd"),
        ("store", "opendkim"),
        ("store", "postfix/cleanup"),
        ("store", "postfix/qmgr"),
        ("relay", "postfix/smtp"),
        ("relay", "postfix/qmgr"),
        ("store", "dovecot"),
        ("store", "postfix/lmtp"),
        ("store", "postfix/qmgr"),
    ]
    assert "connect from" in found["events"][0]["text"]
    assert not found["cut"]


def test_hosts_that_hand_over_within_a_second_take_turns(clock):
    times = {"1": ("00.9", "store"), "2": ("00.1", "relay"), "3": ("01.2", "store"), "4": ("00.95", "relay")}
    lines = [
        f"2026-11-25T09:39:{second}00+00:00 {host} postfix/qmgr[{name}]: 4jZF4K5gKh: removed"
        for name, (second, host) in times.items()
    ]
    log = "\n".join(lines).encode()
    found = trace.events(trace.traced(lambda: [log], {"queue_id": ["4jZF4K5gKh"]}), clock, Privacy())
    assert [event["program"][-2] for event in found["events"]] == ["2", "1", "4", "3"]
    assert found["events"][0]["time"] == "2026-11-25T09:39:00Z"


@pytest.mark.parametrize("message_id", ["2026-11-25 10:00:05.006274", "656587JHG"])
def test_a_message_id_without_brackets_is_one_too(clock, message_id):
    head = "2026-11-25T09:39:00+00:00 mx postfix/"
    log = (
        f"{head}cleanup[1]: 4AA091855DA0: message-id={message_id}\n{head}qmgr[2]: 4AA091855DA0: removed\n"
        f"{head}cleanup[1]: 4AA091855DA1: message-id={message_id}7\n{head}qmgr[2]: 4AA091855DA1: removed\n"
    ).encode()
    found = trace.events(trace.traced(lambda: [log], {"message_id": [message_id]}), clock, Privacy())
    assert found["queue_ids"] == ["4AA091855DA0"]
    assert len(found["events"]) == 2


def test_other_messages_of_the_same_process_stay_out(clock):
    found = traced(clock, Privacy(), message_id=MESSAGE_ID)
    assert not [event for event in found["events"] if "other" in event["text"]]


def test_an_address_brings_its_messages_and_refusals(clock):
    found = traced(clock, Privacy(), address="other@example.test")
    assert any("NOQUEUE: reject" in event["text"] for event in found["events"])


def test_addresses_are_hidden_on_request(clock):
    found = traced(clock, Privacy("dropped"), message_id=MESSAGE_ID)
    assert "alice" not in str(found)


FILTERED = """\
2026-11-25T17:17:53.010000+00:00 mx postfix/smtpd[2684]: connect from unknown[192.0.2.7]
2026-11-25T17:17:53.011000+00:00 mx postfix/smtpd[2684]: 17CDF376405: client=unknown[192.0.2.7]
2026-11-25T17:17:53.012000+00:00 mx postfix/cleanup[2692]: 17CDF376405: message-id=<m26@client.example.net>
{head}<dc776e>; proxy; rspamd_task_write_log: id: <m26@client.example.net>, qid: <17CDF376405>, ip: 192.0.2.7, \
from: <a@b.test>, (default: T (reject): [24.90/15.00] [SUBJ_R(25.00){{}}]), len: 245, time: 7.343ms
{head}<d0943a>; proxy; rspamd_task_write_log: id: <undef>, qid: <465D937640E>, ip: 192.0.2.9, from: <a@c.test>, \
(default: T (add header): [2.10/15.00] []), len: 203, time: 16.942ms
{head}<d0943b>; proxy; rspamd_task_write_log: id: <undef>, qid: <465D937640F>, ip: 192.0.2.9, from: <a@d.test>, \
(default: T (reject): [22.10/15.00] []), len: 203, time: 16.942ms
2026-11-25T17:17:53.157662+00:00 mx postfix/cleanup[2692]: 17CDF376405: milter-reject: END-OF-MESSAGE from \
unknown[192.0.2.7]: 5.7.1 Spam message rejected; from=<a@b.test> to=<alice@example.test> proto=ESMTP helo=<b.test>
2026-11-25T17:17:55.000000+00:00 mx postfix/smtpd[2685]: 4184F376447: client=unknown[192.0.2.7]
2026-11-25T17:17:55.012000+00:00 mx postfix/cleanup[2693]: 4184F376447: message-id=<m7@client.example.net>
2026-11-25T17:17:56.000000+00:00 mx amavis[2755]: (02755-01) Passed CLEAN {{RelayedInbound}}, [127.0.0.1] <a@b.test> \
-> <alice@example.test>, Message-ID: <m7@client.example.net>, mail_id: KESoThk5wF76, Hits: -1, size: 405, \
queued_as: 5C0BA3763CB, 2044 ms
2026-11-25T17:17:56.100000+00:00 mx postfix/qmgr[1]: 5C0BA3763CB: removed
"""


@pytest.mark.parametrize(
    ("head", "program", "host"),
    [
        ("2026-11-25T17:17:53.157561+00:00 mx rspamd[2627]: ", "rspamd[2627]", "mx"),
        ("2026-11-25 17:17:53 #2627(rspamd_proxy) ", "rspamd[2627]", ""),
    ],
)
def test_the_verdict_of_rspamd_is_part_of_the_story(clock, head, program, host):
    def story(**wanted):
        log = FILTERED.format(head=head).encode()
        return trace.events(trace.traced(lambda: [log], {k: [v] for k, v in wanted.items()}), clock, Privacy())

    for wanted in ({"message_id": "m26@client.example.net"}, {"queue_id": "17CDF376405"}):
        found = story(**wanted)
        assert found["queue_ids"] == ["17CDF376405"]
        assert len(found["events"]) == 5
        assert [(event["program"], event["host"]) for event in found["events"] if "task" in event["text"]] == [
            (program, host)
        ]
        assert found["verdicts"] == [
            {
                "time": "2026-11-25T17:17:53Z",
                "host": host,
                "verdict": "rspamd reject",
                "kind": "spam",
                "score": 24.9,
            }
        ]
    # Messages without an id are not one message.
    found = story(queue_id="465D937640E")
    assert [(row["verdict"], row["score"]) for row in found["verdicts"]] == [("rspamd add header", 2.1)]
    assert len(found["events"]) == 1


def test_the_verdict_of_amavis_leads_to_the_queue_behind_it(clock):
    log = FILTERED.format(head="2026-11-25 17:17:53 #2627(rspamd_proxy) ").encode()
    found = trace.events(trace.traced(lambda: [log], {"message_id": ["m7@client.example.net"]}), clock, Privacy())
    assert found["queue_ids"] == ["4184F376447", "5C0BA3763CB"]
    assert [(row["verdict"], row["score"], row["kind"]) for row in found["verdicts"]] == [
        ("amavis passed clean", -1, "ham")
    ]


def test_nothing_found_is_an_empty_trace(clock):
    found = traced(clock, Privacy(), queue_id="4jZFNONE1")
    assert found["events"] == []
