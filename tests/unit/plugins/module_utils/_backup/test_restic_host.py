# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How restic is called: no secret among its arguments, patience with a lock, an error in words."""

import json

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._backup import restic_host
from ansible_collections.postfix_manager.mail.plugins.module_utils._backup.settings import Settings
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.commands import CommandError, Result
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import Error

SETTINGS = Settings("/srv/backup", "mx", "/var/vmail", "", "", [], [], {"daily": 7}, "5%", 1)
SUMMARY = '{"message_type":"summary","snapshot_id":"abc"}'


@pytest.fixture
def restic(monkeypatch, tmp_path):
    """A repository, the calls to it, and what it answers, the last one again and again."""
    calls, answers = [], [SUMMARY]

    def run(argv, env=None, **_options):
        calls.append((argv, env))
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if answer.startswith("Fatal"):
            raise CommandError("restic failed", rc=1, stderr=answer)
        return Result(argv, 0, answer, "", 0.0)

    monkeypatch.setattr(restic_host.commands, "run", run)
    monkeypatch.setattr(restic_host, "CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(restic_host, "PAUSE", 0.0)
    (tmp_path / "credentials").write_text(json.dumps({"AWS_SECRET_ACCESS_KEY": "geheim"}))
    repository = restic_host.Repository(SETTINGS, str(tmp_path / "password"), str(tmp_path / "credentials"))
    return repository, calls, answers


def test_secrets_are_in_the_environment_alone(restic, tmp_path):
    repository, calls, _answers = restic
    repository.save(["/a"], ["/b"], ["t"])
    argv, env = calls[0]
    assert "geheim" not in str(argv)
    assert env["AWS_SECRET_ACCESS_KEY"] == "geheim"
    assert env["RESTIC_PASSWORD_FILE"] == str(tmp_path / "password")
    assert argv[-2:] == ["--", "/a"]
    assert "--exclude=/b" in argv


def test_another_host_is_waited_for(restic):
    repository, calls, answers = restic
    answers[:0] = ["Fatal: unable to create lock in backend: repository is already locked by PID 1"] * 2
    repository.forget()
    assert len(calls) == 3
    assert calls[0][0][-2:] == ["--keep-daily", "7"]


def test_any_other_error_is_one_at_once(restic):
    repository, calls, answers = restic
    answers[0] = "Fatal: wrong password or no key found"
    with pytest.raises(Error, match="the password is wrong"):
        repository.check("5%")
    assert len(calls) == 1


@pytest.mark.parametrize(
    ("answer", "there"),
    [
        (SUMMARY, True),
        ("Fatal: unable to open config file: stat /srv/backup/config: no such file or directory", False),
        ("Fatal: repository does not exist: unable to open config file", False),
    ],
)
def test_whether_there_is_a_repository(restic, answer, there):
    repository, _calls, answers = restic
    answers[0] = answer
    assert repository.exists() is there


def test_one_that_cannot_be_reached_is_an_error(restic):
    repository, _calls, answers = restic
    answers[0] = "Fatal: unable to open config file: dial tcp: connection refused\nIs there a repository at"
    with pytest.raises(Error, match="cannot be reached"):
        repository.exists()


def test_paths_fit_nothing_else(restic):
    repository, calls, _answers = restic
    repository.restore("abc", ["/m/.Projects.2026 [x]*"], "/t")
    assert r"--include=/m/.Projects.2026 \[x]\*" in calls[0][0]
