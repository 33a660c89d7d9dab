# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail that is encrypted, and attachments that are kept outside of it."""

from __future__ import annotations

import re

from .ledger import Entry, Ledger
from .merging import Node

RENAMED = {
    "mail_crypt_acl_require_secure_key_sharing": "crypt_acl_require_secure_key_sharing",
    "mail_crypt_curve": "crypt_user_key_curve",
    "mail_crypt_private_password": "crypt_user_key_password",
    "mail_crypt_require_encrypted_user_key": "crypt_user_key_require_encrypted",
}
# Where the parts of a file system lead to, from the outermost on. Nothing new is kept once by 2.4.
SIS = re.compile(r"sis(?:-queue)?[ :]+(?:[^ :]+[ :]+)?posix:?")
CRYPT = re.compile(r"crypt:(?:[\w.]+=[^:]*:)*posix:(?:prefix=(?P<prefix>[^:]+))?")


def convert(node: Node, ledger: Ledger) -> None:
    """The keys in a section ``plugin``. Where a key stands itself, it belongs into a file."""
    public, version = node.take("mail_crypt_global_public_key"), node.take("mail_crypt_save_version")
    if public and public.value.startswith("<"):
        ledger.same(public, ("crypt_global_public_key_file",), public.value[1:])
    elif public:
        ledger.ask(public, "holds the key itself: put it into a file and set crypt_global_public_key_file")
    passwords = {entry.key: entry for entry in node.take_matching(r"mail_crypt_global_private_key\d*_password")}
    for entry in node.take_matching(r"mail_crypt_global_private_key\d*"):
        section = f"crypt_global_private_key {entry.key[len('mail_crypt_') :]}"
        password = passwords.pop(f"{entry.key}_password", None)
        if not entry.value.startswith("<"):
            ledger.ask(entry, "holds the key itself: put it into a file, see crypt_global_private_key")
            continue
        ledger.same(entry, (section, "crypt_private_key_file"), entry.value[1:])
        if password:
            ledger.convert(password, (section, "crypt_private_key_password"), password.value)
    for entry in passwords.values():
        ledger.drop(entry, "there is no such key")
    for entry in node.take_matching("|".join(RENAMED)):
        ledger.same(entry, (RENAMED[entry.key],))
    if version and version.value == "0":
        ledger.convert(version, ("crypt_write_algorithm",), "")
    elif version:
        ledger.drop(version, "is how 2.4 writes by itself")


def attachments(entry: Entry, ledger: Ledger) -> None:
    """``mail_attachment_fs``: where attachments are, if anywhere."""
    if not (ledger.get(*entry.scope, "mail_ext_attachment_path") or ledger.get("mail_ext_attachment_path")):
        ledger.drop(entry, "says nothing without mail_attachment_dir")
        return
    crypt = CRYPT.fullmatch(entry.value)
    if SIS.fullmatch(entry.value):
        ledger.convert(entry, ("mail_ext_attachment", "fs sis"), {})
        ledger.convert(entry, ("mail_ext_attachment", "fs posix"), {})
        ledger.note("attachments that are kept once stay so, but 2.4 keeps each new one for itself")
    elif re.fullmatch(r"posix:?", entry.value):
        ledger.convert(entry, ("mail_ext_attachment", "fs posix"), {})
    elif crypt:
        ledger.convert(entry, ("mail_ext_attachment", "fs crypt"), {})
        inside = {"prefix": crypt["prefix"]} if crypt["prefix"] else {}
        ledger.convert(entry, ("mail_ext_attachment", "fs posix"), inside)
    else:
        ledger.ask(entry, "write a section mail_ext_attachment with the file systems in it")
