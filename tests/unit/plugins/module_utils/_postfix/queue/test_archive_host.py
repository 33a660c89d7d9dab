# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Copies of queue files: whole, private, with checksums, and only of what was deleted."""

import hashlib
import os
from pathlib import Path

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import Error
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.queue.archive_host import (
    Archive,
    unusable_folder,
)


@pytest.fixture
def files(tmp_path):
    for name in ("A1B2C3", "D4E5F6"):
        (tmp_path / name).write_bytes(name.encode() * 100)
    return {name: str(tmp_path / name) for name in ("A1B2C3", "D4E5F6", "000000")}


def test_what_was_deleted_is_kept_and_the_rest_is_not(tmp_path, files):
    archive = Archive(str(tmp_path / "kept/here"))
    assert archive.keep(files) == {"A1B2C3", "D4E5F6"}
    path = archive.close({"A1B2C3"})["archive_path"]
    assert sorted(os.listdir(path)) == ["A1B2C3", "SHA256SUMS"]
    content = b"A1B2C3" * 100
    assert Path(path, "SHA256SUMS").read_text() == f"{hashlib.sha256(content).hexdigest()}  A1B2C3\n"
    assert Path(path, "A1B2C3").read_bytes() == content
    assert {os.stat(f"{path}/{name}").st_mode & 0o777 for name in os.listdir(path)} == {0o600}
    assert os.stat(path).st_mode & 0o777 == 0o700


def test_when_it_is_not_known_what_was_deleted_every_copy_stays(tmp_path, files):
    archive = Archive(str(tmp_path / "kept"))
    archive.keep(files)
    assert len(os.listdir(archive.close()["archive_path"])) == 3


def test_nothing_is_left_of_a_run_that_deleted_nothing(tmp_path, files):
    archive = Archive(str(tmp_path / "kept"))
    archive.keep(files)
    assert archive.close(set()) == {}
    assert os.listdir(tmp_path / "kept") == []


def test_each_run_has_a_folder_of_its_own(tmp_path, files):
    paths = set()
    for _run in range(3):
        archive = Archive(str(tmp_path / "kept"))
        archive.keep(files)
        paths.add(archive.close({"A1B2C3"})["archive_path"])
    assert len(paths) == 3


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Error, match=r"^archive: .*what could not be kept was not deleted"):
        Archive(str(tmp_path / "file/kept"))


@pytest.mark.parametrize(
    ("path", "usable"), [("", True), ("/new/folder", True), ("/file", False), ("/file/new", False)]
)
def test_what_can_be_a_folder(tmp_path, path, usable):
    (tmp_path / "file").write_text("")
    assert (unusable_folder(f"{tmp_path}{path}") == []) is usable
