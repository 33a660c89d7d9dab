# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration as anybody may see it: secrets are not in it, only that one changed."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from ..._engine.secrets import CHANGED, HIDDEN
from .tree import Node, placed, stored

SECRETS = frozenset({"olcrootpw", "olcdbpasswd", "olctlscertificatekey"})
HAVE_CREDENTIALS = {"olcsyncrepl", "olcdbaclbind", "olcdbidassertbind"}
CREDENTIALS = re.compile(r'(\bcredentials=)("(?:[^"\\]|\\.)*"|\S+)', re.IGNORECASE)

Shown = dict[str, dict[str, list[str]]]


def shown(before: Node, after: Node, secrets: Collection[str] = ()) -> tuple[Shown, Shown]:
    """The entries that differ, by name, before and after. ``secrets`` names more attributes to hide."""
    hidden = SECRETS | {name.lower() for name in secrets}
    old, new = dict(placed(before)), dict(placed(after))
    left: Shown = {}
    right: Shown = {}
    for dn in dict.fromkeys([*old, *new]):
        one, other = (_stored(tree[dn].attributes) if dn in tree else {} for tree in (old, new))
        if one != other:
            left[dn] = _masked(one, hidden, {})
            right[dn] = _masked(other, hidden, one)
    return left, right


def _stored(attributes: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    return {name: stored(name, values) for name, values in attributes.items() if values}


def _masked(
    attributes: Mapping[str, Sequence[str]], hidden: Collection[str], before: Mapping[str, Sequence[str]]
) -> dict[str, list[str]]:
    found = {}
    for name, values in attributes.items():
        hide = [masked(name, value, hidden) for value in values]
        old = before.get(name, values)
        # What looks the same is not: say so.
        if list(old) != list(values) and hide == [masked(name, value, hidden) for value in old]:
            hide = [value.replace(HIDDEN, CHANGED) for value in hide]
        found[name] = hide
    return found


def masked(attribute: str, value: str, hidden: Collection[str] = SECRETS) -> str:
    """A value as anybody may see it. ``hidden`` names attributes in lower case."""
    name = attribute.lower()
    if name in hidden:
        return HIDDEN
    return CREDENTIALS.sub(rf"\1{HIDDEN}", value) if name in HAVE_CREDENTIALS else value


def secret_words(attribute: str, value: str) -> list[str]:
    """What must not be read of a value, word by word, the longest first. Words that may stand anywhere are left out."""
    name = attribute.lower()
    secrets = [value] if name in SECRETS else []
    if name in HAVE_CREDENTIALS:
        # All behind the mark, for a quotation mark in the middle ends the value.
        rest = value.partition("credentials=")[2]
        known = [word.partition("=")[0] + "=" for word in rest.split() if re.match(r"[a-z_]+=", word)]
        secrets = [re.split(rf" (?={'|'.join(map(re.escape, known))})", rest)[0] if known else rest]
    words = {word for secret in secrets for word in re.split(r"[\s\"\\]+", secret) if len(word) > 3}
    return sorted(words, key=len, reverse=True)
