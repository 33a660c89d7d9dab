# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Password hashes as Dovecot stores them, made and verified by crypt(3), many at once."""

from __future__ import annotations

import hmac
import os
import re
import secrets
import string
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Optional

from .._directory.passwords import fits
from .._engine.errors import Error
from .._engine.libcrypt import LIBRARY, crypt, new_setting

# The longest phrases that crypt(3) of libxcrypt takes.
MAX_PHRASE, MAX_BCRYPT_PHRASE = 511, 72

# Scheme, as Dovecot names it, to prefix and cost of crypt_gensalt(3). 0 is the library's choice; its choice for bcrypt
# (5) is too cheap by now.
SCHEMES: Mapping[str, tuple[bytes, int]] = {"SHA512-CRYPT": (b"$6$", 0), "BLF-CRYPT": (b"$2y$", 10)}

CRYPT_HASH = re.compile(
    r"\$1\$[^$:]{1,8}\$[./0-9A-Za-z]{22}"
    r"|\$2[abxy]\$[0-9]{2}\$[./0-9A-Za-z]{53}"
    r"|\$5\$(?:rounds=[0-9]+\$)?[^$:]{1,16}\$[./0-9A-Za-z]{43}"
    r"|\$6\$(?:rounds=[0-9]+\$)?[^$:]{1,16}\$[./0-9A-Za-z]{86}"
    r"|\$g?y\$[./0-9A-Za-z]+\$[./0-9A-Za-z]{0,86}\$[./0-9A-Za-z]{43}"
)
CRYPT_SCHEMES = {"CRYPT", "MD5-CRYPT", "SHA256-CRYPT", "SHA512-CRYPT", "BLF-CRYPT"}
CLEAR_SCHEMES = {"PLAIN", "CLEAR", "CLEARTEXT", "PLAIN-TRUNC"}
# The others that `doveadm pw -l` lists and that hold no clear password; what they consist of is ENCODED.
OTHER_SCHEMES = {
    *("ARGON2", "ARGON2I", "ARGON2ID", "PBKDF2", "SCRAM-SHA-1", "SCRAM-SHA-256"),
    *("SSHA", "SSHA256", "SSHA512", "SMD5", "SHA", "SHA1", "SHA256", "SHA512", "MD5", "PLAIN-MD5", "LDAP-MD5"),
    *("CRAM-MD5", "DIGEST-MD5", "HMAC-MD5"),
}
PREFIXED = re.compile(r"\{([A-Za-z0-9-]+)(?:\.[A-Za-z0-9]+)?\}(.*)", re.DOTALL)
# Hexadecimal or base64 with their separators.
ENCODED = re.compile(r"[A-Za-z0-9+/=.$,_-]{16,}")

# Schemes that a directory has under another name.
LDAP_NAMES = {"LDAP-MD5": "MD5", "ARGON2I": "ARGON2", "ARGON2ID": "ARGON2"}

ALPHABET = string.ascii_letters + string.digits
RANDOM_LENGTH = 32
# A hash that no password fits, for somebody who cannot log in.
LOCKED = "{CRYPT}*"


def clear_password_fault(password: str, scheme: str) -> Optional[tuple[str, str]]:
    """Why a clear password cannot be used, and the cure; nothing when it can."""
    size = len(password.encode("utf-8", "surrogateescape"))
    limit = MAX_BCRYPT_PHRASE if scheme == "BLF-CRYPT" else MAX_PHRASE
    if not password:
        return "is empty", "give a password"
    if any(ord(character) < 32 or 127 <= ord(character) < 160 for character in password):
        return "has a control character, which cannot be typed at a login", "give a password of printable characters"
    if size > limit:
        return f"is {size} bytes long, and {scheme} takes at most {limit}", "give a shorter password"
    if CRYPT_HASH.fullmatch(_bare(password)):
        return "looks like a password hash", "give a hash as password_hash"
    return None


def hash_fault(password_hash: str) -> Optional[tuple[str, str]]:
    """Why a text is no password hash that Dovecot can verify, and the cure; nothing when it is one."""
    if CRYPT_HASH.fullmatch(password_hash):
        return None
    found = PREFIXED.fullmatch(password_hash)
    cure = "give a hash such as {SHA512-CRYPT}$6$..., made by doveadm pw, or a clear password as password"
    scheme, value = (found[1].upper(), found[2]) if found else ("CRYPT", password_hash)
    if scheme in CLEAR_SCHEMES:
        return "holds a clear password", cure
    if scheme not in CRYPT_SCHEMES | OTHER_SCHEMES:
        return f"names the scheme {scheme}, which Dovecot does not know", cure
    form = CRYPT_HASH if scheme in CRYPT_SCHEMES else ENCODED
    return None if form.fullmatch(value) else ("does not look like a password hash", cure)


def same_hash(one: str, other: str) -> bool:
    """Whether two stored hashes are one, whether or not the scheme is written before it."""
    return one == other or (_bare(one) == _bare(other) and CRYPT_HASH.fullmatch(_bare(one)) is not None)


def bare_hash(stored: str) -> Optional[str]:
    """A hash of crypt(3) without its scheme; nothing for any other."""
    bare = _bare(stored)
    return bare if CRYPT_HASH.fullmatch(bare) else None


def random_password() -> str:
    return "".join(secrets.choice(ALPHABET) for _character in range(RANDOM_LENGTH))


def verify_all(pairs: Mapping[str, tuple[str, str]]) -> dict[str, Optional[bool]]:
    """By key, whether a clear password is that of a stored hash; nothing when only a server could say."""
    keys = list(pairs)
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        return dict(zip(keys, pool.map(lambda key: _verify(*pairs[key]), keys)))


def hash_all(clear: Mapping[str, str], scheme: str) -> dict[str, str]:
    """By key, the stored form of each clear password, with a salt of its own."""
    keys = list(clear)
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        return dict(zip(keys, pool.map(lambda key: _hash(clear[key], scheme), keys)))


def _bare(stored: str) -> str:
    found = PREFIXED.fullmatch(stored)
    return found[2] if found and found[1].upper() in CRYPT_SCHEMES else stored


def _verify(clear: str, stored: str) -> Optional[bool]:
    setting = bare_hash(stored)
    if setting is None:
        found = PREFIXED.fullmatch(stored)
        named = f"{{{LDAP_NAMES.get(found[1].upper(), found[1])}}}{found[2]}" if found else stored
        return fits(_encoded(clear), _encoded(named)) if found else None
    result = crypt(_encoded(clear), setting.encode("ascii"))
    return result is not None and hmac.compare_digest(result, setting.encode("ascii"))


def _hash(clear: str, scheme: str) -> str:
    prefix, cost = SCHEMES[scheme]
    setting = new_setting(prefix, cost)
    result = crypt(_encoded(clear), setting) if setting is not None else None
    if result is None:
        raise Error(f"{LIBRARY} of this host cannot make a {scheme} hash; choose another password_scheme")
    return f"{{{scheme}}}{result.decode('ascii')}"


def _encoded(clear: str) -> bytes:
    return clear.encode("utf-8", "surrogateescape")
