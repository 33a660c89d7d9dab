# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log files on the host, in blocks of whole lines: plain or packed by gzip, xz or zstd, rotated ones before."""

from __future__ import annotations

import errno
import glob
import gzip
import io
import lzma
import os
import re
import stat
import zlib
from collections.abc import Iterable, Iterator
from typing import Optional, Union

from .._engine import commands
from .._engine.errors import Error

BLOCK = 4 << 20
# What is worth a process of its own.
PART = 32 << 20
# A line longer than this is none of a mail log.
LINE_LIMIT = 1 << 20
MAGIC = {b"\x1f\x8b": "gzip", b"\xfd7zXZ\x00": "xz", b"\x28\xb5\x2f\xfd": "zstd"}
ROTATED = re.compile(r"[.-](\d[\d.-]*)(\.(gz|xz|zst))?|\.(gz|xz|zst)")
UNLIKELY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
SAMPLE = 8192
CURES = {
    errno.ENOENT: "name a log that is there, or read the journal (journal: true)",
    errno.EACCES: "run as root (become), or as a member of the group that may read it, such as adm",
    errno.EISDIR: "name a file in it",
}


def blocks(path: str, start: int = 0, end: Optional[int] = None) -> Iterator[bytes]:
    """The content of a log from the byte ``start`` on (of the unpacked content), in blocks that end with a line's end.

    ``end``, for a plain file alone, is the byte to stop before.

    What a daemon is still writing, a last line without its end, is left for the next time.
    """
    file = opened(path)
    with file:
        kind = packed(file.peek(6)[:6])
        pieces = UNPACKED[kind](file, path, start) if kind else _plain(file, start, end)
        yield from whole_lines(_checked(pieces, path, start))


def opened(path: str) -> io.BufferedReader:
    """The file, or an error that says what is wrong with it."""
    try:
        # Without this a pipe that nobody writes to would keep us waiting.
        file = io.FileIO(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb")
    except OSError as error:
        cure = CURES.get(error.errno or 0, "look at the file")
        raise Error(f"{path}: {error.strerror}; {cure}") from error
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise Error(f"{path}: is not a regular file; name the file that the log is written to")
    return io.BufferedReader(file)


def packed(start: bytes) -> str:
    """How a file is packed, by its first bytes; a name may lie."""
    return next((kind for magic, kind in MAGIC.items() if start.startswith(magic)), "")


def rotated(path: str) -> list[str]:
    """The rotated logs of ``path`` that are there, oldest first, and ``path`` itself."""
    found = [name for name in glob.glob(f"{glob.escape(path)}*") if ROTATED.fullmatch(name[len(path) :])]
    older = sorted(found, key=lambda name: (os.stat(name).st_mtime, name))
    return [*older, path]


def start(path: str, length: int) -> bytes:
    """The first bytes of the unpacked content."""
    return next(blocks(path), b"")[:length]


def plain_size(path: str) -> Optional[int]:
    """The size of a plain file; nothing for a packed one."""
    with opened(path) as file:
        return None if packed(file.peek(6)[:6]) else os.fstat(file.fileno()).st_size


def whole_end(path: str) -> int:
    """The end of the last whole line of a plain file; the size of a packed one."""
    with opened(path) as file:
        end = os.fstat(file.fileno()).st_size
        if packed(file.peek(6)[:6]):
            return end
        while end:
            begin = max(0, end - SAMPLE)
            file.seek(begin)
            found = file.read(end - begin).rfind(b"\n")
            if found >= 0:
                return begin + found + 1
            end = begin
    return 0


def whole_lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Pieces cut at the ends of lines."""
    rest = b""
    for piece in pieces:
        end = piece.rfind(b"\n") + 1
        if end:
            yield rest + piece[:end]
            rest = piece[end:]
        else:
            rest += piece
            if len(rest) > LINE_LIMIT:
                # It will be counted as a broken line.
                yield rest[:LINE_LIMIT] + b"\n"
                rest = b""


def _checked(pieces: Iterable[bytes], path: str, start: int) -> Iterator[bytes]:
    """Refuse what is no text. A log that was truncated while a daemon wrote to it may begin with zeros."""
    first = True
    for piece in pieces:
        text = piece.lstrip(b"\0") if first else piece
        if first and not start and len(UNLIKELY.findall(text[:SAMPLE])) * 20 > len(text[:SAMPLE]):
            raise Error(f"{path}: is not a text log; name a log file of Postfix or Dovecot")
        first = first and not text
        yield text


def _plain(file: io.BufferedReader, start: int, end: Optional[int]) -> Iterator[bytes]:
    file.seek(start)
    left = float("inf") if end is None else end - start
    while left > 0:
        piece = file.read(int(min(BLOCK, left)))
        if not piece:
            return
        left -= len(piece)
        yield piece


def parts(path: str, start: int, size: int, number: int) -> list[tuple[int, Optional[int]]]:
    """Up to ``number`` parts of a plain file, each at least ``PART`` large, cut at ends of lines; else the whole."""
    with opened(path) as file:
        plain = not packed(file.peek(6)[:6])
        number = max(1, min(number, (size - start) // PART)) if plain else 1
        cuts = [start]
        for place in range(1, number):
            file.seek(start + (size - start) * place // number)
            file.readline(LINE_LIMIT)
            cuts.append(file.tell())
    return list(zip(cuts, [*cuts[1:], size if plain else None]))


def _gzip(file: io.BufferedReader, path: str, start: int) -> Iterator[bytes]:
    with gzip.GzipFile(fileobj=file) as unpacked:
        yield from _unpacked(unpacked, path, start)


def _xz(file: io.BufferedReader, path: str, start: int) -> Iterator[bytes]:
    with lzma.LZMAFile(file) as unpacked:
        yield from _unpacked(unpacked, path, start)


def _unpacked(file: Union[gzip.GzipFile, lzma.LZMAFile], path: str, start: int) -> Iterator[bytes]:
    try:
        file.seek(start)
        while True:
            piece = file.read(BLOCK)
            if not piece:
                return
            yield piece
    except (EOFError, OSError, lzma.LZMAError, zlib.error) as error:
        raise Error(
            f"{path}: cannot be unpacked: {error}; is it whole? Leave it out, or unpack what is left"
        ) from error


def _zstd(_file: io.BufferedReader, path: str, start: int) -> Iterator[bytes]:
    if commands.find("zstd") is None:
        raise Error(f"{path}: is packed by zstd, and the command zstd is not there; install the package zstd")
    skipped = 0
    for piece in commands.stream(["zstd", "-dcq", "--", path], BLOCK):
        wanted = piece[max(0, start - skipped) :]
        skipped += len(piece)
        if wanted:
            yield wanted


UNPACKED = {"gzip": _gzip, "xz": _xz, "zstd": _zstd}
