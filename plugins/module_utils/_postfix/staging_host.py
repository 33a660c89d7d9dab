# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A private copy of a configuration, and what Postfix's tools and the host say about it. The live one stays."""

from __future__ import annotations

import errno
import os
import re
import socket
import time
from collections.abc import Iterable, Mapping
from typing import Optional

from .._engine import commands
from .._engine.files import private_directory, read_text
from .._engine.findings import Finding
from . import main_cf, master_cf
from .catalogue.catalogue import check
from .catalogue.staged import Staged
from .facts_host import host
from .listeners import Listener, known_ports, listeners, port_number
from .request import MAIN, MASTER, Request

# Every tool of Postfix waits for a main.cf that was changed in the last seconds to come to rest, and reads it again.
SETTLED_SECONDS = 60
POSTLOG = "\npostlog unix-dgram n - n - 1 postlogd\n"
FAILURE = re.compile(r".*: (?:[Ee]rror|fatal|panic): ")


def findings_of(request: Request, texts: Mapping[str, Optional[str]], live_master: str) -> list[Finding]:
    """Stage the new ``texts`` by their name below the directory and run the catalogue on them.

    That costs four processes and ``postfix check``, and two of openssl(1) for each pair of key and certificate.
    """
    main, master = texts[MAIN] or "", texts[MASTER] or ""
    with private_directory() as folder:
        staged = os.path.join(folder, "etc")
        _mirror(request.directory, staged, texts)
        known = built_in_defaults()
        # All values with references resolved, and on the way everything that postconf has against either file.
        shown = commands.run(["postconf", "-c", staged, "-x"], accept=None)
        # Looking up anything makes a tool read main.cf as the daemons do, and say on every release why it will not.
        looked_up = commands.run(["postmap", "-c", staged, "-q", "x", "static:x"], accept=None)
        results = (shown, looked_up)
        refusals = [line for result in results if result.rc != 0 for line in result.stderr.splitlines()]
        if not refusals:
            refusals = _postfix_check(folder, main, master)
        values = {**known, "config_directory": request.directory, **main_cf.values(main)}
        unusable, busy = _listeners(values, master, live_master)
        return check(
            Staged(
                request=request,
                main=main,
                master=master,
                defaults=known,
                messages=_relocated(shown.stderr.splitlines(), folder, request.directory),
                refusals=_relocated(refusals, folder, request.directory),
                expanded=_parameters("\n".join(_relocated(shown.stdout.splitlines(), folder, request.directory))),
                unusable_listeners=unusable,
                busy_listeners=busy,
                host=host(request.directory, texts, master, values),
            )
        )


def built_in_defaults() -> dict[str, str]:
    """The built-in values of the installed Postfix."""
    return _parameters(commands.run(["postconf", "-d"]).stdout)


def _mirror(source: str, target: str, texts: Mapping[str, Optional[str]]) -> None:
    """Make ``target`` look like ``source`` with the new ``texts``; what does not change is linked to."""
    os.mkdir(target, 0o755)
    below: dict[str, dict[str, Optional[str]]] = {}
    for name, text in texts.items():
        head, _slash, rest = name.partition("/")
        below.setdefault(head, {})[rest] = text
    for name in os.listdir(source) if os.path.isdir(source) else []:
        if name not in below and not name.startswith("."):
            os.symlink(os.path.join(source, name), os.path.join(target, name))
    for head, inner in below.items():
        if "" in inner:
            _write(os.path.join(target, head), inner[""])
        else:
            _mirror(os.path.join(source, head), os.path.join(target, head), inner)


def _write(path: str, text: Optional[str]) -> None:
    if text is not None:
        with open(path, "w", encoding="utf-8", errors="surrogateescape", newline="") as handle:
            handle.write(text)
        settled = time.time() - SETTLED_SECONDS
        os.utime(path, (settled, settled))


