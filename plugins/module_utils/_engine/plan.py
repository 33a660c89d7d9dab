# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan: what is, what shall be, and the steps between. ``changed`` and ``diff`` are derived from it, never set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Callable, Optional

from .errors import Error


@dataclass(frozen=True)
class Step:
    """One effect.

    ``run`` takes nothing and may return more return values for the module.
    ``changes`` is false for work that leaves the host as it was, such as a probe.
    """

    summary: str
    run: Callable[[], Optional[Mapping[str, Any]]]
    changes: bool = True


@dataclass(frozen=True)
class Plan:
    """The decision of a module, made before anything is touched.

    ``before`` and ``after`` map a headline (a file name, a table) to text or data; secrets are masked in them
    already (see ``secrets.py``). ``result`` holds the return values that are known without applying.
    """

    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    steps: Sequence[Step] = ()
    result: Mapping[str, Any] = field(default_factory=dict)
    warnings: Sequence[str] = ()

    @property
    def changed(self) -> bool:
        return any(step.changes for step in self.steps)

    @property
    def actions(self) -> list[str]:
        """What the run does, in words; the same in check mode."""
        return [step.summary for step in self.steps]

    def diff(self) -> list[dict[str, Any]]:
        """Before and after under each headline where they differ, in the form Ansible prints."""
        headlines = dict.fromkeys([*self.before, *self.after])
        pairs = {name: (self.before.get(name) or "", self.after.get(name) or "") for name in headlines}
        return [
            {"before_header": name, "after_header": name, "before": before, "after": after}
            for name, (before, after) in pairs.items()
            if before != after
        ]

    def apply(self) -> dict[str, Any]:
        """Run the steps in order and return what they returned.

        A failing step raises with ``actions_done`` in its details: nobody has to guess what was written.
        """
        returned: dict[str, Any] = {}
        done: list[str] = []
        for step in self.steps:
            try:
                returned.update(step.run() or {})
            except Error as error:
                error.details.setdefault("actions_done", done)
                raise
            done.append(step.summary)
        return returned
