# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of attributes: from what YAML holds to bytes, and back for people."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection, Sequence
from typing import Any

from .._engine.secrets import HIDDEN

# Attributes whose values nobody sees, by key.
SECRET = {
    *("userpassword", "authpassword", "olcrootpw", "krbprincipalkey", "sambantpassword", "sambalmpassword"),
    *("oathsecret", "pwdhistory", "sambapasswordhistory", "olcsyncrepl", "olcdbidassertbind", "olcdbaclbind"),
    *("olctlscertificatekey", "unicodepwd", "2.5.4.35"),
}
# Those of them that may be given in clear, and are stored as a hash.
HASHED = {"userpassword", "olcrootpw", "2.5.4.35"}
SHOWN_BYTES = 200


def is_secret(key: str) -> bool:
    return key.partition(";")[0] in SECRET


def is_hashed(key: str) -> bool:
    return key.partition(";")[0] in HASHED


def plain_name(name: str) -> tuple[str, bool]:
    """The attribute that is meant, and whether its values are written in base64, as LDIF says it by two colons."""
    if name.endswith("::"):
        return name[:-2], True
    return name, name.lower().endswith(";binary")


def to_bytes(given: Any, binary: bool) -> list[bytes]:
    """The values; none when the attribute shall be absent. Raises ValueError with message and cure."""
    if given is None:
        return []
    if isinstance(given, (list, tuple)):
        return [_one(value, binary) for value in given]
    return [_one(given, binary)]


def _one(value: Any, binary: bool) -> bytes:
    if isinstance(value, bool):
        return b"TRUE" if value else b"FALSE"
    if isinstance(value, bytes) and value:
        return value
    if isinstance(value, (int, float)):
        return str(value).encode("ascii")
    if not isinstance(value, (str, bytes)):
        raise ValueError("is neither a value nor a list of values", "write texts, numbers, true or false")
    if isinstance(value, bytes) or not value:
        raise ValueError("is empty, which a directory cannot hold", "leave it out, or write [] to have none")
    if not binary:
        return value.encode("utf-8", "surrogateescape")
    try:
        return base64.b64decode("".join(value.split()), validate=True)
    except binascii.Error:
        raise ValueError("is not base64", "write the bytes in base64") from None


def shown(key: str, values: Sequence[bytes]) -> Any:
    """Values for people: text where it is text, the size of anything else, nothing of a secret."""
    if is_secret(key):
        return [HIDDEN] * len(values)
    return [_shown(value) for value in values]


def _shown(value: bytes) -> str:
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        return f"({len(value)} bytes)"
    if not text.isprintable() and any(ord(character) < 32 and character not in "\t\n\r" for character in text):
        return f"({len(value)} bytes)"
    return text if len(text) <= SHOWN_BYTES else f"{text[:SHOWN_BYTES]}... ({len(text)} characters)"


def as_json(values: Sequence[bytes], binary: bool) -> list[str]:
    """Values as a module returns them: text, or base64 when any of them is none."""
    if not binary:
        try:
            return [value.decode("utf-8") for value in values]
        except UnicodeDecodeError:
            pass
    return [base64.b64encode(value).decode("ascii") for value in values]


def has_binary(values: Collection[bytes]) -> bool:
    """Whether any value is not text."""
    for value in values:
        try:
            value.decode("utf-8")
        except UnicodeDecodeError:
            return True
    return False
