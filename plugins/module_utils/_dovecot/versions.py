# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which Dovecot the file is for, and the two version settings that 2.4 wants first in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Optional

from .._engine.errors import Problem, refuse
from .settings import VERSION_SETTINGS

SYNTAXES = ("2.3", "2.4")
# What a new file for 2.4 says: every 2.4 takes it, and it is what Debian's own file says.
FIRST = "2.4.0"


@dataclass(frozen=True)
class Version:
    """``syntax`` is 2.3 or 2.4, ``release`` the installed one (absent when none is), ``source`` how it was found."""

    syntax: str
    source: str
    release: Optional[tuple[int, ...]] = None


def numbers(text: str) -> Optional[tuple[int, ...]]:
    """``2.4.1-4 (7d8c0e5759)`` to ``(2, 4, 1)``."""
    match = re.match(r"\s*(\d+(?:\.\d+)+)", text)
    return tuple(int(part) for part in match.group(1).split(".")) if match else None


def decide(option: str, installed: Optional[str], os_release: str) -> Version:
    """The version to write for.

    ``option`` is ``auto``, ``2.3`` or ``2.4``; ``installed`` what ``dovecot --version`` said; ``os_release`` the text
    of /etc/os-release, which decides where Dovecot is not installed: Debian 12 brings 2.3, 13 and later 2.4.
    """
    release = numbers(installed) if installed else None
    syntax = ".".join(map(str, release[:2])) if release else None
    if syntax is not None:
        if syntax not in SYNTAXES:
            refuse([Problem("version", f"Dovecot {installed} is installed", "install Dovecot 2.3 or 2.4", option)])
        if option not in ("auto", syntax):
            refuse([Problem("version", f"Dovecot {syntax} is installed", "leave the option out", option)])
        return Version(syntax, "installed", release)
    if option != "auto":
        return Version(option, "option")
    return Version(_of_distribution(os_release), "distribution")


def _of_distribution(os_release: str) -> str:
    facts = dict(re.findall(r'^(\w+)="?([^"\n]*)"?$', os_release, re.MULTILINE))
    if facts.get("ID") != "debian":
        why = f"Dovecot is not installed and {facts.get('PRETTY_NAME', 'this system')} does not tell its version"
        refuse([Problem("version", why, "say 2.3 or 2.4", "auto")])
    # Debian testing has no VERSION_ID and is newer than any release that has.
    return "2.3" if float(facts.get("VERSION_ID") or 99) < 13 else "2.4"


def version_settings(
    version: Version, settings: Mapping[str, Any], present: str
) -> tuple[dict[str, str], list[Problem]]:
    """The version settings to write first, and what is wrong with those given.

    Not given, a setting stays what the ``present`` file says: raising it changes defaults, which nobody should meet
    by surprise.
    """
    given = {name: str(settings[name]) for name in VERSION_SETTINGS if settings.get(name) is not None}
    if version.syntax == "2.3":
        return {}, [
            Problem(f"settings.{name}", "is not known to Dovecot 2.3", "leave it out", value)
            for name, value in given.items()
        ]
    problems = []
    for name, value in given.items():
        release = numbers(value)
        if not re.fullmatch(r"2\.4\.\d+", value):
            problems.append(
                Problem(f"settings.{name}", "is not a version of Dovecot 2.4", f"give one like {FIRST}", value)
            )
        elif release and version.release and release > version.release:
            installed = ".".join(map(str, version.release))
            problems.append(
                Problem(
                    f"settings.{name}", f"is newer than the installed {installed}", f"give {installed} or less", value
                )
            )
    wrong = {problem.option for problem in problems}
    kept = {name: value for name, value in given.items() if f"settings.{name}" not in wrong}
    return {name: kept.get(name) or _pinned(name, present) for name in VERSION_SETTINGS}, problems


def _pinned(name: str, present: str) -> str:
    match = re.search(rf"^\s*{name}\s*=\s*(2\.4\.\d+)\s*$", present, re.MULTILINE)
    return match.group(1) if match else FIRST
