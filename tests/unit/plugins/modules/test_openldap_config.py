# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""On a host without slapd: all is announced as new, nothing is done, and bad input is refused."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.server import host
from ansible_collections.postfix_manager.mail.plugins.modules import openldap_config

GARDEN = {
    "suffix": "dc=garden,dc=test",
    "root_dn": "cn=admin,dc=garden,dc=test",
    "root_password": "secret-of-garden",
    "access": ["to * by * none"],
    "overlays": [{"name": "memberof"}],
}


@pytest.fixture(autouse=True)
def bare_host(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine of the developer may have a slapd."""
    monkeypatch.setattr(host, "installed", lambda: False)


def test_a_bare_host_is_told_what_would_come(said_by: Any) -> None:
    said = said_by(openldap_config, check=True, databases=[GARDEN])
    assert said["actions"] == [
        "create /var/lib/ldap/dc_garden_dc_test",
        "modify cn=module{0},cn=config: olcModuleLoad",
        "add olcDatabase={1}mdb,cn=config",
        "add olcOverlay={0}memberof,olcDatabase={1}mdb,cn=config",
    ]
    assert said["changed"]
    assert "not installed yet" in str(said["warnings"])
    assert "secret-of-garden" not in str(said["diff"])
    assert "{CRYPT}" not in str(said)


def test_nothing_is_done_without_slapd(said_by: Any, tmp_path: Any) -> None:
    said = said_by(openldap_config, databases=[GARDEN], backup_directory=str(tmp_path / "backups"))
    assert said["failed"]
    assert "install the package slapd; nothing was changed" in said["msg"]
    assert not (tmp_path / "backups").exists()


def test_nothing_declared_is_no_change(said_by: Any) -> None:
    assert not said_by(openldap_config)["changed"]


def test_bad_input_is_refused_all_at_once(said_by: Any) -> None:
    tests = [{"entry": "o=elsewhere"}, {"entry": "cn=config", "attribute": "-x"}]
    said = said_by(openldap_config, settings={"olcTLSCertificateFile": "/c"}, access_tests=tests)
    assert [problem["option"] for problem in said["problems"]] == [
        "access_tests[0].entry",
        "access_tests[1].attribute",
        "settings",
    ]


def test_a_password_needs_somebody_whose_it_is(said_by: Any) -> None:
    said = said_by(openldap_config, databases=[{**GARDEN, "root_dn": None}])
    assert [problem["option"] for problem in said["problems"]] == ["databases[0].root_dn"]
    assert "secret-of-garden" not in str(said)
