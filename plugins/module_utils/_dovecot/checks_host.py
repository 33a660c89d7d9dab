# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a configuration needs of the host: files, programs, accounts, folders."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from .._engine.findings import Finding
from .configuration import Configuration
from .findings import error, missing
from .host import Installation
from .replacements import PROTOCOLS
from .settings import Line

FILE_SETTING = re.compile(r"(?:.*_)?(?:(?:cert|key|ca|dh)_file|passwd_file_path)")
USERS = ("mail_uid", "default_login_user", "default_internal_user")
GROUPS = ("mail_gid", "mail_privileged_group", "default_internal_group")
SERVICE_GROUPS = ("group", "extra_groups", "privileged_group")


def named_files(configuration: Configuration, host: Installation) -> Iterator[Finding]:
    """Certificates, keys and lookup files that are neither there nor declared: logins fail without them."""
    declared = {file.path for file in configuration.files}
    for line in configuration.settings:
        path = line.value or ""
        if path.startswith("</"):
            path = path[1:]
        elif line.name == "args" and line.kind in ("passdb", "userdb"):
            path = path.split(" ")[-1]
        elif not FILE_SETTING.fullmatch(line.name):
            continue
        if re.fullmatch(r"/[^%\s]+", path) and path not in declared and not host.file_exists(path):
            cure = "bring the file first, or declare it in files" if line.option else "bring the file"
            yield missing(line, "file", "does not exist", cure)


def programs(configuration: Configuration, host: Installation) -> Iterator[Finding]:
    """Protocols and services whose program is not installed: Dovecot does not start."""
    if configuration.effective("libexec_dir"):
        return
    for line, protocol in configuration.listed("protocols"):
        needed, package = PROTOCOLS.get(protocol, ((), ""))
        if not all(host.program_exists(program) for program in needed):
            yield missing(line, "protocol", f"{protocol} is not installed", f"install {package}")
    for line in configuration.settings:
        if line.name == "executable":
            program = next(iter(line.words), "")
            if not configuration.refers(program) and not host.program_exists(program):
                cure = "install its package, or name another"
                yield missing(line, "program", f"{program} is not installed", cure)


def accounts(configuration: Configuration, host: Installation) -> Iterator[Finding]:
    """Users and groups that do not exist: Dovecot does not start, or takes no mail."""
    for line in configuration.settings:
        for kind, name in _accounts(line):
            exists = host.user_exists if kind == "user" else host.group_exists
            if not name.isdigit() and not configuration.refers(name) and not exists(name):
                yield missing(line, "account", f"there is no {kind} {name}", f"create the {kind} first")


def _accounts(line: Line) -> Iterator[tuple[str, str]]:
    """The users and groups that a setting names."""
    in_service = any(header.startswith("service ") for header in line.section)
    in_fields = line.kind in ("fields", "userdb_fields") and any(name.startswith("userdb") for name in line.section)
    if line.name in USERS or (in_service and line.name == "user") or (in_fields and line.name == "uid"):
        yield from (("user", name) for name in line.words)
    elif line.name in GROUPS or (in_service and line.name in SERVICE_GROUPS) or (in_fields and line.name == "gid"):
        yield from (("group", name) for name in line.words)
    elif line.name == "args" and line.kind == "userdb":
        for word in line.words:
            field, _equals, name = word.partition("=")
            if field in ("uid", "gid") and name:
                yield ("user" if field == "uid" else "group"), name


def mail_users(configuration: Configuration, host: Installation) -> Iterator[Finding]:
    """A user for mail below first_valid_uid: every login ends with an internal error."""
    first = configuration.effective("first_valid_uid")
    given = first.value if first else None
    least = int(given) if given and given.isdigit() else 500
    for line in configuration.settings if configuration.serves_mail else ():
        if line.name == "mail_uid" or line.kind in ("userdb", "fields", "userdb_fields"):
            for kind, name in _accounts(line):
                number = host.user_number(name) if kind == "user" else None
                if number is not None and number < least:
                    message = f"{name} has the number {number}, and first_valid_uid is {least}"
                    yield error(line, "account", message, "lower first_valid_uid, or take another user")


def listeners(configuration: Configuration, host: Installation) -> Iterator[Finding]:
    """Sockets in folders that do not exist: Dovecot does not start."""
    for line in configuration.main.lines:
        kind, _blank, path = line.name.partition(" ")
        folder = os.path.dirname(path)
        is_socket = line.length > 1 and kind in ("unix_listener", "fifo_listener") and folder.startswith("/")
        if is_socket and not host.file_exists(folder):
            cure = f"create {folder} first"
            yield missing(line, "folder", f"the folder {folder} does not exist", cure)
