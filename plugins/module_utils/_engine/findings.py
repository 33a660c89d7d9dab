# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong or doubtful in a configuration: the form that every catalogue of checks shares."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Optional

# Nothing is written while there is one.
ERROR = "error"
# The host lacks something that the configuration needs. An earlier task may bring it, and in check mode has not:
# planning goes on with a warning, applying stops.
MISSING = "missing"
WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, why, and the cure.

    ``file`` is the path that the configuration is used under, ``line`` counts from 1 in it, ``name`` is a setting or a
    service, ``option`` the option of the module that it came from; each is nothing where there is none. A secret has
    no ``value``.
    """

    code: str
    severity: str
    message: str
    cure: str
    file: Optional[str] = None
    line: Optional[int] = None
    name: Optional[str] = None
    value: Optional[str] = None
    option: Optional[str] = None

    def __str__(self) -> str:
        place = ", ".join([*([self.file] if self.file else []), *([f"line {self.line}"] if self.line else [])])
        subject = " = ".join([*([self.name] if self.name else []), *([self.value] if self.value else [])])
        return ": ".join([*filter(None, [place, subject]), f"{self.message}; {self.cure}"])

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def without_ignored(findings: Iterable[Finding], patterns: Sequence[str]) -> list[Finding]:
    """The findings that no shell pattern of ``code`` or ``code:name`` passes over."""
    return [
        finding
        for finding in findings
        if not any(
            fnmatch.fnmatchcase(subject, pattern)
            for subject in (finding.code, f"{finding.code}:{finding.name}")
            for pattern in patterns
        )
    ]
