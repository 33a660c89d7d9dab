# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import gzip
import lzma
import os
import shutil
import subprocess

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import Error
from ansible_collections.postfix_manager.mail.plugins.module_utils._log import cursor, cursor_host, files_host

FIRST = b"Nov 25 09:00:00 mx first: line\n" * 50
SECOND = b"Nov 25 10:00:00 mx second: line\n" * 50
THIRD = b"Nov 25 11:00:00 mx third: line\n" * 50


def packed_by(how, content):
    if how == "zst":
        return subprocess.run(["zstd", "-cq"], input=content, capture_output=True, check=True).stdout
    return {"gz": gzip.compress, "xz": lzma.compress, "": bytes}[how](content)


def rest(path, place):
    """What is read from a place on, and whether there is a gap."""
    found = cursor_host.reading(str(path), place)
    return b"".join(b"".join(files_host.blocks(name, start)) for name, start in found.files), found.gap


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "mail.log"
    path.write_bytes(FIRST)
    return path


@pytest.fixture
def place(log):
    return cursor_host.place(str(log), len(FIRST))


def test_nothing_new_is_nothing(log, place):
    assert rest(log, place) == (b"", False)


def test_what_was_appended_is_read(log, place):
    log.write_bytes(FIRST + SECOND)
    assert rest(log, place) == (SECOND, False)


@pytest.mark.parametrize("how", ["", "gz", "xz", "zst"])
def test_a_log_that_was_renamed_and_packed_is_found_again(log, place, how):
    log.write_bytes(packed_by(how, FIRST + SECOND))
    log.rename(log.with_name(f"mail.log.1{'.' + how if how else ''}"))
    log.write_bytes(THIRD)
    assert rest(log, place) == (SECOND + THIRD, False)


def test_a_log_that_was_rotated_twice_is_found_again(log, place):
    log.with_name("mail.log.2.gz").write_bytes(gzip.compress(FIRST + SECOND))
    os.utime(log.with_name("mail.log.2.gz"), (1, 1))
    log.with_name("mail.log.1").write_bytes(THIRD)
    log.write_bytes(b"Nov 25 12:00:00 mx fourth: line\n")
    assert rest(log, place) == (SECOND + THIRD + b"Nov 25 12:00:00 mx fourth: line\n", False)


def test_a_log_that_was_copied_and_truncated_is_found_again(log, place):
    log.write_bytes(FIRST + SECOND)
    shutil.copy(log, log.with_name("mail.log.1"))
    with log.open("r+b") as file:
        file.truncate(0)
        file.write(THIRD)
    assert rest(log, place) == (SECOND + THIRD, False)


def test_a_log_that_is_gone_leaves_a_gap(log, place):
    log.write_bytes(THIRD)
    assert rest(log, place) == (THIRD, True)


def test_a_log_that_was_empty_is_known_by_its_inode(log):
    log.write_bytes(b"")
    place = cursor_host.place(str(log), 0)
    log.rename(log.with_name("mail.log.1"))
    log.with_name("mail.log.1").write_bytes(FIRST)
    log.write_bytes(SECOND)
    assert rest(log, place) == (FIRST + SECOND, False)


def test_a_line_that_is_still_being_written_is_left(log):
    log.write_bytes(FIRST + b"Nov 25 09:00:01 mx half a")
    assert files_host.whole_end(str(log)) == len(FIRST)


def test_a_cursor_file_is_written_and_read(tmp_path, place):
    path = tmp_path / "cursor.json"
    path.with_name("cursor.json.new").write_text("left by a crash")
    cursor_host.save(str(path), cursor.rendered({"/var/log/mail.log": place}, "s=1"))
    assert cursor_host.load(str(path)) == ({"/var/log/mail.log": place}, "s=1")
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in tmp_path.glob("cursor*")] == ["cursor.json"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"version": 2}',
        '{"version": 1}',
        '{"version": 1, "files": []}',
        '{"version": 1, "files": {"/x": {}}}',
        '{"version": 1, "files": {"/x": {"inode": 1, "offset": -1, "length": 1, "checksum": ""}}}',
        '{"version": 1, "files": {"/x": {"inode": 1, "offset": "1", "length": 1, "checksum": ""}}}',
    ],
)
def test_what_is_no_cursor_file_is_refused(tmp_path, text):
    path = tmp_path / "cursor.json"
    path.write_text(text)
    with pytest.raises(Error, match="is no cursor file"):
        cursor_host.load(str(path))


def test_a_cursor_file_in_no_folder_is_refused(tmp_path):
    with pytest.raises(Error, match="does not exist"):
        cursor_host.load(str(tmp_path / "none" / "cursor.json"))
