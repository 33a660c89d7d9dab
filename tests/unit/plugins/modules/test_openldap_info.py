# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers that do not answer are named, and so is what is wrong with backups and with the options."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from ansible_collections.postfix_manager.mail.plugins.modules import openldap_info

NOBODY = "ldapi://%2Fnonexistent%2Fldapi"


def test_who_does_not_answer_is_named(said_by: Any) -> None:
    said = said_by(openldap_info, server_uri=["ldap://127.0.0.1:1"])
    assert not said.get("failed")
    assert not said["healthy"]
    assert said["unreachable"] == ["127.0.0.1:1"]
    assert said["summary"][0].startswith("127.0.0.1:1 cannot be asked")
    assert not said["servers"][0]["reachable"]


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (
            {"ok": False, "message": "no room", "last_success": "2026-11-25T02:15:00Z"},
            "the last backup failed: no room",
        ),
        ({"ok": True, "last_success": "2020-01-01T00:00:00Z"}, "the last good backup is"),
        ({"ok": False}, "there never was a good backup"),
        (None, "says nothing of a backup"),
    ],
)
def test_backups_are_looked_at(said_by: Any, tmp_path: Any, status: Any, said: str) -> None:
    if status is not None:
        (tmp_path / "status.json").write_text(json.dumps(status))
    found = said_by(openldap_info, server_uri=[NOBODY], backup_directory=str(tmp_path))
    assert said in str(found["problems"])


def test_a_fresh_backup_is_no_problem(said_by: Any, tmp_path: Any) -> None:
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    (tmp_path / "status.json").write_text(json.dumps({"ok": True, "last_success": now}))
    found = said_by(openldap_info, server_uri=[NOBODY], backup_directory=str(tmp_path))
    assert "backup" not in str(found["problems"])
    assert found["backup"]["age"] < 60


def test_bad_input_is_refused_all_at_once(said_by: Any) -> None:
    said = said_by(openldap_info, server_uri=[NOBODY, NOBODY], max_lag=-1, max_usage=0)
    assert [problem["option"] for problem in said["problems"]] == ["max_lag", "max_usage", "server_uri"]
