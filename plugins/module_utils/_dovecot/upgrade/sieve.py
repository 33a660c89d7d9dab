# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sieve and IMAPSieve: the settings of the section ``plugin`` to sections ``sieve_script`` and settings beside them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Callable, Optional

from .ledger import Entry, Ledger, Target
from .merging import Node
from .services import uri
from .variables import converted

_SAME = """
    sieve_duplicate_default_period sieve_duplicate_max_period sieve_execute_bin_dir sieve_execute_exec_timeout
    sieve_execute_input_eol sieve_execute_socket_dir sieve_filter_bin_dir sieve_filter_exec_timeout
    sieve_filter_input_eol sieve_filter_socket_dir sieve_implicit_extensions sieve_max_actions sieve_max_cpu_time
    sieve_max_redirects sieve_max_script_size sieve_notify_mailto_envelope_from sieve_pipe_bin_dir
    sieve_pipe_exec_timeout sieve_pipe_input_eol sieve_pipe_socket_dir sieve_plugins sieve_redirect_duplicate_period
    sieve_redirect_envelope_from sieve_report_from sieve_resource_usage_timeout sieve_spamtest_status_header
    sieve_spamtest_status_type sieve_trace_addresses sieve_trace_debug sieve_trace_dir sieve_trace_level
    sieve_user_email sieve_vacation_check_recipient sieve_vacation_default_period sieve_vacation_default_subject
    sieve_vacation_default_subject_template sieve_vacation_max_period sieve_vacation_min_period
    sieve_vacation_send_from_recipient sieve_vacation_to_header_ignore_envelope
    sieve_vacation_use_original_recipient sieve_virustest_status_header sieve_virustest_status_type imapsieve_url
    imapsieve_expunge_discarded
"""
SAME = frozenset(_SAME.split())
RENAMED = {
    "sieve_editheader_max_header_size": "sieve_editheader_max_header_size",
    "sieve_include_max_includes": "sieve_include_max_includes",
    "sieve_include_max_nesting_depth": "sieve_include_max_nesting_depth",
    "sieve_quota_max_scripts": "sieve_quota_script_count",
    "sieve_quota_max_storage": "sieve_quota_storage_size",
    "sieve_spamtest_max_header": "sieve_spamtest_score_max_header",
    "sieve_spamtest_max_value": "sieve_spamtest_score_max_value",
    "sieve_user_log": "sieve_user_log_path",
    "sieve_virustest_max_header": "sieve_virustest_score_max_header",
    "sieve_virustest_max_value": "sieve_virustest_score_max_value",
}
GONE = {
    "sieve_subaddress_sep": "recipient_delimiter says it",
    "sieve_vacation_dont_check_recipient": "sieve_vacation_check_recipient says it",
    "sieve_vacation_max_subject_codepoints": "2.4 does not limit it",
}
# Without an end where it is 0, which 2.4 refuses.
LONGEST = "sieve_vacation_max_period"
# What went away with 2.4: scripts that ask for them no longer compile.
OLD_EXTENSIONS = ("imapflags", "notify", "vnd.dovecot.duplicate")


def convert(node: Node, ledger: Ledger) -> None:
    """All that is about Sieve in a section ``plugin``."""
    _personal(node, ledger)
    _default(node, ledger)
    for pattern, function in ONE_BY_ONE:
        for entry in node.take_matching(pattern):
            function(entry, ledger)
    for entry in node.take_matching("|".join(RENAMED)):
        ledger.same(entry, (RENAMED[entry.key],))
    for entry in node.take_matching("|".join(SAME)):
        if entry.key == LONGEST and entry.value == "0":
            ledger.convert(entry, (entry.key,), "3650 days")
        else:
            ledger.same(entry, (entry.key,))
    for entry in node.take_matching("|".join(GONE)):
        ledger.drop(entry, GONE[entry.key])
    _imapsieve(node, ledger)


def _around(entry: Entry, ledger: Ledger) -> None:
    """Scripts before or after those of users, or for what these discard."""
    name = entry.key[len("sieve_") :]
    _script(entry, entry.value, ledger, (f"sieve_script {name}",), name.rstrip("0123456789"))


def _for_all(entry: Entry, ledger: Ledger) -> None:
    """Scripts that users may include."""
    _script(entry, entry.value, ledger, ("sieve_script global",), "global")


def _text_value(entry: Entry, ledger: Ledger) -> None:
    name = entry.key.rstrip("0123456789")
    ledger.convert(entry, (name, entry.key[len(name) :]), entry.value)


def _environment(entry: Entry, ledger: Ledger) -> None:
    ledger.same(entry, ("sieve_environment", entry.key[len("sieve_env_") :]))


def _headers(entry: Entry, ledger: Ledger) -> None:
    """Header fields that scripts may not add or delete."""
    for header in entry.words:
        for name in ("forbid_add", "forbid_delete"):
            if entry.key.endswith(("protected", name)):
                ledger.convert(entry, (f"sieve_editheader_header {header}", name), "yes")
    if not entry.words:
        ledger.drop(entry, "is empty")


