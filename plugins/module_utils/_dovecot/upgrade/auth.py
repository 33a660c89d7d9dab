# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Databases of passwords and users: each gets a name, and the settings of its driver instead of ``args``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Optional

from .arguments import imap, lua, of_users
from .external import Externals, fields
from .ledger import Entry, Ledger, Target
from .merging import Node
from .oauth2 import oauth2
from .schemes import WEAK, scheme_of, stored
from .variables import AUTH

DRIVERS = {
    "passdb": ("imap", "ldap", "lua", "oauth2", "pam", "passwd", "passwd-file", "sql", "static"),
    "userdb": ("ldap", "lua", "passwd", "passwd-file", "prefetch", "sql", "static"),
}
GONE = {
    "bsdauth": "2.4 does not have it: use pam",
    "checkpassword": "2.4 does not have it: use lua, or a database that Dovecot reads by itself",
    "dict": "2.4 does not have it: use lua, sql or ldap",
    "nss": "2.4 does not have it: use passwd",
    "shadow": "2.4 does not have it: use pam",
    "sia": "2.4 does not have it: use pam",
    "vpopmail": "2.4 does not have it: use sql or passwd-file",
}
SAME = ("deny", "master", "skip", "result_success", "result_failure", "result_internalfail", "username_filter")
PAM = {"session": "session", "setcred": "setcred", "failure_show_msg": "failure_show_msg"}
PAM.update({"max_requests": "max_requests"})
# What the passwords are without a {SCHEME} before them, where nobody says it. 2.4 takes PLAIN.
SCHEMES = {"passwd-file": "CRYPT", "ldap": "CRYPT", "sql": "MD5"}
SCHEME = "default_password_scheme"
DEFAULT_ATTRIBUTES = {
    "passdb": [("user", "%{ldap:uid}"), ("password", "%{ldap:userPassword}")],
    "userdb": [("home", "%{ldap:homeDirectory}"), ("uid", "%{ldap:uidNumber}"), ("gid", "%{ldap:gidNumber}")],
}
DEFAULT_FILTER = "(&(objectClass=posixAccount)(uid=%{user}))"


def take_databases(root: Node) -> list[Node]:
    """Every passdb and userdb, in their order, which counts."""
    return [child for node in _nodes(root) for child in node.take_children("passdb", "userdb")]


def databases(found: Sequence[Node], ledger: Ledger, external: Externals) -> None:
    for node in found:
        driver, args = node.entries.get("driver"), node.entries.get("args")
        if driver and driver.value in ("sql", "ldap") and args:
            file = external.node(args, _path(args))
            if file:
                keys = ("driver", "connect") if driver.value == "sql" else ("uris", "dn")
                external.connections.add(tuple(file.entries[key].value if key in file.entries else "" for key in keys))
    external.prefetched = any(node.look_up("driver") == "prefetch" for node in found if node.kind == "userdb")
    taken: set[tuple[str, ...]] = set()
    for node in found:
        _Database(node, ledger, external).convert(taken)


def _nodes(node: Node) -> Sequence[Node]:
    return [node, *(inner for child in node.children for inner in _nodes(child))]


def _path(args: Entry) -> str:
    """The file that the arguments name, after the words that set something."""
    return args.words[-1] if args.words else ""


