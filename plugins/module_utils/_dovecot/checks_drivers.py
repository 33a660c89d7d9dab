# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drivers and authentication mechanisms that Dovecot does not have, or that are not installed."""

from __future__ import annotations

from collections.abc import Iterator

from .._engine.findings import Finding
from .configuration import Configuration
from .findings import error, missing
from .host import Installation
from .replacements import SQL_DRIVERS
from .settings import Line, leaves

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


def drivers(configuration: Configuration, _host: Installation) -> Iterator[Finding]:
    """Drivers that Dovecot does not have: nobody logs in, or no mail is kept."""
    for line in configuration.settings:
        kind, value = _driver(line)
        more = MORE_DRIVERS.get(kind, set()) if configuration.version.syntax == "2.3" else set()
        known = DRIVERS.get(kind, set()) | more
        # Only for mail and quota the case of a letter does not matter.
        name = value.lower() if kind in ("mail", "quota") else value
        if known and value and name not in known and not configuration.refers(value):
            cure = f"give one of {', '.join(sorted(known))}"
            yield error(line, "driver", f"{value} is not a driver", cure)
    for block in configuration.blocks("passdb", "userdb") if configuration.version.syntax == "2.4" else ():
        if block.name not in DRIVERS[block.kind] and block.name and not block.find("driver"):
            cure = f"set driver to one of {', '.join(sorted(DRIVERS[block.kind]))}"
            yield error(block.line, "driver", f"{block.name} is not a driver, and none is set", cure)


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
    for line, name in configuration.listed("auth_mechanisms"):
        if name.lower() not in known and not configuration.refers(name):
            cure = f"give some of {', '.join(sorted(known))}"
            yield error(line, "mechanism", f"{name} is not a mechanism", cure)


def sql(configuration: Configuration, host: Installation) -> Iterator[Finding]:
    """SQL drivers that are not there: the auth processes end at their start."""
    for line in configuration.settings:
        if line.name == "sql_driver":
            yield from _sql_driver(configuration, line, host)
    for file in configuration.lookup_files("sql"):
        for line in leaves(file.lines):
            if line.name == "driver":
                yield from _sql_driver(configuration, line, host)


def _sql_driver(configuration: Configuration, line: Line, host: Installation) -> Iterator[Finding]:
    value = line.value or ""
    package, module = SQL_DRIVERS.get(value, ("", ""))
    if not package and value and not configuration.refers(value):
        yield error(line, "driver", f"{value} is not a driver", f"give one of {', '.join(SQL_DRIVERS)}")
    elif package and not host.module_exists(module):
        yield missing(line, "driver", f"{value} is not installed", f"install {package}")
