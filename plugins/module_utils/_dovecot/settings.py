# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nested data to the lines of a Dovecot configuration file, each with the option that it came from.

The syntax of 2.3 and 2.4 is the same but for references to other settings. How values are quoted and what expands was
measured with ``doveconf -x`` 2.3.19 and by authentication against 2.4.1; see also "Dovecot Config File Syntax" in
Dovecot's documentation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Optional

from .._engine.errors import Problem

# A setting, a key of a list (which may hold slashes and colons) or, with an @, a group label of 2.4.
NAME = re.compile(r'[^\s=#{}"\'\\!<$][^\s=#{}"\'\\]*')
PLAIN_SECTION_NAME = re.compile(r"[\w.:/@*+%,-]+")
# Dovecot expands a reference only where blanks surround it and no quotes do.
REFERENCE = {"2.3": re.compile(r"(?<!\S)\$[A-Za-z]\S*"), "2.4": re.compile(r"(?<!\S)\$(?:SET|ENV):\S+")}
FILE_REFERENCE = re.compile(r"</\S+")
# What only quotes protect: they themselves, the start of a comment, an escape, blanks around a value.
SPECIAL = re.compile(r"""["'#\\]|^\s|\s$""")
STANDS_ALONE = re.compile(r"(?<!\S)\$")
CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
WORD = re.compile(r"""[^\s"'#\\,]+""")
# Settings that belong first, in this order, in a file for 2.4; 2.3 does not know them.
VERSION_SETTINGS = ("dovecot_config_version", "dovecot_storage_version")


@dataclass(frozen=True)
class Line:
    """One line of a rendered file.

    ``option`` is the path that the user wrote, as in ``settings.service auth.client_limit``. ``section`` holds the
    headers around the line. ``value`` is the unquoted value of a setting, ``None`` for the two ends of a section.
    ``number`` is that in the whole text, from 1. ``length`` counts the lines that go with this one: those of a whole
    section for its first line, else 1. ``file`` and ``row`` say where a reader finds it: a configuration that was read
    comes from several files, and ``option`` is empty for it.
    """

    text: str
    option: str
    number: int
    name: str = ""
    value: Optional[str] = None
    section: tuple[str, ...] = ()
    secret: bool = False
    length: int = 1
    file: str = ""
    row: int = 0

    @property
    def words(self) -> list[str]:
        return (self.value or "").replace(",", " ").split()

    @property
    def kind(self) -> str:
        """The kind of the section that the line is in, as ``passdb`` in the section ``passdb sql``."""
        return self.section[-1].split(" ")[0] if self.section else ""

    @property
    def is_on(self) -> bool:
        return (self.value or "").lower() in ("yes", "y", "true", "on", "1")

    def sets(self, *names: str) -> bool:
        """Whether it sets one of ``names``: 2.4 takes ``x_y`` also as ``y`` in a section of the kind ``x``."""
        return self.value is not None and (self.name in names or f"{self.kind}_{self.name}" in names)


@dataclass(frozen=True)
class _Spot:
    """Where the renderer is: the path in the settings and in the secrets, the sections around, and which of both."""

    option: str
    hidden: str
    section: tuple[str, ...] = ()
    secret: bool = False

    def below(self, key: str) -> _Spot:
        return replace(self, option=f"{self.option}{key}", hidden=f"{self.hidden}{key}")


