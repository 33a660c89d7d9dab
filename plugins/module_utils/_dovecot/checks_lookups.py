# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lookups of users: what is taken as it is written, and fails or misleads at the first login.

All of it was seen with Dovecot 2.3.19 and 2.4.1; see also Dovecot's guide to the upgrade from 2.3 to 2.4.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .._engine.findings import Finding
from .configuration import Block, Configuration
from .findings import error, warning
from .host import Installation
from .settings import leaves

# What an external file of 2.3 may hold.
SETTINGS_OF_FILES = {
    "sql": {
        *("driver", "connect", "password_query", "user_query", "update_query", "iterate_query"),
        *("default_pass_scheme", "userdb_warning_disable"),
    },
    "ldap": {
        *("hosts", "uris", "dn", "dnpass", "base", "scope", "deref", "ldap_version", "ldaprc_path", "debug_level"),
        *("tls", "tls_ca_cert_file", "tls_ca_cert_dir", "tls_cert_file", "tls_key_file", "tls_cipher_suite"),
        *("tls_require_cert", "sasl_bind", "sasl_mech", "sasl_realm", "sasl_authz_id", "auth_bind", "auth_bind_userdn"),
        *("pass_attrs", "pass_filter", "user_attrs", "user_filter", "iterate_attrs", "iterate_filter"),
        *("default_pass_scheme", "userdb_warning_disable", "blocking"),
    },
}
# Of these 2.4 would make fields of a user; none of them is one.
NO_FIELDS = SETTINGS_OF_FILES["ldap"] - {"base", "blocking", "tls", "hosts", "scope"}
WITHOUT_PASSDB = {"anonymous", "external", "gssapi", "gss-spnego", "oauthbearer", "xoauth2"}
# Passdbs of which it shows whether they know more of a user than the password.
SEEN_THROUGH = ("imap", "ldap", "pam", "passwd", "passwd-file", "shadow", "sql", "static")
# Fields for a userdb, or for a server that the session goes on to.
OF_USERS = re.compile(r"\buserdb_|\bproxy(?:_always|_maybe)?\b")
HOME = re.compile(r"(?:^|:)~/?|%L?h\b|%\{\s*home\b")
LOGIN_PROTOCOLS = ("imap", "pop3", "sieve", "submission")


def names_in_files(configuration: Configuration, _host: Installation) -> Iterator[Finding]:
    """Unknown names in an external file of 2.3: the auth processes end at their start."""
    for driver, known in SETTINGS_OF_FILES.items():
        for file in configuration.lookup_files(driver):
            for line in leaves(file.lines):
                if line.name not in known:
                    message = f"is not known in an {driver.upper()} file"
                    yield error(line, "setting", message, f"give some of {', '.join(sorted(known))}")


def no_passdb(configuration: Configuration, _host: Installation) -> Iterator[Finding]:
    """Without a passdb the auth processes end at their start, and nobody logs in."""
    logins = [line for line, name in configuration.listed("protocols") if name in LOGIN_PROTOCOLS]
    mechanisms = {name.lower() for _line, name in configuration.listed("auth_mechanisms")} or {"plain"}
    if logins and not any(configuration.blocks("passdb")) and mechanisms - WITHOUT_PASSDB:
        cure = "declare a passdb, as in `passdb pam`" if configuration.version.syntax == "2.4" else "declare a passdb"
        yield error(logins[0], "passdb", "there is no passdb to look passwords up in", cure)


def no_userdb(configuration: Configuration, host: Installation) -> Iterator[Finding]:
    """Without a userdb the settings for all must say what the processes for mail are to run as, and where."""
    passdbs = list(configuration.blocks("passdb"))
    if not passdbs or any(configuration.blocks("userdb")) or not configuration.serves_mail:
        return
    if any(_tells_of_users(configuration, block, host) for block in passdbs):
        return
    line, user, home = passdbs[0].line, configuration.effective("mail_uid"), configuration.effective("mail_home")
    if not (user and user.value):
        message = "there is no userdb, and no mail_uid: nobody can open a mailbox"
        yield error(line, "userdb", message, "declare a userdb, or set mail_uid, mail_gid and mail_home")
    elif not (home and home.value):
        for place in (configuration.effective(name) for name in ("mail_location", "mail_path")):
            if place and HOME.search(place.value or ""):
                message = "needs a home, and there is neither a userdb nor mail_home: nobody can open a mailbox"
                yield error(place, "userdb", message, "declare a userdb, or set mail_home")


def _tells_of_users(configuration: Configuration, passdb: Block, host: Installation) -> bool:
    """Whether a passdb may know more than the password, so that a session goes without a userdb."""
    if passdb.driver not in SEEN_THROUGH:
        return True
    path = passdb.value("passwd_file_path") or passdb.value("args").split(" ")[-1]
    lookups = [line for file in configuration.files[1:] if file.path == path for line in leaves(file.lines)]
    if any(OF_USERS.search(f"{line.name} {line.value}") for line in (*passdb.settings, *lookups)):
        return True
    if passdb.driver == "passwd-file":
        text = host.read(path)
        return text is None or OF_USERS.search(text.decode("utf-8", "replace")) is not None
    return passdb.driver in ("ldap", "sql") and configuration.version.syntax == "2.3" and not lookups


def old_fields(configuration: Configuration, _host: Installation) -> Iterator[Finding]:
    """Settings of 2.3 that 2.4 takes for fields of the user: the lookup goes without them."""
    for block in configuration.blocks("passdb", "userdb") if configuration.version.syntax == "2.4" else ():
        for line in block.fields:
            if line.name in NO_FIELDS:
                message = "is a setting of 2.3, which 2.4 takes for a field of the user"
                yield error(line, "field", message, "write the setting of 2.4 that took its place, outside of fields")


def password_with_bind(configuration: Configuration, _host: Installation) -> Iterator[Finding]:
    """A password that is read although the server checks it: an error in the log at each login."""
    for block in configuration.blocks("passdb") if configuration.version.syntax == "2.4" else ():
        bind = block.find("ldap_bind") or block.find("bind")
        for line in block.fields if bind and bind.is_on else ():
            if line.name == "password":
                message = f"is not needed with {bind.name if bind else ''}, and logs an error at each login"
                yield warning(line, "field", message, "leave it out")


def quota_override(configuration: Configuration, _host: Installation) -> Iterator[Finding]:
    """A limit in a section ``quota`` of 2.4: that of the user has no effect."""
    if configuration.version.syntax != "2.4":
        return
    per_user = [
        line
        for line in configuration.settings
        if (line.name == "quota_storage_size" and line.kind.endswith("fields"))
        or (line.name.endswith("query") and "quota_storage_size" in (line.value or ""))
    ]
    for block in configuration.blocks("quota") if per_user else ():
        for line in block.settings:
            if line.sets("quota_storage_size"):
                message = "outranks the quota_storage_size of each user"
                yield warning(line, "quota", message, "write `quota_storage_size` outside of the section")
