# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates on the host: read, and made with the installed ``openssl`` (openssl-req(1))."""

from __future__ import annotations

import os
from typing import Optional

from .._engine import commands
from .._engine.certificates import Certificate, inspect
from .._engine.errors import Error
from .._engine.files import private_directory, read
from .certificate import Wanted


def present(certificate_file: str, key_file: str) -> Optional[Certificate]:
    """The certificate on disk, or nothing when neither file exists."""
    certificate, key = read(certificate_file), read(key_file)
    if certificate is None and key is None:
        return None
    if certificate is None or key is None:
        there, gone = (key_file, certificate_file) if certificate is None else (certificate_file, key_file)
        raise Error(f"{there} is there but {gone} is not; put the missing half back or remove the other")
    return inspect(certificate, key, certificate_file, key_file)


def sign(wanted: Wanted) -> tuple[bytes, bytes]:
    """A new self-signed certificate and its key, both PEM: ECDSA on P-256, valid for ``wanted.days``."""
    alternatives = ",".join(f"DNS:{name}" for name in wanted.names)
    with private_directory() as folder:
        certificate_file, key_file = os.path.join(folder, "certificate.pem"), os.path.join(folder, "key.pem")
        key_options = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key_file]
        # The common name holds 64 characters at most (X.520); the names that count are the alternative ones.
        name_options = ["-subj", f"/CN={wanted.names[0][:64]}", "-addext", f"subjectAltName={alternatives}"]
        commands.run(
            [
                "openssl",
                "req",
                "-x509",
                *key_options,
                *name_options,
                "-days",
                str(wanted.days),
                "-out",
                certificate_file,
            ]
        )
        return read(certificate_file) or b"", read(key_file) or b""
