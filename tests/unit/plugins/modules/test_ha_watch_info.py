# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The declaration of ha_watch_info: what it hands to planning, and what it reports."""

import json

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.plan import Plan
from ansible_collections.postfix_manager.mail.plugins.modules import ha_watch_info


def test_it_reports_and_changes_nothing(monkeypatch, capsys):
    seen = {}

    def plan(params):
        seen.update(params)
        return Plan(result={"failures": 0})

    monkeypatch.setattr(ha_watch_info, "plan_watch", plan)
    with patch_module_args({"host": "192.0.2.10"}), pytest.raises(SystemExit):
        ha_watch_info.main()
    said = json.loads(capsys.readouterr().out)
    assert (said["changed"], said["failures"]) == (False, 0)
    assert seen.keys() == set(ha_watch_info.SPEC["argument_spec"])
