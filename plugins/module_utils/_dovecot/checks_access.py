# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Passwords that others can read: on the network, or in files."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .._engine.findings import Finding
from .configuration import Configuration
from .findings import warning
from .host import Installation
from .masking import looks_secret, names_secret
from .settings import Line, leaves

LOOPBACK = re.compile(r"(?:127\.\d+\.\d+\.\d+|::1|\[::1\]|localhost)")
# A line of a passwd-file with a password, or its hash.
WITH_PASSWORD = re.compile(rb"^[^:#\s][^:\n]*:[^:\s]{2,}", re.MULTILINE)
KEYS = (
    "ssl_key",
    "ssl_alt_key",
    "ssl_client_key",
    "ssl_server_key_file",
    "ssl_server_alt_key_file",
    "ssl_client_key_file",
)


def cleartext(configuration: Configuration, _host: Installation) -> Iterator[Finding]:
    """Passwords over connections without TLS."""
    ssl, listen = configuration.effective("ssl"), configuration.effective("listen")
    required = ssl is not None and ssl.value == "required"
    if not configuration.serves_mail or required or (listen and all(LOOPBACK.fullmatch(word) for word in listen.words)):
        return
    forbids, allows = configuration.effective("disable_plaintext_auth"), configuration.effective("auth_allow_cleartext")
    for line in (forbids, allows):
        if line and line.is_on == (line is allows):
            cure = "leave it out, or set `ssl = required`"
            yield warning(line, "cleartext", "lets clients send passwords over connections without TLS", cure)


def readable_secrets(configuration: Configuration, host: Installation) -> Iterator[Finding]:
    """Files with passwords or private keys that everybody on the host can read. Those we write are for root alone."""
    named: set[str] = set()
    for line, path in _secret_files(configuration, host):
        if path not in named and host.everybody_reads(path):
            named.add(path)
            yield warning(
                line, "readable", f"everybody on this host can read {path}", "take the rights of others from it"
            )


def _secret_files(configuration: Configuration, host: Installation) -> Iterator[tuple[Line, str]]:
    """Each file that holds something secret, with the line that says so."""
    for file in configuration.files:
        for line in leaves(file.lines):
            value = line.value or ""
            if value.lstrip("<").startswith("/") and (
                line.sets(*KEYS) or (value[0] == "<" and names_secret(line.name))
            ):
                yield line, value.lstrip("<")
            elif not line.option and looks_secret(line.name, value):
                yield line, line.file
    for block in configuration.blocks("passdb"):
        names = block.find("passwd_file_path") or block.find("args")
        if names and block.driver == "passwd-file":
            path = (names.value or "").split(" ")[-1]
            if WITH_PASSWORD.search(host.read(path) or b""):
                yield names, path
