# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A configuration that was read, from however many files, as the lines of one text. Dovecot takes both alike.

So one set of checks does for what we render and for what others wrote, and doveconf can be asked about a copy.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Optional, Union

from .reading import BLANK, FILE, QUOTED, TEXT, Reading, Section, Setting, without_comment
from .settings import PLAIN_SECTION_NAME, Line, quoted


def lines_of(reading: Reading) -> list[Line]:
    """The lines in their order. Each knows the file and the row that it came from."""
    flat = _Flat()
    flat.section(reading.root, ())
    return flat.lines


class _Flat:
    def __init__(self) -> None:
        self.lines: list[Line] = []

    def section(self, section: Section, headers: tuple[str, ...]) -> None:
        """What is in a section, below its ``headers``."""
        for item in section.items:
            first = len(self.lines)
            if isinstance(item, Setting):
                self._setting(item, headers)
            else:
                header = _header(item)
                self._append(f"{header} {{", item, header, headers)
                self.section(item, (*headers, header))
                self._append("}", item, header, headers)
            self.lines[first] = replace(self.lines[first], length=len(self.lines) - first)

    def _setting(self, setting: Setting, headers: tuple[str, ...]) -> None:
        if setting.form == TEXT:
            marker = "END"
            while marker in setting.value:
                marker += "D"
            self._append(f"{setting.name} = <<{marker}", setting, setting.name, headers, setting.value)
            for row in [*setting.value.splitlines(), marker]:
                self._append(row, setting, setting.name, headers)
            return
        value = f"<{setting.path}" if setting.form == FILE else setting.value
        # A quote that was open at the end of a row protects less once the rows are one.
        loses = without_comment(value)[0] != value.strip(BLANK) and not setting.references
        written = quoted(value) if setting.form == QUOTED or loses else value
        self._append(f"{setting.name} = {written}".rstrip(BLANK), setting, setting.name, headers, value)

    def _append(
        self,
        text: str,
        item: Union[Setting, Section],
        name: str,
        headers: tuple[str, ...],
        value: Optional[str] = None,
    ) -> None:
        number = len(self.lines) + 1
        self.lines.append(Line(text, "", number, name, value, headers, file=item.file, row=item.line))


def _header(section: Section) -> str:
    if not section.name or section.kind == "group" or PLAIN_SECTION_NAME.fullmatch(section.name):
        return section.header
    return f"{section.kind} {quoted(section.name)}"
