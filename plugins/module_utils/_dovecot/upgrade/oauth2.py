# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file that a passdb of the driver oauth2 names: settings that 2.4 has for all of them together."""

from __future__ import annotations

from .external import fields
from .ledger import Entry, Ledger
from .merging import Node
from .services import uri
from .variables import AUTH, converted

# With the unit of the number.
HTTP = {
    "max_idle_time_msecs": ("http_client_max_idle_time", "ms"),
    "max_parallel_connections": ("http_client_max_parallel_connections", ""),
    "max_pipelined_requests": ("http_client_max_pipelined_requests", ""),
    "rawlog_dir": ("http_client_rawlog_dir", ""),
    "timeout_msecs": ("http_client_request_timeout", "ms"),
}
TLS = {
    "tls_ca_cert_dir": "ssl_client_ca_dir",
    "tls_ca_cert_file": "ssl_client_ca_file",
    "tls_cert_file": "ssl_client_cert_file",
    "tls_cipher_suite": "ssl_cipher_list",
    "tls_key_file": "ssl_client_key_file",
}
# Not set to yes, it says nothing.
SWITCHES = ("debug", "tls_allow_invalid_cert", "use_grant_password")
KEYS = "local_validation_key_dict"


def oauth2(node: Node, ledger: Ledger) -> None:
    if "introspection_url" in node.entries and "introspection_mode" not in node.entries:
        ledger.add(("oauth2", "introspection_mode"), "auth", "is what 2.3 takes")
    for entry in node.entries.values():
        if entry.key in HTTP:
            name, unit = HTTP[entry.key]
            ledger.convert(entry, ("oauth2", name), f"{entry.value}{unit}")
        elif entry.key in TLS:
            ledger.convert(entry, ("oauth2", TLS[entry.key]), entry.value)
        elif entry.key == "username_format":
            ledger.same(entry, ("oauth2", "username_validation_format"), kind=AUTH)
        elif entry.key == "pass_attrs":
            _fields(entry, ledger)
        elif entry.key in SWITCHES:
            _switch(entry, ledger)
        elif entry.key == KEYS:
            _keys(entry, ledger)
        else:
            ledger.same(entry, ("oauth2", entry.key), kind=AUTH)


def _switch(entry: Entry, ledger: Ledger) -> None:
    if not entry.is_yes:
        ledger.drop(entry, "is how it is")
    elif entry.key == "debug":
        ledger.convert(entry, ("passdb oauth2", "log_debug"), "category=oauth2")
    elif entry.key == "tls_allow_invalid_cert":
        ledger.convert(entry, ("oauth2", "ssl_client_require_valid_cert"), "no")
    else:
        ledger.ask(
            entry, "2.4 gets a token by a password in a passdb of its own: see oauth2 in Dovecot's documentation"
        )


def _fields(entry: Entry, ledger: Ledger) -> None:
    found, wrong = fields(entry.value)
    for key, value in found:
        ledger.convert(entry, ("oauth2", "fields", key), value)
    for question in wrong:
        ledger.ask(entry, question)


def _keys(entry: Entry, ledger: Ledger) -> None:
    """The keys that tokens are checked with on the host itself."""
    found = uri(converted(entry.value)[0])
    if found is None:
        ledger.ask(entry, "write a section oauth2_local_validation with the dictionary in it")
    else:
        ledger.convert(entry, ("oauth2_local_validation",), found)
