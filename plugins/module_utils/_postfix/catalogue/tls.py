# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates, keys and what protects passwords on the way (TLS_README, SASL_README). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Optional

from ..._engine.findings import ERROR, MISSING, WARNING, Finding
from ..master_cf import Service
from ..request import MASTER
from ..words import words
from .staged import Pem, Setting, Staged

SIDES = ("smtpd", "smtp", "lmtp", "tlsproxy", "tlsproxy_client")
SOON_DAYS = 14
_LOOPBACK = re.compile(r"127\.[\d.]+|\[?::1\]?|localhost|loopback-only")
_TRUSTED = ("CAfile", "CApath")


@dataclass(frozen=True)
class Pair:
    """Files that hold a private key and its certificate, in the order in which Postfix reads them."""

    setting: Setting
    files: Sequence[str]


def pairs(staged: Staged) -> Iterator[Pair]:
    """What is set, in main.cf or for a service. Names are those of postconf(5)."""
    seen = set()
    for setting in staged.settings:
        for side in SIDES:
            prefix = f"{side}_tls_" if side != "tlsproxy_client" else "tlsproxy_client_"
            if setting.name == f"{prefix}chain_files":
                pair = Pair(setting, words(staged.meaning(setting) or ""))
            elif setting.name in [f"{prefix}{kind}cert_file" for kind in ("", "d", "ec")]:
                # With chain files there the others do not count (postconf(5)).
                if staged.value(f"{prefix}chain_files", setting.service):
                    continue
                certificate = staged.meaning(setting) or ""
                key = staged.value(setting.name.replace("cert_file", "key_file"), setting.service) or certificate
                pair = Pair(setting, [key, certificate] if certificate not in ("", "none") else [])
            else:
                continue
            if pair.files and (setting.name, *pair.files) not in seen:
                seen.add((setting.name, *pair.files))
                yield pair


def certificates(staged: Staged) -> Iterator[Finding]:
    """Certificates and keys that are not there, do not belong together or end soon: no TLS without them."""
    for pair in pairs(staged):
        blocks: list[Pem] = []
        lacking = False
        for path in dict.fromkeys(pair.files):
            entry = staged.host.look(path)
            found = staged.host.pem(path) if path.startswith("/") else None
            if path.startswith("/") and entry is None:
                lacking = True
                message, cure = f"names {path}, which does not exist", "create it, or correct the path"
                yield staged.finding("missing_certificate", _names(staged, pair, path), message, cure, asked=MISSING)
            elif found is None or (entry is not None and not entry.readable):
                lacking = True
            else:
                blocks += found
        if not lacking:
            yield from _judge(staged, pair, blocks)


def _names(staged: Staged, pair: Pair, path: str) -> Setting:
    """The setting that names one of the files: a key has its own."""
    same = [one for one in staged.settings if one.service == pair.setting.service and staged.meaning(one) == path]
    return same[0] if same else pair.setting


def _judge(staged: Staged, pair: Pair, blocks: Sequence[Pem]) -> Iterator[Finding]:
    where = " and ".join(dict.fromkeys(pair.files))
    keys = [block for block in blocks if block.is_key]
    leaves = [block for block in blocks if not block.is_key]
    if not keys or not leaves:
        message = f"names {where}, without a {'certificate' if keys else 'private key'} in PEM form"
        yield staged.finding(
            "bad_certificate", pair.setting, message, "give a PEM file with both, or one file for each"
        )
    elif any(block.public_key is None for block in keys):
        message = f"names {where}, with a private key that OpenSSL cannot read without a passphrase"
        yield staged.finding("bad_certificate", pair.setting, message, "store the key without a passphrase")
    else:
        for key, leaf in zip(keys, leaves):
            if key.public_key != leaf.public_key:
                message = f"names {where}, and the key does not belong to the certificate"
                yield staged.finding(
                    "mismatched_certificate", pair.setting, message, "give the key that the certificate was made for"
                )
            elif leaf.days_left is not None and leaf.days_left < SOON_DAYS:
                expired = leaf.days_left < 0
                message = f"names {where}, which {'ended' if expired else 'ends'} " + (
                    f"{-leaf.days_left} days ago" if expired else f"in {leaf.days_left} days"
                )
                code = "expired_certificate" if expired else "expiring_certificate"
                yield staged.finding(code, pair.setting, message, "renew it", asked=WARNING)


