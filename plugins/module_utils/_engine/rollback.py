# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Going back to what a backup holds: which files become what, and what speaks against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Optional

from . import files
from .backups import Backup, KeptFile, content_of, listed, number
from .disk import checksum
from .errors import Error, Problem, refuse
from .files import FileChange

LAST = "last"
ROLLED_BACK = "rolled_back"


@dataclass(frozen=True)
class Rollback:
    """The state before the change of ``backup``: its ``files``. Without a backup there is nothing to go back to."""

    backup: Optional[Backup]
    files: Sequence[FileChange]

    @property
    def summary(self) -> str:
        return f"go back to before {self.backup.id}" if self.backup else ""

    def result(self) -> dict[str, Any]:
        return {"rolled_back": self.backup.id if self.backup else None}


def refuse_declarations(params: Mapping[str, Any], names: Sequence[str]) -> None:
    """With ``state: rolled_back`` nothing else can be declared."""
    refuse(
        [
            Problem(name, "is given together with state rolled_back", "leave it out, or roll back in a task of its own")
            for name in names
            if params[name]
        ]
    )


def find(params: Mapping[str, Any], configuration: str, directory: str) -> Rollback:
    """What ``backup_id`` asks for. Raises Error when there is no such backup, or when live files were changed since.

    The state before a change is what that change replaced and, for other files, what the first change after it
    replaced. ``last`` is the last change, unless that was a rollback: so asking again changes nothing.
    """
    found, damaged = listed(params["backup_directory"])
    backups = [backup for backup in found if backup.configuration == configuration]
    chosen = _choose(params, configuration, backups)
    if chosen is None:
        return Rollback(None, ())
    newer = [name for name in damaged if number(name) >= number(chosen.id)]
    if newer:
        raise Error(
            f"backup_id: the manifest of {', '.join(newer)} below {params['backup_directory']} is damaged, so nobody "
            "knows what was changed then; remove that folder to go back without it; nothing was changed"
        )
    first: dict[str, FileChange] = {}
    last: dict[str, KeptFile] = {}
    for backup in backups[backups.index(chosen) :]:
        for kept in backup.files:
            if kept.path not in first:
                first[kept.path] = _change(backup, kept)
            last[kept.path] = kept
    rollback = Rollback(chosen, tuple(first.values()))
    if not params["force"]:
        _refuse_foreign_changes(rollback, last, directory)
    return rollback


def _choose(params: Mapping[str, Any], configuration: str, backups: Sequence[Backup]) -> Optional[Backup]:
    wanted, place = params["backup_id"], f"of {configuration} below {params['backup_directory']}"
    if not backups:
        raise Error(f"backup_id: there is no backup {place}, so there is nothing to go back to; nothing was changed")
    if wanted == LAST:
        return None if backups[-1].rolled_back else backups[-1]
    chosen = [backup for backup in backups if backup.id == wanted]
    if not chosen:
        have = "".join(f"\n- {backup}" for backup in reversed(backups))
        raise Error(
            f"backup_id: there is no backup {wanted} {place}; nothing was changed. There are, newest first:{have}",
            backup_ids=[backup.id for backup in reversed(backups)],
        )
    return chosen[0]


def _change(backup: Backup, kept: KeptFile) -> FileChange:
    content = content_of(backup, kept)
    if kept.name is None:
        return FileChange(kept.path, None)
    if content is None:
        raise Error(
            f"backup_id: the backup {backup.id} is damaged: {kept.path} in it is not what was kept, by its checksum; "
            "choose another backup; nothing was changed"
        )
    return FileChange(kept.path, content, int(kept.mode or "0644", 8), kept.owner, kept.group)


def _refuse_foreign_changes(rollback: Rollback, last: Mapping[str, KeptFile], directory: str) -> None:
    """Work that somebody else did since would be lost."""
    live = {change.path: files.read(change.path, directory) for change in rollback.files}
    foreign = [
        change.path
        for change in rollback.files
        if live[change.path] != change.content and checksum(live[change.path]) != last[change.path].replaced_by
    ]
    if foreign:
        raise Error(
            f"{', '.join(foreign)} changed since the last change that was backed up, by hand or with backup false, and "
            "that would be lost; take it over first, or give force true to go back anyway; nothing was changed",
            changed_since=foreign,
        )
