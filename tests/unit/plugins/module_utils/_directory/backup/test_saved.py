# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The manifest of a backup: read, chosen, and refused when it is damaged."""

from __future__ import annotations

import json

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.backup import saved
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import Error

MANIFEST = {
    "format": 1,
    "time": "2026-11-25T02:15:00Z",
    "host": "mx.example.org",
    "config": {"file": "config.ldif", "sha256": "c"},
    "databases": [{"file": "data-1.ldif", "sha256": "d", "suffix": "dc=example,dc=org", "context_csn": ["x"]}],
    "files": [
        {
            "file": "file-0",
            "sha256": "f",
            "path": "/etc/ldap/tls/ldap.pem",
            "mode": "0644",
            "owner": "root",
            "group": "root",
        }
    ],
}


def read(**changes):
    return saved.read("20261125T021500Z", json.dumps({**MANIFEST, **changes}))


def test_it_is_read():
    found = read()
    assert [item.file for item in found.all_files] == ["config.ldif", "data-1.ldif", "file-0"]
    assert found.databases[0].states == ("x",)
    assert found.files[0].mode == "0644"


@pytest.mark.parametrize(
    "changes",
    [{"databases": None}, {"config": {}}, {"config": {"file": "../../etc/passwd", "sha256": "c"}}, {"files": [1]}],
)
def test_a_damaged_one_is_refused(changes):
    with pytest.raises(Error, match="the backup 20261125T021500Z is damaged"):
        read(**changes)


def test_no_json_is_damage():
    with pytest.raises(Error, match=r"manifest\.json cannot be read"):
        saved.read("x", "{")


def test_another_format_is_named():
    with pytest.raises(Error, match="another release"):
        read(format=2)


def test_files_are_what_was_written():
    saved.refuse_damage(read(), {"config.ldif": "c", "data-1.ldif": "d", "file-0": "f"})
    with pytest.raises(Error, match=r"data-1\.ldif, file-0 in it is not what was written"):
        saved.refuse_damage(read(), {"config.ldif": "c", "data-1.ldif": "other"})


def test_the_newest_is_chosen_and_another_one_named():
    names = [f"2026112{day}T000000Z" for day in (1, 3, 2)]
    assert saved.choose("newest", names, "/b") == "20261123T000000Z"
    assert saved.choose("20261122T000000Z", names, "/b") == "20261122T000000Z"
    with pytest.raises(Error, match="holds no backup 20261124T000000Z; it holds 20261123T000000Z, 20261122T"):
        saved.choose("20261124T000000Z", names, "/b")
    with pytest.raises(Error, match="backup_id: 'last' is no name of a backup"):
        saved.choose("last", names, "/b")
    with pytest.raises(Error, match="there is no backup in /b"):
        saved.choose("newest", [], "/b")
