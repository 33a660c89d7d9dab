# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one file of this package that touches the host: slapd's own tools, its files, and its socket."""

from __future__ import annotations

import contextlib
import grp
import os
import pwd
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Optional

from ..._engine import commands
from ..._engine.commands import CommandError
from ..._engine.disk import read, write
from ..._engine.errors import Error, refuse
from ..._engine.files import private_directory
from ..connection import Connection, connect
from ..errors import SUCCESS, DirectoryError, UnreachableError
from . import access, dump, refusal, tree
from .access import Question
from .declared import options_named
from .dump import Entry
from .operations import Operation
from .tree import Node

SOCKET: Mapping[str, Any] = {
    "server_uri": ["ldapi:///"],
    "start_tls": False,
    "validate_certs": True,
    "connect_timeout": 5,
    "timeout": 600,
}
# The user of Debian's package.
USER = "openldap"
DATA = ("data.mdb", "lock.mdb")


def installed() -> bool:
    return commands.find("slapadd") is not None


def present(directory: str) -> Node:
    """The whole configuration, secrets included."""
    if not os.path.isdir(directory):
        raise Error(f"{directory} does not exist; run dpkg-reconfigure slapd to have a first configuration")
    done = commands.run(["slapcat", "-n0", "-F", directory, "-o", "ldif_wrap=no"])
    return configuration(done.stdout)


def configuration(text: str) -> Node:
    """The tree of a configuration as text."""
    entries, problems = dump.read(text)
    refuse(problems)
    return tree.parse(entries)


def text(root: Node) -> str:
    return dump.render(tree.entries(root))


def record_path(backup_directory: str) -> str:
    """Where the configuration is kept as the last change left it: so changes by somebody else are seen."""
    return os.path.join(backup_directory, "openldap.ldif")


def record(backup_directory: str, root: Node) -> None:
    os.makedirs(backup_directory, mode=0o700, exist_ok=True)
    path = record_path(backup_directory)
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
    write(path, text(root).encode("utf-8", "surrogateescape"), 0o600)


def recorded(backup_directory: str) -> Optional[Node]:
    found = text_of(record_path(backup_directory))
    return None if found is None else configuration(found)


def socket() -> Connection:
    return connect(SOCKET)


def runs() -> bool:
    """Whether slapd can be asked."""
    try:
        socket().close()
    except UnreachableError:
        return False
    return True


def text_of(path: str) -> Optional[str]:
    content = read(path)
    return None if content is None else content.decode("utf-8", "surrogateescape")


def missing_modules(names: Sequence[str], folders: Sequence[str]) -> list[str]:
    """Modules without a file. What is built in needs none, and is not asked for."""
    return [
        name
        for name in names
        if not any(os.path.exists(os.path.join(folder, f"{name}{end}")) for folder in folders for end in (".so", ".la"))
    ]


def names_found(directory: str, database: Node, filter_: str) -> list[str]:
    """Names of entries of a database that fit, whatever its access rules say."""
    if not os.path.exists(os.path.join(database.one("olcDbDirectory") or "", DATA[0])):
        # It was never opened.
        return []
    suffix = database.get("olcSuffix")[0]
    done = commands.run(["slapcat", "-F", directory, "-b", suffix, "-a", filter_, "-o", "ldif_wrap=no"])
    return [entry.dn for entry in dump.read(done.stdout)[0]]


def is_folder(path: str) -> bool:
    return os.path.isdir(path)


def readable_for_slapd(path: str) -> bool:
    """Whether the user that Debian's slapd runs as may read a file: by owner, group or mode, on the whole way to it."""
    try:
        user = pwd.getpwnam(USER)
        groups = {user.pw_gid, *(group.gr_gid for group in grp.getgrall() if USER in group.gr_mem)}
        parts = [os.path.dirname(path)]
        while parts[-1] != os.path.dirname(parts[-1]):
            parts.append(os.path.dirname(parts[-1]))
        return _may(path, user.pw_uid, groups, 4) and all(_may(part, user.pw_uid, groups, 1) for part in parts)
    except (KeyError, OSError):
        return False


def _may(path: str, uid: int, groups: Collection[int], bit: int) -> bool:
    status = os.stat(path)
    if status.st_uid == uid:
        return bool(status.st_mode >> 6 & bit)
    return bool(status.st_mode >> (3 if status.st_gid in groups else 0) & bit)


def make_folder(path: str, like: str) -> None:
    """A folder for the data of a database, for the user that slapd runs as: the owner of ``like``."""
    owner = os.stat(like)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    os.mkdir(path, 0o700)
    os.chown(path, owner.st_uid, owner.st_gid)


# --- checking a configuration before it is used ----------------------------------------------------------------------


@contextlib.contextmanager
def staged(entries: Sequence[Entry]) -> Iterator[str]:
    """The configuration in a private folder, as slapd itself loads it. Raises :class:`Error` when it does not.

    Databases lie in folders of their own there, which lead to the present data: nothing is written beside it.
    """
    with private_directory() as private:
        folder = os.path.join(private, "slapd.d")
        os.mkdir(folder, 0o700)
        moved = [_with_private_data(entry, os.path.join(private, str(place))) for place, entry in enumerate(entries)]
        try:
            # With "config" it also says which value it does not like.
            commands.run(["slapadd", "-d", "config", "-n0", "-F", folder], stdin=dump.render(moved))
            commands.run(["slaptest", "-u", "-F", folder])
        except CommandError as error:
            said = refusal.told(error.details.get("stderr") or error.message, entries)
            where = "".join(f" ({option} of databases)" for option in options_named(said))
            raise Error(f"slapd does not take this configuration{where}: {said}; nothing was changed") from error
        yield folder


def _with_private_data(entry: Entry, folder: str) -> Entry:
    real = next(iter(entry.attributes.get("olcDbDirectory", ())), None)
    if real is None:
        return entry
    os.mkdir(folder, 0o700)
    for name in DATA:
        if os.path.exists(os.path.join(real, name)):
            os.symlink(os.path.join(real, name), os.path.join(folder, name))
    return entry._replace(attributes={**entry.attributes, "olcDbDirectory": [folder]})


def ask(folder: str, question: Question) -> tuple[Optional[bool], str]:
    """The answer to an access test, and what slapacl said."""
    done = commands.run(access.argv(folder, question, real=True), accept=None)
    if "unable to fetch" in done.stderr or "unable to open" in done.stderr or "mdb" in done.stderr:
        done = commands.run(access.argv(folder, question, real=False), accept=None)
    said = done.stdout + done.stderr
    return access.answer(said), said


# --- the server ------------------------------------------------------------------------------------------------------


def send(connection: Connection, operation: Operation) -> None:
    for request, result in connection.write([operation.request()]):
        if result.code != SUCCESS:
            raise DirectoryError("cn=config", f"{request.verb} {request.dn}", result)
