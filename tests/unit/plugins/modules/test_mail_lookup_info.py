# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The declaration of mail_lookup_info."""

import json

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.plan import Plan
from ansible_collections.postfix_manager.mail.plugins.modules import mail_lookup_info


def run(monkeypatch, capsys, plan, **options):
    monkeypatch.setattr(mail_lookup_info, "plan_lookups", plan)
    with patch_module_args(options), pytest.raises(SystemExit):
        mail_lookup_info.main()
    return json.loads(capsys.readouterr().out)


def test_options_reach_planning_and_nothing_changes(monkeypatch, capsys):
    seen = {}

    def plan(params):
        seen.update(params)
        return Plan(result={"ok": True, "lookups": []})

    said = run(monkeypatch, capsys, plan, known=["a@example.org"], timeout=3)
    assert (said["changed"], said["ok"], said["lookups"]) == (False, True, [])
    nothing = {"config_directory": None, "instance": None, "unknown": [], "maps": []}
    assert seen == {**nothing, "known": ["a@example.org"], "timeout": 3.0}


def test_an_unknown_option_is_refused(monkeypatch, capsys):
    said = run(monkeypatch, capsys, lambda _params: pytest.fail("not reached"), addresses=["a@example.org"])
    assert said["failed"] is True
