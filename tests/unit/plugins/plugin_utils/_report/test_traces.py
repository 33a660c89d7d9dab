# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.postfix_manager.mail.plugins.plugin_utils._report.traces import merged

AT = "2026-11-25T09:38:55Z"


def event(program, text, time=AT):
    return {"time": time, "host": "as-logged", "program": program, "text": text}


# All within one second, as on an idle network.
EDGE = [
    event("postfix/smtpd[1]", "4jEDGE11: client=out.example.net[192.0.2.9]"),
    event(
        "postfix/smtp[2]",
        "4jEDGE11: to=<a@b.test>, relay=hub[192.0.2.2]:25, delay=1, dsn=2.0.0, "
        "status=sent (250 2.0.0 Ok: queued as 4jHUB222)",
    ),
]
HUB = [
    event("postfix/smtpd[3]", "4jHUB222: client=edge[192.0.2.1]"),
    event(
        "postfix/smtp[4]",
        "4jHUB222: to=<a@b.test>, relay=box[192.0.2.3]:25, delay=1, dsn=2.0.0, "
        "status=sent (250 2.0.0 Ok: queued as 4jBOX333)",
    ),
]


def result(events, *queue_ids):
    return {"trace": {"events": events, "queue_ids": list(queue_ids), "message_ids": ["<m@x>"], "cut": False}}


def test_hosts_stand_in_the_order_in_which_the_message_came_to_them():
    found = merged({"hub": result(HUB, "4jHUB222"), "edge": result(EDGE, "4jEDGE11"), "idle": result([])})
    assert found["hosts"] == ["edge", "hub"]
    assert [event["host"] for event in found["events"]] == ["edge", "edge", "hub", "hub"]
    assert found["summary"] == [
        f"{AT}: edge took it from out.example.net[192.0.2.9]",
        f"{AT}: edge: sent to a@b.test through hub[192.0.2.2]:25 (250 2.0.0 Ok: queued as 4jHUB222)",
        f"{AT}: hub took it from edge[192.0.2.1]",
        f"{AT}: hub: sent to a@b.test through box[192.0.2.3]:25 (250 2.0.0 Ok: queued as 4jBOX333)",
    ]
    assert found["message_ids"] == ["<m@x>"]


def test_names_given_by_hosts_that_are_not_here_are_told():
    found = merged({"hub": result(HUB, "4jHUB222"), "edge": result(EDGE, "4jEDGE11")})
    assert found["queue_id"] == ["4jBOX333", "4jHUB222"]
    assert found["unknown"] == ["4jBOX333"]


def test_time_comes_first_and_a_line_counts_once():
    late = [event("postfix/qmgr[1]", "4jEDGE11: removed", "2026-11-25T09:38:56Z")]
    found = merged({"edge": result([*late, *EDGE, *EDGE]), "hub": result(HUB)})
    assert [one["text"] for one in found["events"]][-1] == "4jEDGE11: removed"
    assert len(found["events"]) == 5


def test_hosts_that_name_each_other_do_not_hang():
    back = [event("postfix/smtp[4]", "4jHUB222: to=<a@b.test>, status=sent (250 Ok: queued as 4jEDGE11)")]
    assert set(merged({"edge": result(EDGE), "hub": result(back)})["hosts"]) == {"edge", "hub"}


def test_nothing_is_said_of_nothing():
    found = merged({"edge": result([])})
    assert (found["events"], found["hosts"], found["cut"]) == ([], [], False)
    assert found["summary"] == ["No host has a line of it."]
