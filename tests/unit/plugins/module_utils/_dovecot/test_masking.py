# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Diffs without secrets."""

from __future__ import annotations

from typing import Any, Optional

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.masking import (
    looks_secret,
    masked,
    secrets_by_look,
)
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.settings import Line, Renderer


def lines(settings: dict[str, Any], secrets: Optional[dict[str, Any]] = None) -> list[Line]:
    renderer = Renderer("2.4")
    renderer.render(settings, secrets or {})
    assert renderer.problems == []
    return renderer.lines


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("doveadm_password", "x"),
        ("ldap_auth_dn_password", "x y"),
        ("dnpass", '"x"'),
        ("doveadm_api_key", "x"),
        ("oauth2_client_secret", "x"),
        ("auth_policy_hash_nonce", "x"),
        ("mail_crypt_global_private_key", "x"),
        ("connect", "host=db dbname=mail user=d password=x"),
        ("args", "scheme=CRYPT password=x"),
        ("introspection_url", "http://client:pw@host/path"),
    ],
)
def test_looks_secret(name: str, value: str) -> None:
    assert looks_secret(name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("doveadm_password", ""),
        ("ssl_key_password", "</etc/ssl/password"),
        ("password", "%{ldap:userPassword}"),
        ("password", "$SET:other"),
        ("nopassword", "yes"),
        ("default_password_scheme", "SHA512-CRYPT"),
        ("auth_cache_verify_password_with_worker", "yes"),
        ("password_query", "SELECT x WHERE password='%w' AND password=y"),
        ("ssl_key", "</etc/ssl/key.pem"),
        ("ldap_uris", "ldaps://ldap.example.org"),
        ("connect", "/var/lib/postfix_manager/accounts.sqlite"),
        ("args", "password=%w"),
    ],
)
def test_does_not_look_secret(name: str, value: str) -> None:
    assert not looks_secret(name, value)


def test_secrets_by_look_are_those_not_declared() -> None:
    found = secrets_by_look(lines({"doveadm_password": "x", "ssl": True}, {"doveadm_api_key": "y"}))
    assert [line.option for line in found] == ["settings.doveadm_password"]


def test_a_new_file_shows_no_secret() -> None:
    declared = lines({"ssl": True, "doveadm_password": "look"}, {"service x": {"odd": "declared"}})
    assert masked(None, declared) == (
        None,
        "ssl = yes\ndoveadm_password = (secret)\nservice x {\n  odd = (secret)\n}\n",
    )


def test_a_secret_that_stays_shows_no_difference() -> None:
    declared = lines({"ssl": True}, {"odd": "same"})
    before, after = masked("ssl = no\nodd = same\n", declared)
    assert before == "ssl = no\nodd = (secret)\n"
    assert after == "ssl = yes\nodd = (secret)\n"


def test_a_secret_that_changes_is_said_to() -> None:
    declared = lines({}, {"passdb x": {"odd": "new"}})
    before, after = masked("passdb x {\n  odd = old\n}\n", declared)
    assert before == "passdb x {\n  odd = (secret)\n}\n"
    assert after == "passdb x {\n  odd = (secret, changed)\n}\n"


def test_the_same_name_elsewhere_is_not_a_secret() -> None:
    declared = lines({"odd": "shown"}, {"service x": {"odd": "hidden"}})
    assert masked("", declared)[1] == "odd = shown\nservice x {\n  odd = (secret)\n}\n"


def test_several_of_one_place_are_compared_in_order() -> None:
    declared = lines({"passdb": [{"password": "a"}, {"password": "c"}]})
    before, after = masked("passdb {\n  password = a\n}\npassdb {\n  password = b\n}\n", declared)
    assert before == "passdb {\n  password = (secret)\n}\npassdb {\n  password = (secret)\n}\n"
    assert after == "passdb {\n  password = (secret)\n}\npassdb {\n  password = (secret, changed)\n}\n"


@pytest.mark.parametrize(
    ("present", "shown"),
    [
        ("#dnpass = hunter2\n", "#dnpass = (secret)\n"),
        ("dnpass = \\\n  hunter2\nssl = no\n", "dnpass = (secret)\nssl = no\n"),
        ("ssl_server_key_file = <<EOF\nhunter2\n\nEOF\nssl = no\n", "ssl_server_key_file = (secret)\nssl = no\n"),
        ("ssl_server_key_file = <<EOF\nhunter2\n", "ssl_server_key_file = (secret)\n"),
        ("dnpass = hunter2", "dnpass = (secret)\n"),
        ('x "a=b" { # c\n  dnpass=hunter2\n}\n', 'x "a=b" { # c\n  dnpass=(secret)\n}\n'),
        ("name = value\n", "name = value\n"),
    ],
)
def test_what_others_wrote(present: str, shown: str) -> None:
    assert masked(present, []) == (shown, "")


def test_what_goes_away_from_a_private_file_may_have_been_declared_secret() -> None:
    declared = lines({"ssl": True})
    before, _after = masked("ssl = no\nodd = hunter2\n", declared, private=True)
    assert before == "ssl = no\nodd = (secret)\n"
