# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The jobs, with a repository that is a folder: what a trial restore finds, and when no backup is made."""

import json
import os
import pathlib
import shutil

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._backup import jobs_host
from ansible_collections.postfix_manager.mail.plugins.module_utils._backup.settings import Settings
from ansible_collections.postfix_manager.mail.plugins.module_utils._backup.snapshots import Snapshot
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import Error


class Repository:
    """As much of one as keeps the last stage in a folder."""

    folder = None
    kept = ()

    def __init__(self, settings):
        self.settings = settings

    def snapshots(self):
        return list(type(self).kept)

    def unlock(self):
        pass

    def forget(self):
        pass

    def check(self, _part):
        pass

    def save(self, paths, _excludes, _tags):
        shutil.rmtree(type(self).folder, ignore_errors=True)
        shutil.copytree(paths[0], f"{type(self).folder}{paths[0]}", symlinks=True)
        type(self).kept = [Snapshot("a" * 64, 100, self.settings.host, [paths[0]], [])]
        return {"snapshot_id": "a" * 64, "data_added": 7}

    def read(self, _snapshot, path):
        with open(f"{type(self).folder}{path}", encoding="utf-8") as handle:
            return handle.read()

    def restore(self, _snapshot, _paths, target):
        shutil.copytree(type(self).folder, target, dirs_exist_ok=True, symlinks=True)


@pytest.fixture
def host(tmp_path, monkeypatch):
    maildir = tmp_path / "vmail/example.test/alice/Maildir"
    (maildir / "cur").mkdir(parents=True)
    (maildir / "cur/one:2,S").write_text("one")
    monkeypatch.setattr(jobs_host, "Repository", type("Kept", (Repository,), {"folder": str(tmp_path / "kept")}))
    monkeypatch.setattr(jobs_host, "CONTINUES", str(tmp_path / "continues"))
    monkeypatch.setattr(jobs_host, "STATE_DIRECTORY", str(tmp_path))
    return Settings("/r", "mx", str(tmp_path / "vmail"), "", "", [], [], {"daily": 1}, "5%", 1)


def kept(host, path):
    return f"{jobs_host.Repository.folder}{host.mail_directory}/.postfix_manager/backup/{path}"


def test_a_backup_says_what_it_has_and_leaves_no_stage(host):
    assert jobs_host.back_up(host) == "snapshot aaaaaaaa: 1 messages in 1 mailboxes, 0 in the queue, 7 bytes added"
    with open(kept(host, "manifest.json")) as handle:
        manifest = json.load(handle)
    assert manifest["mailboxes"] == {"example.test/alice/Maildir": {"messages": 1, "folders": 1, "settled": True}}
    assert os.listdir(f"{host.mail_directory}/.postfix_manager") == []


def test_a_verification_compares_what_is_still_there(host):
    jobs_host.back_up(host)
    assert jobs_host.verify(host).endswith("1 mailboxes and 0 dumps restored, 1 messages compared")


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (os.unlink, "0 messages came back of the mailbox example.test/alice/Maildir, which had 1"),
        (lambda path: pathlib.Path(path).write_text("two"), "one in the mailbox .* is not what is on the host"),
    ],
)
def test_a_trial_that_is_not_the_same_is_an_error(host, damage, says):
    jobs_host.back_up(host)
    damage(kept(host, "mail/example.test/alice/Maildir/cur/one:2,S"))
    with pytest.raises(Error, match=says):
        jobs_host.verify(host)


def test_a_host_that_was_rebuilt_makes_no_backup(host):
    jobs_host.back_up(host)
    os.unlink(jobs_host.CONTINUES)
    with pytest.raises(Error, match=r"restore them first \(playbook restore_host\)"):
        jobs_host.back_up(host)
    jobs_host.mark_continued()
    jobs_host.back_up(host)
