# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the drivers of databases are told in ``args``, and what the files of users that they name hold."""

from __future__ import annotations

import re
from typing import Callable

from .ledger import Entry, Ledger, Target
from .merging import Node
from .schemes import fields_of

IMAP = {
    **{"host": "imapc_host", "port": "imapc_port", "username": "imapc_user", "password": "imapc_password"},
    **{"ssl": "imapc_ssl", "ssl_ca_dir": "ssl_client_ca_dir", "rawlog_dir": "imapc_rawlog_dir"},
    "ssl_ca_file": "ssl_client_ca_file",
}
# Takes the name and the value of a setting of a database.
Put = Callable[[Entry, str, str], None]


def imap(args: Entry, put: Put, ledger: Ledger) -> None:
    for word in args.words:
        name, _equals, value = word.partition("=")
        if name in IMAP:
            put(args, IMAP[name], value)
        elif name == "allow_invalid_cert":
            put(args, "ssl_client_require_valid_cert", "no" if value in ("", "yes") else "yes")
        else:
            ledger.ask(args, f"2.4 has nothing for {word}")


def lua(args: Entry, put: Put, settings: Target, ledger: Ledger) -> None:
    for word in args.words:
        name, equals, value = word.partition("=")
        if name == "blocking":
            put(args, "use_worker", value)
        elif name == "file" or not equals:
            put(args, "lua_file", value if equals else word)
        else:
            ledger.convert(args, (*settings, name), value)


def of_users(node: Node, text: str, ledger: Ledger, prefetched: bool) -> dict[str, str]:
    """The fields that take the place of what a file of users gives in the form of 2.3."""
    stated = " ".join(node.entries[key].value for key in ("default_fields", "override_fields") if key in node.entries)
    # What these give is for users without, and has another order. Nobody asks a userdb for what is fetched before.
    if re.search(r"\b(?:mail|quota_rule)=", stated) or (prefetched and node.kind == "passdb"):
        return {}
    limit = ledger.get("quota_storage_size")
    place = ":".join(str(ledger.get(name) or "") for name in ("mail_driver", "mail_path"))
    return fields_of(text, "0" if limit in (None, "unlimited") else str(limit), place)
