# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What doveconf says is in effect, each setting with its default and with the line that somebody wrote. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Optional

from .._engine.secrets import HIDDEN
from .flattening import lines_of
from .masking import looks_secret
from .reading import parse
from .settings import Line, leaves, quoted

# What doveconf shows in the place of a secret; it would be read as a comment.
HIDDEN_BY_DOVECONF = "# hidden, use -P to show it"
PRINTED = re.compile(r"^(?P<name>\s*[^\s#]\S*) =(?: (?P<value>.*))?$", re.MULTILINE)
# 2.3 keeps sections of these kinds apart although they have no name.
SEVERAL = ("namespace", "passdb", "userdb")

# The sections around a setting and its name, in the one form that all ways to write it have in common.
Place = tuple[tuple[str, ...], str]


def shown(output: str) -> list[Line]:
    """The lines of a configuration that doveconf printed. Its values would often be read as something else."""
    text = output.replace(HIDDEN_BY_DOVECONF, HIDDEN)
    return lines_of(parse(PRINTED.sub(lambda row: f"{row['name']} = {quoted(_printed(row['value'] or ''))}", text)))


def _printed(value: str) -> str:
    """A value without the quotes that doveconf puts around what needs them; those of any other are its own."""
    inside = re.sub(r"\\(.)", r"\1", value[1:-1])
    needed = "#" in inside or inside != inside.strip()
    return inside if needed and value.startswith('"') and value.endswith('"') else value


def in_effect(present: Sequence[Line], defaults: Sequence[Line], written: Sequence[Line]) -> list[dict[str, Any]]:
    """The settings that doveconf printed, with their ``defaults`` and the place where they were ``written``."""
    by_default = dict(_places(defaults))
    sources = dict(_places(written))
    entries = [_entry(line, _default(place, by_default), _source(place, sources)) for place, line in _places(present)]
    # doveconf shows some that nobody changed: what Sieve can do, and the words of a list beside those that are new.
    return [entry for entry in entries if entry["file"] or entry["value"] != entry["default"]]


def as_written(written: Sequence[Line]) -> list[dict[str, Any]]:
    """The settings that somebody wrote, where doveconf does not take them. The last one of each counts."""
    return [_entry(line, None, line) for line in dict(_places(written)).values()]


def _default(place: Place, by_default: dict[Place, Line]) -> Optional[str]:
    """What a setting is otherwise: ``yes`` for a word of a list that has it by default."""
    if place in by_default:
        return by_default[place].value
    lst = _source(place, by_default)
    return "yes" if lst and place[1][len(lst.name) + 1 :] in lst.words else None


def _source(place: Place, sources: dict[Place, Line]) -> Optional[Line]:
    """The line of a setting, or that of the list which it is a word of."""
    headers, name = place
    if place in sources:
        return sources[place]
    return next(
        (line for (around, lst), line in sources.items() if around == headers and name.startswith(f"{lst}_")), None
    )


def _entry(line: Line, default: Optional[str], source: Optional[Line]) -> dict[str, Any]:
    value = line.value or ""
    if value == HIDDEN and source and (source.value or "").startswith("<"):
        value = source.value or ""
    return {
        "section": [header.replace('"', "") for header in line.section],
        "name": line.name,
        "value": HIDDEN if looks_secret(line.name, value) else value,
        "default": default,
        "file": source.file if source else None,
        "line": source.row if source else None,
    }


def _places(lines: Sequence[Line]) -> Iterator[tuple[Place, Line]]:
    """Each setting with its place."""
    numbers: Counter[tuple[str, ...]] = Counter()
    around: list[str] = []
    for line in lines:
        if line.value is None and line.text.rstrip().endswith("{"):
            header = line.name.replace('"', "")
            if header in SEVERAL:
                numbers[(*around, header)] += 1
                header = f"{header} #{numbers[(*around, header)]}"
            around.append(header)
        elif line.value is None and line.text.strip() == "}":
            around.pop()
        elif line.value is not None:
            yield _place(around, line.name), line


def _place(around: Sequence[str], name: str) -> Place:
    """2.4 takes ``x_y`` also as ``y`` in a section ``x``, and within a section ``x z`` as ``z_y``."""
    named: list[str] = []
    for header in reversed(around):
        kind, _blank, title = header.partition(" ")
        if title:
            named.insert(0, header)
        elif not name.startswith(f"{kind}_"):
            name = f"{kind}_{name}"
    if named:
        kind, _blank, title = named[-1].partition(" ")
        for prefix in (f"{kind}_{title}_", f"{kind}_", f"{title}_"):
            name = name[len(prefix) :] if name.startswith(prefix) else name
    return tuple(named), name


def words(lines: Sequence[Line], name: str) -> list[str]:
    """The words of a list, each once: 2.4 shows ``word = yes`` in a section of its name."""
    found = [
        word
        for line in leaves(lines)
        for word in (line.words if line.name == name else [line.name] if line.kind == name and line.is_on else [])
    ]
    return list(dict.fromkeys(word for word in found if not word.startswith("$")))
