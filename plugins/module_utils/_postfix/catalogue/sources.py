# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Configuration files of LDAP and SQL tables, and who may read secrets. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..._engine.findings import ERROR, WARNING, Finding
from .. import logical_lines, main_cf, map_file
from ..words import words
from .maps import INDEX, SOURCES, Reference, references
from .staged import Staged, suggestion

_COMMON = "query result_format expansion_limit domain require_result_set"
_SQL = f"{_COMMON} hosts user password dbname select_field table where_field additional_conditions"
# ldap_table(5), mysql_table(5), pgsql_table(5), sqlite_table(5), memcache_table(5), mongodb_table(5) up to 3.10.
_KNOWN = {
    "ldap": f"""{_COMMON} server_host server_port timeout search_base query_filter result_attribute result_filter
        special_result_attribute terminal_result_attribute leaf_result_attribute scope bind bind_dn bind_pw
        recursion_limit size_limit dereference chase_referrals debuglevel version start_tls tls_ca_cert_dir
        tls_ca_cert_file tls_cert tls_key tls_require_cert tls_random_file tls_cipher_suite sasl_mechs sasl_realm
        sasl_authz_id sasl_minssf cache cache_expiry cache_size lookup_wildcards""",
    "mysql": f"""{_SQL} option_file option_group tls_cert_file tls_key_file tls_CAfile tls_CApath tls_ciphers
        tls_verify_cert charset retry_interval idle_interval""",
    "pgsql": f"{_SQL} select_function encoding retry_interval idle_interval",
    "sqlite": f"{_COMMON} dbpath select_field table where_field additional_conditions",
    "memcache": """memcache backup flags ttl key_format domain data_size_limit line_size_limit max_try retry_pause
        timeout""",
    "mongodb": f"{_COMMON} uri dbname collection filter projection options result_attribute search_base query_filter",
}
KNOWN = {kind: frozenset(words(names)) for kind, names in _KNOWN.items()}
# One of each group has to be there.
NEEDED = {
    "ldap": (("search_base",),),
    "mysql": (("dbname",), ("query", "table")),
    "pgsql": (("dbname", "hosts"), ("query", "table", "select_function")),
    "sqlite": (("dbpath",), ("query", "table")),
}
_PASSWORDS = re.compile(r".*_sasl_password_maps")


def bad_map_source(staged: Staged) -> Iterator[Finding]:
    """Files that do not parse, that hold names nobody knows, or that lack what a lookup needs."""
    for one in _sources(staged):
        text = staged.host.read(one.name) or ""
        asked = any(staged.path(declared.name) == one.name for declared in staged.request.map_files)
        severity = ERROR if asked else WARNING
        present = main_cf.values(text)
        for chunk in logical_lines.split(text):
            if chunk.text is not None and "=" not in chunk.text:
                message = "is no setting: it has no ="
                cure = "write name = value, or begin a comment with #"
                # No value is shown: it may be a part of a secret.
                yield Finding("bad_map_source", severity, message, cure, one.name, chunk.number)
        for parameter in main_cf.parse(text):
            if parameter.name not in KNOWN[one.type]:
                message = f"is no parameter of {one.type} tables"
                cure = suggestion(parameter.name, KNOWN[one.type], f"see {one.type}_table(5)")
                yield Finding("bad_map_source", severity, message, cure, one.name, parameter.line, parameter.name)
        for group in NEEDED.get(one.type, ()):
            if not any(present.get(name) for name in group):
                message = f"lacks {' or '.join(group)}"
                yield Finding("bad_map_source", severity, message, f"see {one.type}_table(5)", one.name)


def public_secret(staged: Staged) -> Iterator[Finding]:
    """Passwords that every user of the host can read."""
    message, cure = "holds a password and can be read by every user of this host", "take the right to read from others"
    for one in _sources(staged):
        entry, values = staged.host.look(one.name), main_cf.values(staged.host.read(one.name) or "")
        if entry is not None and entry.public and any(map_file.looks_secret(*pair) for pair in values.items()):
            yield Finding("public_secret", WARNING, message, cure, one.name)
    for one in references(staged):
        if _PASSWORDS.fullmatch(one.setting.name) and one.has_path and one.type not in SOURCES:
            for path in (one.name, one.index) if one.type in INDEX else (one.name,):
                entry = staged.host.look(path)
                if entry is not None and entry.public:
                    yield Finding("public_secret", WARNING, message, cure, path, name=one.setting.name)


def public_password(staged: Staged) -> Iterator[Finding]:
    """Passwords in main.cf or master.cf, which every user of the host has to be able to read."""
    for one in references(staged):
        if _PASSWORDS.fullmatch(one.setting.name) and one.type in ("static", "inline"):
            message = "holds a password, in a file that every user of this host can read"
            cure = "put it into a file that only root can read, as texthash:/etc/postfix/NAME"
            yield staged.finding("public_secret", one.setting, message, cure, asked=WARNING)


def databases(staged: Staged) -> Iterator[Finding]:
    """The databases of SQLite tables. One that comes with its table may be filled later."""
    declared = [staged.path(one.name) for one in staged.request.map_files]
    owner = staged.value("mail_owner") or "postfix"
    for one in _sources(staged):
        path = main_cf.values(staged.host.read(one.name) or "").get("dbpath", "") if one.type == "sqlite" else ""
        entry = staged.host.look(path) if path.startswith("/") else None
        if path.startswith("/") and entry is None and one.name not in declared:
            cure = "create the database, or correct dbpath"
            yield staged.finding(
                "missing_map", one.setting, f"has {one}, and {path} does not exist", cure, asked=WARNING
            )
        elif entry is not None and entry.public and staged.host.has_passwords(path):
            message, cure = "holds passwords and can be read by every user of this host", "take the right from others"
            yield Finding("public_secret", WARNING, message, cure, path)
        elif entry is not None and one.is_proxied and not staged.host.mail_reads(path):
            message = f"has proxy:{one}, and the user {owner} may not read {path}"
            cure = f"give the group of {owner} the right to read it"
            yield staged.finding("unreadable_table", one.setting, message, cure, asked=WARNING)


def _sources(staged: Staged) -> list[Reference]:
    """Each file once, if it can be read."""
    found: dict[str, Reference] = {}
    for one in references(staged):
        if one.type in SOURCES and one.has_path and staged.host.read(one.name) is not None:
            found.setdefault(one.name, one)
    return list(found.values())
