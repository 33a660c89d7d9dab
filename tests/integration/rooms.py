# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run modules of the collection on a host that forgets it: its root as the lower layer of an overlay.

What a module writes lands in the upper layer alone, so that all it touched lies there, and no case meets the traces of
another. Needs root on Linux, and on ``sys.path`` a copy of ``ansible.module_utils`` and of the collection.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import importlib
import json
import os
import signal
import stat
import sys
import tempfile
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ansible.module_utils.testing import patch_module_args

COLLECTION_MODULES = "ansible_collections.postfix_manager.mail.plugins.modules"
CLONE_NEWNS = 0x20000
MS_BIND, MS_REC, MS_PRIVATE = 0x1000, 0x4000, 0x40000
LIBC = ctypes.CDLL(None, use_errno=True)

# LMDB's table of readers: whoever only reads a database stands in it. SQLite's log and its index are gone when the last
# reader that could write is: on the host itself a service is never gone, and in a room it has no say.
READERS = {
    "var/lib/ldap/lock.mdb",
    "var/lib/postfix_manager/accounts.sqlite-shm",
    "var/lib/postfix_manager/accounts.sqlite-wal",
}
# Kind and mode, owner, group, digest; by path.
Contents = Mapping[str, tuple[Any, ...]]


class Room:
    """What this process sees as its host."""

    def __init__(self, size: str) -> None:
        self._lower = os.open("/", os.O_RDONLY | os.O_DIRECTORY)
        base = tempfile.mkdtemp(prefix="room-", dir="/run")
        _check(LIBC.unshare(CLONE_NEWNS))
        _mount("none", "/", None, MS_REC | MS_PRIVATE)
        _mount("tmpfs", base, "tmpfs", options=f"size={size},mode=0755")
        self.root, self.upper = f"{base}/root", Path(base, "upper")
        for path in (self.root, self.upper, f"{base}/work"):
            os.mkdir(path)
        _mount("overlay", self.root, "overlay", options=f"lowerdir=/,upperdir={self.upper},workdir={base}/work")
        for name in ("dev", "proc", "run", "sys"):
            _mount(f"/{name}", f"{self.root}/{name}", None, MS_BIND | MS_REC)
        os.chroot(self.root)
        os.chdir("/")

    def contents(self) -> dict[str, tuple[Any, ...]]:
        """What the upper layer holds. The overlay copies into it whatever is opened for writing or renamed."""
        return {str(path.relative_to(self.upper)): _described(path) for path in self.upper.rglob("*")}

    def touched(self, before: Contents) -> list[str]:
        """The paths that are not what they were; what was copied and is like the original is no trace."""
        after = self.contents()
        paths = sorted({*before, *after} - READERS)
        return [f"/{path}" for path in paths if self._was(path, before) != after.get(path)]

    def _was(self, path: str, before: Contents) -> tuple[Any, ...] | None:
        original = Path(f"/proc/self/fd/{self._lower}", path)
        return before.get(path) or (_described(original) if os.path.lexists(original) else None)


def in_a_room(act: Callable[[Room], Any], size: str = "64m", seconds: int = 300) -> Any:
    """What ``act`` returns, as JSON carries it, from a process of its own in a fresh room.

    RuntimeError, with what was printed, when it breaks.
    """
    printed = forked(lambda: json.dumps(act(Room(size))), seconds)
    try:
        return json.loads(printed)
    except ValueError:
        raise RuntimeError(printed) from None


def imported(module: str) -> Any:
    return importlib.import_module(f"{COLLECTION_MODULES}.{module}")


def call(module: str, arguments: Mapping[str, Any], *, check: bool, seconds: int = 60) -> tuple[dict[str, Any], str]:
    """The result of a module, and all that it printed beside it. No result means that it broke."""

    def run() -> str:
        os.dup2(1, 2)
        switches = {"_ansible_check_mode": check, "_ansible_diff": True}
        with patch_module_args({**arguments, **switches}), contextlib.suppress(SystemExit):
            imported(module).main()
        return ""

    printed = forked(run, seconds)
    for line in printed.splitlines():
        with contextlib.suppress(ValueError):
            result = json.loads(line)
            if isinstance(result, dict):
                return result, printed.replace(line, "", 1).strip()
    return {}, printed


def forked(act: Callable[[], str], seconds: int = 60) -> str:
    """What ``act`` prints and returns, in a process of its own; a traceback is printed as well."""
    sys.stdout.flush()
    output = os.memfd_create("output")
    child = os.fork()
    if child == 0:
        os.dup2(output, 1)
        signal.alarm(seconds)
        try:
            print(act())
        except BaseException:
            traceback.print_exc(file=sys.stdout)
        sys.stdout.flush()
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    with os.fdopen(output, "rb") as handle:
        handle.seek(0)
        text = handle.read().decode("utf-8", "backslashreplace")
    return text if os.WIFEXITED(status) else f"{text}\nkilled by signal {os.WTERMSIG(status)}"


def _described(path: Path) -> tuple[Any, ...]:
    status = path.lstat()
    digest = ""
    if stat.S_ISREG(status.st_mode):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    elif stat.S_ISLNK(status.st_mode):
        digest = os.readlink(path)
    return oct(status.st_mode), status.st_uid, status.st_gid, digest


def _mount(source: str, target: str, kind: str | None, flags: int = 0, options: str | None = None) -> None:
    source_kind_options = [None if word is None else word.encode() for word in (source, kind, options)]
    LIBC.mount.argtypes = [ctypes.c_char_p] * 3 + [ctypes.c_ulong, ctypes.c_char_p]
    _check(LIBC.mount(source_kind_options[0], target.encode(), source_kind_options[1], flags, source_kind_options[2]))


def _check(returned: int) -> None:
    if returned:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
