# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The declaration of mail_backup: its plan on a bare host, and that no secret is in it."""

import json

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.postfix_manager.mail.plugins.module_utils._backup import planning_host
from ansible_collections.postfix_manager.mail.plugins.modules import mail_backup

OPTIONS = {"repository": "/nowhere/backup", "password": "geheim-und-lang", "host": "mail.example.test"}


@pytest.fixture
def run(monkeypatch, capsys):
    monkeypatch.setattr(planning_host.commands, "find", lambda _name: None)

    def call(**options):
        with patch_module_args({**OPTIONS, **options}), pytest.raises(SystemExit):
            mail_backup.main()
        return json.loads(capsys.readouterr().out)

    return call


def test_everything_is_new_on_a_bare_host_and_no_secret_is_shown(run):
    said = run(credentials={"KEY": "auch-geheim"}, _ansible_check_mode=True, _ansible_diff=True)
    assert said["actions"] == [
        "create the repository /nowhere/backup",
        "write settings.json, password, credentials.json in /etc/postfix_manager/backup",
        "write /usr/local/sbin/postfix-manager-backup",
    ]
    assert "restic is not installed yet" in str(said["warnings"])
    shown = {entry["after_header"]: entry["after"] for entry in said["diff"]}
    assert json.loads(shown["/etc/postfix_manager/backup/settings.json"])["host"] == "mail.example.test"
    assert "geheim" not in str(said["diff"])
    assert len(shown) == 4


def test_all_bad_options_are_named_at_once(run):
    said = run(repository="here", password="short", keep={"daily": -1}, paths=["etc"])
    assert [problem["option"] for problem in said["problems"]] == ["repository", "password", "paths", "keep.daily"]
    assert "nothing was changed" in said["msg"]
