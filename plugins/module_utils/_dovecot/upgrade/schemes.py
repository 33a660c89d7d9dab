# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Schemes of passwords that 2.4 refuses unless ``auth_allow_weak_schemes`` is yes, and files of users."""

from __future__ import annotations

import re
from collections import Counter

# Each was tried: a login against 2.4.1 with a password of that scheme. LANMAN and NTLM are not there at all.
WEAK = {
    *("DES-CRYPT", "HMAC-MD5", "LANMAN", "LDAP-MD5", "MD5", "MD5-CRYPT", "NTLM", "PLAIN-MD4", "PLAIN-MD5"),
    *("PLAIN-TRUNC", "SMD5"),
}


def scheme_of(name: str) -> str:
    return name.strip().strip("{}").upper()


def stored(text: str, path: str) -> list[str]:
    """What to know about a file of users and passwords, by the number of its lines alone."""
    rows = [row for row in text.splitlines() if row and not row.startswith("#")]
    schemes = Counter(scheme_of(found[1]) for found in (re.match(r"[^:]*:\{([^{}]+)\}", row) for row in rows) if found)
    fields = Counter(name for row in rows for name in set(re.findall(r"[:\s](?:userdb_)?(mail|quota_rule)=", row)))
    notes = [
        f"{path}: {count} passwords of the scheme {scheme} are refused by 2.4 unless auth_allow_weak_schemes is yes"
        for scheme, count in sorted(schemes.items())
        if scheme in WEAK
    ]
    instead = {"mail": "mail_driver and mail_path", "quota_rule": "quota_storage_size"}
    notes += [
        f"{path}: {count} lines give {name}; give {instead[name]} instead" for name, count in sorted(fields.items())
    ]
    return notes
