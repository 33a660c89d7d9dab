# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates and keys that Dovecot cannot use: each TLS connection is closed, and doveconf says nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Optional

from .._engine.certificates import inspect
from .._engine.errors import Error
from .._engine.findings import Finding
from .configuration import Configuration
from .findings import error, warning
from .host import Installation
from .settings import Line

# What 2.3 takes as content, after a <, and 2.4 as a path.
CONTENT = re.compile(r"ssl_(?:client_)?(?:alt_)?(?:cert|key|ca|dh)")
PATH = re.compile(r"ssl_(?:server|client)_(?:alt_)?(?:cert|key|ca|dh)_file")
# Certificate, key and the password of the key: first the names of 2.3, then those of 2.4.
PAIR = (("ssl_cert", "ssl_server_cert_file"), ("ssl_key", "ssl_server_key_file"))
PASSWORD = ("ssl_key_password", "ssl_server_key_password")
LEAST = ("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3", "ANY", "LATEST")
WITH_TLS = ("imap", "pop3", "sieve", "submission")


def certificate_paths(configuration: Configuration, _host: Installation) -> Iterator[Finding]:
    """Paths written as the other version wants them."""
    for line in configuration.settings:
        value = line.value or ""
        if configuration.version.syntax == "2.3":
            if CONTENT.fullmatch(line.name) and value.startswith("/"):
                yield error(line, "certificate", "is taken for the content of the file", f"write <{value}")
        elif value.startswith("<") and (PATH.fullmatch(line.name) or PATH.fullmatch(f"{line.kind}_{line.name}")):
            cure = f"write {value[1:]}"
            yield error(line, "certificate", "Dovecot takes the content of the file for its name", cure)


def certificate_pairs(configuration: Configuration, host: Installation) -> Iterator[Finding]:
    """Certificates that do not fit their key, are no certificates, or have expired."""
    found: dict[tuple[str, ...], dict[int, Line]] = {}
    for line in configuration.settings:
        for number, names in enumerate((*PAIR, PASSWORD)):
            if line.sets(*names):
                found.setdefault(_scope(line), {})[number] = line
    for scope, lines in found.items():
        certificate, key, password = ({**found.get((), {}), **lines}.get(number) for number in range(3))
        if certificate and key and not (scope and 0 not in lines and 1 not in lines):
            yield from _pair(configuration, host, certificate, key, password)


def _scope(line: Line) -> tuple[str, ...]:
    """The filters around a line: a section ``ssl_server`` is none."""
    return tuple(header for header in line.section if header != "ssl_server")


def _pair(
    configuration: Configuration, host: Installation, certificate: Line, key: Line, password: Optional[Line]
) -> Iterator[Finding]:
    declared = {file.path: file.content.encode() for file in configuration.files if file.content is not None}
    texts = []
    for line in (certificate, key):
        path = (line.value or "").lstrip("<")
        # A path that 2.3 lacks the < for is reported already; a file that is not there is, too.
        written = (line.value or "").startswith("<") == (configuration.version.syntax == "2.3")
        text = declared.get(path) or (host.read(path) if path.startswith("/") and written else None)
        if text is None:
            return
        texts.append(text)
    if b"ENCRYPTED" in texts[1]:
        if password is None:
            yield error(
                key, "certificate", "is protected by a password", "give ssl_key_password or take the password out"
            )
        return
    try:
        shown = inspect(texts[0], texts[1], certificate.value or "", key.value or "")
    except Error as problem:
        broken = key if key.value and problem.message.startswith(key.value) else certificate
        what = "key" if broken is key else "certificate"
        yield error(broken, "certificate", f"is not a {what} in PEM form", f"bring a file with a {what}")
        return
    if not shown.matches_key:
        message = f"does not belong to the certificate {(certificate.value or '').lstrip('<')}"
        yield error(key, "certificate", message, "bring the key that the certificate was made for")
    if shown.days_left < 0:
        yield warning(certificate, "certificate", f"expired on {shown.expires}", "renew the certificate")


def no_certificate(configuration: Configuration, _host: Installation) -> Iterator[Finding]:
    """TLS is on by default, and without a certificate each connection that asks for it is closed."""
    ssl = configuration.effective("ssl")
    served = [line for line, name in configuration.listed("protocols") if name in WITH_TLS]
    if not served or (ssl and ssl.value == "no"):
        return
    for names, what in zip(PAIR, ("certificate", "key")):
        # 2.3 still takes the names that 1.x had.
        if not any(line.sets(*names, f"{names[0]}_file") and line.value for line in configuration.settings):
            name = names[configuration.version.syntax == "2.4"]
            yield warning(served[0], "certificate", f"there is no {what} for TLS", f"set {name}, or `ssl = no`")
            return


def oldest_protocol(configuration: Configuration, _host: Installation) -> Iterator[Finding]:
    """A protocol version that this Dovecot does not know closes all TLS connections."""
    known = (*LEAST, "SSLv3") if configuration.version.syntax == "2.3" else LEAST
    for line in configuration.settings:
        if line.name == "ssl_min_protocol" and line.value not in known and not configuration.refers(line.value or ""):
            message = "is not a version of TLS that Dovecot knows"
            yield error(line, "tls_protocol", message, f"give one of {', '.join(known)}")
