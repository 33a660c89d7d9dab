# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of the wrong kind: the programs that read one stop at it, and mail with them. Pure.

What a parameter takes is told by its built-in default: ``yes``, ``300s``, ``50``. Only where it takes words, the words
are here, from postconf(5).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Optional

from ..._engine.findings import Finding
from ..words import words
from .staged import Setting, Staged, suggestion

TIME = re.compile(r"\d+[smhdw]?")
TIME_DEFAULT = re.compile(r"\d+[smhdw]")
NUMBER = re.compile(r"[+-]?\d+")
# Numbers by default that take more than numbers.
NOT_NUMBERS = re.compile(
    r"compatibility_level|.*_feedback|milter_protocol|.*_tcp_port|mail_release_date|.*_permissions|.*_slot_\w+"
)
# Booleans in one release that take other words in a later one or a patched one.
NOT_BOOLEAN = re.compile(r"smtpd_forbid_bare_newline|smtpd_reject_footer_\w+")
_PROTOCOL = re.compile(
    r"!?(?:SSLv[23]|TLSv1(?:\.[123])?)|[<>]=(?:SSLv3|TLSv1(?:\.[123])?|0x[0-9a-f]+|0)", re.IGNORECASE
)

CLIENT_LEVELS = ("none", "may", "encrypt", "dane", "dane-only", "fingerprint", "verify", "secure")
SASL_OPTIONS = ("noplaintext", "noactive", "nodictionary", "noanonymous", "forward_secrecy", "mutual_auth")
TLS_CIPHERS = ("export", "low", "medium", "high", "null")


@dataclass(frozen=True)
class Words:
    """The words that parameters whose name matches ``names`` take, one or a list of them."""

    names: re.Pattern[str]
    known: tuple[str, ...]
    several: bool = False


VOCABULARY = (
    Words(
        re.compile(r"(?:smtpd|postscreen)_tls_security_level|tlsproxy_tls_security_level"), ("none", "may", "encrypt")
    ),
    Words(re.compile(r"(?:smtp|lmtp)_tls_security_level|tlsproxy_client_security_level"), CLIENT_LEVELS),
    Words(re.compile(r".*_tls_(?:mandatory_)?ciphers"), TLS_CIPHERS),
    Words(re.compile(r"(?:smtpd|tlsproxy)_tls_eecdh_grade"), ("none", "auto", "strong", "ultra")),
    Words(re.compile(r"inet_protocols"), ("all", "ipv4", "ipv6"), several=True),
    Words(re.compile(r"mynetworks_style"), ("class", "subnet", "host")),
    Words(re.compile(r"(?:smtp|lmtp)_address_preference"), ("any", "ipv4", "ipv6")),
    Words(re.compile(r"(?:smtp|lmtp)_dns_support_level"), ("disabled", "enabled", "dnssec")),
    Words(re.compile(r"(?:smtp|lmtp)_host_lookup"), ("dns", "native"), several=True),
    Words(re.compile(r"(?:smtp|lmtp|smtpd|tlsproxy)_sasl_(?:tls_)?security_options"), SASL_OPTIONS, several=True),
    Words(re.compile(r"milter_default_action"), ("accept", "reject", "tempfail", "quarantine", "shutdown")),
    Words(re.compile(r"postscreen_\w+_action"), ("ignore", "enforce", "drop")),
    # Measured: with any other word smtpd(8) of 3.7 and 3.10 ends before its greeting.
    Words(re.compile(r"reject_tempfail_action|un(?:known|verified)_\w+_tempfail_action"), ("defer", "defer_if_permit")),
    Words(re.compile(r"smtpd_forbid_bare_newline"), ("yes", "no", "normalize", "reject", "note")),
    Words(re.compile(r"header_from_format"), ("standard", "obsolete")),
    Words(
        re.compile(r"masquerade_classes"),
        ("envelope_sender", "envelope_recipient", "header_sender", "header_recipient"),
        several=True,
    ),
    Words(
        re.compile(r"notify_classes"),
        ("bounce", "2bounce", "data", "delay", "policy", "protocol", "resource", "software"),
        several=True,
    ),
)


def not_boolean(staged: Staged) -> Iterator[Finding]:
    for setting, meaning in _readable(staged):
        if (
            staged.default(setting.name).lower() in ("yes", "no")
            and not NOT_BOOLEAN.fullmatch(setting.name)
            and meaning.lower() not in ("yes", "no")
        ):
            message = "is not a boolean, and the programs that read it stop at it"
            yield staged.finding("not_boolean", setting, message, "give yes or no")


def bad_time(staged: Staged) -> Iterator[Finding]:
    for setting, meaning in _readable(staged):
        if TIME_DEFAULT.fullmatch(staged.default(setting.name)) and not TIME.fullmatch(meaning):
            message = "is not a time, and the programs that read it stop at it"
            cure = "give a whole number and a unit without a space between: s, m, h, d or w"
            yield staged.finding("bad_time", setting, message, cure)


def bad_number(staged: Staged) -> Iterator[Finding]:
    for setting, meaning in _readable(staged):
        if (
            NUMBER.fullmatch(staged.default(setting.name))
            and not NOT_NUMBERS.fullmatch(setting.name)
            and not NUMBER.fullmatch(meaning)
        ):
            message = "is not a whole number, and the programs that read it stop at it"
            yield staged.finding(
                "bad_number", setting, message, "give a whole number in bytes or pieces, without a unit"
            )


def unknown_word(staged: Staged) -> Iterator[Finding]:
    """Words that a parameter does not take."""
    for setting, meaning in _readable(staged):
        for vocabulary in VOCABULARY:
            if vocabulary.names.fullmatch(setting.name) and setting.name in staged.defaults:
                given = words(meaning) if vocabulary.several else [meaning]
                for word in given:
                    if word.lower() not in (*vocabulary.known, ""):
                        cure = suggestion(word.lower(), vocabulary.known, f"give {_either(vocabulary.known)}")
                        yield staged.finding("unknown_word", setting, f"takes no {word!r}", cure)


def unknown_protocol(staged: Staged) -> Iterator[Finding]:
    """Versions of TLS that Postfix does not know."""
    for setting, meaning in _readable(staged):
        if re.fullmatch(r".*_tls_(?:mandatory_)?protocols", setting.name) and setting.name in staged.defaults:
            for word in words(meaning.replace(":", " ")):
                if not _PROTOCOL.fullmatch(word):
                    cure = 'give for example ">=TLSv1.2"'
                    yield staged.finding("unknown_word", setting, f"takes no {word!r}", cure)


def _readable(staged: Staged) -> Iterator[tuple[Setting, str]]:
    """What is set, with what it means where that can be told. A comment in a value is the business of another check."""
    for setting in staged.settings:
        meaning: Optional[str] = staged.meaning(setting)
        if meaning is not None and "#" not in setting.value:
            yield setting, meaning


def _either(known: tuple[str, ...]) -> str:
    return f"{', '.join(known[:-1])} or {known[-1]}"
