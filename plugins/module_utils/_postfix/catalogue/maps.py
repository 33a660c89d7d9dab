# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lookup tables (DATABASE_README): where main.cf and master.cf name them, and whether they can be opened. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..._engine.findings import ERROR, MISSING, WARNING, Finding
from ..words import unbraced, words
from .restrictions import LISTS, classes, takes_argument
from .staged import Setting, Staged, nearest

# The file that is looked into, made from the text beside it (postmap(1)).
INDEX = {"hash": ".db", "btree": ".db", "lmdb": ".lmdb", "cdb": ".cdb", "dbm": ".pag", "sdbm": ".pag"}
TEXTS = ("texthash", "regexp", "pcre", "cidr")
SOURCES = ("ldap", "mysql", "pgsql", "sqlite", "mongodb", "memcache")
AROUND = ("proxy", "debug")
GROUPS = ("unionmap", "pipemap")
# Debian's packages for types that the package postfix lacks.
PACKAGES = ("cdb", "ldap", "lmdb", "mongodb", "mysql", "pcre", "pgsql", "sqlite")
# Tables that Postfix itself writes: they come with the first entry.
CACHES = re.compile(r".*_cache_(?:map|database)|address_verify_map|.*_cache_name|postscreen_cache_map")
MAP_VALUED = re.compile(
    r".*_(?:maps|checks)|alias_database|relay_clientcerts|.*_(?:reply|dns_reply)_filter"
    # Lists of names, in which only a table has a colon.
    r"|mydestination|relay_domains|virtual_(?:alias|mailbox)_domains"
)
NAME = re.compile(r"(?P<type>[a-z][a-z0-9]*):(?P<rest>.*)", re.DOTALL)


@dataclass(frozen=True)
class Reference:
    """A table as a setting names it: ``hash:/etc/aliases`` is type ``hash`` and name ``/etc/aliases``.

    ``is_proxied``: it is opened by proxymap(8), which has no rights beyond those of Postfix's own account.
    """

    type: str
    name: str
    setting: Setting
    is_proxied: bool = False

    @property
    def index(self) -> str:
        return f"{self.name}{INDEX[self.type]}"

    @property
    def tool(self) -> str:
        """What makes the index: aliases(5) have a syntax of their own."""
        return "postalias" if self.setting.name in ("alias_maps", "alias_database") else "postmap"

    @property
    def has_path(self) -> bool:
        return self.name.startswith("/")

    def __str__(self) -> str:
        return f"{self.type}:{self.name}"


def references(staged: Staged) -> list[Reference]:
    """Every table that is named in main.cf or master.cf, also inside other tables and restrictions."""
    found: dict[tuple[str, str, str, str], Reference] = {}
    for setting in staged.settings:
        meaning = staged.meaning(setting)
        if meaning is not None and ":" in meaning:
            sure = MAP_VALUED.fullmatch(setting.name) is not None
            rules = setting.name in LISTS or setting.name in classes(staged, setting.service)
            before = ""
            for word in words(meaning):
                certain = sure or (rules and before.endswith("_access") and takes_argument(before))
                for one in _references(word, setting, certain, staged):
                    found.setdefault((one.type, one.name, setting.name, setting.file), one)
                before = word
    return list(found.values())


def _references(word: str, setting: Setting, certain: bool, staged: Staged) -> Iterator[Reference]:
    """``certain``: the word is a table, so that a type nobody knows is misspelt and not the name of a transport."""
    match = NAME.fullmatch(unbraced(word))
    if match is None:
        return
    kind, rest = match["type"], match["rest"]
    if kind in AROUND:
        for one in _references(rest, setting, True, staged):
            yield replace(one, is_proxied=one.is_proxied or kind == "proxy")
    elif kind in GROUPS:
        for inner in words(unbraced(rest)):
            yield from _references(inner, setting, True, staged)
    elif (
        kind in (*INDEX, *TEXTS, *SOURCES)
        or certain
        or (rest.startswith("/") and nearest(kind, [*INDEX, *TEXTS, *SOURCES]))
    ):
        yield Reference(kind, rest, setting)


def unsupported_map_type(staged: Staged) -> Iterator[Finding]:
    """Types of tables that the installed Postfix cannot open: what needs one gets a temporary failure."""
    known = staged.host.map_types
    for one in references(staged) if known else ():
        if one.type not in known:
            message = f"has {one}, and the Postfix on this host has no tables of the type {one.type}"
            near = nearest(one.type, {*known, *PACKAGES})
            if one.type in PACKAGES:
                cure, asked = f"install the package postfix-{one.type}", MISSING
            else:
                cure, asked = f"did you mean {near}?" if near else "use a type that postconf -m lists", ERROR
            yield staged.finding("unsupported_map_type", one.setting, message, cure, asked=asked)


def missing_map(staged: Staged) -> Iterator[Finding]:
    """Tables that are not there: what needs one gets a temporary failure."""
    for one in references(staged):
        if not one.has_path or CACHES.fullmatch(one.setting.name) or one.type not in (*INDEX, *TEXTS, *SOURCES):
            continue
        if one.type in INDEX:
            if staged.host.look(one.index) is None and one.type in staged.host.map_types:
                there = staged.host.look(one.name) is not None
                message = f"has {one}, and {one.index} does not exist"
                code, cure = "missing_map", f"create {one.name} and run {one.tool} {one}"
                if there:
                    code, cure = "missing_index", f"run {one.tool} {one}"
                yield staged.finding(code, one.setting, message, cure, asked=MISSING)
        elif staged.host.look(one.name) is None:
            message = f"has {one}, and {one.name} does not exist"
            yield staged.finding(
                "missing_map", one.setting, message, "create the file, or correct its path", asked=MISSING
            )


def stale_index(staged: Staged) -> Iterator[Finding]:
    """Indices older than the text that they were made from: what was changed since does not count."""
    for one in references(staged):
        if one.type in INDEX and one.has_path and not CACHES.fullmatch(one.setting.name):
            index, text = staged.host.look(one.index), staged.host.look(one.name)
            if index is not None and text is not None and index.modified < text.modified:
                message = f"has {one}, and {one.index} is older than {one.name}"
                yield staged.finding("stale_index", one.setting, message, f"run {one.tool} {one}", asked=WARNING)


def unreadable_table(staged: Staged) -> Iterator[Finding]:
    """Tables behind ``proxy:`` that proxymap(8) may not read: what needs one gets a temporary failure."""
    owner = staged.value("mail_owner") or "postfix"
    for one in references(staged):
        path = one.index if one.type in INDEX else one.name
        is_file = one.has_path and one.type in (*INDEX, *TEXTS, *SOURCES)
        if one.is_proxied and is_file and staged.host.look(path) is not None and not staged.host.mail_reads(path):
            message = f"has proxy:{one}, and the user {owner} may not read {path}"
            cure = f"give the group of {owner} the right to read it"
            yield staged.finding("unreadable_table", one.setting, message, cure, asked=WARNING)
