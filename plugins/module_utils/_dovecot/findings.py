# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings about the rendered lines of a configuration, and what becomes of them."""

from __future__ import annotations

from .._engine.errors import Problem
from .._engine.findings import Finding
from .masking import looks_secret
from .settings import Line


def finding_at(file: str, line: Line, code: str, severity: str, *, message: str, cure: str) -> Finding:
    """A finding about one line. A secret value is taken out of the message, too."""
    value = line.value
    if value and (line.secret or looks_secret(line.name, value)):
        message, value = message.replace(value, "(secret)"), None
    return Finding(code, severity, message, cure, file, line.number, line.name, value, line.option)


def as_problem(finding: Finding) -> Problem:
    """A finding as something that is wrong with the input."""
    where = f" (line {finding.line} of {finding.file})" if finding.line else ""
    return Problem(finding.option or "settings", f"{finding.message}{where}", finding.cure, finding.value)
