# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Any configuration of Dovecot, 2.3 or 2.4, to a tree in which each setting knows its file and line.

What is read, what is refused and what is silently lost was measured with doveconf 2.3.19 and 2.4.1, which agree. The
files for external lookups of 2.3 (``dovecot-sql.conf.ext`` and the like) have the same syntax. Reading goes on after
a fault, so that all of them are reported at once.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Callable, Optional, Union

BLANK = " \t"
MARK = "\ufeff"
INCLUDE = "!include"
INCLUDE_TRY = "!include_try"
# A later 2.4 takes a value from the lines that follow, up to one that is the marker alone.
INLINE = re.compile(r"<<\s*(?P<marker>\w+)")
# Where a word begins that stands for another setting: 2.3 writes $name, 2.4 $SET:name and $ENV:name.
REFERENCE = re.compile(r"(?<!\S)\$(?:(?P<kind>SET|ENV):)?(?P<name>[A-Za-z][\w/@:-]*)(?!\S)")

# ``kind {``, ``kind name {``, ``kind "name" {`` and, in 2.4, ``group @label name {``.
HEADER = re.compile(
    r"""
    (?: (?P<kind> [^ \t=]+ ) [ \t]+ )
    (?: "(?P<quoted> [^"]* )" [ \t]* | (?P<name> @[^ \t]+ [ \t]+ [^ \t"{][^ \t]* | [^ \t"{][^ \t]* ) [ \t]+ )?
    \{
    """,
    re.VERBOSE,
)

PLAIN, QUOTED, FILE, TEXT = "plain", "quoted", "file", "text"


@dataclass(frozen=True)
class Access:
    """How to reach files.

    ``read`` gives the text of a file, nothing when there is none or a folder of that name. ``find`` gives the files
    that a pattern of the shell fits, in their order.
    """

    read: Callable[[str], Optional[str]]
    find: Callable[[str], Sequence[str]]


@dataclass(frozen=True)
class Fault:
    """What is wrong at a line. Dovecot refuses it, or loses it without a word."""

    file: str
    line: int
    message: str
    cure: str


@dataclass(frozen=True)
class Setting:
    """A name and its value, without quotes and escapes.

    ``form`` says how the value was written: ``plain``; ``quoted``, which protects references; ``file``, where it is
    the path of the file to take it from (relative to the folder of ``file``); or ``text``, the lines after it.
    ``line`` is its first, ``end`` its last.
    """

    file: str
    line: int
    end: int
    name: str
    value: str
    form: str = PLAIN

    @property
    def words(self) -> list[str]:
        return self.value.replace(",", " ").split()

    @property
    def references(self) -> list[str]:
        """The settings that the value refers to."""
        return [match["name"] for match in REFERENCE.finditer(self.value)] if self.form == PLAIN else []

    @property
    def path(self) -> str:
        """The file that a value of the form ``file`` is taken from."""
        return os.path.join(os.path.dirname(self.file), self.value)


@dataclass
class Section:
    """``kind name { ... }``, with what is in it in its order. The whole configuration is one without a kind."""

    file: str
    line: int
    kind: str = ""
    name: str = ""
    items: list[Union[Setting, Section]] = field(default_factory=list)

    @property
    def header(self) -> str:
        return f"{self.kind} {self.name}" if self.name else self.kind

    @property
    def settings(self) -> list[Setting]:
        return [item for item in self.items if isinstance(item, Setting)]

    @property
    def sections(self) -> list[Section]:
        return [item for item in self.items if isinstance(item, Section)]

    def value(self, name: str, default: Optional[str] = None) -> Optional[str]:
        """The value of a setting of the section itself. The last one counts, as for Dovecot."""
        return next((item.value for item in reversed(self.settings) if item.name == name), default)

    def walk(self, above: tuple[Section, ...] = ()) -> Iterator[tuple[tuple[Section, ...], Setting]]:
        """Each setting in and below, with the sections around it from the outermost on, the root left out."""
        for item in self.items:
            if isinstance(item, Setting):
                yield above, item
            else:
                yield from item.walk((*above, item))