def _personal(node: Node, ledger: Ledger) -> None:
    """``file:~/sieve;active=~/.dovecot.sieve``, or the active script alone with sieve_dir beside it."""
    entry, folder = node.take("sieve"), node.take("sieve_dir") or node.take("sieve_storage")
    target: Target = ("sieve_script personal",)
    if entry and re.match(r"(?:file:)?[~/%]", entry.value) and ";" not in entry.value and not _is_storage(entry.value):
        ledger.put((*entry.scope, *target, "driver"), "file")
        ledger.same(entry, (*target, "active_path"), entry.value.replace("file:", "", 1))
        if folder:
            ledger.same(folder, (*target, "path"))
        else:
            ledger.add((*entry.scope, *target, "path"), "~/sieve", "is where 2.3 keeps the scripts of users")
        return
    if entry:
        _script(entry, entry.value, ledger, target, None)
    if folder and entry:
        ledger.drop(folder, f"{entry.name} says where the scripts are")
    elif folder:
        ledger.same(folder, (*target, "path"))


def _is_storage(value: str) -> bool:
    """Whether ``file:`` names the folder of the scripts: it does where the last part is not one script."""
    return value.startswith("file:") and not value.endswith(".sieve")


def _default(node: Node, ledger: Ledger) -> None:
    """The script of who has none. Its name makes it visible to users."""
    name = node.take("sieve_default_name")
    for key in ("sieve_default", "sieve_global_path"):
        entry = node.take(key)
        if entry:
            _script(entry, entry.value, ledger, ("sieve_script default",), "default")
    if name and ledger.get(*name.scope, "sieve_script default"):
        ledger.convert(name, ("sieve_script default", "name"), name.value)
    elif name:
        ledger.drop(name, "there is no default script")


def _script(entry: Entry, value: str, ledger: Ledger, target: Target, kind: Optional[str]) -> None:
    """A location of scripts, ``[file:]path[;option=value]``."""
    path, *options = value.split(";")
    driver, colon, rest = path.partition(":")
    dictionary = uri(converted(rest)[0]) if colon and driver == "dict" else None
    if colon and driver in ("ldap", "dict") and dictionary is None:
        ledger.ask(entry, f"write the section {target[-1]} for scripts in {driver}")
        return
    texts = {} if dictionary else {"path": rest if colon and driver == "file" else path}
    names = {"active": "active_path", "bindir": "bin_path", "name": "name"}
    for option in options:
        key, _equals, text = option.partition("=")
        if key in names:
            texts[names[key]] = text
        else:
            ledger.ask(entry, f"2.4 has nothing for {option}")
    if not dictionary and not texts["path"]:
        ledger.drop(entry, "is empty")
        return
    if kind:
        ledger.put((*entry.scope, *target, "type"), kind)
    ledger.put((*entry.scope, *target, "driver"), "dict" if dictionary else "file")
    for header, inside in (dictionary or {}).items():
        ledger.convert(entry, (*target, header), inside)
    for name, text in texts.items():
        ledger.same(entry, (*target, name), text)


def _extensions(entry: Entry, ledger: Ledger) -> None:
    """``+a -b`` changes what is on, ``a b`` is what is on."""
    words = entry.words
    gone = [word for word in words if word.lstrip("+-") in OLD_EXTENSIONS]
    if gone:
        ledger.note(
            f"2.4 has no Sieve extension {', '.join(word.lstrip('+-') for word in gone)}: mend scripts that ask for it"
        )
    kept = [word for word in words if word not in gone]
    if any(word[0] in "+-" for word in kept):
        for word in kept:
            ledger.convert(entry, (entry.key, word.lstrip("+-")), "no" if word.startswith("-") else "yes")
    elif kept:
        ledger.convert(entry, (entry.key,), " ".join(kept))
    if not kept:
        ledger.drop(entry, "2.4 has none of these" if gone else "is empty")


def _imapsieve(node: Node, ledger: Ledger) -> None:
    """Scripts that run where mail gets into a mailbox over IMAP."""
    numbers = {match[1] for match in (re.match(r"imapsieve_mailbox(\d+)_", key) for key in node.entries) if match}
    for number in sorted(numbers, key=int):
        prefix = f"imapsieve_mailbox{number}_"
        found = {entry.key[len(prefix) :]: entry for entry in node.take_matching(f"{prefix}.+")}
        name, causes, origin = (found.pop(key, None) for key in ("name", "causes", "from"))
        target: Target = (f"mailbox {name.value}",) if name and name.value != "*" else ()
        if origin and origin.value != "*":
            target = (*target, f"imapsieve_from {origin.value}")
        for kind, entry in found.items():
            if kind not in ("before", "after"):
                ledger.ask(entry, "is not known: write the section sieve_script that is meant")
                continue
            section = (*target, f"sieve_script imapsieve{number}_{kind}")
            _script(entry, entry.value, ledger, section, kind)
            if causes:
                ledger.convert(causes, (*section, "cause"), " ".join(causes.words).lower())
        for known in (name, causes, origin):
            if known:
                ledger.done(known)


ONE_BY_ONE: Sequence[tuple[str, Callable[[Entry, Ledger], None]]] = (
    (r"sieve_(?:before|after)\d*|sieve_discard", _around),
    (r"sieve_global(?:_dir)?", _for_all),
    (r"sieve_(?:global_)?extensions", _extensions),
    (r"sieve_(?:spam|virus)test_text_value\d+", _text_value),
    (r"sieve_env_.+", _environment),
    (r"sieve_editheader_(?:protected|forbid_add|forbid_delete)", _headers),
)
