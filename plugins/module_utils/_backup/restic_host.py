# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The repository, through the installed restic(1): the only file that runs it.

Password, address and credentials go to it in its environment or in a file of root's, never in its arguments.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Optional

from .._engine import commands
from .._engine.commands import CommandError, Result
from .._engine.errors import Error
from .settings import CREDENTIALS_FILE, PASSWORD_FILE, SETTINGS_FILE, Settings, from_text
from .snapshots import LOCKED, Entry, Snapshot, complaint, parse_entry, parse_snapshots, parse_summary

CACHE = "/var/cache/postfix_manager/restic"
# Seconds: to answer at all, to move data, and to wait for other hosts that work on the same repository.
ANSWER, WORK_TIME, PATIENCE, PAUSE = 180.0, 48 * 3600.0, 3600.0, 10.0
BLOCK = 1 << 20


def load(path: str = SETTINGS_FILE) -> Settings:
    """The settings of this host."""
    try:
        with open(path, encoding="utf-8") as handle:
            return from_text(handle.read(), path)
    except FileNotFoundError as error:
        raise Error(f"{path} does not exist; run the role backup on this host first; nothing was changed") from error


class Repository:
    """The repository of a host. ``directory`` holds the files with its password and credentials."""

    def __init__(
        self, settings: Settings, password_file: str = PASSWORD_FILE, credentials_file: str = CREDENTIALS_FILE
    ) -> None:
        self.settings = settings
        self.environment = {
            "RESTIC_REPOSITORY": settings.repository,
            "RESTIC_PASSWORD_FILE": password_file,
            "RESTIC_CACHE_DIR": CACHE,
            **_credentials(credentials_file),
        }

    def exists(self) -> bool:
        """Whether there is one that our password opens; raises when that cannot be told."""
        try:
            self._call("cat", "config", timeout=ANSWER)
        except Error as error:
            missing = ("no such file or directory", "does not exist", "not found", "NoSuchKey", "NoSuchBucket")
            if "there is no repository" in error.message and any(word in error.message for word in missing):
                return False
            raise
        return True

    def create(self) -> None:
        self._call("init", timeout=ANSWER)

    def snapshots(self) -> list[Snapshot]:
        return parse_snapshots(self._call("snapshots", "--json", "--no-lock", timeout=ANSWER).stdout)

    def entries(self, snapshot: str, path: str) -> Iterator[Entry]:
        """Everything below a folder of a snapshot."""
        argv = ["restic", "ls", "--json", "--no-lock", "--recursive", snapshot, path]
        try:
            with contextlib.closing(commands.lines(argv, env=self.environment)) as lines:
                for line in lines:
                    entry = parse_entry(line) if line.strip() else None
                    if entry is not None:
                        yield entry
        except CommandError as error:
            raise self._explained(error) from error

    def read(self, snapshot: str, path: str) -> str:
        """The text of one small file."""
        return self._call("dump", "--no-lock", snapshot, path, timeout=ANSWER).stdout

    def fetch(self, snapshot: str, path: str, target: str) -> None:
        """One file, into a new file for us alone."""
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as handle:
            for piece in self._printed("dump", "--no-lock", snapshot, path):
                handle.write(piece)

    def archive(self, snapshot: str, path: str) -> Iterator[bytes]:
        """A folder as a tar archive, in pieces."""
        return self._printed("dump", "--no-lock", "--archive", "tar", snapshot, path)

    def save(self, paths: Sequence[str], excludes: Sequence[str], tags: Sequence[str]) -> Mapping[str, Any]:
        """Make a snapshot; every file must be read."""
        argv = ["backup", "--json", "--quiet", "--ignore-ctime", "--host", self.settings.host]
        argv += [word for tag in tags for word in ("--tag", tag)]
        argv += [f"--exclude={path}" for path in excludes]
        # The staged mail is linked anew each time: what counts are the size and time of a file.
        return parse_summary(self._call_patiently(*argv, "--", *paths).stdout)

    def forget(self) -> None:
        """Drop the snapshots that nobody keeps, and the data that only they had."""
        kept = [word for name, number in self.settings.keep.items() for word in (f"--keep-{name}", str(number))]
        host = ["--host", self.settings.host, "--group-by", "host"]
        self._call_patiently("forget", "--prune", "--quiet", *host, *kept)

    def unlock(self) -> None:
        """Remove what a process that is gone has locked."""
        self._call("unlock", timeout=ANSWER)

    def check(self, part: str) -> None:
        """The structure of the repository, and the data of a part of it, chosen at random."""
        data = "--read-data" if part == "100%" else f"--read-data-subset={part}"
        self._call_patiently("check", "--quiet", data)

    def restore(self, snapshot: str, paths: Sequence[str], target: str) -> None:
        """Put files and folders of a snapshot below ``target``, each read back and compared."""
        included = [f"--include={_literal(path)}" for path in paths]
        self._call("restore", snapshot, "--no-lock", "--quiet", "--verify", "--target", target, *included)

    # --- running it ---

    def _printed(self, *argv: str) -> Iterator[bytes]:
        try:
            with contextlib.closing(commands.stream(["restic", *argv], BLOCK, env=self.environment)) as pieces:
                yield from pieces
        except CommandError as error:
            raise self._explained(error) from error

    def _call_patiently(self, *argv: str) -> Result:
        """As :meth:`_call`, but wait as long as another host has the repository to itself."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return self._call(*argv)
            except Error as error:
                if LOCKED not in error.message or time.monotonic() > deadline:
                    raise
            time.sleep(PAUSE)

    def _call(self, *argv: str, timeout: float = WORK_TIME) -> Result:
        os.makedirs(CACHE, mode=0o700, exist_ok=True)
        try:
            return commands.run(["restic", *argv], timeout=timeout, env=self.environment)
        except CommandError as error:
            raise self._explained(error) from error

    def _explained(self, error: CommandError) -> Error:
        said: Optional[str] = error.details.get("stderr")
        where = self.settings.shown_repository
        return Error(complaint(where, said) if said else f"{where}: {error.message}")


def _credentials(path: str) -> dict[str, str]:
    try:
        with open(path, encoding="utf-8") as handle:
            return {str(name): str(value) for name, value in json.load(handle).items()}
    except FileNotFoundError:
        return {}


def _literal(path: str) -> str:
    """A path as a pattern that fits nothing else."""
    return "".join(f"\\{letter}" if letter in "\\*?[" else letter for letter in path)
