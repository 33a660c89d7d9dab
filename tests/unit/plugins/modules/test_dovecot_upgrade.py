# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module hands its options to the planning function, and holds the lock on the folder that it writes to."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine import runner
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.plan import Plan
from ansible_collections.postfix_manager.mail.plugins.modules import dovecot_upgrade


class ModuleEnd(BaseException):
    """The module ended."""


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the planning function got, what was locked, and what the module returned."""
    found: dict[str, Any] = {}

    def plan(params: dict[str, Any]) -> Plan:
        found["params"] = params
        return Plan(result={"summary": "1 setting"}, warnings=["mind this"])

    def end(_module: Any, **values: Any) -> None:
        found["result"] = values
        raise ModuleEnd

    monkeypatch.setattr(dovecot_upgrade, "plan", plan)
    monkeypatch.setattr(runner.basic.AnsibleModule, "exit_json", end)
    monkeypatch.setattr(runner.basic.AnsibleModule, "fail_json", end)
    locked = runner.locked
    monkeypatch.setattr(runner, "locked", lambda path: found.update(locked=path) or locked(None))
    return found


def run(args: dict[str, Any]) -> None:
    with patch_module_args(args), pytest.raises(ModuleEnd):
        dovecot_upgrade.main()


def test_the_defaults(seen: dict[str, Any]) -> None:
    run({})
    assert seen["params"] == {
        "path": "/etc/dovecot/dovecot.conf",
        "dest": None,
        "decisions": {},
        "on_decision": "fail",
        "backup": True,
        "backup_count": 20,
        "backup_directory": "/var/backups/postfix_manager",
        "ignore_findings": [],
    }
    assert seen["locked"] == "/etc/dovecot"
    assert seen["result"] == {"changed": False, "actions": [], "summary": "1 setting"}


def test_another_place(seen: dict[str, Any]) -> None:
    run({"dest": "/srv/new/dovecot.conf", "decisions": {"mail_replica": "drop"}, "on_decision": "keep_comment"})
    assert seen["locked"] == "/srv/new"
    assert seen["params"]["decisions"] == {"mail_replica": "drop"}


def test_an_unknown_choice_is_refused(seen: dict[str, Any]) -> None:
    run({"on_decision": "guess"})
    assert "on_decision" in seen["result"]["msg"]
