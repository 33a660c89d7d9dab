# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a backup of the directory holds, by the manifest that the program of the role ``openldap`` writes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Optional

from ..._engine.errors import Error, Problem, refuse

MANIFEST = "manifest.json"
FORMAT = 1
NAME = re.compile(r"\d{8}T\d{6}Z")
NEWEST = "newest"
PLAIN = re.compile(r"[a-z0-9.-]+")


@dataclass(frozen=True)
class SavedFile:
    """A file in the folder of the backup.

    ``suffix`` and ``states``, how far each server had come, are those of a database. The rest says how a copy is put
    back.
    """

    file: str
    sha256: str
    suffix: Optional[str] = None
    path: Optional[str] = None
    mode: Optional[str] = None
    owner: Optional[str] = None
    group: Optional[str] = None
    states: Sequence[str] = ()


@dataclass(frozen=True)
class Saved:
    """One backup: the configuration, the databases, and copies of files that the configuration names."""

    id: str
    time: str
    host: str
    config: SavedFile
    databases: Sequence[SavedFile]
    files: Sequence[SavedFile]

    @property
    def all_files(self) -> list[SavedFile]:
        return [self.config, *self.databases, *self.files]


def read(name: str, text: str) -> Saved:
    """A manifest. Raises :class:`Error` when it is none that we can use."""
    try:
        fields: Mapping[str, Any] = json.loads(text)
        if fields["format"] != FORMAT:
            raise Error(
                f"backup_id: {name} was written by another release of this collection (format {fields['format']}); "
                "restore it with that one"
            )
        found = Saved(
            name,
            str(fields["time"]),
            str(fields["host"]),
            _file(fields["config"]),
            [_file(item) for item in fields["databases"]],
            [_file(item) for item in fields["files"]],
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(name, f"its {MANIFEST} cannot be read ({type(error).__name__}: {error})") from error
    if not all(PLAIN.fullmatch(item.file) for item in found.all_files):
        raise _damaged(name, f"its {MANIFEST} names files outside its folder")
    return found


def _file(item: Mapping[str, Any]) -> SavedFile:
    return SavedFile(
        item["file"],
        item["sha256"],
        states=tuple(item.get("context_csn", ())),
        **{name: item.get(name) for name in ("suffix", "path", "mode", "owner", "group")},
    )


def refuse_damage(saved: Saved, checksums: Mapping[str, Optional[str]]) -> None:
    """Every file has to be what was written. ``checksums`` are those of the files that are there."""
    wrong = [item.file for item in saved.all_files if checksums.get(item.file) != item.sha256]
    if wrong:
        raise _damaged(saved.id, f"{', '.join(wrong)} in it is not what was written, by its checksum")


def _damaged(name: str, why: str) -> Error:
    return Error(f"backup_id: the backup {name} is damaged: {why}; choose another backup; nothing was changed")


def choose(wanted: str, names: Sequence[str], directory: str) -> str:
    """The backup that is asked for. ``names`` are those that are there."""
    if wanted != NEWEST and not NAME.fullmatch(wanted):
        cure = f"write it as 20261231T235959Z, or {NEWEST}"
        refuse([Problem("backup_id", "is no name of a backup", cure, wanted)])
    if not names:
        raise Error(
            f"backup_directory: there is no backup in {directory}; bring one there, or name another folder; "
            "nothing was changed"
        )
    if wanted == NEWEST:
        return max(names)
    if wanted not in names:
        have = ", ".join(sorted(names, reverse=True)[:10])
        raise Error(f"backup_id: {directory} holds no backup {wanted}; it holds {have}; nothing was changed")
    return wanted
