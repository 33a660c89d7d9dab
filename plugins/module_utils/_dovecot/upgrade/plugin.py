# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The section ``plugin``, which 2.4 does not have: its settings stand outside, under new names or in sections."""

from __future__ import annotations

import re
from typing import Callable, Optional

from ..reading import Access
from . import acl, encryption, quota, search, sieve
from .ledger import Entry, Ledger
from .merging import Node
from .names import CERTIFICATES, LINES
from .names import RENAMED as CORE_RENAMED
from .names import SAME as CORE_SAME
from .notifications import notification
from .services import uri
from .variables import converted

_SAME = """
    acl_defaults_from_inbox acl_globals_only acl_groups acl_ignore lazy_expunge_only_last_instance
    mail_log_cached_only mail_log_events mail_log_fields pop3_migration_all_mailboxes
    pop3_migration_ignore_extra_uidls pop3_migration_ignore_missing_uidls pop3_migration_mailbox
    pop3_migration_skip_size_check pop3_migration_skip_uidl_cache virtual_max_open_mailboxes last_login_precision
    welcome_wait
"""
SAME = frozenset(_SAME.split())
# Settings that are none of a plugin.
CORE = {*CORE_SAME, *CORE_RENAMED, *CERTIFICATES, *LINES}
RENAMED = {"lazy_expunge": "lazy_expunge_mailbox"}
GONE = {
    "expire": "it only made `doveadm expunge` faster; mailboxes can have `autoexpunge` instead",
    "expire_dict": "2.4 has no plugin expire",
    "mail_log_group_events": "2.4 logs each event by itself",
    "notify_mail_lock": "2.4 does not have it",
    "stats_refresh": "2.4 counts by its metrics",
    "stats_track_cmds": "2.4 counts by its metrics",
    "zlib_save_level_min": "2.4 does not have it",
}
# Setting with the URI of a dictionary, to the section that holds it.
DICTIONARIES = {
    "acl_shared_dict": "acl_sharing_map",
    "last_login_dict": "last_login",
    "notify_status_dict": "notify_status",
    "mail_attribute_dict": "mail_attribute",
}
# What settings begin with that go with plugins 2.4 does not have.
NO_PLUGIN = ("director_", "old_stats_", "replication_", "replicator_", "stats_")
MISSED = {
    r"antispam_.*": "2.4 has no antispam plugin: use imapsieve",
    r"mail_crypt_.*": "write the settings crypt_* for it; without its keys mail cannot be read",
    r"mail_replica": "2.4 has no replicator: run `doveadm sync` from a timer, or share the storage",
    r"push_notification_.*": "write a section push_notification for it",
    r"mailbox_alias_.*": "2.4 has no aliases of mailboxes: use special_use or Sieve",
}
METHODS = {"gz": "gz", "bz2": "bz2", "zstd": "zstd", "lz4": "lz4", "deflate": "deflate"}
LEVELS = {"gz": "compress_gz_level", "bz2": "compress_bz2_block_size_100k", "zstd": "compress_zstd_level"}
LEVELS["deflate"] = "compress_deflate_level"


