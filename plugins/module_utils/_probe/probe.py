# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole probe: what runs beside what, and what it adds up to."""

from __future__ import annotations

import concurrent.futures
import dataclasses
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

from .._engine.errors import Error, refuse
from .._engine.plan import Plan, Step
from .checks import Checks, Proof
from .dialogue import plain_credentials
from .hops import Hop, complaints, judged, summary
from .round_trip import RoundTrip
from .settings import Settings, check_password, from_params
from .target import Target, tls_context

NOT_RUN = "The probe was not run: in check mode nothing is sent."


def plan_probe(params: Mapping[str, Any]) -> Plan:
    """The plan of the module: one step that changes nothing. Neither files nor the network are touched here."""
    settings = from_params(params)
    words = f"Prove that mail for {settings.recipient} flows through {settings.host}, and what must be refused is"
    return Plan(steps=[Step(words, lambda: prove(settings), changes=False)], result={"hops": [], "summary": NOT_RUN})


def prove(settings: Settings) -> dict[str, Any]:
    """Run every chosen check. Raises Error with the same return values, the evidence whole, when one fails."""
    started = time.monotonic()
    password = _password(settings)
    target = Target(settings.host, tls_context(settings), started + settings.timeout)
    secret = (password, plain_credentials(settings.username, password))
    hops = [_without(secret, hop) for hop in _run(settings, target, password)]
    seconds = round(time.monotonic() - started, 3)
    words = summary(hops, settings.host, settings.recipient, seconds)
    evidence = {"hops": [hop.as_dict() for hop in hops], "seconds": seconds, "summary": words}
    if all(hop.ok for hop in hops):
        return {"ok": True, **evidence}
    raise Error("\n".join([words, *complaints(hops)]), ok=False, **evidence)


def _run(settings: Settings, target: Target, password: str) -> list[Hop]:
    """All hops, in the order of their names in the documentation.

    Everything runs side by side. Where the logins that must fail come from the address of the others, they begin when
    those are over: Dovecot makes an address wait with every login after one that failed.
    """
    checks = Checks(settings, target, password)
    logged_in = threading.Event()
    with concurrent.futures.ThreadPoolExecutor(max_workers=16) as pool:
        trip = pool.submit(RoundTrip(settings, target, password, logged_in).run) if settings.routes else None
        first = [_start(pool, proof) for proof in (*checks.optional_logins(), *checks.refusals())]
        if target.stranger() is None:
            concurrent.futures.wait(first)
            if trip is not None:
                logged_in.wait(target.left())
        last = [_start(pool, proof) for proof in checks.failing_logins()]
        return [*(trip.result() if trip is not None else []), *(future.result() for future in (*first, *last))]


def _start(pool: concurrent.futures.Executor, proof: Proof) -> concurrent.futures.Future[Hop]:
    return pool.submit(judged, proof.name, proof.service, proof.expected, proof.act)


def _password(settings: Settings) -> str:
    """The password, from its file when it was not given."""
    if settings.password is not None or settings.password_file is None:
        return settings.password or ""
    path = settings.password_file
    try:
        with open(path, encoding="utf-8") as handle:
            password = handle.readline().rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise Error(f"password_file: {path} cannot be read on the probing host: {reason}") from None
    refuse(check_password(f"password_file {path}", password))
    return password


def _without(secrets: Sequence[str], hop: Hop) -> Hop:
    """The hop without any secret, should a server have sent one back."""
    changes = {}
    for name in ("said", "detail"):
        text = getattr(hop, name)
        for secret in secrets:
            text = text.replace(secret, "(secret)")
        changes[name] = text
    return dataclasses.replace(hop, **changes)
