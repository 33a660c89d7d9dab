# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text from files that are not UTF-8: our own functions keep their bytes, Ansible takes no such text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def printable(value: Any) -> Any:
    """``value`` for Ansible: bytes that are not UTF-8, kept by surrogate escapes until here, are shown as ``\\xe9``."""
    if isinstance(value, str):
        return (
            value if value.isascii() else value.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
        )
    if isinstance(value, Mapping):
        return {printable(key): printable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [printable(item) for item in value]
    return value


def shortened(text: str, limit: int = 2000) -> str:
    """``text`` with the rest of very long lines, such as those that repeat a very long value, counted only."""
    return "\n".join(
        line if len(line) <= limit else f"{line[:limit]}... ({len(line)} characters)" for line in text.split("\n")
    )
