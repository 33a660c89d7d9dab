# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Watch services from outside: how long each did not answer, by tries that begin at fixed intervals."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .._engine.errors import Problem, refuse
from .._engine.plan import Plan

# Port to what a server says first there, and whether TLS comes before it.
GREETINGS = {25: (b"220", False), 587: (b"220", False), 465: (b"220", True), 143: (b"* OK", False)}
GREETINGS.update({993: (b"* OK", True), 110: (b"+OK", False), 995: (b"+OK", True), 4190: (b'"', False)})


@dataclass(frozen=True)
class Try:
    """When it began and ended, and what went wrong, if anything."""

    begun: float
    ended: float
    failure: str = ""


def plan_watch(params: Mapping[str, Any]) -> Plan:
    """The report, as a plan without steps."""
    refuse(_problems(params))
    seconds, interval, timeout = params["seconds"], params["interval"], params["timeout"]
    tries: dict[int, list[Try]] = {port: [] for port in params["ports"]}
    begun, threads = time.time(), []
    while time.time() < begun + seconds:
        for port, found in tries.items():
            threads.append(threading.Thread(target=_note, args=(found, params["host"], port, timeout)))
            threads[-1].start()
        time.sleep(interval)
    for thread in threads:
        thread.join()
    services = {str(port): summary(found, begun, begun + seconds) for port, found in tries.items()}
    return Plan(
        result={
            "services": services,
            "longest_outage": max(service["longest_outage"] for service in services.values()),
            "failures": sum(service["failures"] for service in services.values()),
        }
    )


def summary(tries: Sequence[Try], begun: float, ended: float) -> dict[str, Any]:
    """The longest time between two answers, where a try in between failed, and what was wrong."""
    failures = [one for one in tries if one.failure]
    answers = sorted(one.ended for one in tries if not one.failure)
    marks = [begun, *answers, ended]
    gaps = [
        later - earlier
        for earlier, later in zip(marks, marks[1:])
        if any(earlier < one.ended and one.begun < later for one in failures)
    ]
    return {
        "tries": len(tries),
        "failures": len(failures),
        "longest_outage": round(max(gaps, default=0.0), 2),
        "first_failure": min(failures, key=lambda one: one.begun).failure if failures else "",
    }


def _note(found: list[Try], host: str, port: int, timeout: float) -> None:
    begun = time.time()
    try:
        failure = _greeted(host, port, timeout)
    except OSError as error:
        failure = str(error.strerror or error)
    found.append(Try(begun, time.time(), failure))


def _greeted(host: str, port: int, timeout: float) -> str:
    """What was wrong with the greeting of a server. Who it is, is not asked here."""
    wanted, encrypted = GREETINGS[port]
    with socket.create_connection((host, port), timeout=timeout) as plain:
        if not encrypted:
            return _judged(plain.recv(512), wanted)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        with context.wrap_socket(plain) as session:
            return _judged(session.recv(512), wanted)


def _judged(said: bytes, wanted: bytes) -> str:
    return "" if said.startswith(wanted) else f"said {said[:60]!r}" if said else "hung up"


def _problems(params: Mapping[str, Any]) -> list[Problem]:
    known = ", ".join(map(str, sorted(GREETINGS)))
    found = [
        Problem(f"ports[{index}]", "is no port of mail", f"give some of {known}", port)
        for index, port in enumerate(params["ports"])
        if port not in GREETINGS
    ]
    if not _is_host(params["host"]):
        found.append(Problem("host", "is no name or address of a host", "give one such as 192.0.2.10", params["host"]))
    if not params["ports"]:
        found.append(Problem("ports", "is empty", f"give some of {known}"))
    for name, least, most in (("seconds", 1, 3600), ("interval", 0.05, 60), ("timeout", 0.1, 60)):
        if not least <= params[name] <= most:
            found.append(Problem(name, "is out of range", f"give {least} to {most} seconds", params[name]))
    return found


def _is_host(text: str) -> bool:
    try:
        return bool(text.encode("idna")) and text.isprintable() and " " not in text
    except UnicodeError:
        return False