class Renderer:
    """Collects the lines and everything that is wrong with the data, for one file."""

    def __init__(self, syntax: str, references: bool = True, file: str = "") -> None:
        self.syntax = syntax
        self.references = references
        self.file = file
        self.lines: list[Line] = []
        self.problems: list[Problem] = []

    def render(self, settings: Mapping[str, Any], secrets: Mapping[str, Any], option: str = "") -> None:
        """Append the lines for ``settings`` with ``secrets`` laid over them. Both are below ``option``, if any."""
        self._level(settings, secrets, _Spot(f"{option}settings", f"{option}secrets"))

    def _level(self, settings: Mapping[str, Any], secrets: Mapping[str, Any], spot: _Spot) -> None:
        for key in dict.fromkeys([*settings, *secrets]):
            shown, hidden, here = settings.get(key), secrets.get(key), spot.below(f".{key}")
            if hidden is None:
                self._entry(key, shown, {}, here)
            elif isinstance(hidden, Mapping) and (shown is None or isinstance(shown, Mapping)):
                self._entry(key, shown or {}, hidden, here)
            elif isinstance(hidden, Mapping) or isinstance(shown, Mapping):
                message = "is a section on one side and a value on the other"
                self.problems.append(Problem(here.hidden, message, f"make it fit {here.option}"))
            else:
                self._entry(key, hidden, {}, replace(here, option=here.hidden, secret=True))

    def _entry(self, key: str, value: Any, secrets: Mapping[str, Any], spot: _Spot) -> None:
        if isinstance(value, Mapping):
            self._section(key, value, secrets, spot)
        elif _is_blocks(value):
            for number, block in enumerate(value):
                self._section(key, block, {}, spot.below(f"[{number}]"))
        elif value is not None:
            self._setting(key, value, spot)

    def _section(self, key: str, block: Mapping[str, Any], secrets: Mapping[str, Any], spot: _Spot) -> None:
        header = self._header(key, spot.option)
        if header is None:
            return
        opening = self._append(f"{header} {{", header, spot)
        inside = replace(spot, section=(*spot.section, header), secret=False)
        if spot.secret:
            self._level({}, block, inside)
        else:
            self._level(block, secrets, inside)
        self._append("}", header, spot)
        self.lines[opening] = replace(self.lines[opening], length=len(self.lines) - opening)

    def _append(self, text: str, name: str, spot: _Spot, value: Optional[str] = None) -> int:
        """Add a line; return its index."""
        text = f"{'  ' * len(spot.section)}{text}".rstrip()
        secret, number = spot.secret and value is not None, len(self.lines) + 1
        self.lines.append(
            Line(text, spot.option, number, name, value, spot.section, secret, file=self.file, row=number)
        )
        return len(self.lines) - 1

    def _setting(self, key: str, value: Any, spot: _Spot) -> None:
        if not NAME.fullmatch(key):
            cure = "give a dictionary of settings" if _has_section_name(key) else "write the name as Dovecot does"
            if key.startswith("!include"):
                cure = "declare the settings here, the file is whole without others"
            self.problems.append(Problem(spot.option, "is not the name of a setting", cure))
            return
        text = self._text(value, spot)
        written = None if text is None else self._quoted(text, spot)
        if written is not None:
            self._append(f"{key} = {written}", key, spot, text)

    def _text(self, value: Any, spot: _Spot) -> Optional[str]:
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, int):
            return str(value)
        if isinstance(value, str) and not CONTROL.search(value):
            return value
        if isinstance(value, (list, tuple)):
            return self._joined(value, spot)
        if isinstance(value, str):
            self._refuse(spot, value, "holds a line break or another control character", "write it on one line")
        elif isinstance(value, float):
            self._refuse(spot, value, "is a number with a fraction, which YAML may shorten", "put it in quotes")
        else:
            self._refuse(spot, value, "is not a value of Dovecot", "give a string, number, boolean or list of words")
        return None

    def _joined(self, items: Sequence[Any], spot: _Spot) -> Optional[str]:
        words = []
        for number, item in enumerate(items):
            here = spot.below(f"[{number}]")
            if isinstance(item, (list, tuple, Mapping)):
                self._refuse(here, item, "is not a word", "give words alone, or dictionaries alone")
                continue
            text = self._text(item, here)
            if text is not None and not WORD.fullmatch(text):
                self._refuse(here, item, "is not a single word", "give the whole value as one string")
            elif text is not None:
                words.append(text)
        return " ".join(words) if len(words) == len(items) else None

    def _quoted(self, text: str, spot: _Spot) -> Optional[str]:
        """``text`` as it is written. A secret stands for itself, whatever it looks like."""
        if spot.secret and self.syntax == "2.4":
            text = text.replace("%{", "%%{")
        special = SPECIAL.search(text)
        refers = FILE_REFERENCE.fullmatch(text) or REFERENCE[self.syntax].search(text)
        if refers and self.references and not spot.secret:
            if special:
                self._refuse(spot, text, "holds a reference, which quotes would end", "leave out what needs quotes")
            return None if special else text
        if special or text.startswith("<") or STANDS_ALONE.search(text):
            return quoted(text)
        return text

    def _header(self, key: str, option: str) -> Optional[str]:
        kind, _blank, name = key.partition(" ")
        name = name.strip()
        if len(name) > 1 and name[0] == name[-1] == '"':
            name = name[1:-1]
        if not NAME.fullmatch(kind) or re.search(r'["\\\x00-\x1f]', name):
            cure = "write it as `kind` or `kind name`, as Dovecot does"
            self.problems.append(Problem(option, "is not the name of a section", cure))
            return None
        if not name:
            return kind
        plain = kind == "group" or PLAIN_SECTION_NAME.fullmatch(name)
        return f"{kind} {name}" if plain else f'{kind} "{name}"'

    def _refuse(self, spot: _Spot, value: Any, message: str, cure: str) -> None:
        self.problems.append(Problem(spot.option, message, cure, None if spot.secret else value))


def _is_blocks(value: Any) -> bool:
    """Whether a list stands for several sections of one name."""
    return isinstance(value, (list, tuple)) and bool(value) and all(isinstance(item, Mapping) for item in value)


def _has_section_name(key: str) -> bool:
    kind, blank, name = key.partition(" ")
    return bool(blank and name and NAME.fullmatch(kind))


def quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def leaves(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines that set something."""
    return (line for line in lines if line.value is not None)


def text_of(lines: Sequence[Line]) -> str:
    return "".join(f"{line.text}\n" for line in lines)
