# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the options of ``mail_backup`` and what is on the host to a plan."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from typing import Any, Optional

from .._engine import commands
from .._engine.errors import Error, refuse
from .._engine.files import FileChange, ownership_differs, private_directory, read, replace_files
from .._engine.plan import Plan, Step
from .._engine.programs import bundled
from .._engine.secrets import masked_pair
from . import program
from .restic_host import Repository
from .settings import (
    CREDENTIALS_FILE,
    DIRECTORY,
    PASSWORD_FILE,
    PROGRAM,
    SETTINGS_FILE,
    Settings,
    from_options,
    problems,
)

SECRET_FILES = (PASSWORD_FILE, CREDENTIALS_FILE)


def plan_backup(params: Mapping[str, Any]) -> Plan:
    """Decide what has to be written for the jobs to work, and whether the repository must be created."""
    settings, password = from_options(params), params["password"]
    credentials = params["credentials"]
    refuse(problems(settings, password, credentials))
    files = [
        FileChange(SETTINGS_FILE, settings.text().encode(), 0o600, "root", "root"),
        FileChange(PASSWORD_FILE, f"{password}\n".encode(), 0o600, "root", "root"),
        FileChange(CREDENTIALS_FILE, f"{json.dumps(credentials, sort_keys=True)}\n".encode(), 0o600, "root", "root"),
    ]
    executable = FileChange(PROGRAM, bundled(program.main), 0o755, "root", "root")
    changes = [change for change in files if _differs(change)]
    steps = _repository_steps(settings, files, params["create"])
    if changes:
        names = ", ".join(os.path.basename(change.path) for change in changes)
        steps.append(Step(f"write {names} in {DIRECTORY}", lambda: _write(DIRECTORY, changes, 0o700)))
    if _differs(executable):
        steps.append(Step(f"write {PROGRAM}", lambda: _write(os.path.dirname(PROGRAM), [executable], 0o755)))
    warnings = [] if commands.find("restic") else ["restic is not installed yet, so the repository was not looked at"]
    shown = [_shown(change) for change in [*files, executable]]
    return Plan(
        before={path: before for path, before, _after in shown},
        after={path: after for path, _before, after in shown},
        steps=steps,
        result={"repository": settings.shown_repository},
        warnings=warnings,
    )


def _repository_steps(settings: Settings, files: Sequence[FileChange], create: bool) -> list[Step]:
    """Nothing when there is a repository that the password opens."""
    summary = f"create the repository {settings.shown_repository}"
    if commands.find("restic") is None:
        local = settings.repository.startswith("/") and not os.path.exists(f"{settings.repository}/config")
        return [Step(summary, lambda: _create(settings))] if local and create else []
    with private_directory() as folder:
        if _opened(settings, files, folder).exists():
            return []
    if not create:
        raise Error(
            f"repository: there is none at {settings.shown_repository}, and create is false; nothing was changed"
        )
    return [Step(summary, lambda: _create_first(settings, files))]


def _opened(settings: Settings, files: Sequence[FileChange], folder: str) -> Repository:
    """The repository with the password and credentials that shall be, before they are in their place."""
    for change in files:
        if change.path in SECRET_FILES:
            path = os.path.join(folder, os.path.basename(change.path))
            with open(path, "wb") as handle:
                handle.write(change.content or b"")
    names = [os.path.join(folder, os.path.basename(path)) for path in SECRET_FILES]
    return Repository(settings, *names)


def _create_first(settings: Settings, files: Sequence[FileChange]) -> None:
    with private_directory() as folder:
        _opened(settings, files, folder).create()


def _create(settings: Settings) -> None:
    Repository(settings).create()


def _write(directory: str, changes: Sequence[FileChange], mode: int) -> None:
    os.makedirs(directory, mode=mode, exist_ok=True)
    os.chmod(directory, mode)
    replace_files(directory, changes)


def _differs(change: FileChange) -> bool:
    return read(change.path, os.path.dirname(change.path)) != change.content or ownership_differs(change)


def _shown(change: FileChange) -> tuple[str, str, str]:
    """A file for a diff: the settings as text, secrets as such, the program by its size."""
    present = read(change.path, os.path.dirname(change.path))
    before = None if present is None else present.decode("utf-8", "replace")
    after: Optional[str] = (change.content or b"").decode("utf-8", "replace")
    if change.path != SETTINGS_FILE:
        before, after = masked_pair(before, after)
    if change.path == PROGRAM:
        before, after = ((text or "").replace("(secret", "(program") for text in (before, after))
    return change.path, before or "", after or ""
