# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Indices of lookup tables and alias files on the host: built beside by Postfix's own tool, looked up, found stale."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Optional

from .._engine import commands
from .._engine.errors import Error
from .._engine.files import private_directory, read, read_text
from . import main_cf
from .instance_host import MAIN
from .logical_lines import meaning

# postmap(1): the file that is made for each type of table.
SUFFIXES = {"hash": ".db", "btree": ".db", "lmdb": ".lmdb", "cdb": ".cdb"}
# Types that are read from the text itself, when a program of Postfix starts.
PLAIN = ("texthash", "regexp", "pcre", "cidr")
PACKAGES = {"lmdb": "postfix-lmdb", "cdb": "postfix-cdb", "pcre": "postfix-pcre"}
# Both of Berkeley DB's types are in a file with the same suffix; this stands behind its first 12 bytes (magic(5)).
MAGIC = {"hash": b"\x61\x15\x06\x00", "btree": b"\x62\x31\x05\x00"}
_UNSUPPORTED = re.compile(r"unsupported (?:dictionary|map) type: (\w+)")
_FOR_NIS = re.compile(r"@|YP_.*")
_SAID = re.compile(r"\w+: (?:warning|[Ee]rror|fatal|panic): (.*)")


class UnsupportedTypeError(Error):
    """This Postfix cannot read or write tables of that type."""

    def __init__(self, kind: str) -> None:
        package = PACKAGES.get(kind)
        cure = f"install the package {package}" if package else "postconf -m lists those that it knows"
        super().__init__(f"this Postfix does not know tables of the type {kind}; {cure}")


@dataclass(frozen=True)
class Index:
    """What was built: the bytes of the index, nothing for types without one, and what the tool complained about."""

    content: Optional[bytes] = None
    complaints: Sequence[str] = ()


def default_type(directory: str) -> Optional[str]:
    """What ``default_database_type`` is in the configuration in ``directory``; nothing while nobody can tell."""
    declared = main_cf.values(read_text(os.path.join(directory, MAIN)) or "").get("default_database_type", "$")
    if "$" not in declared:
        return declared
    if commands.find("postconf") is None or not os.path.isdir(directory):
        return None
    return commands.run(["postconf", "-c", directory, "-h", "-x", "default_database_type"]).stdout.strip()


def index_path(kind: str, path: str) -> Optional[str]:
    """The index of the text in ``path``, nothing for a type without one."""
    return f"{path}{SUFFIXES[kind]}" if kind in SUFFIXES else None


def is_stale(kind: str, path: str) -> bool:
    """Whether the index is missing, older than its text, or of another type in a file of the same name."""
    index = index_path(kind, path)
    if index is None:
        return False
    try:
        with open(index, "rb") as handle:
            age, magic = os.fstat(handle.fileno()).st_mtime, handle.read(16)[12:]
    except FileNotFoundError:
        return True
    return age < os.stat(path).st_mtime or MAGIC.get(kind, magic) not in (magic, magic[::-1])


def build(tool: str, kind: str, path: str, text: str, *, directory: str, lookups: Mapping[str, str]) -> Index:
    """Index the ``text`` meant for ``path`` in a private directory, and look up each key of ``lookups``.

    ``tool`` is postmap or postalias, ``directory`` the configuration that it runs with. Raises Error when the tool
    fails or a lookup gives another value.
    """
    with private_directory() as folder:
        staged = os.path.join(folder, os.path.basename(path))
        _write(staged, text)
        table = f"{kind}:{staged}"
        said = [] if kind in PLAIN else _run([tool, "-c", directory, table], path, staged)
        keys = "".join(f"{key}\n" for key in lookups) or "x\n"
        found, complaints = _look_up([tool, "-c", directory, "-q", "-", table], keys, path, staged)
        # A table of a type without index is read here for the first time.
        said = complaints if kind in PLAIN else said
        for key, value in lookups.items():
            if found.get(key) != meaning(value):
                raise Error(f"the new {kind} table for {path} does not give the value of {key}; nothing was changed")
        return Index(None if kind in PLAIN else read(staged + SUFFIXES[kind]), said)


def dump(tool: str, kind: str, path: str, directory: str) -> Optional[dict[str, str]]:
    """Keys and values in the index that Postfix uses; nothing without an index, or when this Postfix cannot list it."""
    index = index_path(kind, path)
    if index is None or not os.path.exists(index):
        return None
    done = commands.run([tool, "-c", directory, "-s", f"{kind}:{path}"], timeout=600, accept=None)
    if done.rc != 0:
        return None
    pairs = (line.partition(_separator(tool)) for line in done.stdout.splitlines())
    # postalias adds entries that say for NIS who made the index.
    return {key: meaning(value) for key, _tab, value in pairs if not _FOR_NIS.fullmatch(key) or tool != "postalias"}


def complaint_line(path: str, complaint: str) -> Optional[int]:
    """The line of ``path`` that a complaint is about."""
    found = re.search(rf"{re.escape(path)}, line (\d+): ", complaint)
    return int(found[1]) if found else None


def _write(path: str, text: str) -> None:
    with open(path, "wb") as handle:
        handle.write(text.encode("utf-8", "surrogateescape"))
    # What reads a text waits for one that was changed in the last seconds to come to rest.
    settled = time.time() - 60
    os.utime(path, (settled, settled))


def _run(argv: Sequence[str], path: str, staged: str) -> list[str]:
    return _said(commands.run(argv, timeout=600, accept=None), path, staged, (0,))


def _look_up(argv: Sequence[str], keys: str, path: str, staged: str) -> tuple[dict[str, str], list[str]]:
    done = commands.run(argv, stdin=keys, timeout=600, accept=None)
    pairs = (line.partition(_separator(argv[0])) for line in done.stdout.splitlines())
    # Without a hit the exit code is 1, as with an error.
    return {key: meaning(value) for key, _separator, value in pairs}, _said(done, path, staged, (0, 1))


def _separator(tool: str) -> str:
    return ":\t" if tool == "postalias" else "\t"


def _said(done: commands.Result, path: str, staged: str, accept: Sequence[int]) -> list[str]:
    lines = [line.replace(staged, path) for line in done.stderr.splitlines() if line.strip()]
    unsupported = _UNSUPPORTED.search(done.stderr)
    if unsupported:
        raise UnsupportedTypeError(unsupported[1])
    if done.rc not in accept or any(re.match(r"\w+: (?:fatal|panic): ", line) for line in lines):
        raise Error(f"{done.argv[0]} refuses {path}, nothing was changed: {'; '.join(lines)}")
    texts = [_SAID.fullmatch(line) for line in lines]
    return [found[1] if found else line for found, line in zip(texts, lines)]
