# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists of access restrictions (postconf(5), SMTPD_ACCESS_README): parsed, and what is wrong in them. Pure.

No tool of Postfix knows the words: smtpd(8) meets them when a client connects. They are those of postconf(5) for 3.7
and 3.10, compared with the programs of Debian 12 and 13.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Optional

from ..._engine.findings import WARNING, Finding
from ..master_cf import Service
from ..words import words
from .staged import Setting, Staged, suggestion

STAGES = ("client", "helo", "sender", "relay", "recipient", "data", "end_of_data", "etrn")
LISTS = tuple(f"smtpd_{stage}_restrictions" for stage in STAGES)
_PLAIN = """
    defer defer_if_permit defer_if_reject defer_unauth_destination permit permit_auth_destination
    permit_inet_interfaces permit_mx_backup permit_mynetworks permit_naked_ip_address permit_sasl_authenticated
    permit_tls_all_clientcerts permit_tls_clientcerts reject reject_authenticated_sender_login_mismatch
    reject_invalid_helo_hostname reject_invalid_hostname reject_known_sender_login_mismatch
    reject_multi_recipient_bounce reject_non_fqdn_helo_hostname reject_non_fqdn_hostname reject_non_fqdn_recipient
    reject_non_fqdn_sender reject_plaintext_session reject_sender_login_mismatch reject_unauth_destination
    reject_unauth_pipelining reject_unauthenticated_sender_login_mismatch reject_unknown_address
    reject_unknown_client reject_unknown_client_hostname reject_unknown_helo_hostname reject_unknown_hostname
    reject_unknown_recipient_domain reject_unknown_reverse_client_hostname reject_unknown_sender_domain
    reject_unlisted_recipient reject_unlisted_sender reject_unverified_recipient reject_unverified_sender
    reject_maps_rbl check_relay_domains check_recipient_maps warn_if_reject warn
"""
_WITH_ARGUMENT = """
    check_ccert_access check_etrn_access check_sasl_access check_policy_service sleep permit_dnswl_client
    permit_rhswl_client reject_rbl reject_rbl_client reject_rhsbl_client reject_rhsbl_helo reject_rhsbl_recipient
    reject_rhsbl_reverse_client reject_rhsbl_sender
"""
_PARTS = ("client", "reverse_client_hostname", "helo", "sender", "recipient")
PLAIN = frozenset(words(_PLAIN))
WITH_ARGUMENT = frozenset(
    [*words(_WITH_ARGUMENT), *(f"check_{part}{kind}_access" for part in _PARTS for kind in ("", "_a", "_mx", "_ns"))]
)
# What Postfix 3.9 took away (RELEASE_NOTES-3.9), and what to write instead.
REMOVED = {
    "check_relay_domains": "use permit_mynetworks, reject_unauth_destination",
    "permit_naked_ip_address": "use permit_mynetworks or permit_sasl_authenticated",
    "reject_maps_rbl": "use reject_rbl_client with the name of the list",
}
REMOVED_IN = (3, 9)
# What 3.9 warns of in its log and a later version takes away.
DEPRECATED = {"permit_mx_backup": "name the domains in relay_domains and their users in relay_recipient_maps"}
# Nothing is looked at behind these.
FINAL = ("permit", "reject", "defer")
_TABLE = re.compile(r"[a-z]+:.+|\{.*\}|\[?[\w.-]+\]?:.*")


@dataclass(frozen=True)
class Rule:
    """One restriction, with its argument if it has one. ``is_only_logged``: behind warn_if_reject."""

    word: str
    argument: Optional[str] = None
    is_only_logged: bool = False


def parse(text: str) -> list[Rule]:
    """The rules in an expanded value."""
    rules: list[Rule] = []
    rest = words(text)
    logged = False
    while rest:
        word = rest.pop(0)
        if word in ("warn_if_reject", "warn"):
            logged = True
        elif takes_argument(word) and rest:
            rules.append(Rule(word, rest.pop(0), logged))
            logged = False
        else:
            rules.append(Rule(word, None, logged))
            logged = False
    return rules


def takes_argument(word: str) -> bool:
    return word in WITH_ARGUMENT or (word.startswith("check_") and word.endswith("_access"))


def classes(staged: Staged, service: Optional[Service] = None) -> Sequence[str]:
    """The parameters that hold restrictions of the user's own."""
    return words(staged.value("smtpd_restriction_classes", service) or "")


def lists(staged: Staged) -> Iterator[tuple[Setting, list[Rule]]]:
    """Every list of restrictions that is set, with its rules where these can be told."""
    for setting in staged.settings:
        if setting.name in LISTS or setting.name in classes(staged, setting.service):
            meaning = staged.meaning(setting)
            if meaning is not None:
                yield setting, parse(meaning)


def unknown_restriction(staged: Staged) -> Iterator[Finding]:
    """Words that smtpd(8) does not know: it then answers every client with a temporary failure."""
    for setting, rules in lists(staged):
        own = classes(staged, setting.service)
        for rule in rules:
            known = rule.word in PLAIN or takes_argument(rule.word) or rule.word in own
            if rule.word in REMOVED:
                yield _removed(staged, setting, rule.word)
            elif rule.word in DEPRECATED and staged.version >= REMOVED_IN:
                message = f"has {rule.word}, which a later version takes away"
                yield staged.finding("deprecated_restriction", setting, message, DEPRECATED[rule.word], asked=WARNING)
            elif not known and not _TABLE.fullmatch(rule.word):
                message = f"has the unknown restriction {rule.word}, and every client gets a temporary failure there"
                cure = suggestion(
                    rule.word, [*PLAIN, *WITH_ARGUMENT, *own], "take it out, or name it in smtpd_restriction_classes"
                )
                yield staged.finding("unknown_restriction", setting, message, cure)
            elif takes_argument(rule.word) and (rule.argument is None or _lacks_argument(rule)):
                message = f"has {rule.word} without what it looks up"
                yield staged.finding("unknown_restriction", setting, message, "give it its table, list or service")
            elif takes_argument(rule.word) and rule.word not in WITH_ARGUMENT:
                message = f"has the unknown restriction {rule.word}, and every client gets a temporary failure there"
                cure = suggestion(rule.word, WITH_ARGUMENT, "take it out")
                yield staged.finding("unknown_restriction", setting, message, cure)


def unreachable_rule(staged: Staged) -> Iterator[Finding]:
    """Rules behind one that always decides."""
    for setting, rules in lists(staged):
        for index, rule in enumerate(rules[:-1]):
            if rule.word in FINAL and not rule.is_only_logged:
                behind = ", ".join(other.word for other in rules[index + 1 :])
                message = f"never gets to what stands behind {rule.word}: {behind}"
                cure = f"move {rule.word} to the end, or take the rest out"
                yield staged.finding("unreachable_rule", setting, message, cure, asked=WARNING)
                break


def _lacks_argument(rule: Rule) -> bool:
    """Whether another restriction stands where the argument belongs."""
    return rule.argument in PLAIN or rule.argument in WITH_ARGUMENT


def _removed(staged: Staged, setting: Setting, word: str) -> Finding:
    if staged.version >= REMOVED_IN:
        message = f"has {word}, which Postfix {staged.defaults.get('mail_version', '')} no longer has"
        return staged.finding("unknown_restriction", setting, message, REMOVED[word])
    message = f"has {word}, which Postfix 3.9 takes away"
    return staged.finding("deprecated_restriction", setting, message, REMOVED[word], asked=WARNING)
