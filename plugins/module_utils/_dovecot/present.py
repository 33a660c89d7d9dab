# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A configuration that is there already, whoever wrote it, with the files beside it that checks look into."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from .._engine.findings import ERROR, WARNING, Finding
from .configuration import Configuration, File
from .flattening import lines_of
from .reading import Access, Reading, parse, read
from .settings import Line
from .versions import Version

# 2.3 has the scripts that it runs for everybody in the section plugin, 2.4 in sections of their own.
SCRIPT_SETTING = re.compile(r"sieve_(?:before|after|default|global)\d*|imapsieve_mailbox\d+_(?:before|after)")


def present_configuration(path: str, version: Version, access: Access) -> tuple[Configuration, Reading]:
    """The configuration in the file ``path``, and how it was read: its files and what is wrong with its syntax."""
    reading = read(path, access)
    main = File(path, "", lines_of(reading))
    alone = Configuration(version, [main], [])
    beside = [*_lookups(alone, access), *_scripts(alone, access)]
    return Configuration(version, [main, *beside], []), reading


def faults_of(reading: Reading) -> list[Finding]:
    """What is wrong or doubtful with the syntax."""
    return [
        Finding("syntax", severity, fault.message, fault.cure, fault.file, fault.line or None)
        for severity, faults in ((ERROR, reading.faults), (WARNING, reading.doubts))
        for fault in faults
    ]


def _lookups(configuration: Configuration, access: Access) -> Iterator[File]:
    """The files that a passdb, a userdb or a dictionary of 2.3 names."""
    if configuration.version.syntax != "2.3":
        return
    blocks = configuration.blocks("passdb", "userdb")
    named = [block.value("args") for block in blocks if block.driver in ("dict", "ldap", "oauth2", "sql")]
    named += [(line.value or "").partition(":")[2] for line in configuration.settings if line.section == ("dict",)]
    for path in dict.fromkeys(named):
        text = access.read(path) if path.startswith("/") else None
        if text is not None:
            yield File(path, "", lines_of(parse(text, path)))


def _scripts(configuration: Configuration, access: Access) -> Iterator[File]:
    """The Sieve scripts that are for everybody."""
    named = [_script_path(line) for line in configuration.settings]
    for path in dict.fromkeys(path for path in named if path.startswith("/") and "%" not in path):
        for script in [path] if path.endswith(".sieve") else access.find(os.path.join(path, "*.sieve")):
            text = access.read(script)
            if text is not None:
                yield File(script, "", content=text)


def _script_path(line: Line) -> str:
    value = line.value or ""
    if line.kind == "plugin" and SCRIPT_SETTING.fullmatch(line.name):
        return value.partition(";")[0].replace("file:", "", 1)
    return value if line.kind == "sieve_script" and line.sets("sieve_script_path") else ""
