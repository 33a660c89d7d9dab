# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The server under test as the network sees it: TLS, time that is left, and where a connection comes from."""

from __future__ import annotations

import contextlib
import ipaddress
import random
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from typing import Any, Optional

from .._engine.errors import Error
from .settings import Settings

# Longest wait for a connection and a greeting, in seconds: a port behind a firewall must not use up the whole time, but
# Postfix asks the name service for the client's name before it greets.
CONNECT_SECONDS = 20.0
# A name service that has an answer, or knows that there is none, gives it in less.
ANSWER_SECONDS = 1.0
# TEST-NET-1 of RFC 5737. Nothing is ever sent there: the kernel is only asked which address it would send from.
_ELSEWHERE = "192.0.2.1"


class NamedContext(ssl.SSLContext):
    """A TLS context that verifies ``server_name``, whatever address a client library connected to."""

    server_name: str = ""

    def wrap_socket(self, *args: Any, **kwargs: Any) -> ssl.SSLSocket:
        kwargs["server_hostname"] = self.server_name
        return super().wrap_socket(*args, **kwargs)


@dataclass(frozen=True)
class Target:
    """Host, TLS context and the monotonic time at which the probe must be over."""

    host: str
    context: ssl.SSLContext
    deadline: float

    def left(self, most: float = 3600.0) -> float:
        """Seconds that a network operation may take, ``most`` at most."""
        return max(0.1, min(most, self.deadline - time.monotonic()))

    @property
    def is_loopback(self) -> bool:
        try:
            found = socket.getaddrinfo(self.host, None, type=socket.SOCK_STREAM)
        except OSError:
            return False
        return all(ipaddress.ip_address(address[0]).is_loopback for *ignored, address in found)

    def stranger(self) -> Optional[str]:
        """An address to come from so that the server does not take us for itself, when it is on this host.

        Dovecot counts a connection as secure when both ends have one address, and slows down every login from an
        address that has just failed to log in. From an address of its own a probe sees what others see, and no real
        client of this host has to wait. Elsewhere, and with IPv6, there is nothing to choose.
        """
        own, other = _addresses(self.host)
        if own != other or not own:
            return None
        return ".".join(map(str, (127, *random.sample(range(1, 255), 3))))

    def named_stranger(self) -> Optional[str]:
        """The same for Postfix, which asks the name service for the name of each address.

        Where that leaves the question open it has to be this host's own address, which is in its hosts file. But a
        login that fails there again and again waits longer each time, until Postfix gives up.
        """
        stranger = self.stranger()
        if stranger is None or not self.is_loopback or _is_answered(stranger):
            return stranger
        return self.outward_address() or stranger

    def outward_address(self) -> Optional[str]:
        """This host's own address on the network, if it has one."""
        return _addresses(_ELSEWHERE)[0] or None


def tls_context(settings: Settings) -> ssl.SSLContext:
    """The TLS that the probe accepts: 1.2 or newer, and the name verified unless ``validate_certs`` is false."""
    context = NamedContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.server_name = settings.server_name
    if not settings.validate_certs:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    elif settings.ca_path is None:
        context.load_default_certs()
    else:
        _trust(context, settings.ca_path)
    return context


def _trust(context: ssl.SSLContext, path: str) -> None:
    try:
        context.load_verify_locations(cafile=path)
    except ssl.SSLError as error:
        raise Error(f"ca_path: {path} holds no certificate in PEM form: {error.reason}") from error
    except OSError as error:
        raise Error(f"ca_path: {path} cannot be read: {error.strerror}; name a file on the probing host") from error


def _is_answered(address: str) -> bool:
    """Whether the name service answers for an address without delay, be it that there is no name."""
    asking = threading.Thread(target=_ask_for_name, args=(address,), daemon=True)
    asking.start()
    asking.join(ANSWER_SECONDS)
    return not asking.is_alive()


def _ask_for_name(address: str) -> None:
    with contextlib.suppress(OSError):
        socket.getnameinfo((address, 0), socket.NI_NAMEREQD)


def _addresses(host: str) -> tuple[str, str]:
    """The IPv4 address that the kernel would send from, and that of ``host``; two empty strings when there is none.

    A connected UDP socket sends nothing.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect((host, 9))
        except OSError:
            return "", ""
        return str(asking.getsockname()[0]), str(asking.getpeername()[0])
