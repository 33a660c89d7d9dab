# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The declaration of ha_node: what it hands to planning, and what it reports."""

import json

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.plan import Plan, Step
from ansible_collections.postfix_manager.mail.plugins.modules import ha_node

OPTIONS = {"node": "mx2", "state": "maintenance"}


def test_defaults_are_filled_in_and_the_plan_is_reported(monkeypatch, capsys):
    seen = {}

    def plan(params):
        seen.update(params)
        return Plan(steps=[Step("do it", lambda: pytest.fail("check mode must not apply"))], result={"extra": 1})

    monkeypatch.setattr(ha_node, "plan_node", plan)
    with patch_module_args({**OPTIONS, "_ansible_check_mode": True}), pytest.raises(SystemExit):
        ha_node.main()
    said = json.loads(capsys.readouterr().out)
    assert said["changed"] is True
    assert said["actions"] == ["do it"]
    assert said["extra"] == 1
    assert seen.keys() >= set(ha_node.SPEC["argument_spec"])
    assert all(seen[name] == value for name, value in OPTIONS.items())
