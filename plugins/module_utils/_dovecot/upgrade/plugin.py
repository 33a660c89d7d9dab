# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The section ``plugin``, which 2.4 does not have: its settings stand outside, under new names or in sections."""

from __future__ import annotations

import re
from typing import Optional

from ..reading import Access
from . import quota, search, sieve
from .ledger import Entry, Ledger
from .merging import Node
from .services import uri
from .variables import converted

_SAME = """
    acl_defaults_from_inbox acl_globals_only acl_groups acl_ignore acl_user lazy_expunge_only_last_instance
    mail_log_cached_only mail_log_events mail_log_fields pop3_migration_all_mailboxes
    pop3_migration_ignore_extra_uidls pop3_migration_ignore_missing_uidls pop3_migration_mailbox
    pop3_migration_skip_size_check pop3_migration_skip_uidl_cache virtual_max_open_mailboxes last_login_precision
    welcome_wait
"""
SAME = frozenset(_SAME.split())
RENAMED = {"lazy_expunge": "lazy_expunge_mailbox"}
GONE = {
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
    "mail_attribute_dict": "mail_attribute",
}
MISSED = {
    r"antispam_.*": "2.4 has no antispam plugin: use imapsieve",
    r"expire.*": "2.4 has no expire plugin: give mailboxes `autoexpunge`",
    r"mail_crypt_.*": "write the settings crypt_* for it; without its keys mail cannot be read",
    r"mail_replica": "2.4 has no replicator: run `doveadm sync` from a timer, or share the storage",
    r"push_notification_.*": "write a section push_notification for it",
    r"listescape_char": "set mailbox_list_storage_escape_char",
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

    def convert(self, node: Node) -> None:
        ledger = self.ledger
        quota.convert(node, ledger, self.inbox)
        sieve.convert(node, ledger)
        search.convert(node, ledger, self.inbox, self.uses)
        self._acl(node.take("acl"))
        self._trash(node.take("trash"))
        self._automatic(node)
        self._encryption(node)
        self._compression(node)
        for entry in node.take_matching("|".join(DICTIONARIES)):
            dictionary(entry, ledger)
        for entry in node.take_matching("last_login_key"):
            ledger.same(entry, ("last_login_key",))
        for entry in node.take_matching("acl_anyone"):
            ledger.convert(entry, ("imap_acl_allow_anyone",), "yes" if entry.value == "allow" else "no")
        for entry in node.take_matching("welcome_script"):
            self._script(entry)
        for entry in node.take_matching("|".join(SAME)):
            ledger.same(entry, (entry.key,))
        for entry in node.take_matching("|".join(RENAMED)):
            ledger.same(entry, (RENAMED[entry.key],))
        for entry in node.take_matching("|".join(GONE)):
            ledger.drop(entry, GONE[entry.key])
        for pattern, cure in MISSED.items():
            for entry in node.take_matching(pattern):
                ledger.ask(entry, cure)
        for entry in node.everything():
            ledger.ask(entry, "belongs to no plugin that is known: leave it out, or write what 2.4 has for it")

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

    def _encryption(self, node: Node) -> None:
        """Keys for all mail. Those of single users are another matter."""
        public, version = node.take("mail_crypt_global_public_key"), node.take("mail_crypt_save_version")
        if public and public.value.startswith("<"):
            self.ledger.same(public, ("crypt_global_public_key_file",), public.value[1:])
        elif public:
            self.ledger.ask(public, "holds the key itself: put it into a file and set crypt_global_public_key_file")
        for entry in node.take_matching(r"mail_crypt_global_private_key\d*"):
            if entry.value.startswith("<"):
                target = (f"crypt_global_private_key {entry.key[len('mail_crypt_') :]}", "crypt_private_key_file")
                self.ledger.same(entry, target, entry.value[1:])
            else:
                self.ledger.ask(entry, "holds the key itself: put it into a file, see crypt_global_private_key")
        if version and version.value == "0":
            self.ledger.convert(version, ("crypt_write_algorithm",), "")
        elif version:
            self.ledger.drop(version, "is how 2.4 writes by itself")

    def _trash(self, entry: Optional[Entry]) -> None:
        """A file with a priority and a mailbox on each line."""
        if entry is None:
            return
        rows = _rows(self.access.read(entry.value))
        if rows is None:
            self.ledger.ask(entry, f"{entry.value} does not exist here: give each mailbox its `trash_priority`")
            return
        for row in rows:
            number, _blank, mailbox = row.partition(" ")
            self.ledger.convert(entry, (self.inbox, f"mailbox {mailbox.strip()}", "trash_priority"), number)
        self.ledger.done(entry)

    def _acl(self, entry: Optional[Entry]) -> None:
        """``vfile``, with a file of rules for all: ``mailbox identifier rights`` on each line."""
        if entry is None:
            return
        driver, _colon, rest = entry.value.partition(":")
        path, *options = rest.split(":")
        self.ledger.convert(entry, ("acl_driver",), driver)
        for option in options:
            key, _equals, value = option.partition("=")
            if key == "cache_secs":
                self.ledger.convert(entry, ("acl_cache_ttl",), f"{value} secs")
            elif option:
                self.ledger.ask(entry, f"2.4 has nothing for {option}")
        if not path:
            return
        rows = _rows(self.access.read(path))
        if rows is None:
            self.ledger.ask(
                entry, f"the rules in {path} are not at hand or in a folder: write sections `acl` for mailboxes"
            )
            return
        for row in rows:
            rule = re.fullmatch(r'(?P<mailbox>"[^"]*"|\S+)\s+(?P<who>\S+)(?:\s+:?(?P<rights>.*))?', row)
            if rule is None:
                self.ledger.ask(entry, f"the rule `{row}` in {path} is not understood")
                continue
            mailbox, who, rights = rule["mailbox"].strip('"'), rule["who"], rule["rights"] or ""
            self.ledger.convert(entry, (f"mailbox {mailbox}", f"acl {who}", "rights"), rights.strip())


def dictionary(entry: Entry, ledger: Ledger) -> None:
    """A setting with the URI of a dictionary."""
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


def _rows(text: Optional[str]) -> Optional[list[str]]:
    if text is None:
        return None
    return [row.strip() for row in text.splitlines() if row.strip() and not row.strip().startswith("#")]
