# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Copies of queue files before they are deleted, for root alone, with checksums that sha256sum(1) can compare."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Mapping
from typing import Optional

from ..._engine import disk
from ..._engine.errors import Error, Problem

SUMS = "SHA256SUMS"


def unusable_folder(path: str) -> list[Problem]:
    """What keeps a folder from being one, or from being made."""
    present = path
    while not os.path.lexists(present):
        present = os.path.dirname(present)
    if os.path.isdir(present):
        return []
    return [Problem("archive", f"needs {present} to be a directory", "name another folder", path)]


class Archive:
    """A new folder below ``folder`` for one run. What cannot be kept must not be deleted: every failure raises."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.sums: dict[str, str] = {}
        try:
            self.path = self._new_folder()
        except OSError as error:
            raise self._failure(error) from error

    def keep(self, files: Mapping[str, str]) -> set[str]:
        """Copy queue files by their ids; return those that were still there."""
        try:
            return self._keep(files)
        except OSError as error:
            raise self._failure(error) from error

    def _keep(self, files: Mapping[str, str]) -> set[str]:
        kept = {}
        for queue_id, source in files.items():
            with contextlib.suppress(FileNotFoundError), open(source, "rb") as handle:
                content = handle.read()
                self._write(queue_id, content)
                kept[queue_id] = disk.checksum(content) or ""
        # One call for all: a sync for each of thousands would take minutes.
        os.sync()
        self.sums.update(kept)
        return set(kept)

    def close(self, deleted: Optional[set[str]] = None) -> dict[str, str]:
        """Write the checksums, and drop what is not whole or was delivered meanwhile. Return where the copies are.

        Without ``deleted`` every whole copy stays.
        """
        if deleted is not None:
            self.sums = {queue_id: digits for queue_id, digits in self.sums.items() if queue_id in deleted}
        for name in set(os.listdir(self.path)) - set(self.sums):
            os.unlink(os.path.join(self.path, name))
        if not self.sums:
            shutil.rmtree(self.path, ignore_errors=True)
            return {}
        lines = "".join(f"{digits}  {queue_id}\n" for queue_id, digits in sorted(self.sums.items()))
        disk.write(os.path.join(self.path, SUMS), lines.encode(), 0o600)
        disk.sync_directory(self.path)
        return {"archive_path": self.path}

    def _failure(self, error: OSError) -> Error:
        return Error(
            f"archive: {error.filename or self.folder}: {error.strerror}; make room or name another folder; "
            "what could not be kept was not deleted"
        )

    def _write(self, queue_id: str, content: bytes) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        descriptor = os.open(os.path.join(self.path, queue_id), flags, 0o600)
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(content)

    def _new_folder(self) -> str:
        os.makedirs(self.folder, mode=0o700, exist_ok=True)
        stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
        number = 1
        while True:
            path = os.path.join(self.folder, f"{stamp}-{number}")
            try:
                os.mkdir(path, 0o700)
                return path
            except FileExistsError:
                number += 1
