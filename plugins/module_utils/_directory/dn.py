# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Distinguished names (RFC 4514): read, written, compared by meaning."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Callable, NamedTuple

# Attribute and value of each part of a relative name.
Rdn = Sequence[tuple[str, bytes]]
# A name by meaning: its relative names in normal form, the entry's own first. The parent's is key[1:].
Key = tuple[str, ...]

TYPE = re.compile(r"\s*(?:OID\.)?([A-Za-z][A-Za-z0-9-]*|[0-9]+(?:\.[0-9]+)*)\s*=\s*", re.IGNORECASE)
SIMPLE = re.compile(r"([A-Za-z][A-Za-z0-9-]*)=([^\\\",;+<>#=\x00 ](?:[^\\\",;+<>\x00]*[^\\\",;+<>\x00 ])?)")
SPECIAL = re.compile(r'[\\",;+<>=\x00]|^[ #]| $')
ESCAPED = re.compile(r"\\(?:([0-9A-Fa-f]{2})|(.))", re.DOTALL)


class BadNameError(Exception):
    """A text that is no distinguished name; says why."""


class Dn(NamedTuple):
    """A name as it was given, its relative names, and its key for comparisons."""

    text: str
    rdns: Sequence[Rdn]
    key: Key


def parse(text: str) -> list[Rdn]:
    """The relative names, the entry's own first; none for the empty name. Raises :class:`BadNameError`."""
    rdns: list[Rdn] = []
    parts: list[tuple[str, bytes]] = []
    position, size = 0, len(text)
    if not text.strip():
        return rdns
    while True:
        found = TYPE.match(text, position)
        if found is None:
            raise BadNameError(f"has no attribute= at character {position + 1}")
        value, position = _value(text, found.end())
        parts.append((found[1], value))
        separator = text[position : position + 1]
        position += 1
        if separator in (",", ";", ""):
            rdns.append(parts)
            parts = []
        if separator == "" or position > size:
            return rdns


def _value(text: str, start: int) -> tuple[bytes, int]:
    """The value that begins at ``start``, and the position of the separator after it."""
    if text[start : start + 1] == '"':
        end = start + 1
        while text[end : end + 1] not in ('"', ""):
            end += 2 if text[end] == "\\" else 1
        if end >= len(text):
            raise BadNameError('has a " without another one')
        value, rest = text[start + 1 : end], re.compile(r"\s*").match(text, end + 1)
        return unescape(value), rest.end() if rest else end + 1
    end = start
    while end < len(text) and text[end] not in ",;+":
        if text[end] in '"<>\x00':
            raise BadNameError(f"has {text[end]!r} at character {end + 1}, which needs a \\ before it")
        end += 2 if text[end] == "\\" else 1
    if end > len(text):
        raise BadNameError("ends with a \\")
    raw = text[start:end]
    if raw.startswith("#"):
        return _from_hexadecimal(raw.strip()), end
    stripped = raw.rstrip(" ")
    # The blank after a backslash belongs to the value.
    if len(stripped) < len(raw) and (len(stripped) - len(stripped.rstrip("\\"))) % 2:
        stripped += " "
    if not stripped:
        raise BadNameError(f"has an empty value at character {start + 1}")
    return unescape(stripped), end


def _from_hexadecimal(raw: str) -> bytes:
    try:
        data = bytes.fromhex(raw[1:])
    except ValueError:
        raise BadNameError(f"has {raw!r}, which is not hexadecimal") from None
    if len(data) < 2 or data[1] & 0x80 or data[1] != len(data) - 2:
        raise BadNameError(f"has {raw!r}, which is no BER value")
    return data[2:]


def unescape(text: str) -> bytes:
    if "\\" not in text:
        return text.encode("utf-8", "surrogateescape")
    out, position = b"", 0
    for found in ESCAPED.finditer(text):
        out += text[position : found.start()].encode("utf-8", "surrogateescape")
        out += bytes.fromhex(found[1]) if found[1] else found[2].encode("utf-8", "surrogateescape")
        position = found.end()
    return out + text[position:].encode("utf-8", "surrogateescape")


def escape(value: bytes) -> str:
    """A value as it may stand in a name."""
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        return "".join(f"\\{byte:02x}" for byte in value)
    if not SPECIAL.search(text):
        return text
    return SPECIAL.sub(lambda found: "\\00" if found[0] == "\x00" else f"\\{found[0]}", text)


def rdn_text(rdn: Rdn) -> str:
    return "+".join(f"{name}={escape(value)}" for name, value in rdn)


def join(rdns: Iterable[Rdn]) -> str:
    return ",".join(rdn_text(rdn) for rdn in rdns)


class Names:
    """Reads names and knows which are equal, by the matching rules of the schema.

    ``normal`` takes an attribute and a value to a text that equal values share, ``attribute`` a name to the one that
    all its aliases share. Parents are kept: a list of ten thousand names has few.
    """

    def __init__(self, attribute: Callable[[str], str], normal: Callable[[str, bytes], bytes]) -> None:
        self._attribute = attribute
        self._normal = normal
        self._parents: dict[str, Dn] = {"": Dn("", (), ())}

    def read(self, text: str) -> Dn:
        first, comma, rest = text.partition(",")
        simple = SIMPLE.fullmatch(first) if rest.strip() or not comma else None
        if simple is None:
            rdns = parse(text)
            return Dn(text, rdns, tuple(self._rdn(rdn) for rdn in rdns))
        parent = self._parents.get(rest)
        if parent is None:
            try:
                parent = self._parents[rest] = self.read(rest.lstrip())
            except BadNameError:
                # The same again, with the place in the whole name.
                parse(text)
                raise
        rdn = [(simple[1], simple[2].encode("utf-8", "surrogateescape"))]
        return Dn(text, [rdn, *parent.rdns], (self._rdn(rdn), *parent.key))

    def normal(self, value: bytes) -> bytes:
        """The form of a value that is a name, for comparisons; itself when it is none."""
        try:
            return ",".join(self.read(value.decode("utf-8", "surrogateescape")).key).encode("utf-8", "surrogateescape")
        except BadNameError:
            return value

    def _rdn(self, rdn: Rdn) -> str:
        parts = [(self._attribute(name), self._normal(name, value)) for name, value in rdn]
        return rdn_text(parts if len(parts) == 1 else sorted(parts))
