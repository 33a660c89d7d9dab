# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file that a passdb of the driver oauth2 names: settings that 2.4 has for all of them together."""

from __future__ import annotations

from .external import fields
from .ledger import Ledger
from .merging import Node
from .variables import AUTH

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
OTHERWISE = ("debug", "use_grant_password", "tls_allow_invalid_cert", "local_validation_key_dict")


def oauth2(node: Node, ledger: Ledger) -> None:
    for entry in node.entries.values():
        if entry.key in HTTP:
            name, unit = HTTP[entry.key]
            ledger.convert(entry, ("oauth2", name), f"{entry.value}{unit}")
        elif entry.key in TLS:
            ledger.convert(entry, ("oauth2", TLS[entry.key]), entry.value)
        elif entry.key == "username_format":
            ledger.same(entry, ("oauth2", "username_validation_format"), kind=AUTH)
        elif entry.key == "pass_attrs":
            found, wrong = fields(entry.value)
            for key, value in found:
                ledger.convert(entry, ("oauth2", "fields", key), value)
            for question in wrong:
                ledger.ask(entry, question)
        elif entry.key in OTHERWISE:
            ledger.ask(entry, "2.4 has it in another form: see oauth2 in Dovecot's documentation")
        else:
            ledger.same(entry, ("oauth2", entry.key), kind=AUTH)
