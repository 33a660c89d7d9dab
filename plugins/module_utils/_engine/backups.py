# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backups: what a change replaced, kept as data, and listed.

Each is a folder of its own below the backup directory, readable by root alone. It holds the replaced files under
numbers instead of their names, so that copying the folder somewhere does no harm, and a manifest that says what they
are. Its name is the time and a number that counts up, so that a clock that was set back does not change the order.

A backup is made before its change is committed, and the prepared change names it: one whose change was never committed
does not count, and goes with what was prepared.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Optional

from .disk import PREPARED, checksum, owner_and_group, read, status, sync_directory, write
from .errors import Problem, refuse
from .plan import Plan, Step

MANIFEST = "manifest.json"
# In the folder of a prepared change: the path of the backup that goes with it.
JOURNAL = "backup"
NAME = re.compile(r"\d{8}T\d{6}Z-(\d+)")


@dataclass(frozen=True)
class Keep:
    """That a change is to keep what it replaces, where and why.

    ``configuration`` names what belongs together, such as ``/etc/postfix``. ``rolled_back`` is the backup that the
    change goes back to, if it is a rollback.
    """

    backup_directory: str
    configuration: str
    reason: str
    rolled_back: Optional[str] = None


@dataclass(frozen=True)
class KeptFile:
    """A file as it was before the change: ``name`` in the backup's folder, nothing where it did not exist.

    ``replaced_by`` is the checksum of what the change put in its place, nothing for a file that it removed.
    """

    path: str
    replaced_by: Optional[str]
    name: Optional[str] = None
    owner: Optional[str] = None
    group: Optional[str] = None
    mode: Optional[str] = None
    sha256: Optional[str] = None


@dataclass(frozen=True)
class Backup:
    """What one change replaced. ``directory`` is the one that the change was prepared in."""

    path: str
    time: str
    reason: str
    configuration: str
    directory: str
    rolled_back: Optional[str]
    files: Sequence[KeptFile]

    @property
    def id(self) -> str:
        return os.path.basename(self.path)

    def __str__(self) -> str:
        return f"{self.id} ({self.reason})"


def keeping(
    params: Mapping[str, Any], configuration: str, reason: str, rolled_back: Optional[str] = None
) -> Optional[Keep]:
    """From the shared options ``backup`` and ``backup_directory``."""
    if not params["backup"]:
        return None
    _refuse_unusable(params)
    return Keep(params["backup_directory"], configuration, reason, rolled_back)


def _refuse_unusable(params: Mapping[str, Any]) -> None:
    """Where backups go has to be a directory, or able to be one; how many are kept is a number."""
    wanted: str = params["backup_directory"]
    present, problems = wanted, []
    while not os.path.lexists(present):
        present = os.path.dirname(present)
    if not os.path.isdir(present):
        why = "is no directory" if present == wanted else f"leads through {present}, which is no directory"
        problems.append(Problem("backup_directory", why, "name a directory, or one to be created", wanted))
    if params["backup_count"] < 0:
        cure = "give how many backups are kept, or 0 for all"
        problems.append(Problem("backup_count", "is less than 0", cure, params["backup_count"]))
    refuse(problems)


def returned(path: Optional[str]) -> dict[str, str]:
    """The return values of a change whose backup is at ``path``."""
    return {} if path is None else {"backup_id": os.path.basename(path), "backup_path": path}


# --- making ----------------------------------------------------------------------------------------------------------


def new_path(keep: Keep) -> str:
    """Where the next backup goes."""
    last = max([0, *map(number, _names(keep.backup_directory))])
    return os.path.join(keep.backup_directory, f"{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-{last + 1}")


def make(path: str, keep: Keep, directory: str, new: Mapping[str, Optional[bytes]]) -> None:
    """Keep what is at the paths of ``new`` contents, ``None`` for removals, in the new folder ``path``.

    The manifest comes last: without it there is no backup.
    """
    os.makedirs(keep.backup_directory, mode=0o700, exist_ok=True)
    os.mkdir(path, 0o700)
    made = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    files = [_keep_file(path, str(number), *item) for number, item in enumerate(new.items())]
    backup = Backup(path, made, keep.reason, keep.configuration, directory, keep.rolled_back, files)
    text = json.dumps({key: value for key, value in asdict(backup).items() if key != "path"}, indent=1)
    write(os.path.join(path, MANIFEST), f"{text}\n".encode(), 0o600)
    sync_directory(path)
    sync_directory(keep.backup_directory)


