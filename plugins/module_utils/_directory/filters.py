# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Search filters (RFC 4515): from text to what LDAP sends, and values made safe for the text form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple, Optional, Union

from . import ber

EVERYTHING = "(objectClass=*)"
MAX_DEPTH = 100
ATTRIBUTE = re.compile(r"(?:[A-Za-z][A-Za-z0-9-]*|[0-9]+(?:\.[0-9]+)*)(?:;[A-Za-z0-9-]+)*")
EXTENSIBLE = re.compile(r"(?P<type>[^:]*)(?P<dn>:dn)?(?::(?P<rule>[^:]+))?", re.IGNORECASE)
SIGN = re.compile(r"([~><:]?=)")
PLACEHOLDER = re.compile(r"\{(\w+)\}")
COMPARISONS = {"~=": 0xA8, ">=": 0xA5, "<=": 0xA6, "=": 0xA3}
PART = re.compile(r"\(([^()&|!][^()]*)\)")
UNSAFE = re.compile(rb"[\x00-\x1f()*\\\x7f-\xff]")


class FilterError(Exception):
    """A text that is no filter; says why."""


class Comparison(NamedTuple):
    """One comparison of a filter. ``value`` is nothing where any or a part of one will do, ``rule`` a matching rule."""

    attribute: str
    value: Optional[bytes]
    rule: Optional[str] = None


def escape(value: Union[str, bytes]) -> str:
    """A value as it may stand in a filter, whatever characters it has."""
    data = value.encode("utf-8", "surrogateescape") if isinstance(value, str) else value
    return UNSAFE.sub(lambda found: b"\\%02x" % found[0][0], data).decode("ascii")


def fill(text: str, values: Mapping[str, Any]) -> str:
    """``text`` with values in the place of ``{name}``, escaped; :class:`FilterError` for one without a value."""

    def value(found: re.Match[str]) -> str:
        if found[1] not in values:
            raise FilterError(f"has {found[0]}, for which filter_values has no value")
        given = values[found[1]]
        return escape(str(given).upper() if isinstance(given, bool) else str(given))

    return PLACEHOLDER.sub(value, text) if values else text


def encode(text: str) -> bytes:
    """The filter for ``messages.search``; raises :class:`FilterError`."""
    stripped = text.strip()
    if not stripped.startswith("("):
        stripped = f"({stripped})"
    encoded, end = _filter(stripped, 0, 0)
    if end != len(stripped):
        raise FilterError(f"{stripped[end:]!r} is left over after its end")
    return encoded


def comparisons(text: str) -> list[Comparison]:
    """What a filter compares, in its order; ``text`` is one that :func:`encode` takes."""
    return [_compared(found[1]) for found in PART.finditer(f"({text.strip()})")]


def _compared(text: str) -> Comparison:
    left, sign, right = SIGN.split(text, maxsplit=1)
    if sign != ":=":
        return Comparison(left.strip(), None if "*" in right else _value(right))
    found = EXTENSIBLE.fullmatch(left.strip())
    return Comparison(found["type"], _value(right), found["rule"]) if found is not None else Comparison("", None)


def _filter(text: str, position: int, depth: int) -> tuple[bytes, int]:
    if depth > MAX_DEPTH:
        raise FilterError("is nested too deeply")
    if text[position : position + 1] != "(":
        raise FilterError(f"has no ( at character {position + 1}")
    kind = text[position + 1 : position + 2]
    if kind in ("&", "|", "!"):
        parts, position = [], position + 2
        while text[position : position + 1] == "(":
            part, position = _filter(text, position, depth + 1)
            parts.append(part)
        if kind == "!" and len(parts) != 1:
            raise FilterError("has a ! without exactly one part")
        encoded = ber.constructed({"&": 0xA0, "|": 0xA1, "!": 0xA2}[kind], parts)
    else:
        end = text.find(")", position)
        if end < 0:
            raise FilterError("has a ( without its )")
        encoded, position = _comparison(text[position + 1 : end]), end
    if text[position : position + 1] != ")":
        raise FilterError(f"has no ) at character {position + 1}")
    return encoded, position + 1


def _comparison(text: str) -> bytes:
    found = SIGN.search(text)
    if found is None:
        raise FilterError(f"has {text!r} without a comparison such as =")
    left, sign, right = text[: found.start()].strip(), found[0], text[found.end() :]
    if sign == ":=":
        return _extensible(left, right)
    if not ATTRIBUTE.fullmatch(left):
        raise FilterError(f"has {left!r}, which is no name of an attribute")
    name = ber.encode(ber.OCTETS, left.encode("ascii"))
    if sign == "=" and right == "*":
        return ber.encode(0x87, left.encode("ascii"))
    if sign == "=" and "*" in right:
        return ber.encode(0xA4, name + _substrings(right.split("*")))
    return ber.encode(COMPARISONS[sign], name + ber.encode(ber.OCTETS, _value(right)))


def _substrings(parts: list[str]) -> bytes:
    last = len(parts) - 1
    tags = [0x80 if place == 0 else 0x82 if place == last else 0x81 for place in range(len(parts))]
    return ber.constructed(ber.SEQUENCE, [ber.encode(tag, _value(part)) for tag, part in zip(tags, parts) if part])


def _extensible(left: str, right: str) -> bytes:
    found = EXTENSIBLE.fullmatch(left)
    if found is None or not (found["type"] or found["rule"]):
        raise FilterError(f"has {left!r}, which names neither an attribute nor a matching rule")
    parts = [ber.encode(0x81, found["rule"].encode())] if found["rule"] else []
    parts += [ber.encode(0x82, found["type"].encode())] if found["type"] else []
    parts.append(ber.encode(0x83, _value(right)))
    parts += [b"\x84\x01\xff"] if found["dn"] else []
    return ber.constructed(0xA9, parts)


def _value(text: str) -> bytes:
    if "(" in text or "*" in text or "\x00" in text:
        raise FilterError(rf"has a special character in {text!r}; write it as \28, \29, \2a or \00")
    data = text.encode("utf-8", "surrogateescape")
    if re.search(rb"\\(?![0-9A-Fa-f]{2})", data):
        raise FilterError(rf"has a \ in {text!r} without two hexadecimal digits; write it as \5c")
    return re.sub(rb"\\(..)", lambda found: bytes.fromhex(found[1].decode("ascii")), data)
