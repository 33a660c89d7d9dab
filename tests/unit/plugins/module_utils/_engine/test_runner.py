# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The runner against the real AnsibleModule: what reaches Ansible is what it prints."""

from __future__ import annotations

import fcntl
import json
import os

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine import runner
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import Error, Problem, refuse
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.plan import Plan, Step

SPEC = {
    "argument_spec": {
        "name": {"type": "str", "required": True},
        "secret": {"type": "str", "no_log": True},
        "folder": {"type": "path", "default": "/etc/folder"},
    }
}


@pytest.fixture
def run(capfd):
    """Run a module and return its exit code and the result that it printed."""

    def call(make_plan, lock=None, **args):
        with patch_module_args({"name": "x", **args}), pytest.raises(SystemExit) as ended:
            runner.run_module(SPEC, make_plan, lock)
        return ended.value.code, json.loads(capfd.readouterr().out)

    return call


def writing(log, **plan):
    return Plan(
        before={"file": "old"},
        after={"file": "new"},
        steps=[Step("write file", lambda: log.append("written") or {"backup_path": "/b"})],
        result={"known": 1, "backup_path": None},
        **plan,
    )


def test_the_plan_is_made_of_the_parameters_applied_and_reported(run):
    log, seen = [], {}
    code, result = run(lambda params: seen.update(params) or writing(log))
    assert seen == {"name": "x", "secret": None, "folder": "/etc/folder"}
    assert (code, log) == (0, ["written"])
    assert {key: result[key] for key in ("changed", "actions", "known", "backup_path")} == {
        "changed": True,
        "actions": ["write file"],
        "known": 1,
        "backup_path": "/b",
    }
    assert "diff" not in result


def test_check_mode_says_the_same_and_runs_no_step(run):
    log = []
    code, result = run(lambda _params: writing(log), _ansible_check_mode=True)
    assert (code, log) == (0, [])
    assert (result["changed"], result["actions"], result["backup_path"]) == (True, ["write file"], None)


def test_a_diff_is_made_when_it_is_asked_for(run):
    result = run(lambda _params: writing([]), _ansible_diff=True)[1]
    assert result["diff"] == [{"before_header": "file", "after_header": "file", "before": "old", "after": "new"}]


def test_warnings_reach_ansible(run):
    result = run(lambda _params: writing([], warnings=["mind the gap"]))[1]
    assert "mind the gap" in json.dumps(result["warnings"])


def test_an_error_fails_the_task_with_its_details(run):
    def fail(_params):
        raise Error("cannot be", rc=3, hops=[])

    code, result = run(fail)
    assert code == 1
    assert (result["failed"], result["msg"], result["rc"], result["hops"]) == (True, "cannot be", 3, [])


def test_refused_input_fails_the_task_with_every_problem(run):
    result = run(lambda _params: refuse([Problem("name", "is odd", "change it", "x")]))[1]
    assert result["problems"] == [{"option": "name", "value": "x", "message": "is odd", "cure": "change it"}]


def test_a_failing_step_fails_the_task_and_says_what_was_done(run):
    def fail():
        raise Error("no more")

    plan = Plan(steps=[Step("first", lambda: None), Step("second", fail)])
    code, result = run(lambda _params: plan)
    assert (code, result["msg"], result["actions_done"]) == (1, "no more", ["first"])


def test_an_error_of_the_system_is_named(run):
    def fail():
        raise PermissionError(13, "Permission denied", "/etc/secret")

    code, result = run(lambda _params: Plan(steps=[Step("read", fail)]))
    assert (code, result["msg"]) == (1, "/etc/secret: Permission denied")


def test_an_error_about_a_path_names_the_option_that_holds_it(run):
    def fail(params):
        raise NotADirectoryError(20, "Not a directory", f"{params['folder']}/file")

    assert run(fail)[1]["msg"] == "folder: /etc/folder/file: Not a directory"
    assert run(fail, folder="/srv")[1]["msg"] == "folder: /srv/file: Not a directory"


def test_null_is_not_given(run):
    seen = {}
    run(lambda params: seen.update(params) or Plan(), folder=None)
    assert seen["folder"] == "/etc/folder"


@pytest.mark.parametrize(("value", "words"), [("a\0b", "NUL"), ("caf\udce9", "UTF-8")])
def test_what_no_log_can_hold_is_refused_with_the_option(run, value, words):
    code, result = run(lambda _params: Plan(), name=value, folder="relative")
    assert (code, [problem["option"] for problem in result["problems"]]) == (1, ["name", "folder"])
    assert words in result["msg"]


def test_a_very_long_line_of_a_message_is_cut(run):
    def fail(_params):
        raise Error(f"{'x' * 100_000} is odd")

    assert len(run(fail)[1]["msg"]) < 3000


def test_a_secret_is_not_printed(run):
    result = run(lambda params: Plan(result={"echo": params["secret"]}), secret="hunter2 is long")[1]
    assert "hunter2" not in json.dumps(result)


def test_the_lock_is_held_while_planning_and_applying(run, tmp_path):
    held = []

    def tried():
        """As another process would."""
        descriptor = os.open(tmp_path, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            held.append(False)
        except BlockingIOError:
            held.append(True)
        finally:
            os.close(descriptor)

    def make_plan(_params):
        tried()
        return Plan(steps=[Step("work", tried)])

    run(make_plan, lock=lambda _params: str(tmp_path))
    tried()
    assert held == [True, True, False]
