# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which state is gone back to, and when not."""

from __future__ import annotations

import os

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine import files, rollback
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.backups import Keep
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import Error, InputError
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.files import FileChange


class House:
    """A configuration with its backups."""

    def __init__(self, root):
        self.etc = root / "etc"
        self.etc.mkdir()
        self.store = str(root / "backups")
        (self.etc / "a").write_text("a0")
        (self.etc / "b").write_text("b0")

    def change(self, rolled_back=None, **contents):
        changes = [FileChange(str(self.etc / name), content) for name, content in contents.items()]
        keep = Keep(self.store, str(self.etc), "for a test", rolled_back)
        return os.path.basename(files.replace_files(str(self.etc), changes, keep))

    def find(self, backup_id="last", force=False):
        params = {"backup_directory": self.store, "backup_id": backup_id, "force": force}
        return rollback.find(params, str(self.etc), str(self.etc))

    def go_back(self, backup_id="last", force=False):
        found = self.find(backup_id, force)
        return self.change(found.backup.id, **{os.path.basename(file.path): file.content for file in found.files})

    def content(self):
        return {path.name: path.read_text() for path in sorted(self.etc.iterdir())}


@pytest.fixture
def house(tmp_path):
    return House(tmp_path)


def test_the_last_change_is_taken_back_with_what_it_created_and_removed(house):
    house.change(a=b"a1", b=None, c=b"c1")
    house.go_back()
    assert house.content() == {"a": "a0", "b": "b0"}


def test_owner_and_mode_come_back(house):
    (house.etc / "a").chmod(0o600)
    house.change(a=b"a1")
    (change,) = house.find().files
    assert change.mode == 0o600
    assert change.owner
    assert change.group


def test_going_back_behind_a_change_takes_later_ones_back_too(house):
    second = [house.change(a=b"a1"), house.change(a=b"a2", b=b"b2"), house.change(b=b"b3", c=b"c3")][1]
    house.go_back(second)
    assert house.content() == {"a": "a1", "b": "b0"}


def test_the_last_is_not_taken_back_twice(house):
    house.change(a=b"a1")
    house.change(a=b"a2")
    house.go_back()
    again = house.find()
    assert (again.backup, again.files, again.result()) == (None, (), {"rolled_back": None})
    house.change(a=b"a3")
    assert house.find().backup is not None


def test_a_rollback_can_be_taken_back_by_its_name(house):
    house.change(a=b"a1", c=b"c1")
    back = house.go_back()
    house.go_back(back)
    assert house.content() == {"a": "a1", "b": "b0", "c": "c1"}


def test_a_named_one_finds_everything_done_already(house):
    first = house.change(a=b"a1")
    house.change(a=b"a2")
    house.go_back(first)
    assert [change.content for change in house.find(first).files] == [b"a0"]


def test_work_done_by_hand_since_is_not_lost(house):
    house.change(a=b"a1", b=b"b1")
    (house.etc / "a").write_text("by hand")
    with pytest.raises(Error, match=r"etc/a changed since.*force true.*nothing was changed") as caught:
        house.find()
    assert caught.value.details["changed_since"] == [str(house.etc / "a")]
    house.go_back(force=True)
    assert house.content() == {"a": "a0", "b": "b0"}


def test_a_file_that_somebody_put_back_already_is_no_obstacle(house):
    house.change(a=b"a1", b=b"b1")
    (house.etc / "a").write_text("a0")
    house.go_back()
    assert house.content() == {"a": "a0", "b": "b0"}


def test_a_file_that_somebody_removed_is_an_obstacle(house):
    house.change(a=b"a1")
    (house.etc / "a").unlink()
    with pytest.raises(Error, match="etc/a changed since"):
        house.find()


def test_there_is_no_backup(house):
    with pytest.raises(Error, match=r"there is no backup of .*etc below .*nothing to go back to"):
        house.find()


def test_there_is_no_such_backup(house):
    have = house.change(a=b"a1")
    with pytest.raises(Error, match=rf"there is no backup nonsense of(?s:.)*newest first:\n- {have} \(for a test\)"):
        house.find("nonsense")


def test_a_damaged_file_is_not_put_into_place(house):
    name = house.change(a=b"a1")
    with open(os.path.join(house.store, name, "0"), "ab") as handle:
        handle.write(b"!")
    with pytest.raises(Error, match=rf"the backup {name} is damaged: .*etc/a in it.*nothing was changed"):
        house.find(force=True)
    os.unlink(os.path.join(house.store, name, "0"))
    with pytest.raises(Error, match="is damaged"):
        house.find(force=True)


def test_a_damaged_manifest_hides_what_came_after(house):
    first, second, third = house.change(a=b"a1"), house.change(b=b"b1"), house.change(a=b"a2")
    with open(os.path.join(house.store, second, "manifest.json"), "w", encoding="utf-8") as handle:
        handle.write("{")
    with pytest.raises(Error, match=f"the manifest of {second} below .* is damaged"):
        house.find(first)
    assert house.find(third).backup.id == third


def test_declarations_do_not_go_with_it():
    params = {"settings": {"a": 1}, "files": [], "secrets": None}
    with pytest.raises(InputError, match="settings: is given together with state rolled_back"):
        rollback.refuse_declarations(params, ("settings", "files", "secrets"))
    rollback.refuse_declarations(params, ("files", "secrets"))
