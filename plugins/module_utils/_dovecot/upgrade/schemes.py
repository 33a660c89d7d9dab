# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Schemes of passwords that 2.4 refuses unless ``auth_allow_weak_schemes`` is yes, and files of users."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

# Each was tried: a login against 2.4.1 with a password of that scheme. LANMAN and NTLM are not there at all.
WEAK = {
    *("DES-CRYPT", "HMAC-MD5", "LANMAN", "LDAP-MD5", "MD5", "MD5-CRYPT", "NTLM", "PLAIN-MD4", "PLAIN-MD5"),
    *("PLAIN-TRUNC", "SMD5"),
}


def scheme_of(name: str) -> str:
    return name.strip().strip("{}").upper()


# A rule that a user of a file has, and a place of mail, of the one form that 2.4 can take to pieces.
RULE = re.compile(r"\*:(?:bytes=\d+|storage=\d+[KMGT])")
PLACE = re.compile(r"(?:maildir|mdbox|sdbox|mbox):[^:]+")


def stored(text: str, path: str, made: Mapping[str, str]) -> list[str]:
    """What to know about a file of users and passwords, by the number of its lines alone. ``made`` is of fields_of."""
    rows = _rows(text)
    schemes = Counter(scheme_of(found[1]) for found in (re.match(r"[^:]*:\{([^{}]+)\}", row) for row in rows) if found)
    notes = [
        f"{path}: {count} passwords of the scheme {scheme} are refused by 2.4 unless auth_allow_weak_schemes is yes"
        for scheme, count in sorted(schemes.items())
        if scheme in WEAK
    ]
    instead = {"mail": ("mail_driver", "mail_path"), "quota_rule": ("quota_storage_size",)}
    return notes + [
        f"{path}: {len(_given(text, name))} lines give {name}; give {' and '.join(new)} instead"
        for name, new in instead.items()
        if _given(text, name) and not set(new) <= set(made)
    ]


def fields_of(text: str, limit: str, place: str) -> dict[str, str]:
    """The fields that 2.4 is to make of what it passes over in a file of users.

    ``limit`` and ``place`` are for users without: a size, and a format with a path.
    """
    found = {}
    if _regular(text, "quota_rule", RULE):
        given = f"passwd_file:quota_rule | default('*:storage={limit}')"
        found["quota_storage_size"] = f"%{{{given} | {_after('^.*=(.*)')}}}"
    if _regular(text, "mail", PLACE) and PLACE.fullmatch(place) and "%" not in place:
        given = f"passwd_file:mail | default('{place}')"
        found["mail_driver"] = f"%{{{given} | {_after('^([^:]*):.*')}}}"
        found["mail_path"] = f"%{{{given} | {_after('^[^:]*:(.*)')}}}"
    return found


def _after(pattern: str) -> str:
    return rf"regexp('{pattern}', '\\1')"


def _rows(text: str) -> list[str]:
    return [row for row in text.splitlines() if row and not row.startswith("#")]


def _given(text: str, name: str) -> list[str]:
    """The values of a field, of each user once."""
    found = (re.search(rf"[:\s](?:userdb_)?{name}=(\S+)", row) for row in _rows(text))
    return [match[1] for match in found if match]


def _regular(text: str, name: str, form: re.Pattern[str]) -> bool:
    given = _given(text, name)
    return bool(given) and all(form.fullmatch(value) for value in given)