@dataclass
class Reading:
    """What was read: the ``root`` of the tree, the ``files`` in the order in which they were met, the ``faults``.

    ``doubts`` are what Dovecot takes, and warns of.
    """

    root: Section
    files: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    doubts: list[Fault] = field(default_factory=list)


def read(path: str, access: Access) -> Reading:
    """The configuration in the file ``path``, with all that it includes."""
    reading = Reading(Section(path, 0))
    text = access.read(path)
    if text is None:
        reading.faults.append(Fault(path, 0, "does not exist", "name the file that Dovecot starts with"))
        return reading
    reader = _Reader(reading, access)
    reader.file(path, text)
    reader.end()
    return reading


def parse(text: str, path: str = "dovecot.conf") -> Reading:
    """The configuration in ``text``, as that of a file ``path``. It cannot include others."""
    return read(path, Access({path: text}.get, lambda pattern: []))


@dataclass
class _Source:
    """A file in the course of being read: ``at`` is the index of the row to read next."""

    path: str
    rows: Sequence[str]
    at: int = 0

    def inline(self, marker: str) -> Optional[str]:
        """The lines up to the one that is ``marker`` alone, which is passed over, too."""
        ending = next((at for at in range(self.at, len(self.rows)) if self.rows[at].strip() == marker), None)
        if ending is None:
            return None
        text = "".join(f"{row}\n" for row in self.rows[self.at : ending])
        self.at = ending + 1
        return text


class _Reader:
    """Where the reading is: the open sections, and the files that include each other."""

    def __init__(self, reading: Reading, access: Access) -> None:
        self.reading = reading
        self.access = access
        self.open = [reading.root]
        self.including: list[str] = []
        # A header without its {, which may stand on the next line in the mind of the writer.
        self.headless: Optional[tuple[str, str]] = None

    def file(self, path: str, text: str) -> None:
        self.including.append(os.path.normpath(path))
        self.reading.files.append(path)
        if text.startswith(MARK):
            self._fault(
                path,
                1,
                "begins with a byte order mark, which Dovecot takes for a part of the first word",
                "save it without",
            )
            text = text[len(MARK) :]
        source = _Source(path, text.split("\n"))
        while source.at < len(source.rows):
            first = source.at + 1
            logical = self._logical(source)
            if logical:
                self._line(source, first, logical)
        self.including.pop()

    def end(self) -> None:
        for section in self.open[1:]:
            self._fault(section.file, section.line, f"the section {section.header} has no end", "close it with a }")

    def _logical(self, source: _Source) -> str:
        """The logical line that begins at the next row, empty where there is nothing in it."""
        first = source.at + 1
        parts: list[str] = []
        while source.at < len(source.rows):
            row, glued = without_comment(source.rows[source.at].removesuffix("\r"))
            source.at += 1
            if glued:
                cure = "put the value in quotes, or a blank before the #"
                doubt = Fault(source.path, source.at, "all from the # on is taken for a comment", cure)
                self.reading.doubts.append(doubt)
            if row.endswith("\\"):
                parts.append(row[:-1].rstrip(BLANK))
            elif row or not any(parts):
                return " ".join(part for part in (*parts, row) if part)
            else:
                break
        if any(parts):
            message = "ends with a \\ and nothing follows: Dovecot leaves the setting out"
            self._fault(source.path, first, message, "take out the \\, or the comment or empty line after it")
        return ""

    def _line(self, source: _Source, first: int, logical: str) -> None:
        """Take in a logical line, whose first row is ``first``."""
        name = re.split(r"[ \t=]", logical, maxsplit=1)[0]
        rest = logical[len(name) :].lstrip(BLANK)
        headless, self.headless = self.headless, None
        if name in (INCLUDE, INCLUDE_TRY):
            self._include(source.path, first, rest, required=name == INCLUDE)
        elif rest.startswith("="):
            self._setting(source, first, name, rest[1:].lstrip(BLANK))
        elif logical == "}":
            self._close(source.path, first)
        elif logical == "{" and headless:
            self._open(source.path, first, *headless)
        else:
            self._header(source.path, first, logical)

    def _setting(self, source: _Source, first: int, name: str, written: str) -> None:
        if not name:
            self._fault(source.path, first, "has no name before the =", "write it as `name = value`")
            return
        value, form = _value(written)
        inline = INLINE.fullmatch(written)
        if inline:
            text = source.inline(inline["marker"])
            if text is None:
                message = f"no line with {inline['marker']} alone ends its value"
                self._fault(source.path, first, message, f"end it with a line {inline['marker']}")
            else:
                value, form = text, TEXT
        self.open[-1].items.append(Setting(source.path, first, source.at, name, value, form))

    def _header(self, path: str, line: int, logical: str) -> None:
        match = HEADER.fullmatch(logical)
        if match:
            quoted = match["quoted"]
            self._open(path, line, match["kind"], match["name"] or re.sub(r"\\(.)", r"\1", quoted or ""))
            return
        # Not as Dovecot wants it: a section is opened all the same where one was meant, or each } would be a fault.
        kind = re.split(r"[ \t{]", logical, maxsplit=1)[0]
        loose = re.fullmatch(r"(?P<head>[^{]*)(?P<brace>\{.*)", logical)
        head, brace = (loose["head"], loose["brace"]) if loose else (logical, "")
        name = head[len(kind) :].strip().strip("\"'")
        if not brace:
            message = f"{kind} is neither a setting nor a section"
            self._fault(path, line, message, "write `name = value` or `kind name {`")
            self.headless = (kind, name)
        elif brace == "{":
            self._fault(path, line, "is no header of a section", 'write `kind "name" {`, with blanks before the {')
            self._open(path, line, kind, name)
        else:
            self._fault(path, line, f"something stands after the {{ of {kind}", "put each setting on a line of its own")
            self._open(path, line, kind, name)
            self.open[-1].items += _settings_in(brace[1:].rstrip("} \t"), path, line)
            if brace.endswith("}"):
                self._close(path, line)

    def _open(self, path: str, line: int, kind: str, name: str) -> None:
        section = Section(path, line, kind, name)
        self.open[-1].items.append(section)
        self.open.append(section)

    def _close(self, path: str, line: int) -> None:
        if len(self.open) == 1:
            self._fault(path, line, "no section is open here", "take out the }")
        else:
            self.open.pop()

    def _include(self, path: str, line: int, pattern: str, required: bool) -> None:
        wanted = os.path.join(os.path.dirname(path), pattern)
        found = self.access.find(wanted)
        if required and not found:
            self._fault(path, line, f"no file fits {wanted}", "bring the file, or write !include_try")
        for file in found:
            if os.path.normpath(file) in self.including:
                self._fault(path, line, f"{file} includes itself", "take out one of the inclusions")
                continue
            text = self.access.read(file)
            if text is not None:
                self.file(file, text)

    def _fault(self, file: str, line: int, message: str, cure: str) -> None:
        self.reading.faults.append(Fault(file, line, message, cure))


