# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of settings in the compiled plugins of 2.3, which nothing else tells: a section ``plugin`` takes any. Pure."""

from __future__ import annotations

import difflib
import re
import struct
from collections.abc import Collection, Iterator, Mapping
from typing import Optional

NAME = re.compile(rb"(?<=\0)[a-z][a-z0-9_]*(?=\0)")
# What is put behind a name, as ``_rule`` behind that of a quota.
ENDING = re.compile(rb"(?<=\0)(?:%s)?(_[a-z0-9_]+?)(?:%[ud])?(?=\0)")
# A name that is put together from a pattern, as in ``sieve_before%u``.
PATTERN = re.compile(rb"(?<=\0)[a-z][a-z0-9_]*(?:%[usd][a-z0-9_]*)+(?=\0)")
# The beginning of names, as ``fts_filters_``. One word alone begins most of them.
BEGINNING = re.compile(rb"(?<=\0)[a-z][a-z0-9]*_[a-z0-9_]*_(?=\0)")
WILD = re.compile(r"(%[usd])")
LIBRARY = re.compile(rb"(?<=\0)libdovecot-[a-z-]+\.so(?=[.\d]*\0)")
# One slip of the fingers, in long names two, makes one name of another.
LONG = 9


def constants(data: bytes) -> bytes:
    """What an ELF file holds as constants, without the names of its functions; nothing of any other file."""
    if data[:4] != b"\x7fELF":
        return b""
    wide, order = data[4] == 2, "<" if data[5] == 1 else ">"
    (offset,) = struct.unpack_from(f"{order}{'Q' if wide else 'I'}", data, 40 if wide else 32)
    size, count, names = struct.unpack_from(f"{order}HHH", data, 58 if wide else 46)
    layout = f"{order}{'IIQQQQ' if wide else 'IIIIII'}"
    headers = [struct.unpack_from(layout, data, offset + number * size) for number in range(count)]
    for header in headers:
        if data[headers[names][4] + header[0] :].startswith(b".rodata\0"):
            return data[header[4] : header[4] + header[5]]
    return b""


def names(data: bytes) -> set[str]:
    """What may be names of settings in an ELF file: of two words at the least, as single ones are used for all else."""
    held = b"\0" + constants(data)
    words = {found.decode() for found in NAME.findall(held)}
    endings = {found.decode() for found in ENDING.findall(held)}
    whole = {word for word in words if not word.endswith("_")}
    return {word for word in whole if "_" in word} | {f"{word}{ending}" for word in whole for ending in endings}


class Known:
    """All that some installed file of Dovecot may take for the name of a setting, however long it is."""

    def __init__(self, files: Collection[bytes]) -> None:
        self.files = files
        held = [b"\0" + constants(data) for data in files]
        self.beginnings = tuple({found.decode() for data in held for found in BEGINNING.findall(data)})
        patterns = {found.decode() for data in held for found in PATTERN.findall(data)}
        # One that is nearly nothing but wildcards would fit anything.
        self.patterns = [_expression(text) for text in patterns if len(WILD.sub("", text)) >= 5]

    def __contains__(self, name: str) -> bool:
        # The linker may keep a name as the end of a longer one.
        end = name.encode() + b"\0"
        if name.startswith(self.beginnings):
            return True
        return any(pattern.fullmatch(name) for pattern in self.patterns) or any(end in data for data in self.files)


def _expression(pattern: str) -> re.Pattern[str]:
    kinds = {"%u": r"\d+", "%d": r"\d+", "%s": r"\w+"}
    return re.compile("".join(kinds.get(part) or re.escape(part) for part in WILD.split(pattern)))


def near(name: str, candidates: Collection[str]) -> Optional[str]:
    """The one that ``name`` is most likely meant to be, if it is nearly that."""
    alike = difflib.get_close_matches(name, candidates, n=10, cutoff=0.75)
    slips, best = min(((_slips(name, other), other) for other in alike), default=(LONG, ""))
    return best if slips <= (2 if len(name) >= LONG else 1) else None


def _slips(one: str, other: str) -> int:
    """How many letters were left out, added, changed or exchanged with their neighbour."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        before, last, row = row, before, [at]
        for to, wanted in enumerate(other, 1):
            best = min(before[to] + 1, row[to - 1] + 1, before[to - 1] + (letter != wanted))
            if at > 1 and to > 1 and letter == other[to - 2] and one[at - 2] == wanted:
                best = min(best, last[to - 2] + 1)
            row.append(best)
    return row[-1]


def needed(plugin: bytes, files: Mapping[str, bytes]) -> Iterator[bytes]:
    """The libraries of Dovecot that a plugin loads, from the content of ``files`` by their names."""
    for library in set(LIBRARY.findall(plugin)):
        yield from (data for name, data in files.items() if name.startswith(library.decode()))
