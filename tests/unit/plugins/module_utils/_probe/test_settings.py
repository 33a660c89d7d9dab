# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import InputError
from ansible_collections.postfix_manager.mail.plugins.module_utils._probe.settings import CHECKS, Settings, from_params

GOOD = {
    "host": "127.0.0.1",
    "server_name": None,
    "username": "probe@example.test",
    "sender": None,
    "recipient": None,
    "mailbox": "INBOX",
    "timeout": 60,
    "validate_certs": True,
    "ca_path": None,
    "password": "s3cret",
    "password_file": None,
    "submission_port": 587,
    "submissions_port": 465,
    "smtp_port": 25,
    "imap_port": 143,
    "imaps_port": 993,
    "pop3s_port": None,
    "sieve_port": None,
    "checks": list(CHECKS),
}


def test_what_is_left_out_comes_from_host_and_username():
    settings = from_params(GOOD)
    assert (settings.server_name, settings.sender, settings.recipient) == ("127.0.0.1", *["probe@example.test"] * 2)
    assert settings.domain == "example.test"


def test_routes_follow_the_checks():
    assert [route.name for route in from_params(GOOD).routes] == ["submission", "submissions"]
    assert [route.port for route in from_params({**GOOD, "checks": ["submissions"]}).routes] == [465]
    assert from_params({**GOOD, "checks": ["relay_refused"]}).routes == []


def test_ports_that_are_left_out_are_no_services():
    settings = from_params(GOOD)
    assert (settings.pop3s, settings.sieve) == (None, None)
    settings = from_params({**GOOD, "pop3s_port": 995, "sieve_port": 4190})
    assert settings.pop3s is not None and settings.pop3s.wrapped
    assert settings.sieve is not None and not settings.sieve.wrapped


def test_the_password_is_not_in_the_representation():
    assert "s3cret" not in repr(from_params(GOOD))


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("host", ""),
        ("host", "two words"),
        ("server_name", "a\nb"),
        ("username", ""),
        ("username", "nul\0"),
        ("sender", "no-at-sign"),
        ("sender", "<probe@example.test>"),
        ("sender", "probe@example.test\r\nRCPT TO:<x@y>"),
        ("recipient", "a@b@c"),
        ("recipient", "grüße@example.test"),
        ("recipient", "user@.example"),
        ("mailbox", ""),
        ("mailbox", "Entwürfe"),
        ("mailbox", "a\r\nb"),
        ("submission_port", 0),
        ("imaps_port", 65536),
        ("pop3s_port", -1),
        ("timeout", 4),
        ("checks", []),
        ("password", ""),
        ("password", "two\nlines"),
    ],
)
def test_a_bad_value_is_refused_under_its_name(option, value):
    with pytest.raises(InputError) as refused:
        from_params({**GOOD, option: value})
    assert option in [problem.option for problem in refused.value.problems]


def test_everything_wrong_is_said_at_once_and_no_password_is():
    with pytest.raises(InputError) as refused:
        from_params({**GOOD, "host": "", "timeout": 0, "smtp_port": 0, "password": "top\tsecret"})
    assert {problem.option for problem in refused.value.problems} == {
        "host",
        "server_name",
        "timeout",
        "smtp_port",
        "password",
    }
    assert "top" not in str(refused.value.details) + refused.value.message


def test_settings_hold_every_option():
    assert set(Settings.__dataclass_fields__) == set(GOOD)
