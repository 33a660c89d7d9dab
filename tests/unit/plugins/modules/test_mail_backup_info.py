# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The declaration of mail_backup_info: a host without a backup, and what a manifest says."""

import json

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.postfix_manager.mail.plugins.module_utils._backup import info_host
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine import job_status as status
from ansible_collections.postfix_manager.mail.plugins.modules import mail_backup_info


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(info_host, "SETTINGS_FILE", str(tmp_path / "nothing"))
    monkeypatch.setattr(status, "STATUS_DIRECTORY", str(tmp_path))

    def call(**options):
        with patch_module_args(options), pytest.raises(SystemExit):
            mail_backup_info.main()
        return json.loads(capsys.readouterr().out)

    return call


def test_a_host_without_a_backup(run):
    said = run()
    assert (said["configured"], said["snapshots"], said["changed"]) == (False, [], False)
    assert said["jobs"] == {"backup": {"age": None}, "backup_verify": {"age": None}}


def test_a_bad_limit(run):
    assert [problem["option"] for problem in run(limit=-1)["problems"]] == ["limit"]


def test_what_a_manifest_says():
    counts = {"a/b/Maildir": {"messages": 2, "folders": 1, "settled": False}, "c": {"messages": 1, "settled": True}}
    manifest = {"mailboxes": counts, "queue": 3, "files": {"accounts.sqlite": "0"}}
    found = info_host.contents(manifest, mailboxes=True)
    assert (found["messages"], found["mailbox_count"], found["queue"]) == (3, 2, 3)
    assert found["unsettled"] == ["a/b/Maildir"]
    assert found["mailboxes"]["c"] == {"messages": 1}
