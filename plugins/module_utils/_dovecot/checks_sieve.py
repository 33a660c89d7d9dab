# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sieve scripts that do not compile."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .._engine.findings import ERROR, Finding
from .configuration import Configuration
from .host import Installation
from .settings import Line, text_of

SIEVE_EXTENSIONS = re.compile(r"sieve_(?:(?:global_|implicit_)?extensions|plugins)")
# Which scripts there are to include is not known to the compiler here.
INCLUSION = re.compile(r"include: \w+ location for included script|included \w+ script")
SIEVE_ERROR = re.compile(r"^\S+: line (?P<line>\d+): error: (?P<message>.+)$", re.MULTILINE)


def sieve_scripts(configuration: Configuration, host: Installation) -> Iterator[Finding]:
    """Sieve scripts that do not compile: they would be passed over at each delivery."""
    for file in configuration.files[1:]:
        if file.content is None or not file.path.endswith(".sieve") or not host.has_sievec():
            continue
        said = host.sievec(file.content, _settings_for_sieve(configuration.main.lines))
        option = f"{file.option}.content" if file.option else None
        for match in SIEVE_ERROR.finditer(said.stderr) if said.rc else ():
            message, line = match["message"], int(match["line"])
            if not INCLUSION.match(message):
                yield Finding("sieve", ERROR, message, "mend the script", file.path, line, option=option)


def _settings_for_sieve(lines: Sequence[Line]) -> str:
    """What tells the compiler which extensions there are; in 2.3 it is in the section ``plugin``."""
    found = [line for line in lines if SIEVE_EXTENSIONS.fullmatch(line.name) and line.section in ((), ("plugin",))]
    text = "".join(
        text_of(lines[line.number - 1 : line.number - 1 + line.length]) for line in found if line.text != "}"
    )
    return f"plugin {{\n{text}}}\n" if any(line.section for line in found) else text
