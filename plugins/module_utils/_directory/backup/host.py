# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one file of this package that touches the host: backups, the files of slapd, and the service."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Optional

from ..._engine import commands, disk, files
from ..._engine.commands import CommandError
from ..._engine.errors import Error
from ..._engine.files import FileChange
from ..connection import connect
from ..errors import DirectoryError, UnreachableError
from ..server import dump, tree
from ..server import host as server
from ..server.dump import Entry
from ..server.tree import Node
from .saved import MANIFEST, NAME, SavedFile

UNIT = "slapd.service"
LISTENERS = "/etc/default/slapd"
BUILT, REPLACED = ".restoring", ".replaced"
DATA, LOCK = "data.mdb", "lock.mdb"
HOUR = 3600.0
PATIENCE = 30.0


def names(directory: str) -> list[str]:
    """Backups that are whole."""
    found = os.listdir(directory) if os.path.isdir(directory) else []
    return sorted(
        name for name in found if NAME.fullmatch(name) and os.path.exists(os.path.join(directory, name, MANIFEST))
    )


def text_of(path: str) -> str:
    return (disk.read(path) or b"").decode("utf-8", "surrogateescape")


def checksums(folder: str) -> dict[str, Optional[str]]:
    return {name: disk.checksum(disk.read(os.path.join(folder, name))) for name in os.listdir(folder)}


def configuration(directory: str) -> Optional[Node]:
    """What slapd has now; nothing where it is not installed, or was left without any."""
    return server.present(directory) if server.installed() and os.path.isdir(directory) else None


def entries(directory: str, suffix: str, data: str) -> str:
    """All entries of a database, as LDIF; none when it was never opened."""
    if not os.path.exists(os.path.join(data, DATA)):
        return ""
    return commands.run(["slapcat", "-F", directory, "-b", suffix, "-o", "ldif_wrap=no"], timeout=HOUR).stdout


def states(suffix: str) -> list[str]:
    """How far each server has come, by the one that runs; nothing when none does."""
    try:
        entry = connect(server.SOCKET).read(suffix, ["contextCSN"])
    except (UnreachableError, DirectoryError):
        return []
    return [] if entry is None else [csn.decode() for csn in entry.attributes.get("contextCSN", ())]


def is_needed(kept: SavedFile) -> bool:
    """Whether a file has to come back. A certificate that is there may be newer."""
    path = kept.path or ""
    if path == LISTENERS:
        return disk.checksum(disk.read(path)) != kept.sha256
    return not os.path.lexists(path)


def put_back(folder: str, kept: SavedFile) -> None:
    path = kept.path or ""
    content = disk.read(os.path.join(folder, kept.file))
    os.makedirs(os.path.dirname(path), exist_ok=True)
    files.replace_files(
        os.path.dirname(path),
        [FileChange(path, content, int(kept.mode or "0600", 8), kept.owner, kept.group)],
    )


@dataclass(frozen=True)
class Database:
    """One that comes back: the LDIF of its entries, the folder of its data, and how far each server had come."""

    suffix: str
    ldif: str
    directory: str
    states: Sequence[str] = ()


