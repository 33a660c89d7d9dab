# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The message that is sent and taken away again: made, recognised and compared, all without a network."""

from __future__ import annotations

import email
import email.policy
import hashlib
import re
from email.message import EmailMessage
from email.utils import formatdate
from typing import Optional

HEADER = "X-Postfix-Manager-Probe"
# A probe lasts at most some minutes, so an older message belongs to one that was killed.
LEFTOVER_SECONDS = 600

_STAMP = re.compile(rb"^" + HEADER.encode() + rb":\s*[0-9a-f]+;\s*time=(\d{1,12})\s*$", re.IGNORECASE | re.MULTILINE)


def compose(sender: str, recipient: str, token: str, now: float) -> bytes:
    """A message that says what it is, in SMTP line ends. ``token`` is hexadecimal; ``now`` is seconds since 1970."""
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"] = sender
    message["To"] = recipient
    message["Subject"] = f"Mail probe {token}"
    message["Date"] = formatdate(now)
    message["Message-ID"] = message_id(sender, token)
    message[HEADER] = f"{token}; time={int(now)}"
    # RFC 3834: vacation scripts and the like leave such a message alone.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(
        "This message proves that mail flows. The probe that sent it removes it.\n"
        "If you see it, that probe was interrupted; the next one removes it.\n\n"
        f"{hashlib.sha256(token.encode()).hexdigest()}\n"
    )
    return message.as_bytes()


def message_id(sender: str, token: str) -> str:
    return f"<postfix-manager-probe.{token}@{sender.rpartition('@')[2]}>"


def difference(sent: bytes, fetched: bytes) -> Optional[str]:
    """What happened on the way to the headers that name the message or to its body, or nothing."""
    ours, theirs = _parsed(sent), _parsed(fetched)
    for name in (HEADER, "Message-ID", "Subject"):
        if ours[name] != theirs[name]:
            return f"the header {name} was {ours[name]!r} and came back as {theirs[name]!r}"
    before, after = _body_hash(ours), _body_hash(theirs)
    if before != after:
        return f"the body was changed on the way: SHA-256 {before} was sent and {after} came back"
    return None


def is_leftover(header: bytes, now: float) -> bool:
    """Whether a message with these header lines was left by a probe that ended long ago."""
    found = _STAMP.search(header)
    return found is not None and now - int(found.group(1)) > LEFTOVER_SECONDS


def _parsed(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    if not isinstance(message, EmailMessage):
        raise TypeError("the default policy makes an EmailMessage")
    return message


def _body_hash(message: EmailMessage) -> str:
    payload = message.get_payload(decode=True)
    body = payload if isinstance(payload, bytes) else b""
    return hashlib.sha256(b"\n".join(body.splitlines())).hexdigest()
