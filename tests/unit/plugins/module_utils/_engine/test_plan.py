# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import Error
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.plan import Plan, Step


def step(log, name, result=None, changes=True):
    return Step(name, lambda: log.append(name) or result, changes)


def test_an_empty_plan_changes_nothing():
    plan = Plan()
    assert (plan.changed, plan.actions, plan.diff(), plan.apply()) == (False, [], [], {})


def test_changed_comes_from_the_steps_that_change():
    assert not Plan(steps=[step([], "probe", changes=False)]).changed
    assert Plan(steps=[step([], "probe", changes=False), step([], "write")]).changed


def test_actions_are_the_same_whether_applied_or_not():
    plan = Plan(steps=[step([], "write"), step([], "reload")])
    assert plan.actions == ["write", "reload"]


def test_the_diff_shows_what_differs_and_only_that():
    plan = Plan(before={"a": "1", "b": "2", "gone": "x"}, after={"a": "1", "b": "3", "new": "y"})
    assert plan.diff() == [
        {"before_header": "b", "after_header": "b", "before": "2", "after": "3"},
        {"before_header": "gone", "after_header": "gone", "before": "x", "after": ""},
        {"before_header": "new", "after_header": "new", "before": "", "after": "y"},
    ]


def test_absent_and_nothing_are_the_same_in_a_diff():
    assert Plan(before={"a": None}, after={"a": ""}).diff() == []


def test_steps_run_in_order_and_their_results_add_up():
    log = []
    plan = Plan(steps=[step(log, "one", {"a": 1, "b": 1}), step(log, "two"), step(log, "three", {"b": 2})])
    assert plan.apply() == {"a": 1, "b": 2}
    assert log == ["one", "two", "three"]


def test_a_failing_step_says_what_was_done_before_it():
    log = []

    def fail():
        raise Error("disk full", path="/x")

    with pytest.raises(Error) as failed:
        Plan(steps=[step(log, "one"), Step("two", fail), step(log, "three")]).apply()
    assert failed.value.details == {"path": "/x", "actions_done": ["one"]}
    assert log == ["one"]
