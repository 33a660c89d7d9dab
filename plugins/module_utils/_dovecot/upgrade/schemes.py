# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Schemes of passwords that 2.4 refuses unless ``auth_allow_weak_schemes`` is yes."""

from __future__ import annotations

# Each was tried: a login against 2.4.1 with a password of that scheme. LANMAN and NTLM are not there at all.
WEAK = {
    *("DES-CRYPT", "HMAC-MD5", "LANMAN", "LDAP-MD5", "MD5", "MD5-CRYPT", "NTLM", "PLAIN-MD4", "PLAIN-MD5"),
    *("PLAIN-TRUNC", "SMD5"),
}


def scheme_of(name: str) -> str:
    return name.strip().strip("{}").upper()
