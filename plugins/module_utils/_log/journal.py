# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Entries of the journal, as ``journalctl --output=json`` prints them, as the lines that syslog would write."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any, Optional

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def lines_of(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Blocks of entries, a JSON object a line, as blocks of lines of a log."""
    for block in blocks:
        yield b"".join(map(line_of, block.splitlines()))


def line_of(entry: bytes) -> bytes:
    """The line for one entry. What is no entry stays as it is, and counts as a broken line later."""
    try:
        fields = json.loads(entry)
        micros = int(fields["__REALTIME_TIMESTAMP"])
        moment = (EPOCH + timedelta(microseconds=micros)).astimezone().isoformat(timespec="microseconds")
    except (ValueError, KeyError, TypeError, OverflowError):
        return entry + b"\n"
    host = _text(fields.get("_HOSTNAME")) or b"-"
    program = _text(fields.get("SYSLOG_IDENTIFIER")) or b"-"
    pid = _text(fields.get("SYSLOG_PID")) or _text(fields.get("_PID"))
    tag = program + b"[" + pid + b"]" if pid else program
    return b" ".join((moment.encode(), host, tag + b":", _text(fields.get("MESSAGE")).replace(b"\n", b" "))) + b"\n"


def cursor_of(entry: bytes) -> Optional[str]:
    """The name of the place of an entry in the journal."""
    try:
        cursor = json.loads(entry)["__CURSOR"]
    except (ValueError, KeyError, TypeError):
        return None
    return cursor if isinstance(cursor, str) else None


def _text(value: Any) -> bytes:
    """The journal gives text that is not UTF-8 as a list of bytes, and a field that is there twice as a list."""
    if isinstance(value, list):
        return bytes(value) if all(isinstance(item, int) and 0 <= item < 256 for item in value) else _text(value[0])
    return value.encode("utf-8", "surrogateescape") if isinstance(value, str) else b""
