# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Access control lists: the driver, rules for everybody from a file or a folder, and namespaces that go without."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Optional

from ..reading import Access
from .ledger import Entry, Ledger
from .merging import Node
from .variables import converted

RULE = re.compile(r'(?:(?P<mailbox>"[^"]*"|\S+)\s+)?(?P<who>(?:"[^"]*"|[^\s"])+)(?:\s+:?(?P<rights>.*))?')
QUOTE = '"'
# How deep a folder of rules is searched, and the file in it that is for the mailbox of its own name.
PATTERNS = ("*", "*/*", "*/*/*", "*/*/*/*")
DEFAULT = ".DEFAULT"


def convert(node: Node, ledger: Ledger, access: Access) -> None:
    """All that is about rights in a section ``plugin``."""
    entry = node.take("acl")
    if entry:
        _driver(entry, ledger, access)
    for ignored in node.take_matching(r"acl_ignore_namespace\d*"):
        _without(ignored, ledger)
    for anyone in node.take_matching("acl_anyone"):
        ledger.convert(anyone, ("imap_acl_allow_anyone",), "yes" if anyone.value == "allow" else "no")
    user, master = node.take("acl_user"), node.take("master_user")
    if user:
        ledger.same(user, ("acl_user",))
    if master and user:
        ledger.drop(master, f"{user.name} says whose rights count")
    elif master:
        ledger.same(master, ("acl_user",))


def _driver(entry: Entry, ledger: Ledger, access: Access) -> None:
    """``vfile:/etc/dovecot/acls:cache_secs=300``."""
    driver, _colon, rest = entry.value.partition(":")
    path, *options = rest.split(":")
    ledger.convert(entry, ("acl_driver",), driver)
    for option in options:
        key, _equals, value = option.partition("=")
        if key == "cache_secs":
            ledger.convert(entry, ("acl_cache_ttl",), f"{value} secs")
        elif option:
            ledger.ask(entry, f"2.4 has nothing for {option}")
    if path:
        _rules(entry, path, ledger, access)


def _rules(entry: Entry, path: str, ledger: Ledger, access: Access) -> None:
    text, folder = access.read(path), list(_folder(path, access))
    rules: list[tuple[Optional[str], str]]
    if text is not None:
        rules = [(None, row) for row in rows(text)]
    elif folder:
        rules = [(mailbox, row) for mailbox, content in folder for row in rows(content)]
    else:
        place, unknown = converted(path)
        if unknown or place == path:
            ledger.ask(entry, f"the rules in {path} are not at hand: bring them, or write sections `acl` for mailboxes")
        else:
            ledger.convert(entry, ("acl_global_path",), place)
            ledger.note(f"{entry.name}: 2.4 wants one file {place}, where each rule has its mailbox before it")
        return
    for mailbox, row in rules:
        rule = RULE.fullmatch(row if mailbox is None else f'"{mailbox}" {row}')
        if rule is None or rule["mailbox"] is None:
            ledger.ask(entry, f"the rule `{row}` in {path} is not understood")
            continue
        target = (f"mailbox {rule['mailbox'].strip(QUOTE)}", f"acl {rule['who'].replace(QUOTE, '')}", "rights")
        ledger.convert(entry, target, (rule["rights"] or "").strip())


def _folder(path: str, access: Access) -> Iterator[tuple[str, str]]:
    """The rules in a folder: the mailbox that a file is for, and its text."""
    top = path.rstrip("/")
    for pattern in PATTERNS:
        for name in (pattern, os.path.join(os.path.dirname(pattern), DEFAULT)):
            for found in access.find(f"{top}/{name}"):
                text = access.read(found)
                mailbox = found[len(top) + 1 :]
                if os.path.basename(mailbox) == DEFAULT:
                    mailbox = os.path.dirname(mailbox) or "*"
                if text is not None:
                    yield mailbox, text


def _without(entry: Entry, ledger: Ledger) -> None:
    """The namespaces whose prefix it fits. They are converted already."""
    found = ledger.namespaces(entry.scope, entry.value)
    for header in found:
        ledger.convert(entry, (header, "acl_ignore"), "yes")
    if not found:
        ledger.ask(entry, "no namespace has this prefix: set `acl_ignore` in the one that is meant")


def rows(text: Optional[str]) -> list[str]:
    """The lines that say something."""
    return [row.strip() for row in (text or "").splitlines() if row.strip() and not row.strip().startswith("#")]
