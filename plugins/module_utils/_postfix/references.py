# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a configuration names lookup tables in files, and the same configuration with other types of them. Pure.

A table is ``type:path`` wherever it stands: alone or in a list, behind ``proxy:``, in the braces of ``unionmap:`` and
``pipemap:``, behind a restriction such as ``check_client_access``, in an override of master.cf, or among the
restrictions that an access(5) table gives.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Callable, Optional

from . import main_cf, master_cf

MAIN, MASTER = "main.cf", "master.cf"
# Where Postfix keeps what it found out itself: such a file has no text that it could be built from.
CACHE = re.compile(r".*_cache_(?:database|map|name)|address_verify_map")
# A parameter of 3.11 says it for the caches.
DEFAULT_TYPE, DEFAULT_CACHE_TYPE = "default_database_type", "default_cache_db_type"
ALIASES = ("alias_maps", "alias_database")
# ${name:$other} is no table but a parameter with a value for the case that it is empty.
_TABLE = re.compile(
    r"(?<![\w$-])(?<!\$[{(])(\w+):((?:/|\$\w|\$\{\w+\}|\$\(\w+\))(?:\$\{\w+\}|\$\(\w+\)|[^\s,{}()\"'])*)"
)
_RESTRICTION = re.compile(r"\bcheck_\w+_access[ \t,]+(?:proxy:)?\w+:/[^\s,{}()]+")

# Old type and path, as written, to the new type, or nothing to leave it.
Choose = Callable[[str, str], Optional[str]]


@dataclass(frozen=True)
class Reference:
    """A table by its ``kind`` and ``path``; ``file`` and ``name`` say where: a parameter, or a service with one.

    ``written`` is the path as it stands there, nothing when only references to other parameters make it. ``cache`` is
    true for one that Postfix fills itself, ``prefix`` for what other parameters go on with, as in ``${maps}virtual``.
    """

    file: str
    name: str
    kind: str
    path: str
    written: Optional[str] = None
    cache: bool = False
    prefix: bool = False

    @property
    def place(self) -> str:
        return f"{self.file}: {self.name}"

    @property
    def parameter(self) -> str:
        return self.name.rpartition(" ")[2]


def tables(text: str) -> list[tuple[str, str]]:
    """Types and paths in a value, in order."""
    return [(found[1], found[2]) for found in _TABLE.finditer(text)]


def references(main: str, master: str, defaults: Mapping[str, str], directory: str) -> list[Reference]:
    """All of main.cf, of built-in defaults that count and name a table themselves, and of master.cf."""
    present = main_cf.values(main)
    values = {**defaults, **present, "config_directory": directory}
    places = [(MAIN, name, value) for name, value in values.items() if name in present or tables(value)]
    for service in master_cf.services(master).values():
        places += [(MASTER, f"{service.key} {name}", value) for name, value in service.options.items()]
        places += [(MASTER, f"{service.key} argument", value) for value in service.arguments]
    found = [one for file, name, value in places for one in _in_value(file, name, value, values.get)]
    caches = {one.path for one in found if CACHE.fullmatch(one.parameter)}
    longer = [one.path for one in found if one.written is None]
    return [replace(one, cache=one.path in caches, prefix=_is_prefix(one.path, longer)) for one in found]


def nested(path: str, values: Iterable[str]) -> list[Reference]:
    """Tables that restrictions in the ``values`` of an access table name."""
    return [
        Reference(path, "a restriction", kind, inner, inner)
        for value in values
        for restriction in _RESTRICTION.findall(value)
        for kind, inner in tables(restriction)
    ]


def switch_main(text: str, choose: Choose, defaults: Mapping[str, str], types: Mapping[str, str]) -> str:
    """main.cf with other types: in what is written, and written out where a default that counts would name one.

    ``types`` are parameters that hold a type alone, with their new values.
    """
    present = main_cf.values(text)
    wanted = {name: (new,) for name, new in types.items()}
    for name, value in defaults.items():
        if name not in present and _switched(value, choose) != value:
            wanted[name] = (_switched(value, choose),)
    return main_cf.edit(switch_lines(text, choose), wanted)


def switch_lines(text: str, choose: Choose) -> str:
    """``text`` with other types on every line that is no comment; nothing else is touched."""
    return "\n".join(line if line.lstrip().startswith("#") else _switched(line, choose) for line in text.split("\n"))


def switch_restrictions(text: str, choose: Choose) -> str:
    """The text of an access table with other types in its restrictions."""
    lines = text.split("\n")
    return "\n".join(
        line if line.lstrip().startswith("#") else _RESTRICTION.sub(lambda found: _switched(found[0], choose), line)
        for line in lines
    )


def _is_prefix(path: str, longer: Sequence[str]) -> bool:
    return path.endswith("/") or any(other.startswith(path) and other != path for other in longer)


def _switched(text: str, choose: Choose) -> str:
    def replacement(found: re.Match[str]) -> str:
        new = choose(found[1], found[2])
        return found[0] if new is None else f"{new}:{found[2]}"

    return _TABLE.sub(replacement, text)


def _in_value(file: str, name: str, value: str, lookup: main_cf.Lookup) -> list[Reference]:
    written = [(kind, main_cf.expand(path, lookup) or path, path) for kind, path in tables(value)]
    found = [Reference(file, name, kind, path, raw) for kind, path, raw in written]
    # What is left of the expanded value comes from other parameters, even when it is written out beside.
    known = [(kind, path) for kind, path, _raw in written]
    for kind, path in tables(main_cf.expand(value, lookup) or ""):
        if (kind, path) in known:
            known.remove((kind, path))
        else:
            found.append(Reference(file, name, kind, path))
    return found
