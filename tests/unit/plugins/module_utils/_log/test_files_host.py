# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import gzip
import lzma
import os
import subprocess

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import Error
from ansible_collections.postfix_manager.mail.plugins.module_utils._log import files_host

LINE = b"Nov 25 09:00:00 mx x: y\n"


def read(path, **more):
    return b"".join(files_host.blocks(str(path), **more))


@pytest.mark.parametrize("how", ["gz", "xz", "zst", "plain"])
def test_a_log_is_read_however_it_is_packed_and_called(tmp_path, how):
    path = tmp_path / "log"
    zstd = subprocess.run(["zstd", "-cq"], input=LINE * 9, capture_output=True, check=True).stdout
    path.write_bytes(
        {"gz": gzip.compress(LINE * 9), "xz": lzma.compress(LINE * 9), "zst": zstd, "plain": LINE * 9}[how]
    )
    assert read(path) == LINE * 9
    assert read(path, start=3 * len(LINE)) == LINE * 6


def test_blocks_end_with_lines(tmp_path, monkeypatch):
    monkeypatch.setattr(files_host, "BLOCK", 100)
    path = tmp_path / "log"
    path.write_bytes(LINE * 50 + b"half")
    blocks = list(files_host.blocks(str(path)))
    assert b"".join(blocks) == LINE * 50
    assert all(block.endswith(b"\n") for block in blocks)


def test_the_parts_of_a_file_are_the_whole_file(tmp_path, monkeypatch):
    monkeypatch.setattr(files_host, "PART", 100)
    path = tmp_path / "log"
    path.write_bytes(LINE * 50)
    parts = files_host.parts(str(path), 0, 50 * len(LINE), 4)
    assert len(parts) == 4
    assert b"".join(read(path, start=start, end=end) for start, end in parts) == LINE * 50
    assert all(read(path, start=start, end=end).startswith(b"Nov") for start, end in parts)


def test_zeros_at_the_start_are_what_truncating_left(tmp_path):
    path = tmp_path / "log"
    path.write_bytes(b"\0" * 5000 + LINE)
    assert read(path) == LINE


def test_a_line_without_end_does_not_fill_the_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(files_host, "LINE_LIMIT", 1000)
    monkeypatch.setattr(files_host, "BLOCK", 100)
    path = tmp_path / "log"
    path.write_bytes(b"x" * 5000 + b"\n" + LINE)
    assert max(map(len, files_host.blocks(str(path)))) <= 1101
    assert read(path).endswith(LINE)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: None, "No such file"),
        (lambda path: path.mkdir(), "Is a directory"),
        (os.mkfifo, "is not a regular file"),
        (lambda path: path.write_bytes(bytes(range(256)) * 50), "is not a text log"),
        (lambda path: path.write_bytes(gzip.compress(os.urandom(9000))), "is not a text log"),
        (lambda path: path.write_bytes(gzip.compress(LINE * 5000)[:-20]), "cannot be unpacked"),
        (lambda path: path.write_bytes(lzma.compress(LINE * 5000)[:-20]), "cannot be unpacked"),
        (lambda path: path.write_bytes(b"\x28\xb5\x2f\xfd" + b"x" * 50), "zstd -dcq"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_path(tmp_path, make, says):
    path = tmp_path / "log"
    make(path)
    with pytest.raises(Error) as error:
        read(path)
    assert says in error.value.message
    assert str(path) in error.value.message


def test_a_log_without_permission_is_said(tmp_path, monkeypatch):
    def refuse(*_arguments):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(Error, match="become"):
        read(tmp_path / "log")


def test_without_zstd_its_packets_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(files_host.commands, "find", lambda _name: None)
    path = tmp_path / "log"
    path.write_bytes(b"\x28\xb5\x2f\xfd" + b"x" * 50)
    with pytest.raises(Error, match="install the package zstd"):
        read(path)


def test_rotated_logs_come_oldest_first(tmp_path):
    names = ["mail.log.2.gz", "mail.log-20261101.xz", "mail.log.1", "mail.log", "mail.log.old", "mail.logger"]
    for number, name in enumerate(names):
        (tmp_path / name).write_bytes(LINE)
        os.utime(tmp_path / name, (number, number))
    found = files_host.rotated(str(tmp_path / "mail.log"))
    assert [os.path.basename(name) for name in found] == [
        "mail.log.2.gz",
        "mail.log-20261101.xz",
        "mail.log.1",
        "mail.log",
    ]
