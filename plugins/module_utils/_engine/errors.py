# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can go wrong, said once. Logic raises these; the runner alone turns them into a failed task."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


class Error(Exception):
    """A failure that a person can act on. ``details`` become return values of the failed module."""

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.details = details


@dataclass(frozen=True)
class Problem:
    """One thing wrong with the input: where, what was given, why it is wrong and the cure.

    ``value`` must be left out (``None``) when the option holds a secret.
    """

    option: str
    message: str
    cure: str
    value: Any = None

    def __str__(self) -> str:
        given = "" if self.value is None else f" {_short(self.value)}"
        return f"{self.option}:{given} {self.message}; {self.cure}"

    def as_dict(self) -> dict[str, Any]:
        return {"option": self.option, "value": self.value, "message": self.message, "cure": self.cure}


class InputError(Error):
    """Everything that is wrong with the input, reported together before anything is touched."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        count = len(problems)
        head = "1 problem in the input" if count == 1 else f"{count} problems in the input"
        lines = "\n".join(f"- {problem}" for problem in problems)
        super().__init__(f"{head}, nothing was changed:\n{lines}", problems=[problem.as_dict() for problem in problems])
        self.problems = list(problems)


def refuse(problems: Sequence[Problem]) -> None:
    """Raise :class:`InputError` when there is any problem."""
    if problems:
        raise InputError(problems)


def _short(value: Any, limit: int = 100) -> str:
    text = repr(value)
    return text if len(text) <= limit else f"{text[:limit]}... ({len(text)} characters)"
