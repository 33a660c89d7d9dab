# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backups as data: what is in them, which count, which go."""

from __future__ import annotations

import json
import os
import stat

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine import backups, files
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.backups import Keep
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import InputError
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.files import FileChange
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.plan import Plan


@pytest.fixture
def etc(tmp_path):
    directory = tmp_path / "etc"
    directory.mkdir()
    (directory / "main.cf").write_text("0\n")
    return directory


@pytest.fixture
def store(tmp_path):
    return str(tmp_path / "backups")


def change(etc, store, content, configuration=None, name="main.cf"):
    keep = Keep(store, configuration or str(etc), f"write {content!r}")
    return files.replace_files(str(etc), [FileChange(str(etc / name), content)], keep)


def options(store, **more):
    return {"backup": True, "backup_count": 20, "backup_directory": store, "configuration": None, **more}


def test_backups_go_where_the_options_say(etc, tmp_path):
    for folder in (str(etc), str(tmp_path / "new" / "folder")):
        assert backups.keeping(options(folder), str(etc), "why").backup_directory == folder
    assert backups.keeping(options("/dev/null", backup=False), str(etc), "why") is None


@pytest.mark.parametrize(("below", "words"), [("", "is no directory"), ("/x/y", "leads through .*main.cf")])
def test_backups_cannot_go_below_a_file(etc, below, words):
    with pytest.raises(InputError, match=f"backup_directory: .*{words}"):
        backups.keeping(options(f"{etc}/main.cf{below}"), str(etc), "why")


def test_less_than_no_backups_cannot_be_kept(etc, store):
    with pytest.raises(InputError, match="backup_count: -1 is less than 0"):
        backups.prune_steps(options(store, backup_count=-1), str(etc), 0)


def test_a_manifest_says_it_all(etc, store):
    (etc / "main.cf").chmod(0o640)
    path = change(etc, store, b"1\n")
    with open(os.path.join(path, "manifest.json"), encoding="utf-8") as handle:
        manifest = json.load(handle)
    status = (etc / "main.cf").stat()
    assert set(manifest) == {"time", "reason", "configuration", "directory", "rolled_back", "files"}
    assert manifest["reason"] == r"write b'1\n'"
    assert manifest["configuration"] == manifest["directory"] == str(etc)
    (kept,) = manifest["files"]
    assert kept["path"] == str(etc / "main.cf")
    assert kept["mode"] == "0640"
    assert kept["sha256"] == "9a271f2a916b0b6ee6cecb2426f0b3206ef074578be55d9bc94f6f3fe3ab86aa"
    assert kept["replaced_by"] == "4355a46b19d348dc2f57c046f8ef63d4538ebb936000f3c9ee954a27460dd865"
    assert status.st_uid == os.getuid()


def test_nothing_in_a_backup_does_harm_when_it_is_copied_or_read(etc, store):
    (etc / "main.cf").chmod(0o644)
    path = change(etc, store, b"1\n")
    assert sorted(os.listdir(path)) == ["0", "manifest.json"]
    for name in (path, *(os.path.join(path, name) for name in os.listdir(path))):
        assert stat.S_IMODE(os.stat(name).st_mode) & 0o077 == 0
        assert os.stat(name).st_uid == os.getuid()
    assert stat.S_IMODE(os.stat(store).st_mode) == 0o700


def test_they_are_in_the_order_of_their_making_even_when_the_clock_goes_back(etc, store, monkeypatch):
    first = change(etc, store, b"1\n")
    monkeypatch.setattr(backups.time, "gmtime", lambda: backups.time.struct_time((2001, 1, 1, 0, 0, 0, 0, 1, 0)))
    second = change(etc, store, b"2\n")
    assert os.path.basename(second) == "20010101T000000Z-2"
    assert [backup.path for backup in backups.backups_of(store, str(etc))] == [first, second]


