# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether strangers may relay through the host (SMTPD_ACCESS_README, postconf(5)). Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Optional

from ..._engine.findings import ERROR, WARNING, Finding
from ..master_cf import Service
from ..request import MASTER
from . import networks
from .restrictions import Rule, classes, parse
from .staged import Staged

LISTS = ("smtpd_relay_restrictions", "smtpd_recipient_restrictions")
# postconf(5), smtpd_relay_restrictions: without one of these Postfix refuses to receive mail.
STOPS = ("reject", "defer", "defer_if_permit")
DESTINATION_GUARDS = ("reject_unauth_destination", "defer_unauth_destination")
GUARDED, OPEN, UNKNOWN = "guarded", "open", "unknown"
# Domains that reject_unauth_destination lets through (postconf(5)).
DESTINATIONS = ("relay_domains", "mydestination", "virtual_alias_domains", "virtual_mailbox_domains")
CLIENT_LISTS = {"permit_mynetworks": "mynetworks", "permit_tls_clientcerts": "relay_clientcerts"}
DEPTH = 20


def open_relay(staged: Staged) -> Iterator[Finding]:
    """SMTP servers that relay for everybody, or that refuse to receive because nothing says that they would not."""
    for service in staged.services:
        if service.command == "smtpd":
            verdicts = [_verdict(staged, service, name) for name in LISTS]
            kinds = [kind for kind, _why in verdicts]
            if GUARDED not in kinds and UNKNOWN not in kinds:
                why = next((why for kind, why in verdicts if kind == OPEN), None)
                message = (
                    f"permits everybody to relay through this host: {why}"
                    if why
                    else "has no restriction against relaying, without which Postfix refuses to receive mail"
                )
                cure = f"put reject_unauth_destination into {LISTS[0]}, before any permit"
                code = "open_relay" if why else "no_relay_control"
                file = staged.path(MASTER)
                yield Finding(code, ERROR, message, cure, file, service.line, service.key)


def permits_strangers(staged: Staged) -> Iterator[Finding]:
    """Tables that say OK to everybody before the guard against relaying: what else they say, Postfix alone knows."""
    for service in staged.services:
        for name in LISTS if service.command == "smtpd" else ():
            for rule in _rules(staged, service, name) or []:
                if rule.word in (*STOPS, *DESTINATION_GUARDS) and not rule.is_only_logged:
                    break
                if rule.word.startswith("check_") and networks.allows_all(rule.argument or "", staged.host.read):
                    message = f"has {name} with {rule.word} {rule.argument}, which permits everybody"
                    cure = "put the guard against relaying before it, or narrow the table"
                    yield Finding(
                        "permits_strangers", WARNING, message, cure, staged.path(MASTER), service.line, service.key
                    )


def wide_networks(staged: Staged) -> Iterator[Finding]:
    """Networks of strangers that are trusted."""
    for setting in staged.settings:
        meaning = staged.meaning(setting) or ""
        if setting.name == "mynetworks":
            for item in networks.wide(meaning, staged.host.read):
                if item.replace("[", "").replace("]", "") not in ("0.0.0.0/0", "::/0"):
                    message = f"trusts {item}, a public network with more hosts than anybody knows"
                    cure = "name the networks of your own hosts"
                    yield staged.finding("wide_networks", setting, message, cure, asked=WARNING)
            found = networks.matches_all(meaning, staged.host.read)
            if found:
                message = f"trusts everybody through {found}"
                cure = "name the networks of your own hosts"
                yield staged.finding("wide_networks", setting, message, cure)
        elif setting.name == "mynetworks_style" and meaning == "class" and "mynetworks" not in staged.parameters:
            message = "trusts the whole class A, B or C network around each address of this host"
            yield staged.finding("wide_networks", setting, message, "set mynetworks, or the style host", asked=WARNING)


def every_domain(staged: Staged) -> Iterator[Finding]:
    """Lists of domains that match all there are."""
    for setting in staged.settings:
        if setting.name in DESTINATIONS[1:]:
            found = networks.domains_match_all(staged.meaning(setting) or "", staged.host.read)
            if found:
                message = f"takes mail to every domain for this host's own through {found}"
                yield staged.finding("every_domain", setting, message, "name the domains", asked=WARNING)


def unbracketed_address(staged: Staged) -> Iterator[Finding]:
    """Networks that Postfix looks for in a table of no type (measured with 3.10): what needs mynetworks then fails."""
    for setting in staged.settings:
        if setting.name == "mynetworks":
            for item in networks.unbracketed(staged.meaning(setting) or "", staged.host.read):
                address, slash, length = item.partition("/")
                message = f"has {item} without square brackets, which Postfix takes for a lookup table"
                cure = f"write [{address}]{slash}{length}"
                yield staged.finding("unbracketed_address", setting, message, cure)


def pointless_pattern(staged: Staged) -> Iterator[Finding]:
    """Stars and networks in lists of domains: Postfix compares names, and no domain has such a one."""
    for setting in staged.settings:
        if setting.name in DESTINATIONS:
            for item in networks.pointless(staged.meaning(setting) or "", staged.host.read):
                message = f"has {item}, which matches no domain"
                cure = "name the domains, or a table of the type regexp or pcre"
                yield staged.finding("pointless_pattern", setting, message, cure, asked=WARNING)


def _verdict(staged: Staged, service: Service, name: str) -> tuple[Optional[str], Optional[str]]:
    """``GUARDED`` when strangers stop at a guard, ``OPEN`` when they are let through first, with the reason, nothing
    when neither is there, ``UNKNOWN`` when only Postfix can tell."""
    rules = _rules(staged, service, name)
    return (UNKNOWN, None) if rules is None else _judge(staged, service, name, rules, DEPTH)


def _judge(
    staged: Staged, service: Service, name: str, rules: list[Rule], depth: int
) -> tuple[Optional[str], Optional[str]]:
    own = classes(staged, service)
    everything = networks.domains_match_all(staged.value("relay_domains", service) or "", staged.host.read)
    void: Optional[str] = None
    for rule in rules:
        verdict: tuple[Optional[str], Optional[str]] = (None, None)
        if rule.is_only_logged:
            continue
        if rule.word in STOPS or (rule.word in DESTINATION_GUARDS and not everything):
            verdict = GUARDED, None
        elif rule.word in DESTINATION_GUARDS:
            void = f"relay_domains has {everything}, so that {rule.word} stops nobody"
        elif rule.word == "permit_auth_destination" and everything:
            verdict = OPEN, f"{name} has {rule.word}, and relay_domains has {everything}"
        elif rule.word == "permit":
            verdict = OPEN, void or f"{name} has permit before any guard"
        elif rule.word in CLIENT_LISTS:
            trusted = CLIENT_LISTS[rule.word]
            everybody = networks.matches_all(staged.value(trusted, service) or "", staged.host.read)
            if everybody is not None:
                verdict = OPEN, f"{name} has {rule.word}, and {trusted} has {everybody}"
        elif rule.word in own:
            inner = _rules(staged, service, rule.word)
            verdict = (
                (UNKNOWN, None) if inner is None or depth == 0 else _judge(staged, service, name, inner, depth - 1)
            )
        if verdict[0] is not None:
            return verdict
    return (None, None) if void is None else (OPEN, void)


def _rules(staged: Staged, service: Service, name: str) -> Optional[list[Rule]]:
    meaning = staged.value(name, service)
    return None if meaning is None else parse(meaning)
