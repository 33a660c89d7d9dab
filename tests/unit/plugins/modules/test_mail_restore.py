# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The declaration of mail_restore: what it refuses, and what it says where there is no backup."""

import json

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.postfix_manager.mail.plugins.modules import mail_restore


@pytest.fixture
def run(monkeypatch, capsys):
    def call(**options):
        with patch_module_args(options), pytest.raises(SystemExit):
            mail_restore.main()
        return json.loads(capsys.readouterr().out)

    return call


@pytest.mark.parametrize("check", [False, True])
def test_a_host_without_a_backup_says_so(run, check):
    said = run(mailboxes=["alice@example.test"], _ansible_check_mode=check)
    assert said["failed"] is True
    assert said["msg"].endswith("run the role backup on this host first; nothing was changed")


def test_all_bad_options_are_named_at_once(run, monkeypatch):
    monkeypatch.setattr(mail_restore, "lock_of", lambda _params: None)
    said = run(mailboxes=["alice"], domains=["a b"], paths=["etc"], all_mail=True, search={"body": "x"})
    assert [problem["option"] for problem in said["problems"]] == [
        "mailboxes",
        "domains",
        "paths",
        "all_mail",
        "search.body",
        "search",
        "search",
    ]
