# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The declaration of mail_queue: what it refuses, and what it does where there is no Postfix."""

import json

import pytest
import yaml
from ansible.module_utils.testing import patch_module_args
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.queue import queue_host
from ansible_collections.postfix_manager.mail.plugins.modules import mail_queue


@pytest.fixture
def run(monkeypatch, capsys):
    monkeypatch.setattr(queue_host.commands, "find", lambda _name: None)

    def call(**options):
        with patch_module_args(options), pytest.raises(SystemExit):
            mail_queue.main()
        return json.loads(capsys.readouterr().out)

    return call


def test_nothing_is_selected_on_a_bare_host(run):
    said = run(state="deleted", filter={"sender": "a@example.test"}, _ansible_check_mode=True)
    assert (said["changed"], said["installed"], said["queue_ids"], said["messages"]) == (False, False, [], [])
    assert "not installed" in str(said["warnings"])


def test_a_run_on_a_bare_host_says_so(run):
    said = run(state="deleted", filter={"sender": "a@example.test"})
    assert (said["failed"], said["msg"]) == (
        True,
        "Postfix is not installed on this host; install the package postfix; nothing was changed",
    )


@pytest.mark.parametrize("check", [False, True])
def test_bad_input_is_refused_at_once(run, check):
    said = run(state="held", filter={"age": -1, "sender": "/(/"}, max_affected=-1, _ansible_check_mode=check)
    assert [problem["option"] for problem in said["problems"]] == ["filter.age", "filter.sender", "max_affected"]


def test_everything_must_be_meant(run):
    assert [one["option"] for one in run(state="deleted", filter={"recipient": "*"})["problems"]] == ["filter"]
    assert "nothing was changed" in run(state="deleted")["msg"]


def test_the_documented_states_are_those_that_exist():
    options = yaml.safe_load(mail_queue.DOCUMENTATION)["options"]
    assert options["state"]["choices"] == mail_queue.SPEC["argument_spec"]["state"]["choices"]