def _keep_file(folder: str, name: str, target: str, new: Optional[bytes]) -> KeptFile:
    content, present = read(target), status(target)
    if content is None or present is None:
        return KeptFile(target, checksum(new))
    write(os.path.join(folder, name), content, 0o600)
    owner, group = owner_and_group(present)
    mode = f"{stat.S_IMODE(present.st_mode):04o}"
    return KeptFile(target, checksum(new), name, owner, group, mode, checksum(content))


def drop(path: str) -> None:
    """Remove a backup, its manifest last: a crash leaves one that is removed again."""
    names = os.listdir(path) if os.path.isdir(path) else []
    for name in sorted(names, key=lambda name: name == MANIFEST):
        os.unlink(os.path.join(path, name))
    if names or os.path.isdir(path):
        os.rmdir(path)


# --- listing ---------------------------------------------------------------------------------------------------------


def listed(backup_directory: str) -> tuple[list[Backup], list[str]]:
    """All backups, oldest first, and the names of folders whose manifest is damaged."""
    backups, damaged = [], []
    for name in _names(backup_directory):
        path = os.path.join(backup_directory, name)
        manifest = read(os.path.join(path, MANIFEST))
        if manifest is None:
            continue
        try:
            fields = json.loads(manifest)
            backup = Backup(path=path, **{**fields, "files": tuple(KeptFile(**kept) for kept in fields["files"])})
        except (ValueError, KeyError, TypeError):
            damaged.append(name)
            continue
        if not _is_unfinished(backup):
            backups.append(backup)
    return backups, damaged


def backups_of(backup_directory: str, configuration: str) -> list[Backup]:
    """Those of one configuration, oldest first."""
    return [backup for backup in listed(backup_directory)[0] if backup.configuration == configuration]


def content_of(backup: Backup, kept: KeptFile) -> Optional[bytes]:
    """A file of a backup; nothing when it did not exist, or is not any more what was kept."""
    content = None if kept.name is None else read(os.path.join(backup.path, kept.name))
    return content if checksum(content) == kept.sha256 else None


def _is_unfinished(backup: Backup) -> bool:
    """Whether its change was prepared and never committed."""
    journal = read(os.path.join(backup.directory, PREPARED, JOURNAL))
    return journal is not None and os.fsdecode(journal) == backup.path


def _names(backup_directory: str) -> list[str]:
    names = os.listdir(backup_directory) if os.path.isdir(backup_directory) else []
    return sorted(filter(NAME.fullmatch, names), key=lambda name: (number(name), name))


def number(name: str) -> int:
    """The place of a backup in the order."""
    match = NAME.fullmatch(name)
    return int(match[1]) if match else 0


def plan_info(params: Mapping[str, Any]) -> Plan:
    """What there is, for ``backup_info``: newest first."""
    found, damaged = listed(params["backup_directory"])
    wanted = params["configuration"]
    shown = [backup for backup in reversed(found) if wanted in (None, backup.configuration)]
    return Plan(
        result={
            "backups": [_described(backup) for backup in shown],
            "damaged": damaged,
            "summary": [f"{backup.id} {backup.configuration}: {backup.reason}" for backup in shown],
        }
    )


def _described(backup: Backup) -> dict[str, Any]:
    described = {
        name: getattr(backup, name) for name in ("id", "time", "reason", "configuration", "rolled_back", "path")
    }
    files = [
        {
            "path": kept.path,
            "existed": kept.name is not None,
            "intact": kept.name is None or content_of(backup, kept) is not None,
        }
        for kept in backup.files
    ]
    return {**described, "files": files}


# --- retention -------------------------------------------------------------------------------------------------------


def prune_steps(params: Mapping[str, Any], configuration: str, more: int) -> list[Step]:
    """What removes the oldest backups of a configuration, when ``more`` are about to be added to them."""
    if not params["backup"]:
        return []
    _refuse_unusable(params)
    if not params["backup_count"]:
        return []
    present = backups_of(params["backup_directory"], configuration)
    oldest = present[: max(0, len(present) + more - params["backup_count"])]
    return [Step(f"remove the old backup {backup.id}", lambda path=backup.path: drop(path)) for backup in oldest]  # type: ignore[misc]


def journal(path: str) -> bytes:
    """What a prepared change says about its backup."""
    return os.fsencode(path)


def drop_unfinished(prepared: str) -> None:
    """Remove the backup of a prepared change that was not committed."""
    named = read(os.path.join(prepared, JOURNAL))
    path = os.fsdecode(named or b"")
    if NAME.fullmatch(os.path.basename(path)):
        shutil.rmtree(path, ignore_errors=True)
