# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module hands its options over and returns what was found."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine import runner
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.plan import Plan
from ansible_collections.postfix_manager.mail.plugins.modules import dovecot_config_info


class ModuleEnd(BaseException):
    """The module ended with these values."""


def test_the_module(monkeypatch: pytest.MonkeyPatch) -> None:
    found: dict[str, Any] = {}

    def inspect(params: dict[str, Any]) -> Plan:
        found["params"] = params
        return Plan(result={"installed": False})

    def end(_module: Any, **values: Any) -> None:
        found["result"] = values
        raise ModuleEnd

    monkeypatch.setattr(dovecot_config_info, "inspect", inspect)
    monkeypatch.setattr(runner.basic.AnsibleModule, "exit_json", end)
    with patch_module_args({}), pytest.raises(ModuleEnd):
        dovecot_config_info.main()
    assert found["params"] == {"path": "/etc/dovecot/dovecot.conf", "ignore_findings": []}
    assert found["result"] == {"changed": False, "actions": [], "installed": False}
