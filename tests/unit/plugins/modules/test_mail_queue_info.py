# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The declaration of mail_queue_info: what it refuses, and what it says where there is no Postfix."""

import json

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.queue import queue_host
from ansible_collections.postfix_manager.mail.plugins.modules import mail_queue_info


@pytest.fixture
def run(monkeypatch, capsys):
    monkeypatch.setattr(queue_host.commands, "find", lambda _name: None)

    def call(**options):
        with patch_module_args(options), pytest.raises(SystemExit):
            mail_queue_info.main()
        return json.loads(capsys.readouterr().out)

    return call


@pytest.mark.parametrize("check", [False, True])
def test_a_bare_host_has_an_empty_queue(run, check):
    said = run(_ansible_check_mode=check)
    assert (said["changed"], said["installed"], said["running"], said["total"]) == (False, False, False, 0)
    assert (said["messages"], said["oldest"], said["summary"]) == ([], None, ["the queue is empty"])
    assert run(since=said["look"])["rates"]["growth"] == 0


def test_bad_input_is_refused_at_once(run):
    said = run(filter={"age": -1, "any": []}, top=0, list_limit=-1)
    assert [one["option"] for one in said["problems"]] == ["list_limit", "filter.age", "filter.any", "top"]


def test_two_ways_to_look_twice_are_refused(run):
    assert "mutually exclusive" in run(interval=1, since={})["msg"]
