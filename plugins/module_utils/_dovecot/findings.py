# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings about the lines of a configuration, and what becomes of them."""

from __future__ import annotations

import re

from .._engine.errors import Problem
from .._engine.findings import ERROR, MISSING, WARNING, Finding
from .masking import looks_secret
from .settings import Line


def finding_at(line: Line, code: str, severity: str, *, message: str, cure: str) -> Finding:
    """A finding about one line. A secret value is taken out of the message, too."""
    value = line.value
    if value and (line.secret or looks_secret(line.name, value)):
        message, value = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", "(secret)", message), None
    return Finding(code, severity, message, cure, line.file, line.row, line.name, value, line.option or None)


def error(line: Line, code: str, message: str, cure: str) -> Finding:
    return finding_at(line, code, ERROR, message=message, cure=cure)


def missing(line: Line, code: str, message: str, cure: str) -> Finding:
    return finding_at(line, code, MISSING, message=message, cure=cure)


def warning(line: Line, code: str, message: str, cure: str) -> Finding:
    return finding_at(line, code, WARNING, message=message, cure=cure)


def as_problem(finding: Finding) -> Problem:
    """A finding as something that is wrong with the input."""
    where = f" (line {finding.line} of {finding.file})" if finding.line else ""
    return Problem(finding.option or "settings", f"{finding.message}{where}", finding.cure, finding.value)
