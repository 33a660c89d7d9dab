# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a check of a staged configuration found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Optional

from .._engine.errors import Error

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, why, and the cure. An error keeps the configuration from being used.

    ``file`` is the path it would be used under, ``line`` counts from 1, ``name`` is a parameter or a ``name/type``.
    """

    code: str
    severity: str
    message: str
    cure: str
    file: Optional[str] = None
    line: Optional[int] = None
    name: Optional[str] = None
    value: Optional[str] = None

    def __str__(self) -> str:
        place = ", ".join([*([self.file] if self.file else []), *([f"line {self.line}"] if self.line else [])])
        subject = " = ".join([*([self.name] if self.name else []), *([self.value] if self.value else [])])
        return ": ".join([*filter(None, [place, subject]), f"{self.message}; {self.cure}"])

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def refuse_errors(findings: Sequence[Finding]) -> None:
    """Raise when there is an error among the findings."""
    errors = [finding for finding in findings if finding.severity == ERROR]
    if errors:
        head = "1 error" if len(errors) == 1 else f"{len(errors)} errors"
        warnings = [finding for finding in findings if finding.severity == WARNING]
        lines = "\n".join([*(f"- {finding}" for finding in errors), *(f"- warning: {finding}" for finding in warnings)])
        message = f"the new configuration has {head}, nothing was changed:\n{lines}"
        raise Error(message, findings=[finding.as_dict() for finding in findings])