class Plugins:
    """Converts the sections ``plugin``. ``inbox`` is the header of the namespace with the inbox."""

    def __init__(self, ledger: Ledger, access: Access, inbox: str, uses: dict[str, str]) -> None:
        self.ledger = ledger
        self.access = access
        self.inbox = inbox
        self.uses = uses
        self.special: dict[str, Callable[[Entry], None]] = {
            "imap_compress_deflate_level": self._imap_level,
            "last_login_key": lambda entry: ledger.same(entry, (entry.key,)),
            # Whoever uses the plugin listescape takes it along.
            "listescape_char": lambda entry: None,
            "welcome_script": self._script,
        }

    def convert(self, node: Node) -> None:
        ledger = self.ledger
        quota.convert(node, ledger, self.inbox)
        sieve.convert(node, ledger)
        search.convert(node, ledger, self.inbox, self.uses)
        acl.convert(node, ledger, self.access)
        self._trash(node.take("trash"))
        self._automatic(node)
        encryption.convert(node, ledger)
        self._compression(node)
        for entry in node.rest():
            self._single(entry)

    def _single(self, entry: Entry) -> None:
        """What stands for itself."""
        ledger, key = self.ledger, entry.key
        missed = next((cure for pattern, cure in MISSED.items() if re.fullmatch(pattern, key)), None)
        if key in self.special:
            self.special[key](entry)
        elif key.startswith("push_notification_driver"):
            notification(entry, ledger)
        elif key in DICTIONARIES:
            dictionary(entry, ledger)
        elif key in SAME or key in RENAMED:
            ledger.same(entry, (RENAMED.get(key, key),))
        elif missed:
            ledger.ask(entry, missed)
        elif re.fullmatch(r"expire\d+", key):
            ledger.drop(entry, GONE["expire"])
        elif key in GONE or key.startswith(NO_PLUGIN):
            ledger.drop(entry, GONE.get(key, "2.4 has no such plugin"))
        elif key in CORE:
            ledger.drop(entry, "has no effect in a section `plugin` of 2.3")
        else:
            ledger.ask(entry, "belongs to no plugin that is known: leave it out, or write what 2.4 has for it")

    def _imap_level(self, entry: Entry) -> None:
        self.ledger.same(entry, (*(() if entry.scope else ("protocol imap",)), "compress_deflate_level"))

    def _script(self, entry: Entry) -> None:
        program, *arguments = entry.value.split() or [""]
        text, unknown = converted(" ".join(arguments))
        if unknown or not program:
            self.ledger.ask(entry, "write a section welcome with an execute in it")
        else:
            self.ledger.convert(entry, ("welcome", f"execute {program}", "args"), text)

    def _compression(self, node: Node) -> None:
        method, level = node.take("zlib_save"), node.take("zlib_save_level")
        if method and method.value in METHODS:
            self.ledger.convert(method, ("mail_compress_write_method",), METHODS[method.value])
        elif method:
            self.ledger.ask(method, "2.4 does not have this compression: read the mail with another first, or use zstd")
        name = LEVELS.get(method.value) if method else None
        if level and name:
            self.ledger.convert(level, (name,), level.value)
        elif level:
            self.ledger.drop(level, "goes with no compression that has levels")

    def _automatic(self, node: Node) -> None:
        """Mailboxes that are made, and maybe subscribed, when somebody logs in."""
        subscribed = node.take_matching(r"autosubscribe\d*")
        names = {entry.value for entry in subscribed}
        for entry in [*node.take_matching(r"autocreate\d*"), *subscribed]:
            target = (self.inbox, f"mailbox {entry.value}", "auto")
            self.ledger.convert(entry, target, "subscribe" if entry.value in names else "create")

    def _trash(self, entry: Optional[Entry]) -> None:
        """A file with a priority and a mailbox on each line."""
        if entry is None:
            return
        text = self.access.read(entry.value)
        if text is None:
            self.ledger.ask(entry, f"{entry.value} does not exist here: give each mailbox its `trash_priority`")
            return
        for row in acl.rows(text):
            number, _blank, mailbox = row.partition(" ")
            self.ledger.convert(entry, (self.inbox, f"mailbox {mailbox.strip()}", "trash_priority"), number)
        self.ledger.done(entry)


def dictionary(entry: Entry, ledger: Ledger) -> None:
    """A setting with the URI of a dictionary."""
    if not entry.value:
        ledger.drop(entry, "is empty")
        return
    text, unknown = converted(entry.value)
    found = uri(text)
    section = DICTIONARIES[entry.key]
    if unknown or found is None:
        ledger.ask(entry, f"write a section {section} with the dictionary in it")
    else:
        ledger.convert(entry, (section,), {**_present(ledger, entry, section), **found})


def _present(ledger: Ledger, entry: Entry, section: str) -> dict[str, object]:
    level = ledger.settings
    for header in (*entry.scope, section):
        level = level.get(header, {})
    return dict(level)
