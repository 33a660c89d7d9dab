# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A configuration of Dovecot 2.3 to one of 2.4: the one function that calls all the others, in their order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..._engine.errors import Error
from ..reading import Access, Fault, Reading, Section, read
from .auth import databases, take_databases
from .dictionaries import served
from .external import Externals
from .general import Settings
from .ledger import Entry, Ledger
from .merging import FILTERS, Node, merged
from .places import GUESSED, location, mailbox, namespaces
from .plugin import Plugins
from .search import special_uses
from .services import metrics, services

# What every 2.3 has without being told: the least that 2.4 must be told.
PROTOCOLS = "imap pop3 lmtp"


@dataclass(frozen=True)
class Upgrade:
    """``ledger`` holds the settings for 2.4 and the account of those of 2.3; ``faults`` what could not be read."""

    reading: Reading
    ledger: Ledger

    @property
    def faults(self) -> list[Fault]:
        return self.reading.faults


def upgrade(path: str, access: Access) -> Upgrade:
    """Convert the configuration in the file ``path``, with all that it includes and names."""
    reading = read(path, access)
    if is_new(reading.root):
        raise Error(f"{path} is a configuration for Dovecot 2.4 already; name one for 2.3")
    ledger = Ledger()
    root = merged(reading.root, access, ledger)
    external = Externals(access, ledger)
    uses = special_uses(root)
    _needed(root, ledger, path)
    general = Settings(ledger, root)
    found = take_databases(root)
    served(root, ledger, external)
    _level(root, ledger, general, Plugins(ledger, access, _inbox(root), uses))
    databases(found, ledger, external)
    external.leave()
    general.finish()
    _masters(ledger)
    _complete(reading, ledger)
    return Upgrade(reading, ledger)


def is_new(root: Section) -> bool:
    return root.value("dovecot_config_version") is not None


def _level(node: Node, ledger: Ledger, general: Settings, plugins: Plugins) -> None:
    """The settings of a filter, or outside of all filters."""
    where = node.take("mail_location")
    if where:
        location(where, ledger)
    for entry in node.rest():
        general.convert(entry)
    namespaces(node, ledger)
    services(node, ledger)
    metrics(node, ledger)
    for child in node.take_children("plugin"):
        plugins.convert(child)
    for child in node.take_children("mailbox"):
        mailbox(child, (), ledger)
    for child in node.take_children(*FILTERS):
        _level(child, ledger, general, plugins)
    for child in node.children:
        for entry in child.everything():
            ledger.ask(entry, f"is in a section `{child.kind}`: write what `doveconf -n` of 2.3 makes of it")


def _inbox(root: Node) -> str:
    """The header of the namespace that mailboxes like Trash are in, by the name that it has or gets."""
    for child in root.children:
        entry = child.entries.get("inbox") if child.kind == "namespace" else None
        if entry and entry.is_yes:
            return f"namespace {child.name or 'inbox'}"
    return "namespace inbox"


def _needed(root: Node, ledger: Ledger, path: str) -> None:
    """What 2.4 does not assume any more."""
    protocols = root.entries.get("protocols")
    packaged = [entry for child in root.take_children("protocols") for entry in child.rest()]
    for entry in packaged:
        # Debian's packages of 2.4 say in files of theirs what they serve, and the old configuration includes them.
        if protocols is None:
            ledger.convert(entry, ("protocols", entry.key), entry.value)
        else:
            ledger.drop(entry, f"{protocols.name} is set in line {protocols.setting.line} of {protocols.setting.file}")
    if protocols is None and not packaged:
        ledger.add(("protocols",), PROTOCOLS, "is what 2.3 serves where nothing is said; 2.4 serves nothing")
    if not any(child.kind == "namespace" for child in root.children):
        ledger.add(("namespace inbox", "inbox"), "yes", "is there by itself in 2.3")
    places = [entry for entry in root.everything() if entry.key in ("mail_location", "location") and entry.value]
    if not places:
        ledger.note(f"{path} does not say where mail is, {GUESSED[0].lower()}{GUESSED[1:]}")


def _masters(ledger: Ledger) -> None:
    """With 2.3 the rights of a master count. 2.4.1 gives a master those of the user, unless it is told otherwise."""
    masters = [inside for header, inside in ledger.settings.items() if header.startswith("passdb ")]
    limited = any(inside.get("master") == "yes" for inside in masters) and _has_rights(ledger.settings)
    if limited and ledger.get("acl_user") is None:
        ledger.add(("acl_user",), "%{auth_user}", "keeps masters to rights of their own, as 2.3 does")


def _has_rights(tree: Mapping[str, Any]) -> bool:
    """Whether the plugin acl is in use anywhere."""
    below = [inside for inside in tree.values() if isinstance(inside, Mapping)]
    return "acl" in str(tree.get("mail_plugins", "")).split() or any(_has_rights(inside) for inside in below)


def _complete(reading: Reading, ledger: Ledger) -> None:
    """Nothing may vanish: what nobody took is for somebody to decide about."""
    for above, setting in reading.root.walk():
        if id(setting) not in ledger.outcomes:
            place = "".join(f"{section.header}." for section in above)
            ledger.ask(
                Entry(setting, setting.value, f"{place}{setting.name}"), "was not understood: write what it means"
            )
