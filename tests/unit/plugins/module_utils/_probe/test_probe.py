# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole probe against ports on which nobody listens: real connections, refused."""

from __future__ import annotations

import socket

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import Error, InputError
from ansible_collections.postfix_manager.mail.plugins.module_utils._probe import probe
from ansible_collections.postfix_manager.mail.plugins.module_utils._probe.hops import Hop
from ansible_collections.postfix_manager.mail.plugins.module_utils._probe.settings import PORTS, from_params

from .test_settings import GOOD


@pytest.fixture
def closed():
    """Parameters whose ports are all closed: a bound socket that does not listen keeps the port from others."""
    with socket.socket() as keeper:
        keeper.bind(("127.0.0.1", 0))
        port = keeper.getsockname()[1]
        yield {**GOOD, **dict.fromkeys(PORTS, port), "timeout": 5}


def test_the_plan_changes_nothing_and_reads_nothing():
    plan = probe.plan_probe({**GOOD, "password": None, "password_file": "/no/such/file", "ca_path": "/no/such/file"})
    assert not plan.changed
    assert plan.diff() == []
    assert plan.result == {"hops": [], "summary": probe.NOT_RUN}
    assert len(plan.steps) == 1


def test_every_hop_is_tried_and_reported(closed):
    with pytest.raises(Error) as failed:
        probe.plan_probe(closed).apply()
    details = failed.value.details
    assert details["ok"] is False
    assert details["seconds"] < 5
    assert failed.value.message.startswith(details["summary"])
    verdicts = {hop["name"]: hop["ok"] for hop in details["hops"]}
    assert [name for name, ok in verdicts.items() if ok] == [
        "cleartext_auth_refused_smtp",
        "cleartext_auth_refused_submission",
        "cleartext_auth_refused_imap",
    ]
    assert [name for name, ok in verdicts.items() if not ok] == [
        "imaps",
        "submission",
        "submissions",
        "pop3s",
        "sieve",
        "relay_refused",
        "unknown_recipient_refused_smtp",
        "unknown_recipient_refused_submission",
        "sender_forgery_refused_submission",
        "sender_forgery_refused_submissions",
        "wrong_password_refused_imaps",
        "wrong_password_refused_submission",
    ]
    assert {hop["said"] for hop in details["hops"]} == {"connection refused", "the port is closed"}
    assert "is Postfix running" in failed.value.message.replace("Is", "is")


def test_what_holds_is_returned(closed):
    del closed["pop3s_port"], closed["sieve_port"]
    params = {**closed, "pop3s_port": None, "sieve_port": None, "checks": ["cleartext_auth_refused"]}
    done = probe.plan_probe(params).apply()
    assert done["ok"] is True
    assert done["summary"].startswith("All 3 proofs hold for probe@example.test on 127.0.0.1")


def test_the_password_comes_from_the_first_line_of_its_file(tmp_path):
    path = tmp_path / "password"
    path.write_bytes('grüße %\\" \r\nsecond line\n'.encode())
    assert probe._password(from_params({**GOOD, "password": None, "password_file": str(path)})) == 'grüße %\\" '


@pytest.mark.parametrize(
    ("content", "said"), [(b"", "holds no password"), (b"a\tb\n", "control character"), (b"\xff\xfe", "not UTF-8")]
)
def test_a_bad_password_file_is_refused(tmp_path, content, said):
    path = tmp_path / "password"
    path.write_bytes(content)
    with pytest.raises((Error, InputError), match=said):
        probe.prove(from_params({**GOOD, "password": None, "password_file": str(path)}))


def test_a_missing_password_file_is_named():
    with pytest.raises(Error, match="password_file: /no/such cannot be read on the probing host: No such file"):
        probe.prove(from_params({**GOOD, "password": None, "password_file": "/no/such"}))


def test_what_a_server_echoes_is_cleaned():
    hop = Hop("x", 25, False, 0.1, "501", "501 bad: AGEAYg== s3cret", "", "s3cret again", "")
    clean = probe._without(("s3cret", "AGEAYg=="), hop)
    assert (clean.said, clean.detail) == ("501 bad: (secret) (secret)", "(secret) again")
