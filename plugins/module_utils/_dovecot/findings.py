# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong or doubtful in a staged configuration, said with file, line, option and cure."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Optional

from .._engine.errors import Problem
from .masking import looks_secret
from .settings import Line

# Nothing is written while there is one.
ERROR = "error"
# The host lacks something that the configuration needs. An earlier task may bring it, and in check mode has not:
# planning goes on with a warning, applying stops.
MISSING = "missing"
WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """``line`` counts from 1 in the rendered ``file``, 0 when there is no one line. A secret has no ``value``."""

    code: str
    severity: str
    message: str
    cure: str
    file: str
    line: int = 0
    option: str = "settings"
    name: str = ""
    value: Optional[str] = None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def as_problem(self) -> Problem:
        where = f" (line {self.line} of {self.file})" if self.line else ""
        return Problem(self.option, f"{self.message}{where}", self.cure, self.value)

    def __str__(self) -> str:
        return str(self.as_problem())


def finding_at(file: str, line: Line, code: str, severity: str, *, message: str, cure: str) -> Finding:
    """A finding about one line. A secret value is taken out of the message, too."""
    value = line.value
    if value and (line.secret or looks_secret(line.name, value)):
        message, value = message.replace(value, "(secret)"), None
    return Finding(code, severity, message, cure, file, line.number, line.option, line.name, value)