def _parameters(shown: str) -> dict[str, str]:
    """What postconf(1) lists."""
    pairs = (line.partition(" =") for line in shown.splitlines())
    return {name: value.strip() for name, equals, value in pairs if equals}


def _postfix_check(folder: str, main: str, master: str) -> list[str]:
    """What ``postfix check`` has against the configuration.

    It creates and repairs what is missing in the queue, and Debian's fills the jail: here it gets a queue of its own.
    On Debian 12 it says its reasons to the log alone: here it gets a log of its own. A wrapper for several instances
    would check the live ones instead of this one.
    """
    directory, spool, log = (os.path.join(folder, name) for name in ("check", "spool", "log"))
    os.mkdir(directory, 0o755)
    os.mkdir(spool, 0o755)
    own = {"queue_directory": spool, "data_directory": os.path.join(spool, "data")}
    own.update({"maillog_file": log, "maillog_file_prefixes": folder})
    own.update({"multi_instance_wrapper": "", "multi_instance_enable": "no", "multi_instance_directories": ""})
    # With a log of its own Postfix insists on the service that writes it.
    logger = "" if main_cf.values(main).get("maillog_file") else POSTLOG
    _write(os.path.join(directory, MAIN), main_cf.edit(main, {name: (value,) for name, value in own.items()}))
    _write(os.path.join(directory, MASTER), f"{master}{logger}")
    result = commands.run(["postfix", "-c", directory, "check"], accept=None)
    if result.rc == 0:
        return []
    said = f"{result.stderr}\n{read_text(log) or ''}".splitlines()
    silent = f"postfix: fatal: postfix check ended with {result.rc} and did not say why"
    return [line for line in said if FAILURE.match(line)] or [silent]


def _relocated(lines: Iterable[str], folder: str, directory: str) -> tuple[str, ...]:
    """What the tools said, about the place where the files will be."""
    staged = re.compile(re.escape(folder) + r"/(?:etc|check)(?=[/:,;\s]|$)")
    return tuple(staged.sub(lambda _match: directory, line) for line in lines)


def _listeners(values: Mapping[str, str], master: str, live_master: str) -> tuple[dict[str, str], dict[str, str]]:
    """Reasons by ``name/type`` why Postfix cannot listen, and why it perhaps cannot."""
    unusable: dict[str, str] = {}
    busy: dict[str, str] = {}
    known = known_ports(values.get("known_tcp_ports", ""))
    live = listeners(master_cf.services(live_master).values(), "all", "all")
    live_keys, live_ports = {one.key for one in live}, {_port(one.port, known) for one in live}
    for one in listeners(
        master_cf.services(master).values(), values.get("inet_interfaces", ""), values.get("inet_protocols", "")
    ):
        number = _port(one.port, known)
        if number is None:
            unusable[one.key] = f"has the port {one.port}, which is neither a number nor a name in /etc/services"
        elif one.host is not None and one.key not in live_keys:
            reason, is_busy = _attempt(one, number)
            if reason and not is_busy:
                unusable[one.key] = reason
            elif reason and number not in live_ports:
                busy[one.key] = reason
    return unusable, busy


def _port(port: str, known: Mapping[str, int]) -> Optional[int]:
    number = port_number(port, known)
    if number is None and not port.isdigit():
        try:
            return socket.getservbyname(port, "tcp")
        except OSError:
            return None
    return number


def _attempt(listener: Listener, number: int) -> tuple[Optional[str], bool]:
    """Why one cannot listen there, if so, and whether that is because somebody else does."""
    try:
        found = socket.getaddrinfo(listener.host, number, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError:
        return f"has the host {listener.host}, which cannot be resolved", False
    for family, kind, protocol, _name, address in found:
        try:
            with socket.socket(family, kind, protocol) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL:
                return f"has the address {address[0]}, which no interface of this host has", False
            if error.errno == errno.EADDRINUSE:
                return f"has the port {number}, which another process has, or a Postfix that was not reloaded", True
    return None, False
