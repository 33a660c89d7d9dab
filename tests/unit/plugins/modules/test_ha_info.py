# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The declaration of ha_info: what it hands to planning, and what it reports."""

import json

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.plan import Plan
from ansible_collections.postfix_manager.mail.plugins.modules import ha_info

OPTIONS = {"virtual_address": "192.0.2.10/24", "interface": "eth0"}


def test_it_reports_and_changes_nothing(monkeypatch, capsys):
    seen = {}

    def plan(params):
        seen.update(params)
        return Plan(result={"held": True})

    monkeypatch.setattr(ha_info, "plan_info", plan)
    with patch_module_args(OPTIONS), pytest.raises(SystemExit):
        ha_info.main()
    said = json.loads(capsys.readouterr().out)
    assert (said["changed"], said["held"]) == (False, True)
    assert seen == {**OPTIONS, "nodes": []}
