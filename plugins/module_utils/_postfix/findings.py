# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of the findings about a staged configuration."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from .._engine.errors import Error
from .._engine.findings import ERROR, Finding


def refuse_errors(findings: Sequence[Finding], severities: Collection[str] = (ERROR,)) -> None:
    """Raise when there is a finding as severe as that."""
    errors = [finding for finding in findings if finding.severity in severities]
    if errors:
        head = "1 error" if len(errors) == 1 else f"{len(errors)} errors"
        others = [finding for finding in findings if finding not in errors]
        lines = [*(f"- {finding}" for finding in errors), *(f"- {finding.severity}: {finding}" for finding in others)]
        message = "\n".join([f"the new configuration has {head}, nothing was changed:", *lines])
        raise Error(message, findings=[finding.as_dict() for finding in findings])
