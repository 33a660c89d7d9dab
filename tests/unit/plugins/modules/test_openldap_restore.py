# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A restore on a host without slapd: all comes back once it is installed, and what is wrong is refused."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.server import host
from ansible_collections.postfix_manager.mail.plugins.modules import openldap_restore

CONFIG = """dn: cn=config
objectClass: olcGlobal
cn: config

dn: olcDatabase={1}mdb,cn=config
objectClass: olcDatabaseConfig
objectClass: olcMdbConfig
olcDatabase: {1}mdb
olcSuffix: dc=example,dc=org
olcDbDirectory: /nonexistent/data
olcRootPW: secret-of-the-root

"""
DATA = "dn: dc=example,dc=org\nobjectClass: domain\n\ndn: cn=a,dc=example,dc=org\nuserPassword: secret-of-a\n\n"


@pytest.fixture(autouse=True)
def bare_host(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine of the developer may have a slapd."""
    monkeypatch.setattr(host, "installed", lambda: False)


@pytest.fixture
def backups(tmp_path: Any) -> Any:
    folder = tmp_path / "20261125T021500Z"
    folder.mkdir()
    found = {}
    for name, text in (("config.ldif", CONFIG), ("data-1.ldif", DATA), ("file-0", "certificate")):
        (folder / name).write_text(text)
        found[name] = {"file": name, "sha256": hashlib.sha256(text.encode()).hexdigest()}
    manifest = {
        "format": 1,
        "time": "2026-11-25T02:15:00Z",
        "host": "mx.example.org",
        "config": found["config.ldif"],
        "databases": [{**found["data-1.ldif"], "suffix": "dc=example,dc=org"}],
        "files": [{**found["file-0"], "path": "/nonexistent/tls/ldap.pem", "mode": "0644"}],
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return tmp_path


def call(said_by: Any, folder: Any, **options: Any) -> Any:
    return said_by(openldap_restore, backup_directory=str(folder), config_directory="/nonexistent/slapd.d", **options)


def test_a_bare_host_is_told_what_would_come_back(said_by: Any, backups: Any) -> None:
    said = call(said_by, backups, check=True)
    assert said["changed"]
    assert said["summary"] == [
        "the configuration of the backup replaces the present one",
        "dc=example,dc=org: 2 entries added",
        "/nonexistent/tls/ldap.pem comes back",
    ]
    assert said["databases"] == [{"suffix": "dc=example,dc=org", "added": 2, "changed": 0, "removed": 0, "newer": []}]
    assert "cn=a,dc=example,dc=org" in str(said["diff"])
    assert "secret-of" not in str(said)


def test_nothing_is_done_without_slapd(said_by: Any, backups: Any) -> None:
    said = call(said_by, backups)
    assert said["failed"]
    assert "install the package slapd; nothing was changed" in said["msg"]


def test_data_needs_a_configuration(said_by: Any, backups: Any) -> None:
    assert "give config, too" in call(said_by, backups, check=True, parts=["data"])["msg"]


def test_a_damaged_backup_is_refused(said_by: Any, backups: Any) -> None:
    (backups / "20261125T021500Z/data-1.ldif").write_text(DATA + "x")
    said = call(said_by, backups, check=True)
    assert "data-1.ldif in it is not what was written, by its checksum" in said["msg"]


def test_no_backup_is_named(said_by: Any, tmp_path: Any) -> None:
    assert f"there is no backup in {tmp_path}" in call(said_by, tmp_path)["msg"]