def _settings_in(text: str, path: str, line: int) -> Iterator[Setting]:
    """The settings that somebody meant to put into one line, so that nothing else is found to be wrong for it."""
    for part in () if "{" in text else text.split(";"):
        name, equals, written = (piece.strip(BLANK) for piece in part.partition("="))
        if name and equals:
            yield Setting(path, line, line, name, *_value(written))


def without_comment(row: str) -> tuple[str, bool]:
    """A row without blanks around it and without its comment, and whether no blank parts both.

    A quote that has no end protects the rest of the row.
    """
    row = row.strip(BLANK)
    if row.startswith("#"):
        return "", False
    at = 0
    while at < len(row):
        if row[at] in "\"'":
            ending = re.compile(rf"(?:\\.|[^\\{row[at]}])*{row[at]}").match(row, at + 1)
            if ending is None:
                return row, False
            at = ending.end()
        elif row[at] == "#":
            return row[:at].rstrip(BLANK), row[at - 1] not in BLANK
        else:
            at += 1
    return row, False


def _value(written: str) -> tuple[str, str]:
    """A value as it is meant, and the form in which it was written."""
    if written.startswith("<"):
        return written[1:].lstrip(BLANK), FILE
    if len(written) > 1 and written[0] == written[-1] and written[0] in "\"'":
        return re.sub(r"\\(.?)", r"\1", written[1:-1]), QUOTED
    return written, PLAIN
