# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the checks of a configuration ask about the host: files, certificates, tables and daemons that are there."""

from __future__ import annotations

import os
import pwd
import re
import sqlite3
import time
from calendar import timegm
from collections.abc import Collection, Mapping
from contextlib import closing
from functools import cache
from pathlib import Path, PurePath
from typing import Optional

from .._engine import commands
from .._engine.errors import Error
from .._engine.files import read_text
from . import main_cf, master_cf
from .catalogue.staged import Entry, Host, Pem

DEFAULTS_FILE = "/etc/default/postfix"
_BLOCK = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----\n.*?-----END \1-----", re.DOTALL)
_ACCESS_LIST = "system.posix_acl_access"
_ENDS = re.compile(r"^notAfter=(.*)$", re.MULTILINE)


def host(directory: str, texts: Mapping[str, Optional[str]], master: str, values: Mapping[str, str]) -> Host:
    """Facts about this host as it will be with the new ``texts`` by their name below ``directory``."""
    staged = {os.path.join(directory, name): text for name, text in texts.items()}

    def look(path: str) -> Optional[Entry]:
        if path in staged:
            return None if staged[path] is None else Entry(modified=time.time())
        return _entry(path)

    def read(path: str) -> Optional[str]:
        return staged[path] if path in staged else _text(path)

    return Host(
        look=cache(look),
        read=cache(read),
        pem=cache(lambda path: _pem(read(path))),
        map_types=frozenset(commands.run(["postconf", "-m"]).stdout.split()),
        missing_daemons=_missing_daemons(values, master),
        fills_jail=_fills_jail(),
        mail_reads=cache(lambda path: path in staged or _may_read(values.get("mail_owner", ""), path)),
        has_passwords=cache(_has_passwords),
    )


def _entry(path: str) -> Optional[Entry]:
    try:
        status = os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        return Entry(readable=False)
    public = bool(status.st_mode & 0o004) and _is_reachable(os.path.dirname(os.path.realpath(path)))
    return Entry(status.st_mtime, public, os.access(path, os.R_OK))


@cache
def _is_reachable(folder: str) -> bool:
    """Whether every user may go into a folder."""
    parent = os.path.dirname(folder)
    return bool(os.stat(folder).st_mode & 0o001) and (parent == folder or _is_reachable(parent))


def _may_read(name: str, path: str) -> bool:
    """Whether an account can read a file by its rights, and get there. Where that cannot be told, it can."""
    try:
        account = pwd.getpwnam(name)
        groups = set(os.getgrouplist(name, account.pw_gid))
        real = os.path.realpath(path)
        if _ACCESS_LIST in os.listxattr(real):
            return True
        folders = [str(folder) for folder in PurePath(real).parents]
        return _allows(os.stat(real), account.pw_uid, groups, 0o4) and all(
            _allows(os.stat(folder), account.pw_uid, groups, 0o1) for folder in folders
        )
    except (KeyError, OSError):
        return True


def _allows(status: os.stat_result, user: int, groups: Collection[int], right: int) -> bool:
    shift = 6 if status.st_uid == user else 3 if status.st_gid in groups else 0
    return bool(status.st_mode >> shift & right)


def _has_passwords(path: str) -> bool:
    """Whether an SQLite database has a column for passwords. Nothing is written beside it."""
    try:
        with closing(sqlite3.connect(f"{Path(path).as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            tables = database.execute("SELECT sql FROM sqlite_master WHERE type = 'table'").fetchall()
    except sqlite3.Error:
        return False
    return any(re.search(r"\bpass(?:word|wd)", sql or "", re.IGNORECASE) for (sql,) in tables)


def _text(path: str) -> Optional[str]:
    """The text of a file, nothing when there is none or it may not be read."""
    try:
        return read_text(path)
    except Error:
        return None


def _pem(text: Optional[str]) -> Optional[list[Pem]]:
    """The keys, and the first certificate behind each or at the beginning: the rest of a chain belongs to others."""
    if text is None:
        return None
    found: list[Pem] = []
    for block in _BLOCK.finditer(text):
        if block[1].endswith("PRIVATE KEY"):
            shown = commands.run(["openssl", "pkey", "-pubout", "-passin", "pass:"], stdin=block[0], accept=None)
            found.append(Pem(True, shown.stdout if shown.rc == 0 else None))
        elif block[1].endswith("CERTIFICATE") and (not found or found[-1].is_key):
            shown = commands.run(["openssl", "x509", "-noout", "-enddate", "-pubkey"], stdin=block[0], accept=None)
            key = shown.stdout.partition("-----BEGIN")
            found.append(Pem(False, f"{key[1]}{key[2]}" or None, _days_left(shown.stdout)))
    return found


def _days_left(shown: str) -> Optional[int]:
    found = _ENDS.search(shown)
    if found is None:
        return None
    ends = time.strptime(found[1].strip(), "%b %d %H:%M:%S %Y %Z")
    return int((timegm(ends) - time.time()) // 86400)


def _missing_daemons(values: Mapping[str, str], master: str) -> frozenset[str]:
    daemons = main_cf.expand(values.get("daemon_directory", ""), values.get)
    if not daemons or not os.path.isdir(daemons):
        return frozenset()
    names = {service.command for service in master_cf.parse(master)}
    return frozenset(name for name in names if not os.access(os.path.join(daemons, name), os.X_OK))


def _fills_jail() -> bool:
    """Whether Debian copies into the jail what it needs: it does unless SYNC_CHROOT is empty there."""
    lines = (_text(DEFAULTS_FILE) or "").splitlines()
    given = [line.partition("=")[2].strip().strip("\"'") for line in lines if line.strip().startswith("SYNC_CHROOT=")]
    return not given or given[-1] != ""
