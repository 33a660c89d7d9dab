# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A configuration with the files that it needs beside it: declared and rendered, or found on the host and read."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Optional

from .._engine.errors import Problem
from .._engine.given import path_fault
from .masking import secrets_by_look
from .settings import REFERENCE, VERSION_SETTINGS, Line, Renderer, leaves, text_of
from .versions import Version, version_settings

# Settings that are lists of words and that some check looks into.
LISTS = ("auth_mechanisms", "mail_plugins", "protocols")
MAIL_PROTOCOLS = {"imap", "pop3", "lmtp", "imaps", "pop3s"}


@dataclass(frozen=True)
class File:
    """One file to write: rendered ``lines``, or ``content`` as given. ``option`` says where it was declared."""

    path: str
    option: str
    lines: Sequence[Line] = ()
    content: Optional[str] = None

    @property
    def text(self) -> str:
        return text_of(self.lines) if self.content is None else self.content

    @property
    def mode(self) -> int:
        """Only root may read secrets: the daemons that need them read the file before they give up root's rights."""
        secret = any(line.secret for line in self.lines) or bool(secrets_by_look(self.lines))
        return 0o600 if secret else 0o644


@dataclass(frozen=True)
class Block:
    """A section: the ``line`` that opens it, and the ``settings`` in it and in the sections below."""

    line: Line
    settings: Sequence[Line]

    @property
    def kind(self) -> str:
        return self.line.name.partition(" ")[0]

    @property
    def name(self) -> str:
        return self.line.name.partition(" ")[2].strip('"')

    @property
    def driver(self) -> str:
        """What a passdb or userdb looks up in; in 2.4 its name says so where no setting does."""
        return self.value("driver") or self.name

    def find(self, name: str) -> Optional[Line]:
        """The line in the section itself that sets a name, with the kind or the driver before it or not."""
        names = (name, f"{self.kind}_{name}", f"{self.name}_{name}", f"{self.kind}_{self.name}_{name}")
        depth = len(self.line.section) + 1
        found = [line for line in self.settings if line.name in names and len(line.section) == depth]
        return found[-1] if found else None

    def value(self, name: str) -> str:
        line = self.find(name)
        return (line.value or "") if line else ""

    @property
    def fields(self) -> list[Line]:
        """The settings in its section ``fields``."""
        return [line for line in self.settings if line.kind == "fields" or line.kind.endswith("_fields")]


@dataclass(frozen=True)
class Configuration:
    """All files of one call, with what was wrong with the data for them. The first file is the configuration."""

    version: Version
    files: Sequence[File]
    problems: Sequence[Problem]

    @property
    def main(self) -> File:
        return self.files[0]

    @property
    def settings(self) -> list[Line]:
        """Every line of the configuration itself that sets something."""
        return list(leaves(self.main.lines))

    def effective(self, *names: str) -> Optional[Line]:
        """The line that decides a setting outside of all filters, or nothing: the last one counts."""
        found = [
            line
            for line in self.settings
            if (not line.section and line.name in names)
            or (line.section == (line.kind,) and f"{line.kind}_{line.name}" in names)
        ]
        return found[-1] if found else None

    @property
    def words_of_lists(self) -> Iterator[tuple[Line, str]]:
        """Each word of each list, with its line: 2.4 also writes ``word = yes`` in a section of the list's name."""
        for line in self.settings:
            if line.name in LISTS:
                yield from ((line, word) for word in line.words)
            elif line.kind in LISTS and line.is_on:
                yield line, line.name

    @property
    def serves_mail(self) -> bool:
        """Whether mail is read or delivered: some have Dovecot look up passwords alone. 2.3 does by default."""
        served = {word for _line, word in self.listed("protocols")}
        given = any(line.name == "protocols" for line in self.main.lines)
        return bool(served & MAIL_PROTOCOLS) or (not given and self.version.syntax == "2.3")

    def listed(self, name: str) -> Iterator[tuple[Line, str]]:
        return ((line, word) for line, word in self.words_of_lists if name in (line.name, line.kind))

    def blocks(self, *kinds: str) -> Iterator[Block]:
        """The sections of these kinds, however deep, each with what is set in it and below."""
        lines = self.main.lines
        for line in lines:
            if line.length > 1 and line.value is None and line.name.partition(" ")[0] in kinds:
                yield Block(line, list(leaves(lines[line.number : line.number + line.length - 2])))

    def lookup_files(self, driver: str) -> list[File]:
        """The files of 2.3 that hold what a passdb or userdb of this driver needs."""
        named = {block.value("args") for block in self.blocks("passdb", "userdb") if block.driver == driver}
        return [file for file in self.files[1:] if file.path in named and file.content is None]

    def refers(self, word: str) -> bool:
        """Whether a word stands for something that only Dovecot knows."""
        return "%" in word or word.startswith("<") or REFERENCE[self.version.syntax].fullmatch(word) is not None


def configuration(params: Mapping[str, Any], version: Version, present: str) -> Configuration:
    """Render the options of the module. ``present`` is the text of the present configuration, empty without one."""
    settings, secrets = params["settings"], params["secrets"] or {}
    first, problems = version_settings(version, settings, present)
    renderer = Renderer(version.syntax, file=params["path"])
    others = {name: value for name, value in settings.items() if name not in VERSION_SETTINGS}
    renderer.render({**first, **others}, secrets)
    files = [File(params["path"], "settings", renderer.lines)]
    problems += renderer.problems
    if not os.path.isabs(params["path"]):
        problems.append(Problem("path", "is not an absolute path", "begin it with /", params["path"]))
    for number, entry in enumerate(params["files"] or []):
        file, wrong = _beside(entry, f"files[{number}]", [other.path for other in files], version)
        problems += wrong
        files += [file] if file else []
    return Configuration(version, files, problems)


def _beside(
    entry: Mapping[str, Any], option: str, taken: Sequence[str], version: Version
) -> tuple[Optional[File], list[Problem]]:
    """One of ``files``, and what is wrong with it. With a bad path it is nothing: nobody is to read or write there."""
    problems = []
    given = entry["path"]
    path = os.path.normpath(os.path.join(os.path.dirname(taken[0]), given))
    if os.path.isabs(given) or os.path.normpath(given) != given or given.startswith(".") or path_fault(path):
        cure = f"name a file below {os.path.dirname(taken[0])}, like sieve/before.sieve"
        problems.append(Problem(f"{option}.path", "is not a plain relative path", cure, given))
    bad_path = bool(problems)
    if path in taken:
        problems.append(Problem(f"{option}.path", "is declared twice", "leave one out", given))
    content = entry.get("content")
    settings, secrets = entry.get("settings"), entry.get("secrets")
    if (content is None) == (settings is None and secrets is None):
        problems.append(Problem(option, "needs either settings or content", "give one of them", given))
    # Files for external lookups of 2.3 have the syntax of the configuration, without references to settings.
    renderer = Renderer(version.syntax, references=False, file=path)
    renderer.render(settings or {}, secrets or {}, f"{option}.")
    problems += renderer.problems
    return None if bad_path else File(path, option, renderer.lines, content), problems
