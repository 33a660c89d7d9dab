# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A hop: one thing proved or not, with the server's words and the time it took; and the words for all of them."""

from __future__ import annotations

import imaplib
import poplib
import smtplib
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Callable, Optional

from .advice import explain
from .settings import Service


@dataclass(frozen=True)
class Reply:
    """A server's answer: ``code`` is what the protocol calls it (``550``, ``NO``, ``-ERR``), ``text`` the rest."""

    code: str
    text: str

    def __str__(self) -> str:
        return f"{self.code} {self.text}".strip()


@dataclass(frozen=True)
class Verdict:
    """The judgement on one hop."""

    ok: bool
    reply: Reply
    detail: str = ""
    cure: str = ""


@dataclass(frozen=True)
class Hop:
    """One line of evidence, as the module returns it. ``seconds`` is wall time."""

    name: str
    port: int
    ok: bool
    seconds: float
    code: str
    said: str
    expected: str
    detail: str
    cure: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


class UnexpectedReplyError(Exception):
    """An answer after which a hop cannot go on."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(str(verdict.reply))
        self.verdict = verdict


# What the standard library raises when a server, the network or TLS lets us down.
FAILURES = (OSError, smtplib.SMTPException, imaplib.IMAP4.error, poplib.error_proto)


def judged(
    name: str, service: Service, expected: str, act: Callable[[], Verdict], since: Optional[float] = None
) -> Hop:
    """Carry out one hop. A failure of the server or the network becomes a failed hop, never an exception.

    The hop takes the time from now on, or from the monotonic time ``since``.
    """
    started = time.monotonic() if since is None else since
    try:
        verdict = act()
    except UnexpectedReplyError as answer:
        verdict = answer.verdict
    except FAILURES as error:
        said, cure = explain(error, service)
        verdict = Verdict(False, Reply("", said), cure=cure)
    seconds = round(time.monotonic() - started, 3)
    cure = "" if verdict.ok else verdict.cure
    return Hop(
        name, service.port, verdict.ok, seconds, verdict.reply.code, str(verdict.reply), expected, verdict.detail, cure
    )


def summary(hops: Sequence[Hop], host: str, recipient: str, seconds: float) -> str:
    """The result in one sentence for a person."""
    failed = sum(not hop.ok for hop in hops)
    where = f"for {recipient} on {host} ({seconds:.1f} s)"
    return f"{failed} of {len(hops)} proofs failed {where}." if failed else f"All {len(hops)} proofs hold {where}."


def complaints(hops: Sequence[Hop]) -> list[str]:
    """One line for each failed hop; those that failed for one and the same reason share a line."""
    alike: dict[tuple[str, str, str, str], list[Hop]] = {}
    for hop in hops:
        if not hop.ok:
            # Without an answer it does not matter what was expected of it.
            alike.setdefault((hop.expected if hop.code else "", hop.said, hop.detail, hop.cure), []).append(hop)
    lines = []
    for (expected, said, *hints), several in alike.items():
        names = ", ".join(f"{hop.name} (port {hop.port})" for hop in several)
        wanted = f"expected {expected}, got: " if expected else ""
        sentences = [f"{names}: {wanted}{said}", *(f"{hint[0].upper()}{hint[1:]}" for hint in hints if hint)]
        lines.append(f"- {' '.join(text if text.endswith(('.', '?')) else f'{text}.' for text in sentences)}")
    return lines
