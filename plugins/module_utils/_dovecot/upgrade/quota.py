# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Quotas: the settings of the section ``plugin`` to sections ``quota`` and ``quota_warning`` and limits beside them.

The limits stand outside of the section of a quota: a value of the user database has no effect over one inside.
"""

from __future__ import annotations

import glob
import re
from collections.abc import Iterator, Sequence
from typing import Callable, Optional

from .ledger import Entry, Ledger, Target
from .merging import Node
from .services import uri
from .variables import converted

DRIVERS = ("count", "maildir", "fs", "imapc")
RENAMED = {
    "quota_mailbox_count": "quota_mailbox_count",
    "quota_mailbox_message_count": "quota_mailbox_message_count",
    "quota_max_mail_size": "quota_mail_size",
    "quota_over_flag": "quota_over_status_current",
    "quota_over_flag_lazy_check": "quota_over_status_lazy_check",
    "quota_over_flag_value": "quota_over_status_mask",
}
SAME = {
    *("quota_exceeded_message", "quota_status_nouser", "quota_status_overquota", "quota_status_success"),
    *("quota_status_toolarge", "quota_full_tempfail", "quota_mailbox_count", "quota_mailbox_message_count"),
}
# Without a limit where they are 0.
LIMITS = ("quota_mailbox_count", "quota_mailbox_message_count", "quota_max_mail_size")
OPTIONS = {
    "noenforcing": ("enforce", "no"),
    "hidden": ("hidden", "yes"),
    "ignoreunlimited": ("ignore_unlimited", "yes"),
}
GONE = {"quota_vsizes": "the driver count always takes virtual sizes", "quota_set": "2.4 has no SETQUOTA"}
SIZE = re.compile(r"(?P<number>\d+)\s*(?P<unit>[bBkKmMgGtT]?)(?:i?[bB])?")
UNITS = "BKMGT"
DICTIONARY = re.compile(r"(?<=:)(?:proxy|redis):.*")
NUMBER = re.compile(r"quota(\d*)(?:_.*)?")


def size(text: str, unit: str = "K") -> Optional[str]:
    """A size of 2.3, where a number alone counts in ``unit``. Zero is without a limit."""
    match = SIZE.fullmatch(text.strip())
    if not match:
        return None
    if not int(match["number"]):
        return "unlimited"
    return f"{match['number']}{(match['unit'] or unit).upper()}"


def parts(rule: str) -> Iterator[tuple[str, str]]:
    for part in rule.split(":"):
        key, _equals, value = part.partition("=")
        if key:
            yield key, value


def is_cloned(root: Node) -> bool:
    """Whether a quota is counted where others may look: in a dictionary that is no file."""
    return any(
        re.fullmatch(r"quota\d*", entry.key) and ".plugin" in f".{entry.name}" and _clone_of(entry.value)
        for entry in root.everything()
    )


def _clone_of(quota: str) -> Optional[dict[str, object]]:
    """The dictionary of ``dict:User quota::proxy::name``."""
    driver, _colon, rest = quota.partition(":")
    if driver != "dict":
        return None
    found = DICTIONARY.search(rest)
    return uri(converted(found[0])[0]) if found else None


def convert(node: Node, ledger: Ledger, inbox: str) -> None:
    """All that is about quotas in a section ``plugin``. ``inbox`` is the header of the namespace for mailboxes."""
    roots: dict[str, Target] = {}
    for entry in node.take_matching(r"quota\d*"):
        roots[entry.key] = _root(entry, ledger)
    for target in list(roots.values())[1:]:
        # The limits outside of all sections are for the first.
        for name in ("quota_storage_size", "quota_message_count"):
            ledger.put((*node.scope, *target, name), "unlimited")
    for pattern, function in ONE_BY_ONE:
        for entry in node.take_matching(pattern):
            function(entry, ledger, _below(entry, roots), inbox)
    for entry in node.take_matching("|".join(GONE)):
        ledger.drop(entry, GONE[entry.key])
    for entry in node.take_matching("|".join(sorted(SAME))):
        ledger.same(entry, (entry.key,))
    for entry in node.take_matching("|".join(RENAMED)):
        if entry.key in LIMITS and entry.value == "0":
            ledger.convert(entry, (RENAMED[entry.key],), "unlimited")
        else:
            ledger.same(entry, (RENAMED[entry.key],))


def _below(entry: Entry, roots: dict[str, Target]) -> Target:
    """The section for what belongs to one of several quotas, nothing for the first."""
    match = NUMBER.match(entry.key)
    name = f"quota{match[1] if match else ''}"
    return () if name == "quota" else roots.get(name, ())


def _root(entry: Entry, ledger: Ledger) -> Target:
    """``count:User quota:noenforcing`` to a section."""
    driver, _colon, rest = entry.value.partition(":")
    name, *options = rest.split(":")
    title = name or "User quota"
    target: Target = (f"quota {title}",)
    for option in [option for option in options if option.startswith("ns=")]:
        # It counts in a namespace alone where it stands in that, and the limits outside of it are for it, too.
        found = ledger.namespaces(entry.scope, glob.escape(option[len("ns=") :]))
        if found:
            target = (found[0], *target)
            options.remove(option)
    if driver in ("dict", "dirsize"):
        old, clone = driver, _clone_of(entry.value)
        driver = "count"
        ledger.note(
            f"the quota {title} counts in Dovecot's indexes from now on, not with {old}: "
            "the first login of each user may take a while, `doveadm quota recalc -A` does it before"
        )
        options = [option for option in options if option in OPTIONS]
        if clone and not ledger.get(*entry.scope, "quota_clone"):
            ledger.convert(entry, ("quota_clone",), clone)
    if driver not in DRIVERS:
        ledger.ask(entry, f"2.4 has no quota driver {driver}: use count")
        return target
    ledger.convert(entry, (*target, "driver"), driver)
    for option in options:
        key, _equals, value = option.partition("=")
        if option in OPTIONS:
            ledger.convert(entry, (*target, OPTIONS[option][0]), OPTIONS[option][1])
        elif driver == "fs" and option in ("user", "group"):
            ledger.convert(entry, (*target, "fs_type"), option)
        elif driver == "fs" and key == "mount":
            ledger.convert(entry, (*target, "fs_mount_path"), value)
        elif option:
            ledger.ask(entry, f"2.4 has nothing for {option}: put the quota into the namespace that it is for")
    return target


def _rule(entry: Entry, ledger: Ledger, below: Target, inbox: str) -> None:
    """``*:storage=1G:messages=1000``, ``Trash:storage=+100M``, ``Spam:ignore``."""
    mailbox, _colon, rule = entry.value.partition(":")
    found: list[tuple[str, str]] = []
    for key, value in parts(rule):
        limit = value.replace("%%", "%")
        new = _limit(key, limit) if mailbox in ("*", "?") else _exception(key, limit)
        if new is None:
            ledger.ask(entry, f"`{key}={value}` is not understood: set the limit that is meant")
        else:
            found.append(new)
    where = below if mailbox in ("*", "?") else (*below, inbox, f"mailbox {mailbox}")
    for name, text in found:
        ledger.convert(entry, (*where, name), text)
    if mailbox == "?":
        ledger.note(f"{entry.name} was for users without a limit of their own, as every limit is that 2.4 has outside")


def _limit(key: str, value: str) -> Optional[tuple[str, str]]:
    if key in ("storage", "bytes"):
        text = size(value, "B" if key == "bytes" else "K")
        return ("quota_storage_size", text) if text else None
    if key == "messages" and value.isdigit():
        return "quota_message_count", value if int(value) else "unlimited"
    if key == "ignore":
        return "quota_ignore", "yes"
    return None


def _exception(key: str, value: str) -> Optional[tuple[str, str]]:
    if key == "ignore":
        return "quota_ignore", "yes"
    percent = re.fullmatch(r"\+?(\d+)%", value)
    if key in ("storage", "messages") and percent:
        more = 100 if value.startswith("+") else 0
        return f"quota_{'storage' if key == 'storage' else 'message'}_percentage", str(more + int(percent[1]))
    if key in ("storage", "bytes") and value.startswith("+"):
        text = size(value[1:], "B" if key == "bytes" else "K")
        return ("quota_storage_extra", text) if text and text != "unlimited" else None
    return _limit(key, value)


def _grace(entry: Entry, ledger: Ledger, below: Target, _inbox: str) -> None:
    """A size, or a part of the limit, which 2.4 wants as a size."""
    percent = re.fullmatch(r"(\d+)%%?", entry.value)
    text = None if percent else size(entry.value)
    if percent:
        limit = ledger.settings.get("quota_storage_size")
        match = SIZE.fullmatch(str(limit or ""))
        if match:
            kilobytes = int(match["number"]) * 1024 ** UNITS.index(match["unit"].upper()) // 1024
            text = f"{kilobytes * int(percent[1]) // 100}K"
        elif percent[1] == "0":
            text = "0"
        else:
            ledger.ask(entry, "2.4 takes a size and no percentage: set quota_storage_grace")
            return
    if text is None:
        ledger.ask(entry, "is no size: set quota_storage_grace")
    else:
        ledger.convert(entry, (*below, "quota_storage_grace"), "0" if text == "unlimited" else text)


def _warning(entry: Entry, ledger: Ledger, below: Target, _inbox: str) -> None:
    """``storage=95%% quota-warning 95 %u``, with a - before it for the way down."""
    match = re.fullmatch(r"(?P<down>[-+]?)(?P<key>storage|bytes|messages)=(?P<limit>\S+)\s+(?P<run>.+)", entry.value)
    percent = re.fullmatch(r"(\d+)%%?", match["limit"]) if match else None
    if not match:
        ledger.ask(entry, "is not understood: write a section quota_warning")
        return
    number = re.sub(r"\D", "", entry.key.partition("_warning")[2]) or "1"
    target = (*below, f"quota_warning warning{number}")
    messages = match["key"] == "messages"
    limit = match["limit"] if messages else size(match["limit"], "B" if match["key"] == "bytes" else "K")
    if percent:
        ledger.convert(entry, (*target, f"quota_{'message' if messages else 'storage'}_percentage"), percent[1])
    elif limit:
        ledger.convert(entry, (*target, "quota_message_count" if messages else "quota_storage_size"), limit)
    if messages:
        ledger.put((*target, "resource"), "message")
    if match["down"] == "-":
        ledger.put((*target, "threshold"), "under")
    _execute(entry, match["run"], ledger, target)


def _execute(entry: Entry, run: str, ledger: Ledger, target: Target) -> None:
    program, *arguments = run.split()
    text, unknown = converted(" ".join(arguments))
    if unknown:
        ledger.ask(entry, f"2.4 has nothing for {', '.join(unknown)}: write the arguments anew")
    else:
        ledger.convert(entry, (*target, f"execute {program}", "args"), text)


def _over(entry: Entry, ledger: Ledger, _below: Target, _inbox: str) -> None:
    _execute(entry, entry.value, ledger, ("quota_over_status",))


def _clone(entry: Entry, ledger: Ledger, _below: Target, _inbox: str) -> None:
    found = uri(entry.value)
    if found is None:
        ledger.ask(entry, "write a section quota_clone with the dictionary in it")
    else:
        ledger.convert(entry, ("quota_clone",), found)


# In this order: a grace is a part of the limit.
ONE_BY_ONE: Sequence[tuple[str, Callable[[Entry, Ledger, Target, str], None]]] = (
    (r"quota\d*_rule\d*", _rule),
    (r"quota\d*_grace", _grace),
    (r"quota\d*_warning\d*", _warning),
    ("quota_over_script", _over),
    ("quota_clone_dict", _clone),
)
