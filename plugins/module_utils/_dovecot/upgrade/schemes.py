# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Schemes of passwords that 2.4 refuses unless ``auth_allow_weak_schemes`` is yes."""

from __future__ import annotations

# As doveadm pw -l of 2.4.1 leaves them out without that setting.
WEAK = {
    *("CLEARTEXT", "CRAM-MD5", "DES-CRYPT", "DIGEST-MD5", "HMAC-MD5", "LANMAN", "LDAP-MD5", "MD5", "MD5-CRYPT"),
    *("NTLM", "OTP", "PLAIN-MD4", "PLAIN-MD5", "RPA", "SHA", "SHA1", "SMD5", "SSHA", "SSHA1", "LDAP-SHA"),
}


def scheme_of(name: str) -> str:
    return name.strip().strip("{}").upper()
