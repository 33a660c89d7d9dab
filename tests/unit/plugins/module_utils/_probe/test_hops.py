# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import time

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._probe.hops import (
    Hop,
    Reply,
    UnexpectedReplyError,
    Verdict,
    complaints,
    judged,
    summary,
)
from ansible_collections.postfix_manager.mail.plugins.module_utils._probe.settings import Service

SMTP = Service("smtp", 2525, "Postfix")


def hop(name, ok, code="", said="", *, detail="", cure="", port=25):
    return Hop(name, port, ok, 0.1, code, said, f"{name} to be so", detail, cure)


def test_a_verdict_becomes_a_hop():
    done = judged("relay_refused", SMTP, "a refusal", lambda: Verdict(True, Reply("554", "5.7.1 no"), "detail", "cure"))
    assert done.as_dict() == {
        "name": "relay_refused",
        "port": 2525,
        "ok": True,
        "seconds": done.seconds,
        "code": "554",
        "said": "554 5.7.1 no",
        "expected": "a refusal",
        "detail": "detail",
        "cure": "",
    }
    assert 0 <= done.seconds < 5


def test_a_hop_may_have_begun_before():
    done = judged("x", SMTP, "", lambda: Verdict(True, Reply("250", "")), time.monotonic() - 40)
    assert 40 <= done.seconds < 45


def fail(error):
    raise error


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ConnectionRefusedError(111, "Connection refused"), "connection refused"),
        (UnexpectedReplyError(Verdict(False, Reply("421", "4.3.2 closing"), cure="wait")), "421 4.3.2 closing"),
    ],
)
def test_a_failure_becomes_a_failed_hop_with_a_cure(error, said):
    done = judged("x", SMTP, "", lambda: fail(error))
    assert (done.ok, done.said) == (False, said)
    assert done.cure


def test_a_mistake_of_ours_is_not_hidden():
    with pytest.raises(KeyError):
        judged("x", SMTP, "", lambda: fail(KeyError("ours")))


def test_summary_is_one_sentence():
    good, bad = hop("a", True), hop("b", False)
    assert summary([good, good], "mx", "a@b.test", 1.26) == "All 2 proofs hold for a@b.test on mx (1.3 s)."
    assert summary([good, bad], "mx", "a@b.test", 60) == "1 of 2 proofs failed for a@b.test on mx (60.0 s)."


def test_complaints_of_one_reason_share_a_line():
    hops = [
        hop("submission", False, said="connection refused", cure="is Postfix running?", port=587),
        hop("imaps", True, "OK", "OK Logged in"),
        hop("submissions", False, said="connection refused", cure="is Postfix running?", port=465),
        hop("relay_refused", False, "250", "250 2.1.5 Ok", detail="anybody may send", cure="reject it"),
    ]
    assert complaints(hops) == [
        "- submission (port 587), submissions (port 465): connection refused. Is Postfix running?",
        "- relay_refused (port 25): expected relay_refused to be so, got: 250 2.1.5 Ok. Anybody may send. Reject it.",
    ]
