# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may read and write a file. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional


@dataclass(frozen=True)
class Attributes:
    """Permission bits and names of the owners; ``None`` leaves as it is."""

    mode: Optional[int] = None
    owner: Optional[str] = None
    group: Optional[str] = None

    def __str__(self) -> str:
        return f"{self.owner}:{self.group} {self.mode:04o}\n"


AS_IT_IS = Attributes()
