# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of BER (X.690) that LDAP uses: definite lengths, tags of one byte. Pure functions on bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Optional

BOOLEAN, INTEGER, OCTETS, ENUMERATED, SEQUENCE, SET = 0x01, 0x02, 0x04, 0x0A, 0x30, 0x31
TRUE = b"\x01\x01\xff"
FALSE = b"\x01\x01\x00"


class MalformedError(Exception):
    """Bytes that are no BER, or not what LDAP allows."""


def encode(tag: int, body: bytes) -> bytes:
    """One element."""
    size = len(body)
    if size < 0x80:
        return bytes((tag, size)) + body
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(octets))) + octets + body


def constructed(tag: int, parts: Iterable[bytes]) -> bytes:
    return encode(tag, b"".join(parts))


def integer(value: int, tag: int = INTEGER) -> bytes:
    return encode(tag, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def boolean(value: bool) -> bytes:
    return TRUE if value else FALSE


def end_of_message(data: bytes, position: int) -> Optional[int]:
    """Where the message that begins at ``position`` ends; nothing when the bytes do not reach that far."""
    if len(data) < position + 2:
        return None
    if data[position] != SEQUENCE:
        raise MalformedError(f"a message begins with byte {data[position]:#04x}")
    count = data[position + 1] & 0x7F if data[position + 1] & 0x80 else 0
    if count > 4:
        raise MalformedError("a message is longer than 4 GiB")
    if len(data) < position + 2 + count:
        return None
    end = header(data, position)[1]
    return end if end <= len(data) else None


def header(data: bytes, position: int) -> tuple[int, int]:
    """Where the content of the element at ``position`` begins and ends."""
    try:
        size = data[position + 1]
    except IndexError:
        raise MalformedError("an element is cut off") from None
    start = position + 2
    if size & 0x80:
        count = size & 0x7F
        start += count
        size = int.from_bytes(data[start - count : start], "big")
    return start, start + size


def elements(data: bytes, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Tag, begin and end of the content of each element between two positions."""
    while start < end:
        tag = data[start]
        first, last = header(data, start)
        if last > end:
            raise MalformedError("an element is longer than what holds it")
        yield tag, first, last
        start = last


def read_integer(data: bytes, start: int, end: int) -> int:
    return int.from_bytes(data[start:end], "big", signed=True)
