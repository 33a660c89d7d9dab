# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The declaration of postfix_table: what it hands to planning, and what it reports."""

import json

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.plan import Plan, Step
from ansible_collections.postfix_manager.mail.plugins.modules import postfix_table

OPTIONS = {"path": "transport", "entries": {"example.net": "relay:"}}


def test_defaults_are_filled_in_and_the_plan_is_reported(monkeypatch, capsys):
    seen = {}

    def plan(params):
        seen.update(params)
        return Plan(steps=[Step("do it", lambda: pytest.fail("check mode must not apply"))], result={"extra": 1})

    monkeypatch.setattr(postfix_table, "plan_table", plan)
    with patch_module_args({**OPTIONS, "_ansible_check_mode": True}), pytest.raises(SystemExit):
        postfix_table.main()
    said = json.loads(capsys.readouterr().out)
    assert said["changed"] is True
    assert said["actions"] == ["do it"]
    assert said["extra"] == 1
    assert seen.keys() >= set(postfix_table.SPEC["argument_spec"])
    assert all(seen[name] == value for name, value in OPTIONS.items())


def test_entries_are_seen_by_planning_alone(monkeypatch, capsys):
    monkeypatch.setattr(postfix_table, "plan_table", lambda params: Plan(result={"count": len(params["entries"])}))
    with patch_module_args({"path": "/x", "entries": {"a": "hunter2", "b": "c"}}), pytest.raises(SystemExit):
        postfix_table.main()
    said = json.loads(capsys.readouterr().out)
    assert said["count"] == 2
    assert said["invocation"]["module_args"]["entries"] == "(2 items)"
    assert "hunter2" not in json.dumps(said)


@pytest.mark.parametrize("options", [{"path": "/x"}, {"entries": {}}, {"path": "/x", "entries": {}, "type": "dbm"}])
def test_what_is_missing_or_unknown_is_refused(monkeypatch, capsys, options):
    monkeypatch.setattr(postfix_table, "plan_table", lambda _params: pytest.fail("not reached"))
    with patch_module_args(options), pytest.raises(SystemExit):
        postfix_table.main()
    assert json.loads(capsys.readouterr().out)["failed"] is True