class _Database:
    """One passdb or userdb."""

    def __init__(self, node: Node, ledger: Ledger, external: Externals) -> None:
        self.node = node
        self.ledger = ledger
        self.external = external
        self.kind = node.kind
        self.driver = ""
        self.below: Target = ()

    def convert(self, taken: set[tuple[str, ...]]) -> None:
        driver = self.node.take("driver")
        if driver is None or driver.value not in DRIVERS[self.kind]:
            self._refuse(driver)
            return
        self.driver = driver.value
        name = self._name(taken)
        self.below = (f"{self.kind} {name}",)
        if name == self.driver:
            self.ledger.put((*self.node.scope, *self.below, "driver"), self.driver)
            self.ledger.done(driver)
        self.ledger.convert(driver, (*self.below, "driver"), self.driver)
        self._common()
        self._args(self.node.take("args"))
        for key in ("default_fields", "override_fields"):
            self._fields(self.node.take(key), key == "default_fields")
        for entry in self.node.everything():
            self.ledger.ask(entry, f"is no setting of a {self.kind}: leave it out, or put it where it belongs")

    def _args(self, args: Optional[Entry]) -> None:
        """What the driver is told."""
        convert = {
            **{"pam": self._pam, "passwd": self._passwd, "passwd-file": self._passwd_file, "static": self._static},
            **{
                "imap": self._imap,
                "lua": self._lua,
                "oauth2": self._oauth2,
                "sql": self._sql,
                "ldap": self._ldap,
            },
        }.get(self.driver)
        if args is None or not args.words:
            if self.driver in ("passwd-file", "lua", "oauth2", "sql", "ldap"):
                self.ledger.note(f"{'.'.join(self.below)} names no file, which the driver needs")
            if args:
                self.ledger.drop(args, "is empty")
        elif convert:
            convert(args)
        else:
            self.ledger.ask(args, f"the driver {self.driver} takes nothing: leave it out")

    def _refuse(self, driver: Optional[Entry]) -> None:
        why = GONE.get(driver.value if driver else "", "the driver is not known: name one of 2.4")
        first = driver or next(iter(self.node.everything()), None)
        if first:
            self.ledger.ask(first, why)
        for entry in self.node.everything():
            if entry is not first:
                self.ledger.ask(entry, "goes with the driver")

    def _name(self, taken: set[tuple[str, ...]]) -> str:
        """The driver's, with a number where there is more than one. Settings are prefixed with the driver, not this."""
        number = 1
        name = self.driver
        while (*self.node.scope, self.kind, name) in taken:
            number += 1
            name = f"{self.driver}{number}"
        taken.add((*self.node.scope, self.kind, name))
        return name

    def _common(self) -> None:
        for entry in self.node.take_matching("|".join(SAME)):
            if entry.value:
                self.ledger.convert(entry, (*self.below, entry.key), entry.value)
            else:
                self.ledger.drop(entry, "is empty")
        mechanisms = self.node.take("mechanisms")
        if mechanisms and mechanisms.value:
            self.ledger.convert(mechanisms, (*self.below, "mechanisms_filter"), " ".join(mechanisms.words))
        elif mechanisms:
            self.ledger.drop(mechanisms, "is empty")
        go_on = self.node.take("pass")
        if go_on and go_on.is_yes:
            self.ledger.convert(go_on, (*self.below, "result_success"), "continue")
        elif go_on:
            self.ledger.drop(go_on, "is how it is")
        verbose, name = self.node.take("auth_verbose"), self.node.take("name")
        if verbose:
            self.ledger.drop(verbose, "2.4 logs by log_debug")
        if name:
            self.ledger.drop(name, "the section has a name of its own")

    def _put(self, entry: Entry, name: str, value: str) -> None:
        self.ledger.same(entry, (*self.below, name), value, AUTH)

    def _fields(self, entry: Optional[Entry], default: bool) -> None:
        if entry is None:
            return
        found, wrong = fields(entry.value)
        for key, value in found:
            self.ledger.convert(entry, (*self.below, "fields", f"{key}:default" if default else key), value)
        for question in wrong:
            self.ledger.ask(entry, question)
        if not found and not wrong:
            self.ledger.drop(entry, "is empty")

    def _scheme(self, given: Optional[str]) -> str:
        """Note what to look at before mail stops: 2.4 takes no weak schemes unless it is told to."""
        scheme = scheme_of(given or SCHEMES[self.driver])
        if scheme in WEAK:
            self.ledger.note(
                f"{'.'.join(self.below)}: passwords of the scheme {scheme} are refused by 2.4 unless "
                "auth_allow_weak_schemes is yes; look what the stored ones are"
            )
        return scheme

    # --- drivers -----------------------------------------------------------------------------------------------------

    def _pam(self, args: Entry) -> None:
        for word in args.words:
            name, equals, value = word.partition("=")
            if not equals and word in PAM:
                self._put(args, PAM[word], "yes")
            elif not equals:
                self._put(args, "service_name", "%s" if word == "*" else word)
            elif name in PAM:
                self._put(args, PAM[name], value)
            elif name in ("cache_key", "blocking"):
                self.ledger.done(args)
            else:
                self.ledger.ask(args, f"2.4 has nothing for {word}")

    def _passwd(self, args: Entry) -> None:
        words = [word for word in args.words if word != "blocking=no"]
        if words:
            found, wrong = fields(" ".join(words))
            for key, value in found:
                self.ledger.convert(args, (*self.below, "fields", key), value)
            for question in wrong:
                self.ledger.ask(args, question)
        else:
            self.ledger.drop(args, "2.4 sees to it by itself")

    def _passwd_file(self, args: Entry) -> None:
        scheme = None
        for word in args.words[:-1]:
            name, _equals, value = word.partition("=")
            if name == "scheme":
                scheme = value
            elif name == "username_format":
                self._put(args, "auth_username_format", value)
            else:
                self.ledger.ask(args, f"2.4 has nothing for {word}")
        self._put(args, "passwd_file_path", _path(args))
        self._users(_path(args))
        if self.kind == "passdb":
            self.ledger.put((*self.node.scope, *self.below, SCHEME), self._scheme(scheme))

    def _users(self, path: str) -> None:
        """What the file gives in the form of 2.3."""
        text = self.external.access.read(path) or ""
        made = of_users(self.node, text, self.ledger, self.external.prefetched)
        if self.kind == "userdb":
            for name, value in made.items():
                self.ledger.add((*self.node.scope, *self.below, "fields", name), value, f"is what users in {path} give")
        for note in stored(text, path, made):
            self.ledger.note(note)

    def _static(self, args: Entry) -> None:
        rest = []
        for match in re.finditer(r"\S+", args.value):
            name, _equals, value = match[0].partition("=")
            if name == "password" and self.kind == "passdb":
                self._put(args, "static_password", value)
            elif name == "allow_all_users":
                self._put(args, "static_allow_all_users", value or "yes")
            elif name != "blocking":
                rest.append(match[0])
        found, wrong = fields(" ".join(rest))
        for key, value in found:
            self.ledger.convert(args, (*self.below, "fields", key), "yes" if value in ("y", "Y") else value)
        for question in wrong:
            self.ledger.ask(args, question)
        self.ledger.done(args)

    def _imap(self, args: Entry) -> None:
        imap(args, self._put, self.ledger)

    def _lua(self, args: Entry) -> None:
        lua(args, self._put, (*self.below, "lua_settings"), self.ledger)

    def _oauth2(self, args: Entry) -> None:
        node = self._file(args)
        if node:
            oauth2(node, self.ledger)

    def _sql(self, args: Entry) -> None:
        node = self._file(args)
        if node is None:
            return
        self.external.sql(args, node, (*self.node.scope, *self.below))
        names = {"sql_query": "password_query"} if self.kind == "passdb" else {"sql_query": "user_query"}
        names["sql_update_query" if self.kind == "passdb" else "sql_iterate_query"] = (
            "update_query" if self.kind == "passdb" else "iterate_query"
        )
        for new, old in names.items():
            found = self.external.query(node, old, (*self.node.scope, *self.below, new))
            if found is None and new == "sql_query":
                self.ledger.ask(args, f"names a file without {old}: complete it")
        if self.kind == "passdb":
            self._default_scheme(node)

    def _ldap(self, args: Entry) -> None:
        node = self._file(args)
        if node is None:
            return
        target = (*self.node.scope, *self.below)
        self.external.ldap(node, target, len(self.external.connections) > 1)
        part = "pass" if self.kind == "passdb" else "user"
        binds = self.kind == "passdb" and self._bind(node, target)
        found = node.entries.get(f"{part}_filter")
        if found:
            self.ledger.same(found, (*target, "ldap_filter"), kind=AUTH)
        else:
            self.ledger.add((*target, "ldap_filter"), DEFAULT_FILTER, "is what 2.3 takes")
        attributes = node.entries.get(f"{part}_attrs")
        if attributes:
            self.external.attributes(attributes, (*target, "fields"), ("password",) if binds else ())
        elif not node.entries.get("auth_bind_userdn"):
            for name, value in DEFAULT_ATTRIBUTES[self.kind]:
                if not (binds and name == "password"):
                    self.ledger.add((*target, "fields", name), value, "is what 2.3 takes")
        if self.kind == "userdb":
            iterate = node.entries.get("iterate_filter")
            if iterate:
                self.ledger.same(iterate, (*target, "ldap_iterate_filter"), kind=AUTH)
            listed = node.entries.get("iterate_attrs")
            if listed:
                self.external.attributes(listed, (*target, "ldap_iterate_fields"))
        elif not binds:
            self._default_scheme(node)

    def _bind(self, node: Node, target: Target) -> bool:
        """Whether the user's own password opens the directory. Then there is none to compare."""
        bind, name = node.entries.get("auth_bind"), node.entries.get("auth_bind_userdn")
        if bind:
            self.ledger.convert(bind, (*target, "ldap_bind"), "yes" if bind.is_yes else "no")
        if name:
            self.ledger.same(name, (*target, "ldap_bind_userdn"), kind=AUTH)
        return bind is not None and bind.is_yes

    def _default_scheme(self, node: Node) -> None:
        target = (*self.node.scope, *self.below, SCHEME)
        entry = node.entries.get("default_pass_scheme")
        scheme = self._scheme(entry.value if entry else None)
        if entry:
            self.ledger.convert(entry, target, scheme)
        else:
            self.ledger.add(target, scheme, "is what 2.3 takes where nothing is said")

    def _file(self, args: Entry) -> Optional[Node]:
        node = self.external.node(args, _path(args))
        if node:
            self.ledger.done(args)
        return node
