# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The declared files, rendered: the configuration itself and the files that it needs beside it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Optional

from .._engine.errors import Problem
from .masking import secrets_by_look
from .settings import VERSION_SETTINGS, Line, Renderer, text_of
from .versions import Version, version_settings


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
class Configuration:
    """All files of one call, with what was wrong with the data for them. The first file is the configuration."""

    version: Version
    files: Sequence[File]
    problems: Sequence[Problem]

    @property
    def main(self) -> File:
        return self.files[0]


def configuration(params: Mapping[str, Any], version: Version, present: str) -> Configuration:
    """Render the options of the module. ``present`` is the text of the present configuration, empty without one."""
    settings, secrets = params["settings"], params["secrets"] or {}
    first, problems = version_settings(version, settings, present)
    renderer = Renderer(version.syntax)
    others = {name: value for name, value in settings.items() if name not in VERSION_SETTINGS}
    renderer.render({**first, **others}, secrets)
    files = [File(params["path"], "settings", renderer.lines)]
    problems += renderer.problems
    if not os.path.isabs(params["path"]):
        problems.append(Problem("path", "is not an absolute path", "begin it with /", params["path"]))
    for number, entry in enumerate(params["files"] or []):
        file, wrong = _beside(entry, f"files[{number}]", [other.path for other in files], version)
        problems += wrong
        files.append(file)
    return Configuration(version, files, problems)


def _beside(
    entry: Mapping[str, Any], option: str, taken: Sequence[str], version: Version
) -> tuple[File, list[Problem]]:
    problems = []
    given = entry["path"]
    path = os.path.normpath(os.path.join(os.path.dirname(taken[0]), given))
    if os.path.isabs(given) or os.path.normpath(given) != given or given.startswith("."):
        cure = f"name a file below {os.path.dirname(taken[0])}, like sieve/before.sieve"
        problems.append(Problem(f"{option}.path", "is not a plain relative path", cure, given))
    if path in taken:
        problems.append(Problem(f"{option}.path", "is declared twice", "leave one out", given))
    content = entry.get("content")
    settings, secrets = entry.get("settings"), entry.get("secrets")
    if (content is None) == (settings is None and secrets is None):
        problems.append(Problem(option, "needs either settings or content", "give one of them", given))
    # Files for external lookups of 2.3 have the syntax of the configuration, without references to settings.
    renderer = Renderer(version.syntax, references=False)
    renderer.render(settings or {}, secrets or {}, f"{option}.")
    return File(path, option, renderer.lines, content), problems + renderer.problems
