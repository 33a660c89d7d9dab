# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lookup tables of one type become those of another: which, what they are built from, and the new texts. Pure."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Optional

from . import references as naming
from .references import Reference


@dataclass(frozen=True)
class Request:
    """The options of the module: types to leave, types to have instead, and paths to leave alone."""

    kinds: Sequence[str]
    to: str
    cache_to: str
    ignore: Sequence[str] = ()

    def wants(self, reference: Reference) -> bool:
        return reference.kind in self.kinds and not any(
            fnmatch.fnmatchcase(reference.path, pattern) for pattern in self.ignore
        )

    def kind_for(self, reference: Reference) -> str:
        return self.cache_to if reference.cache else self.to


@dataclass(frozen=True)
class Undecided:
    """A table that stays as it is until somebody decides."""

    path: str
    reason: str
    cure: str
    places: Sequence[str] = ()

    def __str__(self) -> str:
        return f"{self.path} ({', '.join(self.places)}) {self.reason}; {self.cure}"

    def as_dict(self) -> dict[str, Any]:
        return {"path": self.path, "places": list(self.places), "reason": self.reason, "cure": self.cure}


@dataclass(frozen=True)
class Configuration:
    """main.cf, master.cf and what is built into Postfix. ``types`` are the parameters that hold a type alone."""

    directory: str
    main: str
    master: str
    defaults: Mapping[str, str]
    types: Mapping[str, str] = field(default_factory=dict)

    def references(self) -> list[Reference]:
        return naming.references(self.main, self.master, self.defaults, self.directory)


@dataclass(frozen=True)
class Table:
    """A table that has to be built: from the text in ``path``, with the tool for aliases or not."""

    path: str
    kind: str
    places: tuple[str, ...]
    is_alias: bool

    @property
    def tool(self) -> str:
        return "postalias" if self.is_alias else "postmap"


def tables_of(found: Sequence[Reference], request: Request) -> list[Table]:
    """What has to be built, once for each path. Caches and paths that other parameters go on with are not."""
    by_path: dict[str, list[Reference]] = {}
    for reference in found:
        if request.wants(reference) and not reference.cache and not reference.prefix:
            by_path.setdefault(reference.path, []).append(reference)
    return [
        Table(
            path,
            of_path[0].kind,
            tuple(dict.fromkeys(one.place for one in of_path)),
            any(one.parameter in naming.ALIASES for one in of_path),
        )
        for path, of_path in by_path.items()
    ]


def chooser(found: Sequence[Reference], request: Request, undecided: Sequence[str]) -> naming.Choose:
    """Which new type a written table gets: none when it is not asked for, or somebody has to decide first."""
    chosen = {
        (one.kind, one.written): request.kind_for(one)
        for one in found
        if one.written is not None and request.wants(one) and one.path not in undecided
    }
    return lambda kind, written: chosen.get((kind, written))


def new_types(present: Configuration, request: Request) -> dict[str, str]:
    """The parameters that hold a type alone and get another one."""
    new = {naming.DEFAULT_TYPE: request.to, naming.DEFAULT_CACHE_TYPE: request.cache_to}
    return {name: new[name] for name, kind in present.types.items() if kind in request.kinds}


def switched(present: Configuration, request: Request, choose: naming.Choose) -> Configuration:
    """The configuration with other types."""
    return Configuration(
        present.directory,
        naming.switch_main(present.main, choose, present.defaults, new_types(present, request)),
        naming.switch_lines(present.master, choose),
        present.defaults,
    )


def half_switched(after: Sequence[Reference], request: Request, undecided: Sequence[str]) -> list[str]:
    """Places where a table that has to stay gets the new type all the same, through another parameter."""
    return [
        f"{one.place} names {one.path}"
        for one in after
        if one.kind == request.to and one.path in undecided and one.written is None
    ]


def listed(before: Sequence[Reference], request: Request, undecided: Sequence[str]) -> list[dict[str, Optional[str]]]:
    """What is switched, a dictionary for each place."""
    return [
        {
            "place": one.place,
            "path": one.path,
            "from": one.kind,
            "to": request.kind_for(one),
            "kind": "cache" if one.cache else "prefix" if one.prefix else "table",
        }
        for one in before
        if request.wants(one) and one.path not in undecided
    ]


def listed_types(present: Configuration, request: Request) -> list[dict[str, Optional[str]]]:
    """The same for the parameters that hold a type alone."""
    return [
        {"place": f"{naming.MAIN}: {name}", "path": None, "from": present.types[name], "to": new, "kind": "default"}
        for name, new in new_types(present, request).items()
    ]
