# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every check of a staged configuration: add a function to :data:`CHECKS` and it counts.

A check takes the configuration and the installed Dovecot and returns its findings. doveconf lets much through that
stops Dovecot at its start, or mail later: files, plugins, programs and accounts that do not exist, unknown drivers.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Callable

from .._engine.findings import ERROR, MISSING, Finding
from .configuration import Configuration, File
from .doveconf import errors_of
from .findings import finding_at
from .host import Installation
from .replacements import PROTOCOLS, SQL_DRIVERS
from .settings import REFERENCE, Line, leaves, text_of

Check = Callable[[Configuration, Installation], Iterable[Finding]]

FILE_SETTING = re.compile(r"(?:.*_)?(?:cert|key|ca|dh)_file")
# What auth 2.3.19 and 2.4.1 took at their start; with GSSAPI and NTLM, which more packages bring.
MECHANISMS = {
    *(
        "anonymous",
        "apop",
        "cram-md5",
        "digest-md5",
        "external",
        "gss-spnego",
        "gssapi",
        "login",
        "ntlm",
        "oauthbearer",
    ),
    *("otp", "plain", "scram-sha-1", "scram-sha-1-plus", "scram-sha-256", "scram-sha-256-plus", "xoauth2"),
}
DRIVERS = {
    "passdb": {"imap", "ldap", "lua", "oauth2", "pam", "passwd", "passwd-file", "sql", "static"},
    "userdb": {"ldap", "lua", "passwd", "passwd-file", "prefetch", "sql", "static"},
    "mail": {"dbox", "imapc", "maildir", "mbox", "mdbox", "pop3c", "sdbox", "shared", "virtual"},
    "quota": {"count", "fs", "imapc", "maildir"},
}
# 2.3 has more.
MORE_DRIVERS = {
    "passdb": {"checkpassword", "dict", "shadow"},
    "userdb": {"checkpassword", "dict"},
    "mail": {"auto"},
    "quota": {"dict", "dirsize"},
}
# What an external SQL file of 2.3 may hold.
SQL_SETTINGS = {
    *("driver", "connect", "password_query", "user_query", "update_query", "iterate_query"),
    *("default_pass_scheme", "userdb_warning_disable"),
}
VARIABLE_OF_2_3 = re.compile(r"(?<![%\w])%[LU]?[undh](?![\w%])")
SIEVE_EXTENSIONS = re.compile(r"sieve_(?:(?:global_|implicit_)?extensions|plugins)")
SIEVE_ERROR = re.compile(r"^\S+: line (?P<line>\d+): error: (?P<message>.+)$", re.MULTILINE)


def doveconf(configuration: Configuration, host: Installation) -> Iterable[Finding]:
    """What doveconf refuses."""
    return errors_of(configuration.main.lines, configuration.main.path, host)


def named_files(configuration: Configuration, host: Installation) -> Iterator[Finding]:
    """Certificates, keys and lookup files that are neither there nor declared: logins fail without them."""
    declared = {file.path for file in configuration.files}
    for line in leaves(configuration.main.lines):
        value = line.value or ""
        lookup = line.name == "args" and line.kind in ("passdb", "userdb")
        if value.startswith("</"):
            path = value[1:]
        elif (FILE_SETTING.fullmatch(line.name) or lookup) and re.fullmatch(r"/[^%\s]+", value):
            path = value
        else:
            continue
        if path not in declared and not host.file_exists(path):
            cure = "bring the file first, or declare it in files"
            yield _missing(configuration, line, "file", "does not exist", cure)


def plugins(configuration: Configuration, host: Installation) -> Iterator[Finding]:
    """Plugins that are not installed: every login fails for one of them."""
    lines = configuration.main.lines
    directory = next((line.value for line in leaves(lines) if line.name == "mail_plugin_dir"), None)
    installed = host.plugins(directory)
    for line in leaves(lines):
        if line.name == "mail_plugins":
            names = line.words
        elif line.section and line.section[-1] == "mail_plugins" and line.value == "yes":
            names = [line.name]
        else:
            continue
        for name in names:
            if name not in installed and not _refers(configuration, name):
                message = f"the plugin {name} is not installed"
                cure = "install its package, or leave it out"
                yield _missing(configuration, line, "plugin", message, cure)


