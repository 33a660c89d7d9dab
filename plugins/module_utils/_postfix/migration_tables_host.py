# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of a migration: which can be built from their texts, and the new indices, built and looked up."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Optional

from .._engine.errors import Error
from .._engine.files import FileChange, read_text
from . import logical_lines, table_file
from . import references as naming
from .alias_file import ALIASES
from .attributes_host import read_attributes
from .index_host import PLAIN, SUFFIXES, UnsupportedTypeError, build, dump, index_path, is_stale
from .migration import Configuration, Request, Table, Undecided, chooser, tables_of
from .references import Choose, Reference

SHOWN_KEYS = 5


@dataclass
class Job:
    """What is there, what is asked for, and what comes of it.

    ``found`` are all tables that are named, ``texts`` those of them in files. ``changes`` are the files to put beside
    the old ones, ``shown`` their content for a diff, ``undecided`` what cannot be done, ``missing`` why nothing can.
    """

    present: Configuration
    request: Request
    found: list[Reference] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    changes: dict[str, FileChange] = field(default_factory=dict)
    shown: dict[str, tuple[str, str]] = field(default_factory=dict)
    undecided: list[Undecided] = field(default_factory=list)
    missing: Optional[Error] = None

    @property
    def left(self) -> list[str]:
        """Paths of the tables that stay."""
        return [one.path for one in self.undecided]


def prepare(present: Configuration, request: Request) -> Job:
    """Read all tables that the configuration names, and build what has to be built."""
    job = Job(present, request, present.references())
    _read_texts(job)
    tables = tables_of(job.found, request)
    for table in tables:
        _examine(table, job)
    count = -1
    # What cannot be built stays, and so do references to it in the texts of others, which are built again.
    while count != len(job.undecided):
        count = len(job.undecided)
        job.changes.clear()
        job.shown.clear()
        for table in tables:
            if table.path not in job.left:
                _index(table, job)
    _rewrite_texts(job)
    return job


def choose(job: Job) -> Choose:
    return chooser(job.found, job.request, job.left)


def _read_texts(job: Job) -> None:
    """The texts of all tables in files that are named, and of those that their restrictions name in turn."""
    waiting = list(job.found)
    while waiting:
        one = waiting.pop()
        if one.path in job.texts or (one.kind not in SUFFIXES and one.kind not in PLAIN):
            continue
        text = read_text(one.path) if os.path.isfile(one.path) else None
        if text is not None:
            job.texts[one.path] = text
            lines = [chunk.text for chunk in logical_lines.split(text) if chunk.text is not None]
            inner = naming.nested(one.path, lines)
            job.found += inner
            waiting += inner


def _examine(table: Table, job: Job) -> None:
    """See whether the table has a text, and one that says what its index says."""
    reason, cure = None, ""
    if "$" in table.path:
        reason, cure = "has a path that cannot be resolved", "write it out, or name it under ignore"
    elif table.path not in job.texts:
        reason, cure = "has no text to build it from", "write one, name it under ignore, or remove what names it"
    else:
        reason, cure = _difference(table, job), "bring it up to date first, or correct the text"
    if reason is not None:
        job.undecided.append(Undecided(table.path, reason, cure, table.places))


def _difference(table: Table, job: Job) -> Optional[str]:
    """In what the index that Postfix uses now differs from its text; nothing also when nobody can read it any more."""
    old = dump(table.tool, table.kind, table.path, job.present.directory)
    if old is None:
        return None
    syntax = ALIASES if table.is_alias else table_file.TABLE
    before = {table_file.fold(key): syntax.meaning(value) for key, value in old.items()}
    entries = table_file.entries(job.texts[table.path], syntax)
    now = {key: syntax.meaning(value) for key, value in entries.items()}
    differing = sorted(key for key in {**before, **now} if before.get(key) != now.get(key))
    if not differing:
        return None
    more = len(differing) - SHOWN_KEYS
    shown = ", ".join(differing[:SHOWN_KEYS]) + (f" and {more} more" if more > 0 else "")
    return f"has an index that differs from its text in {shown}"


def _index(table: Table, job: Job) -> None:
    """Build one index with the new type, unless a fresh one is there, and look up every key in it."""
    text, kind = naming.switch_restrictions(job.texts[table.path], choose(job)), job.request.to
    index = str(index_path(kind, table.path))
    if text == job.texts[table.path] and not is_stale(kind, table.path):
        return
    entries = table_file.entries(text, ALIASES if table.is_alias else table_file.TABLE)
    job.shown[index] = ("", f"entries: {len(entries)}\n")
    if job.missing is not None:
        return
    try:
        built = build(table.tool, kind, table.path, text, directory=job.present.directory, lookups=entries)
    except UnsupportedTypeError as error:
        job.missing = error
    except Error as error:
        job.undecided.append(Undecided(table.path, f"cannot be built: {error.message}", "correct it", table.places))
    else:
        job.changes[index] = _change(index, built.content or b"", table.path)


def _rewrite_texts(job: Job) -> None:
    for path, text in job.texts.items():
        new = naming.switch_restrictions(text, choose(job))
        if new != text:
            job.shown[path] = (text, new)
            job.changes[path] = _change(path, new.encode("utf-8", "surrogateescape"), path)
            if job.missing is None:
                _rebuild_as_it_is(path, new, job)


def _rebuild_as_it_is(path: str, text: str, job: Job) -> None:
    """The index of a table that keeps its type, and now names other tables in its restrictions."""
    kinds: Sequence[str] = sorted({one.kind for one in job.found if one.path == path and not job.request.wants(one)})
    for kind in kinds:
        index = index_path(kind, path)
        if index is not None:
            entries = table_file.entries(text)
            built = build("postmap", kind, path, text, directory=job.present.directory, lookups=entries)
            job.changes[index] = _change(index, built.content or b"", path)


def _change(path: str, content: bytes, text_path: str) -> FileChange:
    """A file with the owners and mode of the table's text."""
    like = read_attributes(text_path)
    return FileChange(path, content, like.mode, like.owner, like.group)
