# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Encrypting a connection. A certificate that is not good is an error, and says what is wrong with it."""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from .._engine.errors import Error
from .errors import UnreachableError


def encrypted(plain: socket.socket, uri: str, params: Mapping[str, Any]) -> ssl.SSLSocket:
    """The connection after a handshake; ``params`` are the shared options ``directory``."""
    try:
        return _context(params).wrap_socket(plain, server_hostname=urlsplit(uri).hostname)
    except ssl.SSLCertVerificationError as error:
        raise Error(
            f"server_uri {uri}: the certificate of the server is not good: {error.verify_message}; renew or replace "
            "it, or name its authority as ca_path"
        ) from error
    except ssl.SSLError as error:
        raise Error(
            f"server_uri {uri}: no TLS with this server: {error.reason or error}; check that it offers TLS there, and "
            "client_cert if it wants one"
        ) from error
    except OSError as error:
        raise UnreachableError(f"server_uri {uri}: the server ended the TLS handshake: {error}") from error


def _context(params: Mapping[str, Any]) -> ssl.SSLContext:
    authority = params.get("ca_path")
    folder = authority is not None and os.path.isdir(authority)
    try:
        context = ssl.create_default_context(cafile=None if folder else authority, capath=authority if folder else None)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        # Python 3.13 would refuse authorities that OpenSSL and so all LDAP tools take, for want of an extension.
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
        if params.get("client_cert") is not None:
            context.load_cert_chain(params["client_cert"], params.get("client_key"))
    except (ssl.SSLError, OSError) as error:
        raise Error(f"ca_path, client_cert, client_key: cannot be used: {error}; give PEM files that fit") from error
    if not params["validate_certs"]:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
