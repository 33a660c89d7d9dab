# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Domains in more than one class (ADDRESS_CLASS_README): Postfix takes the first, and warns with each mail. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from ..._engine.findings import WARNING, Finding
from .. import table_file
from . import networks
from .maps import INDEX, NAME
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
    """The domains of a class, those in its files and in the keys of its tables, too."""
    found: set[str] = set()
    for item in networks.items(staged.value(name) or "", staged.host.read):
        table = NAME.fullmatch(item)
        if table is None:
            found.update([] if "/" in item or "*" in item else [item.lower()])
        elif table["type"] in (*INDEX, "texthash"):
            # Tables of addresses hold domains as well: the default of virtual_alias_domains is virtual_alias_maps.
            keys = table_file.entries(staged.host.read(table["rest"]) or "")
            found.update(key for key in keys if "@" not in key and "." in key)
    return found
