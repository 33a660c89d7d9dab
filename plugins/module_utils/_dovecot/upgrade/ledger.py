# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The account of an upgrade: for every setting that was read, what became of it; and the settings that came out."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Optional

from ..._engine.secrets import HIDDEN
from ..masking import looks_secret
from ..reading import Setting
from .variables import MAIL, converted

# A path of headers that ends with the name of a setting, and what to write there.
Target = tuple[str, ...]

CONVERTED, DROPPED, DECISION = "converted", "dropped", "decision"


@dataclass
class Entry:
    """A live setting: ``value`` has its references resolved, ``name`` has the sections around it before it.

    ``scope`` holds the filters around it (protocol, local, remote, local_name), as they are written for 2.4.
    """

    setting: Setting
    value: str
    name: str
    scope: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return self.setting.name

    @property
    def words(self) -> list[str]:
        return self.value.replace(",", " ").split()

    @property
    def is_yes(self) -> bool:
        return self.value.lower() in ("yes", "y", "1", "true")


@dataclass
class Outcome:
    """What became of one setting. ``value`` is absent for a secret, ``new`` holds paths of the settings for 2.4."""

    file: str
    line: int
    name: str
    value: Optional[str]
    new: list[str] = field(default_factory=list)
    dropped: str = ""
    question: str = ""

    @property
    def state(self) -> str:
        if self.question:
            return DECISION
        return CONVERTED if self.new or not self.dropped else DROPPED

    def as_dict(self) -> dict[str, Any]:
        shown: dict[str, Any] = {"file": self.file, "line": self.line, "name": self.name, "value": self.value}
        if self.new or self.state == CONVERTED:
            shown["new"] = self.new
        if self.state != CONVERTED:
            shown["reason"] = self.question or self.dropped
        return shown


class Ledger:
    """Takes in what becomes of each setting.

    ``settings`` and ``secrets`` are nested as the options of dovecot_config are. ``added`` maps a setting that 2.4
    needs and 2.3 did not to the reason. ``notes`` are things to know that no single setting stands for.
    """

    def __init__(self) -> None:
        self.settings: dict[str, Any] = {}
        self.secrets: dict[str, Any] = {}
        self.outcomes: dict[int, Outcome] = {}
        self.added: dict[str, str] = {}
        self.notes: list[str] = []

    def convert(self, entry: Entry, target: Target, value: Any) -> None:
        """``entry`` becomes the setting ``target`` below its filters, with ``value`` as it stands."""
        path = self.put((*entry.scope, *target), value)
        outcome = self._outcome(entry)
        if path not in outcome.new:
            outcome.new.append(path)

    def same(self, entry: Entry, target: Target, value: Optional[str] = None, kind: int = MAIL) -> None:
        """``entry`` becomes ``target``, the variables in it rewritten. Where one cannot be, somebody has to decide."""
        text, unknown = converted(entry.value if value is None else value, kind)
        if unknown:
            self.ask(entry, f"2.4 has nothing for {', '.join(unknown)}: write the value anew")
        else:
            self.convert(entry, target, text)

    def done(self, entry: Entry) -> None:
        """``entry`` needs nothing in 2.4, it is as it says there."""
        self._outcome(entry)

    def drop(self, entry: Entry, reason: str) -> None:
        self._outcome(entry).dropped = reason

    def ask(self, entry: Entry, question: str) -> None:
        outcome = self._outcome(entry)
        if question in outcome.question:
            return
        outcome.question = f"{outcome.question}; {question}" if outcome.question else question

    def add(self, target: Target, value: Any, reason: str) -> None:
        """A setting that was not there."""
        self.added[self.put(target, value)] = reason

    def note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def put(self, target: Target, value: Any) -> str:
        """Write one setting, where a later one takes the place of an earlier one; return its path."""
        *headers, name = target
        inside = _level(self.settings, headers)
        if isinstance(value, str) and looks_secret(name, value):
            _level(self.secrets, headers)[name] = value
        else:
            inside[name] = value
        return ".".join(target)

    def section(self, target: Target) -> None:
        """A section, even with nothing in it."""
        _level(self.settings, list(target))

    def ordered(self) -> dict[str, Any]:
        """The settings with those outside of sections first: Dovecot warns of what stands after a section with it."""
        return _ordered(self.settings)

    def get(self, *target: str) -> Any:
        """What was written for a setting or section that is no secret, nothing where there is none."""
        level: Any = self.settings
        for part in target:
            level = level.get(part) if isinstance(level, Mapping) else None
        return level

    def namespaces(self, scope: Target, pattern: str) -> list[str]:
        """The headers of the namespaces whose prefix, as 2.4 has it, fits a pattern of the shell."""
        level = self.get(*scope) if scope else self.settings
        return [
            header
            for header, inside in (level or {}).items()
            if header.startswith("namespace ") and fnmatch.fnmatchcase(inside.get("prefix", ""), pattern)
        ]

    def _outcome(self, entry: Entry) -> Outcome:
        setting = entry.setting
        if id(setting) not in self.outcomes:
            secret = looks_secret(setting.name, setting.value) or looks_secret(setting.name, entry.value)
            value = HIDDEN if secret else setting.value
            self.outcomes[id(setting)] = Outcome(setting.file, setting.line, entry.name, value)
        return self.outcomes[id(setting)]


def _level(tree: dict[str, Any], headers: list[str]) -> dict[str, Any]:
    for header in headers:
        tree = tree.setdefault(header, {})
    return tree


def _ordered(tree: Mapping[str, Any]) -> dict[str, Any]:
    plain = {name: value for name, value in tree.items() if not isinstance(value, Mapping)}
    return {**plain, **{name: _ordered(value) for name, value in tree.items() if isinstance(value, Mapping)}}
