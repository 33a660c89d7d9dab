# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of a connection, looked at before any server is asked."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Optional
from urllib.parse import unquote, urlsplit

from .._engine.errors import Problem

DEFAULT_SOCKET = "/run/slapd/ldapi"
# A day.
LONGEST = 86400
PORTS = {"ldap": 389, "ldaps": 636}


def problems(params: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with the options of the connection, without a look at the server."""
    found = []
    if not params["server_uri"]:
        found.append(Problem("server_uri", "names no server", "give at least one, such as ldapi:///"))
    for uri in params["server_uri"]:
        fault = _uri_fault(uri)
        found += [] if fault is None else [Problem("server_uri", *fault, uri)]
        if params["start_tls"] and not uri.lower().startswith("ldap://"):
            found.append(Problem("start_tls", f"cannot be used with {uri}", "use it with ldap:// alone"))
    if (params.get("bind_dn") is None) != (params.get("bind_password") is None):
        lacking = "bind_password" if params.get("bind_password") is None else "bind_dn"
        found.append(Problem(lacking, "is missing", "give both bind_dn and bind_password, or neither"))
    elif params.get("bind_password") == "":
        found.append(Problem("bind_password", "is empty, which servers take for an anonymous bind", "give a password"))
    if params.get("client_key") is not None and params.get("client_cert") is None:
        found.append(Problem("client_cert", "is missing", "give it with client_key"))
    for option in ("ca_path", "client_cert", "client_key"):
        path = params.get(option)
        if path is not None and not os.path.exists(path):
            found.append(Problem(option, "does not exist on this host", "name a file that does", path))
    for option in ("connect_timeout", "timeout"):
        if not 1 <= params[option] <= LONGEST:
            found.append(Problem(option, "is no time to wait", f"give 1 to {LONGEST} seconds", params[option]))
    return found


def _uri_fault(uri: str) -> Optional[tuple[str, str]]:
    cure = "write ldapi:///, ldap://host, ldaps://host or one of them with a port"
    try:
        parts = urlsplit(uri)
        _port = parts.port
    except ValueError as error:
        return f"cannot be read: {error}", cure
    if parts.scheme.lower() not in ("ldapi", "ldap", "ldaps"):
        return "is no address of a directory server", cure
    if parts.scheme.lower() != "ldapi" and not parts.hostname:
        return "names no host", cure
    if parts.path.strip("/") or parts.query or parts.fragment or parts.username is not None:
        return "holds more than a server", cure
    return None


def socket_path(uri: str) -> str:
    """The socket of an ``ldapi`` address; Debian's slapd listens on the default."""
    return unquote(urlsplit(uri).netloc) or DEFAULT_SOCKET