def missing_authorities(staged: Staged) -> Iterator[Finding]:
    """Files and folders with the authorities to trust: without them nobody's certificate is verified."""
    for setting in staged.settings:
        if setting.name.endswith(_TRUSTED) and setting.name in staged.defaults:
            path = staged.meaning(setting) or ""
            if path.startswith("/") and staged.host.look(path) is None:
                cure = "install the package ca-certificates, or correct the path"
                yield staged.finding("missing_authorities", setting, "does not exist", cure, asked=MISSING)


def public_key_file(staged: Staged) -> Iterator[Finding]:
    """Private keys that every user of the host can read."""
    for path in dict.fromkeys(path for pair in pairs(staged) for path in pair.files):
        entry = staged.host.look(path)
        if entry is not None and entry.public and any(block.is_key for block in staged.host.pem(path) or ()):
            message = "holds a private key and can be read by every user of this host"
            yield Finding("public_secret", WARNING, message, "take the right to read from others", path)


def cleartext_passwords(staged: Staged) -> Iterator[Finding]:
    """Servers that take a password from a client that does not encrypt."""
    for service in staged.services:
        if (
            service.command == "smtpd"
            and _yes(staged, "smtpd_sasl_auth_enable", service)
            and not _yes(staged, "smtpd_tls_auth_only", service)
            and not _encrypted(staged, service)
            and not _is_local(staged, service)
            and "noplaintext" not in words(staged.value("smtpd_sasl_security_options", service) or "")
        ):
            message = "takes passwords from clients that do not encrypt"
            cure = "set smtpd_tls_auth_only = yes"
            yield Finding("cleartext_passwords", WARNING, message, cure, staged.path(MASTER), service.line, service.key)


def no_certificate(staged: Staged) -> Iterator[Finding]:
    """Servers that shall encrypt and have nothing to do it with: they offer no TLS, or refuse every client."""
    for service in staged.services:
        if service.command == "smtpd" and (_encrypted(staged, service) or _level(staged, service) == "may"):
            names = ("chain_files", "cert_file", "eccert_file", "dcert_file")
            given = [staged.value(f"smtpd_tls_{name}", service) for name in names]
            if not any(given):
                severity = ERROR if _encrypted(staged, service) and _asks(staged, service) else WARNING
                message = f"{'has to' if _encrypted(staged, service) else 'may'} encrypt, and has no certificate"
                cure = "set smtpd_tls_chain_files to the key and the certificate"
                yield Finding("no_certificate", severity, message, cure, staged.path(MASTER), service.line, service.key)


def _is_local(staged: Staged, service: Service) -> bool:
    """Whether nobody but this host itself can connect."""
    host = service.name.rpartition(":")[0].strip("[]") or staged.value("inet_interfaces", service) or ""
    return service.type == "inet" and bool(words(host)) and all(_LOOPBACK.fullmatch(one) for one in words(host))


def _encrypted(staged: Staged, service: Service) -> bool:
    return _yes(staged, "smtpd_tls_wrappermode", service) or _level(staged, service) == "encrypt"


def _level(staged: Staged, service: Service) -> Optional[str]:
    level = staged.value("smtpd_tls_security_level", service)
    if not level:
        level = "encrypt" if _yes(staged, "smtpd_enforce_tls", service) else level
        level = level or ("may" if _yes(staged, "smtpd_use_tls", service) else level)
    return level.lower() if level else level


def _yes(staged: Staged, name: str, service: Service) -> bool:
    return (staged.value(name, service) or "").lower() == "yes"


def _asks(staged: Staged, service: Service) -> bool:
    return any(declared.key == service.key for declared in staged.request.services or ())