class Restoring:
    """Builds databases and a configuration beside those that are there, and swaps them in."""

    def __init__(self, config_directory: str, target: Node, config: bool, databases: Sequence[Database]) -> None:
        self.directory = config_directory
        self.target = target
        self.config = config
        self.databases = databases
        self._swapped: list[tuple[str, str]] = []

    def build(self) -> None:
        """Load all of it into new files. Nothing that slapd uses is touched."""
        folders = {database.directory for database in self.databases}
        try:
            for folder in folders:
                os.makedirs(folder, mode=0o700, exist_ok=True)
                _fresh(os.path.join(folder, BUILT))
            self._load()
            if self.config:
                _fresh(self.directory + BUILT)
                for node in self.target.of_kind("olcDatabase"):
                    os.makedirs(node.one("olcDbDirectory") or "/", mode=0o700, exist_ok=True)
                _slapadd(["-n0", "-F", self.directory + BUILT], stdin=server.text(self.target))
                _give(self.directory + BUILT)
        except CommandError as error:
            self.clear()
            said = error.details.get("stderr") or error.message
            raise Error(f"slapadd does not take what the backup holds: {said}; nothing was changed") from error

    def _load(self) -> None:
        with files.private_directory() as private:
            config = os.path.join(private, "slapd.d")
            os.mkdir(config, 0o700)
            places = {database.directory: os.path.join(database.directory, BUILT) for database in self.databases}
            moved = [
                _with_data_at(places, os.path.join(private, str(place)), entry)
                for place, entry in enumerate(tree.entries(self.target))
            ]
            _slapadd(["-n0", "-F", config], stdin=dump.render(moved))
            for database in self.databases:
                _slapadd(["-q", "-F", config, "-b", database.suffix, "-l", database.ldif])
                _give(os.path.join(database.directory, BUILT))

    def swap(self) -> None:
        """Take the new files in while slapd is stopped; when it does not run with them, take the old ones again."""
        active = _is_active()
        if active:
            commands.run(["systemctl", "stop", UNIT], timeout=180)
        try:
            self._exchange()
            if active:
                self._start()
        except (Error, OSError) as error:
            said = error.message if isinstance(error, Error) else f"{error.filename}: {error.strerror}"
            raise Error(f"{said}{self._undo(active)}") from error
        self.clear()

    def _exchange(self) -> None:
        for database in self.databases:
            built = os.path.join(database.directory, BUILT)
            for name in (DATA, LOCK):
                self._take(os.path.join(built, name), os.path.join(database.directory, name))
            _give(database.directory)
            disk.sync_directory(database.directory)
        if self.config:
            self._take(self.directory + BUILT, self.directory)
            disk.sync_directory(os.path.dirname(self.directory))

    def _take(self, new: str, place: str) -> None:
        """Move ``new`` to its place, and what is there out of the way."""
        old = place + REPLACED
        _remove(old)
        if os.path.lexists(place):
            os.rename(place, old)
        self._swapped.append((place, old))
        os.rename(new, place)

    def _start(self) -> None:
        done = commands.run(["systemctl", "start", UNIT], timeout=180, accept=None)
        if done.rc == 0:
            deadline = time.monotonic() + PATIENCE
            while time.monotonic() < deadline:
                if self._answers():
                    return
                time.sleep(0.2)
        log = commands.run(["journalctl", "--no-pager", "--output=cat", "--lines=20", "--unit", UNIT], accept=None)
        raise Error("slapd does not run with what was brought back", log=log.stdout.splitlines())

    def _answers(self) -> bool:
        try:
            connection = connect(server.SOCKET)
            return all(connection.read(database.suffix, ["1.1"]) is not None for database in self.databases)
        except (UnreachableError, DirectoryError):
            return False

    def _undo(self, active: bool) -> str:
        commands.run(["systemctl", "stop", UNIT], timeout=180, accept=None)
        for place, old in reversed(self._swapped):
            _remove(place)
            if os.path.lexists(old):
                os.rename(old, place)
        self.clear()
        if active and commands.run(["systemctl", "start", UNIT], timeout=180, accept=None).rc != 0:
            return "; what was there before is in place again, and slapd does not start with it either"
        return "; what was there before is in place again"

    def clear(self) -> None:
        """Remove what was built and is not used."""
        for path in [self.directory + BUILT, *(os.path.join(item.directory, BUILT) for item in self.databases)]:
            _remove(path)


def _with_data_at(places: Mapping[str, str], elsewhere: str, entry: Entry) -> Entry:
    """A database with its data in another folder, one of nobody's when it is not among ``places``."""
    real = next(iter(entry.attributes.get("olcDbDirectory", ())), None)
    if real is None:
        return entry
    folder = places.get(real) or elsewhere
    os.makedirs(folder, mode=0o700, exist_ok=True)
    return entry._replace(attributes={**entry.attributes, "olcDbDirectory": [folder]})


def _slapadd(argv: Sequence[str], stdin: Optional[str] = None) -> None:
    commands.run(["slapadd", *argv], stdin=stdin, timeout=HOUR)


def _is_active() -> bool:
    return commands.run(["systemctl", "is-active", "--quiet", UNIT], accept=None).rc == 0


def _fresh(path: str) -> None:
    _remove(path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    os.mkdir(path, 0o700)


def _remove(path: str) -> None:
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    else:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)


def _give(path: str) -> None:
    """To the user that slapd runs as."""
    shutil.chown(path, server.USER, server.USER)
    for folder, folders, names_ in os.walk(path):
        for name in [*folders, *names_]:
            shutil.chown(os.path.join(folder, name), server.USER, server.USER)
