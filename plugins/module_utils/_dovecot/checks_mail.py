# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings that are taken as they are and lead mail or logins astray.

What becomes of each variable was seen in logins with Dovecot 2.3.19 and 2.4.1. The names are those of "Settings
Variables" in Dovecot's documentation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .._engine.findings import Finding
from .configuration import Configuration
from .findings import error, warning
from .host import Installation
from .settings import Line

OLD_VARIABLE = re.compile(r"(?<![%\w])%[LU]?[undhs](?![\w%])")
VARIABLE = re.compile(r"(?<!%)%\{\s*(?P<name>[\w-]+)(?P<provider>:)?(?P<call>\s*\()?(?P<filters>[^{}]*)\}")
EXPANDED = re.compile(r".*(?:path|home|location|(?<!log_)prefix|query|filter|username_format)")
FILTERS = {
    *(
        "lookup",
        "literal",
        "calculate",
        "concat",
        "upper",
        "lower",
        "hash",
        "md5",
        "sha1",
        "sha256",
        "sha384",
        "sha512",
    ),
    *("base64", "unbase64", "hex", "unhex", "hexlify", "unhexlify", "default", "reverse", "truncate", "substr", "if"),
    *("ldap_dn", "regexp", "lenumber", "benumber", "index", "username", "domain", "list", "lfill", "rfill", "text"),
    *("encrypt", "decrypt", "switch", "safe"),
}
NAMES = {
    *("user", "home", "session", "auth_user", "owner_user", "owner_home", "protocol", "service", "hostname", "id"),
    *("local_name", "local_ip", "local_port", "remote_ip", "remote_port", "secured", "cert", "mechanism", "password"),
    *("real_local_ip", "real_local_port", "real_remote_ip", "real_remote_port", "original_user", "login_user"),
    *("master_user", "session_pid", "client_pid", "client_id", "mail_pid", "listener", "ssl_security", "ssl_ja3"),
    *("ssl_ja3_hash", "domain_first", "domain_last", "input", "mask", "pid", "uid", "gid"),
}
# Long names of 2.3 to what 2.4 has for them.
RENAMED = {
    "auth_domain": "auth_user | domain",
    "auth_username": "auth_user | username",
    "domain": "user | domain",
    "lip": "local_ip",
    "lport": "local_port",
    "mech": "mechanism",
    "orig_domain": "original_user | domain",
    "orig_user": "original_user",
    "orig_username": "original_user | username",
    "rip": "remote_ip",
    "rport": "remote_port",
    "username": "user | username",
}
MAIL_PATHS = ("mail_home", "mail_path", "mail_location", "mail_inbox_path")
DOMAIN = re.compile(r"%\{\s*user\s*\|\s*domain\b|%L?d(?!\w)|%\{domain\}")


def variables_of_2_3(configuration: Configuration, _host: Installation) -> Iterator[Finding]:
    """Variables of 2.3, which 2.4 takes as they are written: all mail goes to one folder, nobody is found."""
    for line in _expanded(configuration) if configuration.version.syntax == "2.4" else ():
        found = OLD_VARIABLE.search(line.value or "")
        if found:
            cure = "write %{user}, %{user | username}, %{user | domain} or %{home}"
            yield error(line, "variable", f"{found[0]} is no variable of Dovecot 2.4", cure)


def variables_of_2_4(configuration: Configuration, _host: Installation) -> Iterator[Finding]:
    """Variables and filters that this Dovecot does not know: logins end with an internal error."""
    newer = configuration.version.syntax == "2.4"
    for line in _expanded(configuration):
        for match in VARIABLE.finditer(line.value or ""):
            name, filters = match["name"], [part.strip() for part in match["filters"].split("|")[1:]]
            if not newer:
                if filters and re.match(r"\s*\|", match["filters"]):
                    cure = "write %u, %n or %d, as in %Lu for lower case"
                    yield error(line, "variable", f"{match[0]} is not known before Dovecot 2.4", cure)
                continue
            if name in RENAMED:
                cure = f"write %{{{RENAMED[name]}}}"
                yield error(line, "variable", f"%{{{name}}} is no variable of Dovecot 2.4", cure)
            elif not match["provider"] and not match["call"] and name not in NAMES | FILTERS:
                yield error(
                    line, "variable", f"%{{{name}}} is not known", "see Dovecot's documentation for its variables"
                )
            for call in filters:
                wanted = re.match(r"\w*", call)
                if wanted and wanted[0] not in FILTERS:
                    cure = "see Dovecot's documentation for its filters"
                    yield error(line, "variable", f"{wanted[0]} is not a filter", cure)


def _expanded(configuration: Configuration) -> Iterator[Line]:
    """The settings in which a mistaken variable goes unnoticed until somebody logs in."""
    return (line for line in configuration.settings if EXPANDED.fullmatch(line.name) or line.kind.endswith("fields"))


def lost_domain(configuration: Configuration, _host: Installation) -> Iterator[Finding]:
    """User names cut at the @, and paths that go by the domain: the users of all domains share their mail."""
    cut = configuration.effective("auth_username_format")
    if cut is None or not re.fullmatch(r"%L?n|%\{\s*(?:user\s*\|\s*)?username\b.*\}", cut.value or ""):
        return
    for line in configuration.settings:
        if line.name in MAIL_PATHS and not line.section and DOMAIN.search(line.value or ""):
            message = f"goes by the domain, which auth_username_format = {cut.value} takes away"
            yield error(line, "domain", message, "keep the domain in auth_username_format, or leave it out here")


def inbox_of_mbox(configuration: Configuration, _host: Installation) -> Iterator[Finding]:
    """mbox without a path for the inbox: it is ``inbox`` among the other folders, not where mail is delivered."""
    driver, path = configuration.effective("mail_driver"), configuration.effective("mail_inbox_path")
    if driver and driver.value == "mbox" and not (path and path.value):
        cure = "set mail_inbox_path, as in /var/mail/%{user}"
        yield warning(driver, "inbox", "mail_inbox_path says nothing of where new mail is", cure)


def no_protocols(configuration: Configuration, _host: Installation) -> Iterator[Finding]:
    """2.4 serves no protocol that is not asked for."""
    given = any("protocols" in (line.name, line.kind) for line in configuration.main.lines)
    stored = configuration.effective("mail_driver", "mail_path", "mail_home")
    # Without mail it may be there for the passwords alone.
    if configuration.version.syntax == "2.4" and stored and not given and any(configuration.blocks("passdb")):
        message = "nobody is served: 2.4 has no protocols by default"
        yield warning(stored, "protocol", message, "set protocols, as in `protocols = imap lmtp`")


def twice(configuration: Configuration, _host: Installation) -> Iterator[Finding]:
    """Settings that are set twice in one section of one file: the last one counts."""
    around: list[int] = []
    seen: dict[tuple[str, tuple[int, ...], str], Line] = {}
    for line in configuration.main.lines:
        if line.value is None and line.text.endswith("}") and around:
            around.pop()
        elif line.value is None and line.text.endswith("{"):
            around.append(line.number)
        elif line.value is not None:
            before = seen.get((line.file, tuple(around), line.name))
            adds = re.search(rf"\$(?:SET:)?{re.escape(line.name)}\b", line.value)
            if before and before.value != line.value and not adds:
                cure = "leave one of them out"
                yield warning(before, "duplicate", f"has no effect: line {line.row} sets it again", cure)
            seen[line.file, tuple(around), line.name] = line
