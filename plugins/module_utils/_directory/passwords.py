# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Passwords as OpenLDAP stores them (RFC 2307 and slapd's password modules): recognised, verified, made."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import re
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Optional

from .._engine.errors import Error
from .._engine.libcrypt import LIBRARY, crypt, new_setting

STORED = re.compile(rb"\{([A-Za-z0-9-]+)\}(.+)", re.DOTALL)
# Scheme to digest and whether a salt follows it.
DIGESTS: Mapping[str, tuple[str, bool]] = {
    "SHA": ("sha1", False),
    "SSHA": ("sha1", True),
    "MD5": ("md5", False),
    "SMD5": ("md5", True),
    "SHA256": ("sha256", False),
    "SSHA256": ("sha256", True),
    "SHA384": ("sha384", False),
    "SSHA384": ("sha384", True),
    "SHA512": ("sha512", False),
    "SSHA512": ("sha512", True),
}
PBKDF2: Mapping[str, str] = {
    "PBKDF2": "sha1",
    "PBKDF2-SHA1": "sha1",
    "PBKDF2-SHA256": "sha256",
    "PBKDF2-SHA512": "sha512",
}
# Those that the server alone can verify, and those that hold no hash at all.
OTHER = {"ARGON2", "SASL", "BCRYPT", "SCRAM-SHA-1", "SCRAM-SHA-256", "RADIUS", "KERBEROS", "UNIX", "CLEARTEXT"}
OTHER |= {"TOTP1", "TOTP256", "TOTP512", "NTLM", "LANMAN", "APR1", "BSDMD5", "NS-MTA-MD5"}
KNOWN = {*DIGESTS, *PBKDF2, *OTHER, "CRYPT"}
SALT_SIZE = 16
# More rounds than anybody uses are no password but a trap.
MAX_ROUNDS = 10_000_000


def is_hash(value: bytes) -> bool:
    """Whether a value is a stored form already; anything else is a password in clear."""
    return scheme_of(value) is not None


def scheme_of(value: bytes) -> Optional[str]:
    found = STORED.fullmatch(value)
    scheme = found[1].decode("ascii").upper() if found else None
    return scheme if scheme in KNOWN else None


def fits(clear: bytes, stored: bytes) -> Optional[bool]:
    """Whether a clear password is that of a stored value; nothing when only the server could say."""
    scheme = scheme_of(stored)
    if scheme is None:
        return hmac.compare_digest(clear, stored)
    found = STORED.fullmatch(stored)
    data = found[2] if found else b""
    if scheme in DIGESTS:
        return _digest_fits(clear, data, *DIGESTS[scheme])
    if scheme in PBKDF2:
        return _pbkdf2_fits(clear, data, PBKDF2[scheme])
    if scheme == "CRYPT":
        result = crypt(clear, data)
        return result is not None and hmac.compare_digest(result, data)
    return hmac.compare_digest(clear, data) if scheme == "CLEARTEXT" else None


def _digest_fits(clear: bytes, data: bytes, digest: str, salted: bool) -> bool:
    try:
        raw = base64.b64decode(data, validate=True)
    except binascii.Error:
        return False
    size = hashlib.new(digest).digest_size
    if len(raw) < size or (len(raw) > size) != salted:
        return False
    return hmac.compare_digest(hashlib.new(digest, clear + raw[size:]).digest(), raw[:size])


def _pbkdf2_fits(clear: bytes, data: bytes, digest: str) -> bool:
    parts = data.split(b"$")
    if len(parts) != 3 or not parts[0].isdigit() or not 0 < int(parts[0]) <= MAX_ROUNDS:
        return False
    try:
        salt, wanted = (_adapted(part) for part in parts[1:])
    except binascii.Error:
        return False
    return hmac.compare_digest(hashlib.pbkdf2_hmac(digest, clear, salt, int(parts[0]), len(wanted) or 1), wanted)


def _adapted(part: bytes) -> bytes:
    """Base64 as slapd's pw-pbkdf2 writes it: a dot for the plus, no padding."""
    return base64.b64decode(part.replace(b".", b"+") + b"=" * (-len(part) % 4), validate=True)


def make(clear: bytes, scheme: str) -> bytes:
    """The stored form of a clear password, with a salt of its own; ``none`` leaves it to the server."""
    if scheme == "none":
        return clear
    if scheme == "CRYPT":
        setting = new_setting(b"$6$", 0)
        result = crypt(clear, setting) if setting is not None else None
        if result is None:
            raise Error(f"{LIBRARY} of this host cannot make a SHA512-CRYPT hash; choose another password_scheme")
        return b"{CRYPT}" + result
    salt = os.urandom(SALT_SIZE)
    digest = hashlib.new(DIGESTS[scheme][0], clear + salt).digest()
    return b"{%s}%s" % (scheme.encode("ascii"), base64.b64encode(digest + salt))


def make_all(clear: Iterable[bytes], scheme: str) -> list[bytes]:
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        return list(pool.map(lambda one: make(one, scheme), clear))


def fits_all(pairs: Iterable[tuple[bytes, list[bytes]]]) -> list[Optional[bool]]:
    """For each clear password, whether any of the stored values is its; nothing when only the server could say."""
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        return list(pool.map(lambda pair: _any_fits(*pair), pairs))


def _any_fits(clear: bytes, stored: list[bytes]) -> Optional[bool]:
    answers = [fits(clear, value) for value in stored]
    return True if True in answers else None if None in answers else False
