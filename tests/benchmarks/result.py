# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a benchmark measured, and whether it meets its goal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional


@dataclass(frozen=True)
class Result:
    """Medians of ``ours`` and ``peer``; ``goal`` is the most that the ratio (or, if so said, ours) may be.

    ``empty`` is what a packed module that does nothing took beside them: the part of ``ours`` that is Ansible's.
    """

    ours: float
    peer: float
    peer_name: str
    goal: float
    unit: str = "s"
    goal_is_for: str = "ratio"
    empty: Optional[float] = None

    def as_dict(self) -> dict[str, object]:
        ratio = self.ours / self.peer
        return {
            "ours": round(self.ours, 3),
            "peer": round(self.peer, 3),
            "peer_name": self.peer_name,
            **({} if self.empty is None else {"empty_module": round(self.empty, 3)}),
            "ratio": round(ratio, 3),
            "unit": self.unit,
            "goal": self.goal,
            "goal_is_for": self.goal_is_for,
            "met": (ratio if self.goal_is_for == "ratio" else self.ours) <= self.goal,
        }
