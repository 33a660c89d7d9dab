# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a value is of the syntax of its attribute (RFC 4517). What slapd takes must pass here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Callable, NamedTuple, Optional

from . import dn
from .matching import TIME

ROOT = "1.3.6.1.4.1.1466.115.121.1."
INTEGER = re.compile(rb"0|-?[1-9][0-9]*")
PRINTABLE = re.compile(rb"[A-Za-z0-9'()+,\-./:?= ]+")
NUMERIC = re.compile(rb"[0-9 ]+")
BITS = re.compile(rb"'[01]*'B")
UUID = re.compile(rb"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


class Syntax(NamedTuple):
    """What a value of it is called, how to write one, and whether a value is one."""

    name: str
    cure: str
    holds: Callable[[bytes], bool]


def _is_text(value: bytes) -> bool:
    try:
        value.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_name(value: bytes) -> bool:
    try:
        dn.parse(value.decode("utf-8"))
    except (dn.BadNameError, UnicodeDecodeError):
        return False
    return True


def _is_name_and_uid(value: bytes) -> bool:
    before, hash_, uid = value.rpartition(b"#")
    return _is_name(before if hash_ and BITS.fullmatch(uid) else value)


SYNTAXES: Mapping[str, Syntax] = {
    f"{ROOT}6": Syntax("a bit string", "write it like '0101'B", lambda value: BITS.fullmatch(value) is not None),
    f"{ROOT}7": Syntax("a boolean", "write true or false", lambda value: value in (b"TRUE", b"FALSE")),
    f"{ROOT}8": Syntax("a certificate", "give one in DER, in base64", lambda value: value[:1] == b"\x30"),
    f"{ROOT}12": Syntax("a distinguished name", "write it like uid=alice,dc=example,dc=org", _is_name),
    f"{ROOT}15": Syntax("a text in UTF-8", "write text", _is_text),
    f"{ROOT}24": Syntax(
        "a point of time",
        "write it like 20260131235959Z",
        lambda value: TIME.fullmatch(value.decode("ascii", "replace")) is not None,
    ),
    f"{ROOT}26": Syntax("a text in ASCII", "write it without accents and the like", bytes.isascii),
    f"{ROOT}27": Syntax("a whole number", "write a number", lambda value: INTEGER.fullmatch(value) is not None),
    f"{ROOT}34": Syntax("a distinguished name", "write it like uid=alice,dc=example,dc=org", _is_name_and_uid),
    f"{ROOT}36": Syntax(
        "a text of digits", "write digits and blanks", lambda value: NUMERIC.fullmatch(value) is not None
    ),
    f"{ROOT}44": Syntax(
        "a printable text",
        "write letters, digits, blanks and '()+,-./:?=",
        lambda value: PRINTABLE.fullmatch(value) is not None,
    ),
    f"{ROOT}50": Syntax(
        "a telephone number", "write it like +49 30 123456", lambda value: PRINTABLE.fullmatch(value) is not None
    ),
    "1.3.6.1.1.16.1": Syntax(
        "a UUID", "write 32 hexadecimal digits with hyphens", lambda value: bool(UUID.fullmatch(value))
    ),
}


def fault(syntax: Optional[str], value: bytes) -> Optional[tuple[str, str]]:
    """Message and cure when a value is not of a syntax."""
    known = SYNTAXES.get(syntax or "")
    return None if known is None or known.holds(value) else (f"is not {known.name}", known.cure)