def programs(configuration: Configuration, host: Installation) -> Iterator[Finding]:
    """Protocols and services whose program is not installed: Dovecot does not start."""
    lines = configuration.main.lines
    if any(line.name == "libexec_dir" for line in lines):
        return
    for line in leaves(lines):
        if line.name == "protocols" and not line.section:
            for protocol in line.words:
                needed, package = PROTOCOLS.get(protocol, ((), ""))
                if not all(host.program_exists(program) for program in needed):
                    message = f"{protocol} is not installed"
                    yield _missing(configuration, line, "protocol", message, f"install {package}")
        elif line.name == "executable":
            program = next(iter(line.words), "")
            if not _refers(configuration, program) and not host.program_exists(program):
                cure = "install its package, or name another"
                yield _missing(configuration, line, "program", f"{program} is not installed", cure)


def accounts(configuration: Configuration, host: Installation) -> Iterator[Finding]:
    """Users and groups that do not exist: Dovecot does not start, or takes no mail."""
    for line in leaves(configuration.main.lines):
        in_service = any(header.startswith("service ") for header in line.section)
        is_user = line.name in ("mail_uid", "default_login_user", "default_internal_user")
        is_group = line.name in ("mail_gid", "mail_privileged_group", "default_internal_group")
        is_user |= in_service and line.name == "user"
        is_group |= in_service and line.name in ("group", "extra_groups", "privileged_group")
        exists = host.user_exists if is_user else host.group_exists
        for name in line.words if is_user or is_group else ():
            if not name.isdigit() and not _refers(configuration, name) and not exists(name):
                kind = "user" if is_user else "group"
                cure = f"create the {kind} first"
                yield _missing(configuration, line, "account", f"there is no {kind} {name}", cure)


def listeners(configuration: Configuration, host: Installation) -> Iterator[Finding]:
    """Sockets in folders that do not exist: Dovecot does not start."""
    for line in configuration.main.lines:
        kind, _blank, path = line.name.partition(" ")
        folder = os.path.dirname(path)
        is_socket = line.length > 1 and kind in ("unix_listener", "fifo_listener") and folder.startswith("/")
        if is_socket and not host.file_exists(folder):
            cure = f"create {folder} first"
            yield _missing(configuration, line, "folder", f"the folder {folder} does not exist", cure)


def drivers(configuration: Configuration, _host: Installation) -> Iterator[Finding]:
    """Drivers that Dovecot does not have: nobody logs in, or no mail is kept."""
    for line in leaves(configuration.main.lines):
        kind, value = _driver(line)
        more = MORE_DRIVERS.get(kind, set()) if configuration.version.syntax == "2.3" else set()
        known = DRIVERS.get(kind, set()) | more
        if known and value and value not in known and not _refers(configuration, value):
            cure = f"give one of {', '.join(sorted(known))}"
            yield _error(configuration, line, "driver", f"{value} is not a driver", cure)


def _driver(line: Line) -> tuple[str, str]:
    """What a line names a driver for, and the driver."""
    value = line.value or ""
    if line.name == "mail_driver":
        return "mail", value
    if line.name in ("driver", f"{line.kind}_driver"):
        return line.kind, value
    if line.name in ("mail_location", "location") and ":" in value:
        return "mail", value.partition(":")[0]
    if line.name == "quota" and line.kind == "plugin":
        return "quota", value.partition(":")[0]
    return "", ""


def mechanisms(configuration: Configuration, _host: Installation) -> Iterator[Finding]:
    """Authentication mechanisms that do not exist: nobody logs in."""
    known = MECHANISMS if configuration.version.syntax == "2.4" else {n for n in MECHANISMS if not n.endswith("-plus")}
    for line in leaves(configuration.main.lines):
        for name in line.words if line.name == "auth_mechanisms" else ():
            if name.lower() not in known and not _refers(configuration, name):
                cure = f"give some of {', '.join(sorted(known))}"
                yield _error(configuration, line, "mechanism", f"{name} is not a mechanism", cure)


