# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of a snapshot that come back to where they were: configuration, certificates, keys."""

from __future__ import annotations

import grp
import os
import pwd
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .._engine.errors import Error
from .._engine.files import FileChange, ownership_differs, read, replace_files
from .restic_host import Repository


@dataclass(frozen=True)
class Found:
    """What differs: files with their content, and symbolic links with what they lead to."""

    files: Sequence[FileChange]
    links: Mapping[str, str]

    @property
    def paths(self) -> list[str]:
        return sorted([*(change.path for change in self.files), *self.links])


def differing(
    repository: Repository, snapshot: str, paths: Sequence[str], manifest: Mapping[str, Any], folder: str
) -> Found:
    """Restore ``paths`` into a private folder and compare each file with the one on the host."""
    repository.restore(snapshot, paths, folder)
    missing = [path for path in paths if not os.path.lexists(folder + path)]
    if missing:
        raise Error(f"paths: the snapshot does not hold {', '.join(missing)}; nothing was changed")
    files, links = [], {}
    for path in paths:
        for whole in _below(folder + path):
            target = whole[len(folder) :]
            status = os.lstat(whole)
            if stat.S_ISLNK(status.st_mode):
                leads = os.readlink(whole)
                if not os.path.islink(target) or os.readlink(target) != leads:
                    links[target] = leads
            elif stat.S_ISREG(status.st_mode):
                change = FileChange(
                    target,
                    read(whole),
                    stat.S_IMODE(status.st_mode),
                    _local(manifest["users"], status.st_uid, pwd.getpwnam),
                    _local(manifest["groups"], status.st_gid, grp.getgrnam),
                )
                if os.path.islink(target) or read(target) != change.content or ownership_differs(change):
                    files.append(change)
    return Found(files, links)


def put(found: Found) -> None:
    """Write what differs, the files of each folder as one."""
    folders: dict[str, list[FileChange]] = {}
    for change in found.files:
        folders.setdefault(os.path.dirname(change.path), []).append(change)
    for folder, changes in sorted(folders.items()):
        os.makedirs(folder, mode=0o755, exist_ok=True)
        for change in changes:
            if os.path.islink(change.path):
                os.unlink(change.path)
        replace_files(folder, changes)
    for path, leads in sorted(found.links.items()):
        os.makedirs(os.path.dirname(path), mode=0o755, exist_ok=True)
        draft = f"{path}.postfix_manager"
        os.symlink(leads, draft)
        os.rename(draft, path)


def names_of_owners() -> dict[str, dict[str, str]]:
    """For a manifest: a host that is rebuilt may number its users and groups otherwise."""
    return {
        "users": {str(user.pw_uid): user.pw_name for user in pwd.getpwall()},
        "groups": {str(group.gr_gid): group.gr_name for group in grp.getgrall()},
    }


def _local(names: Mapping[str, str], number: int, lookup: Any) -> str:
    """The name that owned a file, or its number when there was none or there is none here."""
    name = names.get(str(number), "")
    try:
        lookup(name)
    except KeyError:
        return str(number)
    return name


def _below(path: str) -> Sequence[str]:
    if not os.path.isdir(path) or os.path.islink(path):
        return [path]
    found = []
    for folder, folders, names in os.walk(path):
        found += [os.path.join(folder, name) for name in names]
        found += [os.path.join(folder, name) for name in folders if os.path.islink(os.path.join(folder, name))]
    return sorted(found)
