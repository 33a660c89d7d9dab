# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The first records of a queue file. Pure.

A record is a letter for its type, its length in groups of seven bits, the lowest first, and so many bytes. The record
of type T has the time of arrival, in front of anything that a sender could have written.
"""

from __future__ import annotations

from typing import Optional

# More than the records before the time of arrival and that itself take.
HEAD = 512


def arrival_of(head: bytes) -> Optional[int]:
    """When a message came, in seconds since 1970, or nothing where these bytes do not say it."""
    place = 0
    while place < len(head):
        kind, length, place = head[place : place + 1], 0, place + 1
        for shift in (0, 7, 14, 21, 28):
            if place >= len(head):
                return None
            byte, place = head[place], place + 1
            length |= (byte & 0x7F) << shift
            if byte < 0x80:
                break
        data, place = head[place : place + length], place + length
        if kind == b"T":
            digits = data.split(b" ", 1)[0]
            return int(digits) if digits.isdigit() else None
    return None