def variables(configuration: Configuration, _host: Installation) -> Iterator[Finding]:
    """Variables of 2.3, which 2.4 takes as they are written: all mail goes to one folder, nobody is found."""
    if configuration.version.syntax != "2.4":
        return
    for line in leaves(configuration.main.lines):
        found = VARIABLE_OF_2_3.search(line.value or "")
        if found and re.search(r"(?:path|home|prefix|query|filter|username_format)$", line.name):
            cure = "write %{user}, %{user | username}, %{user | domain} or %{home}"
            yield _error(configuration, line, "variable", f"{found[0]} is no variable of Dovecot 2.4", cure)


def sql(configuration: Configuration, host: Installation) -> Iterator[Finding]:
    """SQL drivers that are not there, unknown names in an SQL file of 2.3: the auth processes end at their start."""
    for line in leaves(configuration.main.lines):
        if line.name == "sql_driver":
            yield from _sql_driver(configuration, configuration.main, line, host)
    named = {line.value for line in leaves(configuration.main.lines) if line.name == "args"}
    for file in configuration.files[1:]:
        if file.path not in named or not {"connect", "password_query", "user_query"} & {
            line.name for line in file.lines
        }:
            continue
        for line in leaves(file.lines):
            if line.name == "driver":
                yield from _sql_driver(configuration, file, line, host)
            elif line.name not in SQL_SETTINGS:
                cure = f"give some of {', '.join(sorted(SQL_SETTINGS))}"
                message = "is not known in an SQL file"
                yield finding_at(file.path, line, "setting", ERROR, message=message, cure=cure)


def _sql_driver(configuration: Configuration, file: File, line: Line, host: Installation) -> Iterator[Finding]:
    value = line.value or ""
    package, module = SQL_DRIVERS.get(value, ("", ""))
    if not package and value and not _refers(configuration, value):
        cure = f"give one of {', '.join(SQL_DRIVERS)}"
        yield finding_at(file.path, line, "driver", ERROR, message=f"{value} is not a driver", cure=cure)
    elif package and not host.module_exists(module):
        message = f"{value} is not installed"
        yield finding_at(file.path, line, "driver", MISSING, message=message, cure=f"install {package}")


def sieve_scripts(configuration: Configuration, host: Installation) -> Iterator[Finding]:
    """Sieve scripts that do not compile: they would be passed over at each delivery."""
    for file in configuration.files[1:]:
        if file.content is None or not file.path.endswith(".sieve") or not host.has_sievec():
            continue
        said = host.sievec(file.content, _sieve_settings(configuration.main.lines))
        for match in SIEVE_ERROR.finditer(said.stderr) if said.rc else ():
            option = f"{file.option}.content"
            yield Finding(
                "sieve", ERROR, match["message"], "mend the script", file.path, int(match["line"]), option=option
            )


def _sieve_settings(lines: Sequence[Line]) -> str:
    """What tells the compiler which extensions there are; in 2.3 it is in the section ``plugin``."""
    found = [line for line in lines if SIEVE_EXTENSIONS.fullmatch(line.name) and line.section in ((), ("plugin",))]
    text = "".join(
        text_of(lines[line.number - 1 : line.number - 1 + line.length]) for line in found if line.text != "}"
    )
    return f"plugin {{\n{text}}}\n" if any(line.section for line in found) else text


def _refers(configuration: Configuration, word: str) -> bool:
    """Whether a word stands for something that only Dovecot knows."""
    return "%" in word or REFERENCE[configuration.version.syntax].fullmatch(word) is not None


def _error(configuration: Configuration, line: Line, code: str, message: str, cure: str) -> Finding:
    return finding_at(configuration.main.path, line, code, ERROR, message=message, cure=cure)


def _missing(configuration: Configuration, line: Line, code: str, message: str, cure: str) -> Finding:
    return finding_at(configuration.main.path, line, code, MISSING, message=message, cure=cure)


CHECKS: Sequence[Check] = (
    doveconf,
    named_files,
    plugins,
    programs,
    accounts,
    listeners,
    drivers,
    mechanisms,
    variables,
    sql,
    sieve_scripts,
)


def check(configuration: Configuration, host: Installation) -> list[Finding]:
    """The findings of all checks, each once."""
    return list(dict.fromkeys(finding for function in CHECKS for finding in function(configuration, host)))
