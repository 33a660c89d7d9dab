# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the mail server answered, whatever directory its accounts were in."""

from __future__ import annotations

import json

import pytest

PRESETS = ("postfix_manager", "postfixbook", "active_directory")
UNKNOWN, OFF = (550, "User unknown"), (550, "does not accept mail")
# A group that is a member of itself: the sender tries again until somebody puts it right.
LOOP = (451, "Temporary lookup failure")
# What is refused besides: all else must be taken.
REFUSED = {
    "postfix_manager": {
        "left@example.test": UNKNOWN,
        "loop@example.test": LOOP,
        "moved@example.test": UNKNOWN,
        "somebody@off.test": (554, "Relay access denied"),
    },
    "postfixbook": {
        "team@example.test": UNKNOWN,
        "squad@example.test": UNKNOWN,
        "loop@example.test": UNKNOWN,
        "left@example.test": (550, "left@elsewhere.test"),
        "moved@example.test": (550, "This mailbox is on another host"),
        "drop@example.test": UNKNOWN,
        "somebody@moved.test": (550, "This domain has moved"),
    },
    "active_directory": {
        "gone@example.test": UNKNOWN,
        "left@example.test": UNKNOWN,
        "loop@example.test": LOOP,
        "moved@example.test": UNKNOWN,
        "drop@example.test": UNKNOWN,
    },
}
ALWAYS = {
    "off@example.test": OFF,
    "off-alias@example.test": UNKNOWN,
    "nobody@example.test": UNKNOWN,
    "printer@example.test": UNKNOWN,
    "(*)@example.test": UNKNOWN,
    "somebody@moved.test": (554, "Relay access denied"),
    "somebody@off.test": (554, "Relay access denied"),
}


@pytest.fixture(scope="module", params=PRESETS)
def preset(request):
    return request.param


@pytest.fixture(scope="module")
def answers(host, preset):
    return json.loads(host.file(f"/srv/{preset}.json").content_string)


def test_mail_is_taken_for_who_is_there_and_refused_for_anybody_else(answers, preset):
    expected = {**ALWAYS, **REFUSED[preset]}
    wrong = {
        address: (code, said)
        for address, (code, said) in answers["rcpt"].items()
        if address not in expected
        if code != 250
    }
    assert wrong == {}
    for address, (code, words) in expected.items():
        said = answers["rcpt"][address]
        assert (said[0], words in said[1]) == (code, True), (address, said)


def test_the_right_people_log_in(answers):
    assert answers["imap"] == {"alice": True, "wrong": False, "anybody": False, "off": False}
    assert answers["submission"] == {"alice": True, "off": False}


def test_who_logged_in_sends_as_himself_his_aliases_and_what_he_was_allowed(answers, preset):
    assert answers["senders"] == {
        "alice@example.test": True,
        "info@example.test": True,
        "bob@example.test": False,
        "press@partner.test": preset == "postfix_manager",
    }


def test_every_member_of_a_group_and_of_the_groups_in_it_gets_its_mail(answers):
    assert answers["arrives"]["everybody"] == [True, True]


def test_who_left_is_forwarded(answers, preset):
    assert answers["arrives"]["gone"] == (None if preset == "active_directory" else [True])


def test_quotas_are_those_of_the_directory(answers, preset):
    assert answers["quota"] == ("-" if preset == "active_directory" else "2048")


def test_the_users_are_those_that_are_switched_on(answers, preset):
    names = {"alice", "bob", "postfix-manager-probe"}
    names |= {"postfix_manager": {"gone"}, "postfixbook": {"moved"}}.get(preset, set())
    assert answers["users"] == sorted(f"{name}@example.test" for name in names)


WRONG_NAMES = {
    "ldap_integration_attributes.quota": "'mailbox quota'",
    "ldap_integration_attributes.transport": "'nextHop'",
    "ldap_integration_attributes.user_filter": "PostfixBookMailAcount",
    "ldap_integration_attributes.disabled_filter": "compares mailEnabled with no, which is not a boolean",
    "ldap_integration_attributes.alias": "did you mean mailalias",
    "ldap_integration_attributes.domain": "has no EQUALITY",
    "ldap_integration_base": "'ou=poeple,dc=book,dc=test' is not there",
}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("another_authority", ["certificate of the server is not good", "name its authority as ca_path"]),
        ("no_encryption", ["confidentiality required (13)", "use ldaps:// or start_tls"]),
        ("no_starttls_on_offer", ["the server does not offer StartTLS"]),
        ("wrong_password", ["invalid credentials (49)", "check bind_dn and bind_password"]),
        ("nobody_there", ["server_uri ldap://localhost:3899", "Connection refused"]),
        (
            "another_schema",
            ["does not fit the preset active_directory", "proxyAddresses", "userAccountControl", "class user"],
        ),
        (
            "options_that_contradict",
            [
                "ldap_integration_base: is empty",
                "without ldap_integration_bind_password",
                "ldap_integration_domains: is",
                "has adress",
            ],
        ),
        ("wrong_names", [f"{option}: " for option in WRONG_NAMES]),
        ("wrong_names", list(WRONG_NAMES.values())),
    ],
)
def test_what_does_not_fit_is_refused_with_the_reason(host, name, words):
    said = host.file(f"/srv/refused-{name}").content_string
    assert [word for word in words if word not in said] == [], said
    assert "test-password" not in said
