# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of the findings about a staged configuration."""

from __future__ import annotations

from collections.abc import Sequence

from .._engine.errors import Error
from .._engine.findings import ERROR, WARNING, Finding


def refuse_errors(findings: Sequence[Finding]) -> None:
    """Raise when there is an error among the findings."""
    errors = [finding for finding in findings if finding.severity == ERROR]
    if errors:
        head = "1 error" if len(errors) == 1 else f"{len(errors)} errors"
        warnings = [finding for finding in findings if finding.severity == WARNING]
        lines = "\n".join([*(f"- {finding}" for finding in errors), *(f"- warning: {finding}" for finding in warnings)])
        message = f"the new configuration has {head}, nothing was changed:\n{lines}"
        raise Error(message, findings=[finding.as_dict() for finding in findings])
