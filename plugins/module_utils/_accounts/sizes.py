# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sizes as people write them."""

from __future__ import annotations

import re

UNITS = "KMGTP"
SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?(?:([KMGTP])(?:i?B)?|B)?", re.IGNORECASE)
LARGEST = 2**63 - 1


def parse_size(text: str) -> int:
    """Bytes of ``2G``, ``1.5 GiB`` or ``1048576``; units are powers of 1024. Raises ValueError."""
    found = SIZE.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    number, unit = found.groups()
    factor = 1024 ** (UNITS.index(unit.upper()) + 1) if unit else 1
    size = int(number) * factor if number.isdigit() else round(float(number) * factor)
    if size > LARGEST:
        raise ValueError(text)
    return size


def show_size(size: int) -> str:
    """The shortest exact form: ``2G``, ``1536M``, ``1000``; 0 is ``unlimited``."""
    if size == 0:
        return "unlimited"
    unit = ""
    for larger in UNITS:
        if size % 1024:
            break
        size, unit = size // 1024, larger
    return f"{size}{unit}"
