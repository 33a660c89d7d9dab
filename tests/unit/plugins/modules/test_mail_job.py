# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The declaration of mail_job: what it refuses before it touches anything."""

import json

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.commands import Result
from ansible_collections.postfix_manager.mail.plugins.module_utils._service import jobs_host
from ansible_collections.postfix_manager.mail.plugins.modules import mail_job

OPTIONS = {"name": "backup", "command": ["/usr/local/sbin/program", "run"], "schedule": "02:30"}


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    def command(argv, **_options):
        """A host without the timer, whose systemd takes one schedule alone."""
        shown = "LoadState=not-found\nActiveState=inactive\nUnitFileState=\n"
        return Result(argv, 0 if argv[-1] in ("02:30", "backup.timer") else 1, shown, "", 0.0)

    monkeypatch.setattr(jobs_host.commands, "run", command)

    def call(**options):
        with patch_module_args({**OPTIONS, **options}), pytest.raises(SystemExit):
            mail_job.main()
        return json.loads(capsys.readouterr().out)

    return call


def test_a_new_job_is_announced(run):
    said = run(_ansible_check_mode=True, _ansible_diff=True)
    assert said["actions"] == ["write backup.service, backup.timer", "start backup.timer"]
    assert said["changed"] is True
    assert "ExecStart=/usr/local/sbin/program run" in said["diff"][0]["after"]


def test_one_that_shall_not_be_is_not_there(run):
    assert run(state="absent")["changed"] is False


def test_all_bad_options_are_named_at_once(run):
    said = run(name="B", command=["x"], schedule="sometimes", random_delay=-1)
    assert [problem["option"] for problem in said["problems"]] == ["name", "command", "random_delay", "schedule"]
