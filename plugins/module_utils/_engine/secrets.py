# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets in diffs: that one changed is said, what it is never."""

from __future__ import annotations

from typing import Optional

HIDDEN = "(secret)"
CHANGED = "(secret, changed)"


def masked_pair(before: Optional[str], after: Optional[str]) -> tuple[Optional[str], Optional[str]]:
    """Stand-ins for a secret before and after: equal when it stays, different when it changes, ``None`` when absent."""
    if before is None or after is None or before == after:
        return (None if before is None else HIDDEN, None if after is None else HIDDEN)
    return HIDDEN, CHANGED
