# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What slapadd says when it does not take a configuration, made short: the entry, the value and the reason."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Optional

from ..._engine.secrets import HIDDEN
from .dump import Entry
from .show import masked, secret_words

# 2.5 begins its lines with a time and a thread.
STAMP = re.compile(r"^[0-9a-f]{8}(\.[0-9a-f]+)? (0x[0-9a-f]+ )?")
ENTRY = re.compile(r'could not (?:add|parse) entry(?: dn="([^"]+)")?')
# The path of the private folder, which is gone by now.
PRIVATE = re.compile(r"^(<= str2entry: |/\S+: line \d+: )")
VALUE = re.compile(r"(olc[A-Za-z]+): value #(\d+): (.*)")
TELLING = re.compile(
    r"value #|could not|slapadd: |slaptest: |config error|invalid|unknown|not found|undefined", re.IGNORECASE
)


def told(said: str, entries: Sequence[Entry]) -> str:
    """``said`` is what it printed, ``entries`` the configuration. Secrets are left out."""
    lines = [STAMP.sub("", line.strip()) for line in said.splitlines()]
    lines = [
        re.sub(r" \(line=\d+\)", "", PRIVATE.sub("", line))
        for line in lines
        if TELLING.search(line) and "::=" not in line
    ]
    found = ENTRY.search("\n".join(lines))
    entry = next((entry for entry in entries if found is not None and entry.dn == found[1]), None)
    # The last words of slapd 2.6 are sometimes no text.
    reasons = [line for line in lines if not ENTRY.search(line)] or lines
    reasons = [_with_value(line, entry) for line in dict.fromkeys(reasons)]
    return (f"{entry.dn}: " if entry else "") + _scrubbed("; ".join(reasons) or said.strip()[-500:], entries)


def _scrubbed(text: str, entries: Sequence[Entry]) -> str:
    """slapd quotes what it cannot read, and where a quotation mark is missing, that is a part of a secret."""
    for entry in entries:
        for name, values in entry.attributes.items():
            for word in (word for value in values for word in secret_words(name, value)):
                text = text.replace(word, HIDDEN)
    return text


def _with_value(line: str, entry: Optional[Entry]) -> str:
    """The value itself in place of its number."""
    found = VALUE.search(line)
    if found is None or entry is None:
        return line
    values = entry.attributes.get(found[1], ())
    place = int(found[2])
    value = f" {masked(found[1], values[place])!r}" if place < len(values) else ""
    return f"{found[1]}{value}: {found[3]}"
