# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module hands its options to the planning function, and holds the lock on the folder of the file."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot import planning
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine import runner
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.plan import Plan
from ansible_collections.postfix_manager.mail.plugins.modules import dovecot_config


class ModuleEnd(BaseException):
    """The module ended with these values."""


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the planning function got, what was locked, and what the module returned."""
    found: dict[str, Any] = {}

    def plan(params: dict[str, Any]) -> Plan:
        found["params"] = params
        return Plan(result={"version": "2.4"}, warnings=["mind this"])

    def end(_module: Any, **values: Any) -> None:
        found["result"] = values
        raise ModuleEnd

    monkeypatch.setattr(dovecot_config, "plan", plan)
    monkeypatch.setattr(runner.basic.AnsibleModule, "exit_json", end)
    monkeypatch.setattr(runner.basic.AnsibleModule, "fail_json", end)
    locked = runner.locked
    monkeypatch.setattr(runner, "locked", lambda path: found.update(locked=path) or locked(path))
    return found


def run(args: dict[str, Any]) -> None:
    with patch_module_args(args), pytest.raises(ModuleEnd):
        dovecot_config.main()


def test_the_defaults(seen: dict[str, Any]) -> None:
    run({"settings": {"ssl": True, "service auth": {"client_limit": 5}}})
    assert seen["params"] == {
        "path": "/etc/dovecot/dovecot.conf",
        "version": "auto",
        "settings": {"ssl": True, "service auth": {"client_limit": 5}},
        "secrets": None,
        "files": [],
        "backup": True,
        "backup_count": 20,
        "backup_directory": "/var/backups/postfix_manager",
        "state": "present",
        "backup_id": "last",
        "force": False,
        "ignore_findings": [],
    }
    assert seen["locked"] == "/etc/dovecot"
    assert seen["result"] == {"changed": False, "actions": [], "version": "2.4"}


def test_all_options(seen: dict[str, Any]) -> None:
    args = {
        "path": "/srv/mail/dovecot.conf",
        "version": "2.3",
        "settings": {},
        "secrets": {"doveadm_password": "x"},
        "files": [{"path": "a.ext", "settings": {"driver": "pgsql"}, "secrets": {"connect": "y"}}],
        "backup": False,
        "backup_count": 0,
        "backup_directory": "/srv/backups",
        "state": "present",
        "backup_id": "20261123T093000Z-17",
        "force": True,
        "ignore_findings": [],
    }
    run(args)
    expected = {**args, "files": [{**args["files"][0], "content": None}]}
    assert seen["params"] == expected
    assert seen["locked"] == "/srv/mail"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ({}, "state is present but all of the following are missing: settings"),
        ({"settings": "a b"}, "argument 'settings'"),
        ({"settings": {}, "version": "2.2"}, "value of version must be one of: auto, 2.3, 2.4"),
        ({"settings": {}, "files": [{"content": "x"}]}, "missing required arguments: path found in files"),
    ],
)
def test_bad_options(seen: dict[str, Any], args: dict[str, Any], message: str) -> None:
    run(args)
    assert message in seen["result"]["msg"]
    assert "params" not in seen


def test_the_module_plans_with_the_package_of_dovecot() -> None:
    assert dovecot_config.plan is planning.plan
