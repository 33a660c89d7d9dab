# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The alias file and its index on the host: the index is built beside and swapped in together with the text."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Optional

from .._engine import backups, commands
from .._engine.errors import Error, refuse
from .._engine.files import (
    FileChange,
    interrupted,
    ownership_differs,
    private_directory,
    read,
    read_text,
    recover,
    replace_files,
)
from .._engine.plan import Plan, Step
from .alias_file import edit, problems

# postmap(1): the file that postalias makes for a table type.
SUFFIXES = {"hash": ".db", "btree": ".db", "lmdb": ".lmdb", "cdb": ".cdb", "dbm": ".pag"}


def plan_aliases(params: Mapping[str, Any]) -> Plan:
    """Decide from the options of ``postfix_aliases`` and the present file and index."""
    path, directory = params["path"], os.path.dirname(params["path"])
    refuse(problems(params["aliases"]))
    present = read_text(path, directory)
    text = edit(present or "", params["aliases"], params["purge"])
    reasons = []
    if text != (present or ""):
        reasons.append(f"change {path}")
    elif present is not None and not interrupted(directory) and ownership_differs(_text_change(path, text)):
        reasons.append(f"set owner and mode of {path}")
    if interrupted(directory):
        reasons.append(f"complete the interrupted change in {directory}")
    if present is not None and not reasons and _index_is_stale(path):
        reasons.append(f"rebuild the index of {path}")
    keep = backups.keeping(params, path, " and ".join(reasons))
    steps = [Step(" and ".join(reasons), lambda: _write(path, text, keep))] if reasons else []
    if reasons and reasons[0].startswith("complete"):
        steps = [Step(reasons[0], lambda: _complete(directory))]
    steps += backups.prune_steps(params, path, more=bool(reasons))
    return Plan(before={path: present or ""}, after={path: text}, steps=steps)


def _complete(directory: str) -> None:
    recover(directory)


def _text_change(path: str, text: str) -> FileChange:
    return FileChange(path, text.encode("utf-8", "surrogateescape"), 0o644, "root", "root")


def _index_type() -> Optional[str]:
    if commands.find("postconf") is None:
        return None
    return commands.run(["postconf", "-h", "default_database_type"]).stdout.strip()


def _index_is_stale(path: str) -> bool:
    kind = _index_type()
    if kind is None:
        return False
    index = path + SUFFIXES.get(kind, "")
    return not os.path.exists(index) or os.stat(index).st_mtime < os.stat(path).st_mtime


def _write(path: str, text: str, keep: Optional[backups.Keep]) -> Mapping[str, Any]:
    kind = _index_type()
    if kind is None:
        raise Error(f"Postfix is not installed, so nothing can index {path}; install it first")
    change = _text_change(path, text)
    with private_directory() as folder:
        staged = os.path.join(folder, os.path.basename(path))
        with open(staged, "wb") as handle:
            handle.write(change.content or b"")
        done = commands.run(["postalias", f"{kind}:{staged}"], accept=None)
        complaints = [line.replace(staged, path) for line in done.stderr.splitlines() if line.strip()]
        if done.rc != 0 or complaints:
            raise Error(f"postalias refuses {path}, nothing was changed: {'; '.join(complaints)}")
        suffix = SUFFIXES.get(kind, "")
        index = FileChange(path + suffix, read(staged + suffix), 0o644, "root", "root")
        return backups.returned(replace_files(os.path.dirname(path), [change, *([index] if suffix else [])], keep))
