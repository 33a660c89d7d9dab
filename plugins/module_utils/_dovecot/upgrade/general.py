# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings outside of sections, or in a filter alone: by the tables in names.py, and the few that need more."""

from __future__ import annotations

import re
from typing import Callable, Optional

from . import names, quota
from .encryption import attachments
from .ledger import Entry, Ledger
from .merging import Node
from .plugin import dictionary
from .variables import AUTH, literal

DEBUG = {"auth_debug": "category=auth", "verbose_ssl": "category=ssl"}
# What a list of protocols to refuse leaves as the oldest that is taken. Debian's OpenSSL has nothing older.
TLS = ("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3")
FEATURES_BY_DEFAULT = {"rfc822.size", "fetch-headers", "fetch-size", "fetch-bodystructure", "search", "delay-login"}
POSTMASTER = "postmaster@%{if;%d;ne;;%d;%{hostname}}"
AUTH_SETTINGS = re.compile(r"auth_(?:username_format|policy_.*|gssapi_hostname)")


class Settings:
    """Converts one setting after the other; ``finish`` writes what several of them make together."""

    def __init__(self, ledger: Ledger, root: Node) -> None:
        self.ledger = ledger
        self.escape = next((entry for entry in root.everything() if entry.key == "listescape_char"), None)
        self.cloned = quota.is_cloned(root)
        self.debug: dict[tuple[str, ...], list[str]] = {}
        self.cleartext: list[Entry] = []
        self.outside: list[Entry] = []
        self.special: dict[str, Callable[[Entry], None]] = {
            "auth_username_translation": self._same,
            "auth_worker_max_count": self._workers,
            "auth_policy_server_timeout_msecs": self._policy_timeout,
            "disable_plaintext_auth": self._cleartext,
            "imapc_features": self._features,
            "imapc_ssl_verify": self._verify,
            "log_debug": self._log_debug,
            "mail_attachment_fs": self.outside.append,
            "postmaster_address": self._postmaster,
            "mail_attachment_hash": self._attachment_hash,
            "mail_attribute_dict": lambda entry: dictionary(entry, ledger),
            "mail_plugins": self._plugins,
            "protocols": self._protocols,
            "ssl": self._ssl,
            "ssl_disable": self._without_ssl,
            "ssl_min_protocol": self._min_protocol,
            "ssl_options": self._options,
            "ssl_prefer_server_ciphers": self._ciphers,
            "ssl_protocols": self._ssl_protocols,
            "ssl_verify_client_cert": self._client_certificate,
            "stats_http_rawlog_dir": lambda entry: ledger.same(entry, ("stats_server", "http_client_rawlog_dir")),
            "doveadm_http_rawlog_dir": lambda entry: ledger.same(entry, ("doveadm_server", "http_client_rawlog_dir")),
        }

    def convert(self, entry: Entry) -> None:
        name = entry.key
        gone = names.GONE.get(name) or next(
            (reason for start, reason in names.GONE_WITH.items() if name.startswith(start)), None
        )
        if name in self.special:
            self.special[name](entry)
        elif name in DEBUG:
            self._debug(entry)
        elif name in names.CERTIFICATES:
            self._certificate(entry)
        elif name in names.LINES:
            self.ledger.same(entry, (name,), kind=names.LINES[name])
        elif name in names.PAIRS:
            self._pairs(entry)
        elif name in names.MISSED and entry.value:
            self.ledger.ask(entry, names.MISSED[name])
        elif gone or name in names.MISSED:
            self.ledger.drop(entry, gone or "is empty")
        elif name in names.UNLIMITED and entry.value == "0":
            self.ledger.convert(entry, (names.RENAMED.get(name, name),), "unlimited")
        elif name in names.LITERAL:
            self.ledger.convert(entry, (names.RENAMED.get(name, name),), literal(entry.value))
        elif name in names.RENAMED:
            self.ledger.same(entry, (names.RENAMED[name],))
        elif name in names.SAME:
            self.ledger.same(entry, (name,), kind=AUTH if AUTH_SETTINGS.fullmatch(name) else 0)
        else:
            self.ledger.ask(entry, "is no setting of 2.3: leave it out, or write what `doveconf -n` of 2.3 makes of it")

    def finish(self) -> None:
        for entry in self.outside:
            attachments(entry, self.ledger)
        if self.escape and id(self.escape.setting) not in self.ledger.outcomes:
            self.ledger.drop(self.escape, "the plugin listescape is not in use")
        for scope, filters in self.debug.items():
            self.ledger.put((*scope, "log_debug"), " OR ".join(dict.fromkeys(filters)))
        for entry in self.cleartext:
            inside, outside = self.ledger.get(*entry.scope, "ssl"), self.ledger.get("ssl")
            if not entry.is_yes and (inside or outside) == "required":
                self.ledger.drop(entry, "ssl = required asks for TLS all the same, and 2.4 refuses both together")
            else:
                self.ledger.convert(entry, ("auth_allow_cleartext",), "no" if entry.is_yes else "yes")

    def _same(self, entry: Entry) -> None:
        self.ledger.convert(entry, (entry.key,), entry.value)

    def _debug(self, entry: Entry) -> None:
        if entry.is_yes:
            self.ledger.convert(entry, ("log_debug",), DEBUG[entry.key])
            self.debug.setdefault(entry.scope, []).append(DEBUG[entry.key])
        else:
            self.ledger.drop(entry, "is how it is")

    def _log_debug(self, entry: Entry) -> None:
        self.ledger.convert(entry, ("log_debug",), entry.value)
        if entry.value:
            self.debug.setdefault(entry.scope, []).append(entry.value)

    def _workers(self, entry: Entry) -> None:
        self.ledger.convert(entry, ("service auth-worker", "process_limit"), entry.value)

    def _policy_timeout(self, entry: Entry) -> None:
        self.ledger.convert(entry, ("auth_policy", "http_client_request_timeout"), f"{entry.value}ms")

    def _cleartext(self, entry: Entry) -> None:
        self.cleartext.append(entry)

    def _features(self, entry: Entry) -> None:
        kept = [word for word in entry.words if word not in FEATURES_BY_DEFAULT]
        if kept:
            self.ledger.convert(entry, ("imapc_features",), " ".join(kept))
        else:
            self.ledger.drop(entry, "2.4 has these by itself")

    def _verify(self, entry: Entry) -> None:
        self.ledger.convert(entry, ("imapc", "ssl_client_require_valid_cert"), "yes" if entry.is_yes else "no")

    def _postmaster(self, entry: Entry) -> None:
        if entry.value == POSTMASTER:
            self.ledger.drop(entry, "is how it is")
        else:
            self.ledger.same(entry, (entry.key,))

    def _attachment_hash(self, entry: Entry) -> None:
        self.ledger.convert(entry, ("mail_ext_attachment_hash",), re.sub(r"%\{(\w+)\}", r"%{\1}", entry.value))

    def _plugins(self, entry: Entry) -> None:
        """2.4 takes a list, too, which counts whole: the plugins outside of the filter are in it already."""
        kept = []
        for name in entry.words:
            if name == "listescape":
                self._escape(entry)
            elif name in names.PLUGINS_GONE:
                self.ledger.note(f"the mail plugin {name} is not in 2.4: {names.PLUGINS_GONE[name]}")
            else:
                kept.append(names.PLUGINS.get(name, name))
        if self.cloned and "quota" in kept:
            kept.append("quota_clone")
        if kept or entry.scope:
            self.ledger.convert(entry, ("mail_plugins",), " ".join(dict.fromkeys(kept)))
        elif entry.words:
            self.ledger.drop(entry, "2.4 has none of these plugins")
        else:
            self.ledger.drop(entry, "is empty")

    def _escape(self, entry: Entry) -> None:
        """What the plugin listescape did is a setting where it was in use."""
        self.ledger.convert(entry, ("mailbox_list_storage_escape_char",), self.escape.value if self.escape else "\\")
        if self.escape:
            self.ledger.done(self.escape)

    def _protocols(self, entry: Entry) -> None:
        if entry.words == ["none"] or not entry.words:
            self.ledger.drop(entry, "2.4 serves nothing by itself")
            return
        kept = [
            "sieve" if word == "managesieve" else word.replace("imaps", "imap").replace("pop3s", "pop3")
            for word in entry.words
        ]
        self.ledger.convert(entry, ("protocols",), " ".join(dict.fromkeys(kept)))

    def _ssl(self, entry: Entry) -> None:
        self.ledger.convert(entry, ("ssl",), entry.value)
        if entry.value == "required":
            self.ledger.note("ssl = required: in 2.4 clients in login_trusted_networks need TLS, too")

    def _without_ssl(self, entry: Entry) -> None:
        if entry.is_yes:
            self.ledger.convert(entry, ("ssl",), "no")
        else:
            self.ledger.drop(entry, "is how it is")

    def _min_protocol(self, entry: Entry) -> None:
        if entry.value.upper() in ("SSLV2", "SSLV3"):
            self.ledger.ask(entry, "2.4 has no SSL this old: leave it out for TLSv1.2")
        else:
            self.ledger.convert(entry, ("ssl_min_protocol",), entry.value)

    def _ssl_protocols(self, entry: Entry) -> None:
        refused = {word[1:] for word in entry.words if word.startswith("!")}
        taken = [word for word in entry.words if not word.startswith("!")] or [
            name for name in TLS if name not in refused
        ]
        oldest: Optional[str] = next((name for name in TLS if name in taken), None)
        if oldest is None:
            self.ledger.ask(entry, "2.4 has no SSL this old: leave it out for TLSv1.2")
        else:
            self.ledger.convert(entry, ("ssl_min_protocol",), oldest)

    def _options(self, entry: Entry) -> None:
        kept = [word for word in entry.words if word != "no_compression"]
        if kept:
            self.ledger.convert(entry, ("ssl_options",), " ".join(kept))
        else:
            self.ledger.drop(entry, "2.4 does not compress by itself")

    def _ciphers(self, entry: Entry) -> None:
        self.ledger.convert(entry, ("ssl_server_prefer_ciphers",), "server" if entry.is_yes else "client")

    def _client_certificate(self, entry: Entry) -> None:
        self.ledger.convert(entry, ("ssl_server_request_client_cert",), "yes" if entry.is_yes else "no")

    def _certificate(self, entry: Entry) -> None:
        target = (names.CERTIFICATES[entry.key],)
        if not entry.value or entry.value == "<":
            self.ledger.drop(entry, "is empty")
        elif entry.value.startswith("<"):
            self.ledger.same(entry, target, entry.value[1:])
        elif entry.value.startswith("/"):
            self.ledger.ask(entry, "was the path as text, as there is no < before it: say which file it is")
        else:
            self.ledger.ask(entry, "holds the text itself: put it into a file and name that")

    def _pairs(self, entry: Entry) -> None:
        """``login=%{requested_username} protocol=%s``, ``name *``, ``TZ``."""
        words = entry.value.split()
        if entry.key == "imap_id_send":
            words = [f"{key}={value}" for key, value in zip(words[::2], words[1::2])]
        for word in words:
            key, equals, value = word.partition("=")
            if equals:
                self.ledger.same(entry, (entry.key, key), value, AUTH)
            else:
                self.ledger.convert(entry, (entry.key, key), f"%{{env:{key}}}")
        if not words:
            self.ledger.drop(entry, "is empty")
