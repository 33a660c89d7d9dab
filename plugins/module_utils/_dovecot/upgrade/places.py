# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where mail is: ``mail_location`` and the ``location`` of a namespace to the settings of 2.4, and namespaces whole."""

from __future__ import annotations

import re

from .ledger import Entry, Ledger, Target
from .merging import Node
from .variables import converted, shared

DRIVERS = {"maildir", "mbox", "mdbox", "sdbox", "dbox", "imapc", "pop3c", "virtual", "shared", "cydir", "raw", "auto"}
RENAMED_DRIVERS = {"dbox": "sdbox"}
# Option of a location to the setting for its value.
OPTIONS = {
    "ALT": "mail_alt_path",
    "BROKENCHAR": "mailbox_list_visible_escape_char",
    "CONTROL": "mail_control_path",
    "ESCAPECHAR": "mailbox_list_storage_escape_char",
    "INBOX": "mail_inbox_path",
    "INDEX": "mail_index_path",
    "INDEXCACHE": "mail_cache_path",
    "INDEXPVT": "mail_index_private_path",
    "LAYOUT": "mailbox_list_layout",
    "LISTINDEX": "mailbox_list_index_prefix",
    "MAILBOXDIR": "mailbox_root_directory_name",
    "SUBSCRIPTIONS": "mailbox_subscriptions_filename",
    "VOLATILEDIR": "mail_volatile_path",
}
# Option without a value to a setting and its value.
SWITCHES = {
    "ITERINDEX": ("mailbox_list_iter_from_index_dir", "yes"),
    "KEEP-NOSELECT": ("mailbox_list_drop_noselect", "no"),
    "NO-FS-VALIDATION": ("mailbox_list_validate_fs_names", "no"),
    "NO-NOSELECT": ("mailbox_list_drop_noselect", "yes"),
    "UTF-8": ("mailbox_list_utf8", "yes"),
}
NAMESPACE = {
    *("separator", "inbox", "hidden", "list", "subscriptions", "type", "order", "disabled", "ignore_on_failure"),
    "alias_for",
}
MAILBOX = ("auto", "special_use", "autoexpunge", "autoexpunge_max_mails", "comment")
# Between the parts, but not in a variable.
COLON = re.compile(r"(?<!:):(?!:)(?![^{}]*\})")
VARIABLE = re.compile(r"%\{[^{}]*\}")
GUESSED = "2.3 guesses the format of this mail, 2.4 does not: set mail_driver and mail_path"


def settings_of(location: str) -> tuple[list[tuple[str, str]], list[str]]:
    """``maildir:~/Maildir:INDEX=/x`` to names and values for 2.4, variables as they are, and what is not known."""
    # A :: is one colon of a path.
    driver, *parts = COLON.split(location)
    if not parts or driver == "auto" or (driver not in DRIVERS and not VARIABLE.fullmatch(driver)):
        return [], [GUESSED]
    path, *options = parts
    found = [("mail_driver", RENAMED_DRIVERS.get(driver, driver))]
    if path:
        found.append(("mail_path", path.replace("::", ":")))
    wrong = []
    for option in options:
        key, _equals, value = option.partition("=")
        if key in OPTIONS:
            found.append((OPTIONS[key], value.replace("::", ":")))
        elif key in SWITCHES:
            found.append(SWITCHES[key])
        elif key in ("DIRNAME", "FULLDIRNAME"):
            found.append(("mailbox_directory_name", value))
            found.append(("mailbox_directory_name_legacy", "yes" if key == "DIRNAME" else "no"))
        elif option:
            wrong.append(f"2.4 has nothing for {option} of a location")
    return found, wrong


def location(entry: Entry, ledger: Ledger, below: Target = (), foreign: bool = False) -> None:
    """Convert a location. ``foreign`` says that the mail belongs to somebody else, as in a shared namespace."""
    if not entry.value:
        ledger.drop(entry, "is empty, and mail is where the other settings say")
        return
    found, wrong = settings_of(entry.value)
    for name, value in found:
        text, unknown = shared(value) if foreign else converted(value)
        if unknown:
            wrong.append(f"2.4 has nothing for {', '.join(unknown)}: write the value anew")
        else:
            ledger.convert(entry, (*below, name), text)
    for question in wrong:
        ledger.ask(entry, question)


def namespaces(node: Node, ledger: Ledger) -> None:
    """The namespaces in a section, each with a name, which 2.4 wants."""
    children = node.take_children("namespace")
    taken = {child.name for child in children}
    for child in children:
        _namespace(child, child.name or _new_name(child, taken), ledger)
        taken.add(child.name)


def _new_name(node: Node, taken: set[str]) -> str:
    inbox = node.entries.get("inbox")
    prefix = node.entries.get("prefix")
    plain = re.sub(r"\W+", "_", prefix.value if prefix else "").strip("_").lower()
    first = "inbox" if inbox and inbox.is_yes else plain or "default"
    number = 1
    name = first
    while name in taken:
        number += 1
        name = f"{first}{number}"
    taken.add(name)
    return name


def _namespace(node: Node, name: str, ledger: Ledger) -> None:
    header = f"namespace {name}"
    kind = node.entries.get("type")
    where = node.take("location")
    if where:
        location(where, ledger, (header,), foreign=kind is not None and kind.value == "shared")
    prefix = node.take("prefix")
    if prefix:
        ledger.convert(prefix, (header, "prefix"), _shared_prefix(prefix.value))
    for entry in node.take_matching("|".join(sorted(NAMESPACE))):
        ledger.convert(entry, (header, entry.key), entry.value)
    for child in node.take_children("mailbox"):
        mailbox(child, (header,), ledger)
    for entry in node.everything():
        ledger.ask(entry, "is no setting of a namespace: leave it out, or put it where it belongs")
    ledger.section((*node.scope, header))


def _shared_prefix(prefix: str) -> str:
    for old, new in (("%%u", "$user"), ("%%n", "$username"), ("%%d", "$domain")):
        prefix = prefix.replace(old, new)
    return prefix


def mailbox(node: Node, below: Target, ledger: Ledger) -> None:
    header = f"mailbox {node.name}"
    for entry in node.rest():
        if entry.key == "driver":
            if entry.value:
                ledger.convert(entry, (*below, header, "mail_driver"), entry.value)
            else:
                ledger.drop(entry, "is empty")
        elif entry.key in MAILBOX:
            ledger.convert(entry, (*below, header, entry.key), entry.value)
        else:
            ledger.ask(entry, "is no setting of a mailbox: leave it out, or put it where it belongs")
    ledger.section((*node.scope, *below, header))
