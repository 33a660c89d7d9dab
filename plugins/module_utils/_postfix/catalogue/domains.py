# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Domains in more than one class (ADDRESS_CLASS_README): Postfix takes the first, and warns with each mail. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from ..._engine.findings import WARNING, Finding
from ..words import words
from .staged import Staged

CLASSES = ("mydestination", "virtual_alias_domains", "virtual_mailbox_domains", "relay_domains")


def domain_in_two_classes(staged: Staged) -> Iterator[Finding]:
    domains = {name: _names(staged, name) for name in CLASSES}
    for index, first in enumerate(CLASSES):
        for second in CLASSES[index + 1 :]:
            # Every local domain was a relay domain before 3.0, and Postfix delivers it locally all the same.
            if (first, second) != ("mydestination", "relay_domains"):
                both = sorted(domains[first] & domains[second])
                if both:
                    message = f"has {', '.join(both)} in common with {first}"
                    cure = "name each domain in one of the two"
                    setting = staged.find(second)
                    yield staged.finding("domain_in_two_classes", setting, message, cure, asked=WARNING)


def _names(staged: Staged, name: str) -> set[str]:
    return {word.lower() for word in words(staged.value(name) or "") if ":" not in word and "/" not in word}
