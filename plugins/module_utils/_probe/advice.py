# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to do about a failure: cures for what goes wrong between us and a server."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Sequence

from .settings import Service

# X509_V_ERR_* of OpenSSL, see x509_verify_cert_error_string(3).
_CERTIFICATE_CURES = {
    9: "the certificate is not valid yet: compare the clocks of both hosts",
    10: "renew the certificate and reload the service",
    18: "give the certificate as ca_path, or install one that this host trusts",
    19: "give the certificate authority as ca_path",
    20: "give the certificate authority as ca_path, and let the server send its intermediate certificates",
    21: "let the server send its intermediate certificates, or give them as ca_path",
    62: "set server_name to a name in the certificate, or issue a certificate for this name",
    64: "set server_name to a name in the certificate, or issue a certificate for this address",
}


# The first class that fits decides.
_FAILURES: Sequence[tuple[type[Exception], str, str]] = (
    (
        ConnectionRefusedError,
        "connection refused",
        "nothing listens there: is {daemon} running, and is the port enabled in it?",
    ),
    (
        socket.timeout,
        "no answer in time",
        "is a firewall in the way, or is {daemon} overloaded or stuck?",
    ),
    (socket.gaierror, "the host name does not resolve", "correct host, or the name service of this host"),
    (
        smtplib.SMTPServerDisconnected,
        "connection closed by the server",
        "see the log of {daemon}: its configuration, its certificate or its SASL service (Dovecot) lets it down",
    ),
    (OSError, "", "is {daemon} running, and reachable from here?"),
    (Exception, "", "see the log of {daemon}"),
)


def explain(error: Exception, service: Service) -> tuple[str, str]:
    """The words of an exception, fit for a person, and the cure."""
    if isinstance(error, smtplib.SMTPServerDisconnected) and isinstance(error.__context__, OSError):
        # smtplib takes every failure of the network for a connection that the server closed.
        error = error.__context__
    if isinstance(error, ssl.SSLCertVerificationError):
        cure = _CERTIFICATE_CURES.get(error.verify_code, "install a certificate that this host can verify")
        return f"certificate not accepted: {error.verify_message}", cure
    if isinstance(error, ssl.SSLError):
        return (
            f"TLS failed: {getattr(error, 'reason', None) or error}",
            "let the port speak TLS 1.2 or newer, with a certificate that fits its key",
        )
    said, cure = next((said, cure) for kind, said, cure in _FAILURES if isinstance(error, kind))
    return said or words_of(error), cure.format(daemon=service.daemon)


def words_of(error: Exception) -> str:
    """What an exception of the standard library or of its mail clients says."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    # imaplib and poplib keep the server's words as bytes.
    words = error.args[0] if error.args else ""
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    return said or type(error).__name__
