# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The declaration of postfix_config: what it hands to planning, and what it reports."""

import json

import pytest
import yaml
from ansible.module_utils.testing import patch_module_args
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.plan import Plan, Step
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.request import read_request
from ansible_collections.postfix_manager.mail.plugins.modules import postfix_config

OPTIONS = {
    "parameters": {"biff": False, "relayhost": None, "mynetworks": ["127.0.0.0/8"]},
    "services": [{"name": "smtp", "type": "inet", "maxproc": 5, "chroot": True, "args": ["-v"]}],
    "map_files": [{"name": "a.cf", "parameters": {"version": 3}, "secrets": {"bind_pw": "hunter2"}}],
}


def run(monkeypatch, capsys, plan, **options):
    monkeypatch.setattr(postfix_config, "plan_config", plan)
    with patch_module_args({**options, "_ansible_check_mode": True}), pytest.raises(SystemExit):
        postfix_config.main()
    return json.loads(capsys.readouterr().out)


def test_options_reach_planning_as_they_are_meant(monkeypatch, capsys):
    seen = {}

    def plan(params):
        seen.update(params)
        return Plan(steps=[Step("do it", lambda: pytest.fail("check mode must not apply"))], result={"extra": 1})

    said = run(monkeypatch, capsys, plan, **OPTIONS)
    assert (said["changed"], said["actions"], said["extra"]) == (True, ["do it"], 1)
    assert seen["parameters"] == OPTIONS["parameters"]
    assert seen["services"][0]["maxproc"] == "5"
    assert seen["services"][0]["state"] == "present"
    request = read_request({**seen, "config_directory": "/etc/postfix"})
    assert request.directory == "/etc/postfix"
    assert request.services[0].fields == {"chroot": "y", "maxproc": "5"}
    assert request.purge is False


def test_a_secret_never_comes_back(monkeypatch, capsys):
    said = run(monkeypatch, capsys, lambda params: Plan(result={"echo": str(params)}), **OPTIONS)
    assert "hunter2" not in json.dumps(said)
    assert "bind_pw" in said["echo"]


@pytest.mark.parametrize("service", [{"name": "smtp"}, {"type": "inet"}, {"name": "smtp", "type": "tcp"}])
def test_a_service_needs_name_and_type(monkeypatch, capsys, service):
    said = run(monkeypatch, capsys, lambda _params: pytest.fail("not reached"), services=[service])
    assert said["failed"] is True
    assert "services" in said["msg"]


def test_the_examples_are_good_requests():
    spec = postfix_config.SPEC["argument_spec"]
    nothing = {name: option.get("default") for name, option in spec.items()}
    calls = [
        task["postfix_manager.mail.postfix_config"]
        for task in yaml.safe_load(postfix_config.EXAMPLES)
        if "postfix_manager.mail.postfix_config" in task
    ]
    assert len(calls) == 8
    for call in calls:
        assert read_request({**nothing, **call, "config_directory": "/etc/postfix"}).directory == "/etc/postfix"
