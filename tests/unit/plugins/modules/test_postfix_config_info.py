# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The declaration of postfix_config_info."""

import json

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.plan import Plan
from ansible_collections.postfix_manager.mail.plugins.modules import postfix_config_info


def run(monkeypatch, capsys, plan, **options):
    monkeypatch.setattr(postfix_config_info, "plan_info", plan)
    with patch_module_args(options), pytest.raises(SystemExit):
        postfix_config_info.main()
    return json.loads(capsys.readouterr().out)


def test_options_reach_planning_and_nothing_changes(monkeypatch, capsys):
    seen = {}

    def plan(params):
        seen.update(params)
        return Plan(result={"installed": True, "findings": []})

    said = run(monkeypatch, capsys, plan, parameters=["smtpd_*"], ignore_findings=["x"])
    assert (said["changed"], said["installed"], said["findings"]) == (False, True, [])
    assert seen == {"config_directory": None, "instance": None, "parameters": ["smtpd_*"], "ignore_findings": ["x"]}


def test_an_unknown_option_is_refused(monkeypatch, capsys):
    said = run(monkeypatch, capsys, lambda _params: pytest.fail("not reached"), state="present")
    assert said["failed"] is True