def test_what_is_no_backup_is_passed_over(etc, store):
    path = change(etc, store, b"1\n")
    os.mkdir(os.path.join(store, "20261123T093000Z-k3x9q2"))
    os.mkdir(os.path.join(store, "20261123T093000Z-7"))
    with open(os.path.join(store, "note"), "w", encoding="utf-8") as handle:
        handle.write("by hand")
    found, damaged = backups.listed(store)
    assert ([backup.path for backup in found], damaged) == ([path], [])
    assert backups.listed(f"{store}/nowhere") == ([], [])


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"files": []}', '{"files": [1]}', '{"files": 1}'])
def test_a_damaged_manifest_is_named(etc, store, text):
    path = change(etc, store, b"1\n")
    with open(os.path.join(path, "manifest.json"), "w", encoding="utf-8") as handle:
        handle.write(text)
    assert backups.listed(store) == ([], [os.path.basename(path)])


def test_a_backup_of_a_change_that_was_not_committed_does_not_count_and_goes(etc, store, monkeypatch):
    class Crash(BaseException):
        pass

    def crash(*_args):
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(files, "_prepare", crash)
        with pytest.raises(Crash):
            change(etc, store, b"1\n")
    assert len(os.listdir(store)) == 1
    assert backups.listed(store) == ([], [])
    assert files.recover(str(etc)) is False
    assert os.listdir(store) == []
    assert os.listdir(etc) == ["main.cf"]


def test_two_configurations_share_a_folder_and_not_a_number(etc, store):
    one = change(etc, store, b"1\n")
    two = change(etc, store, b"x\n", configuration="/etc/aliases", name="aliases")
    assert [path.rpartition("-")[2] for path in (one, two)] == ["1", "2"]
    assert [backup.path for backup in backups.backups_of(store, "/etc/aliases")] == [two]


# --- retention ---


def test_the_oldest_of_the_same_configuration_go(etc, store):
    other = change(etc, store, b"x\n", configuration="/etc/aliases", name="aliases")
    mine = [change(etc, store, f"{number}\n".encode()) for number in range(4)]
    params = options(store, backup_count=3)
    steps = backups.prune_steps(params, str(etc), more=1)
    assert [step.summary for step in steps] == [f"remove the old backup {os.path.basename(path)}" for path in mine[:2]]
    Plan(steps=steps).apply()
    assert [backup.path for backup in backups.listed(store)[0]] == [other, *mine[2:]]
    assert sorted(os.listdir(store)) == sorted(map(os.path.basename, [other, *mine[2:]]))


@pytest.mark.parametrize("more", [{"backup_count": 0}, {"backup": False}, {"backup_count": 4}])
def test_none_goes_that_shall_stay(etc, store, more):
    for number in range(3):
        change(etc, store, f"{number}\n".encode())
    assert backups.prune_steps(options(store, **{"backup_count": 1, **more}), str(etc), more=1) == []


def test_a_removal_that_was_interrupted_is_announced_again(etc, store):
    path = change(etc, store, b"1\n")
    change(etc, store, b"2\n")
    os.unlink(os.path.join(path, "0"))
    (step,) = backups.prune_steps(options(store, backup_count=1), str(etc), more=0)
    step.run()
    assert not os.path.exists(path)
    step.run()


# --- backup_info ---


def test_what_backup_info_says(etc, store):
    first = change(etc, store, b"1\n")
    second = change(etc, store, b"x\n", configuration="/etc/aliases", name="aliases")
    os.unlink(os.path.join(first, "0"))
    said = backups.plan_info(options(store))
    assert not said.changed
    assert [backup["path"] for backup in said.result["backups"]] == [second, first]
    assert said.result["backups"][0]["files"] == [{"path": str(etc / "aliases"), "existed": False, "intact": True}]
    assert said.result["backups"][1]["files"] == [{"path": str(etc / "main.cf"), "existed": True, "intact": False}]
    assert said.result["summary"][0] == rf"{os.path.basename(second)} /etc/aliases: write b'x\n'"
    only = backups.plan_info(options(store, configuration=str(etc))).result["backups"]
    assert [backup["path"] for backup in only] == [first]
