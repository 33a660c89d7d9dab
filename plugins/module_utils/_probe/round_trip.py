# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The message's way: in through each submission port, out over IMAP, and away again without a trace."""

from __future__ import annotations

import dataclasses
import functools
import secrets
import threading
import time
from typing import Callable, Optional, TypeVar

from . import judge, smtp
from .hops import FAILURES, Hop, Reply, Verdict, judged
from .imap import Mailbox
from .message import compose, difference, message_id
from .settings import Service, Settings
from .target import Target

# Seconds after which a message that is not in its folder is looked for in the others; doubled each time.
LOOK_ELSEWHERE_SECONDS = 3.0
# Share of the whole time that is kept for removing what was sent.
RESERVE = 0.2

Result = TypeVar("Result")


@dataclasses.dataclass
class Sent:
    """A message on its way. ``accepted`` is the monotonic time at which the server took it over, if it did."""

    route: Service
    token: str
    message: bytes
    handed_in: bool = False
    accepted: Optional[float] = None
    folder: Optional[str] = None
    gone: bool = False


class RoundTrip:
    """One mailbox session and the messages sent to it. ``logged_in`` is set when all its logins are over."""

    def __init__(self, settings: Settings, target: Target, password: str, logged_in: threading.Event) -> None:
        self.settings = settings
        self.target = target
        self.password = password
        self.logged_in = logged_in
        self.mailbox = Mailbox(target, settings.imaps, settings.mailbox)
        self.give_up = target.deadline - RESERVE * settings.timeout
        self.sent = [self._message(route) for route in settings.routes]

    def run(self) -> list[Hop]:
        """All hops in order. Whatever happens, what was sent is removed as far as the server lets us."""
        imaps = self.settings.imaps
        hops = []
        try:
            hops.append(judged("imaps", imaps, "a login and the mailbox", self._open))
            for sent in self.sent:
                hops.append(
                    judged(sent.route.name, sent.route, "a login and 250", functools.partial(self._submit, sent))
                )
            self.logged_in.set()
            for sent in self.sent:
                if sent.accepted is not None:
                    name = f"{sent.route.name}_delivery"
                    expected = f"the message in {self.settings.mailbox}, unchanged"
                    hops.append(judged(name, imaps, expected, functools.partial(self._arrive, sent), sent.accepted))
        finally:
            self.logged_in.set()
            if any(sent.handed_in for sent in self.sent):
                hops.append(judged("removal", imaps, "no probe message left", self._remove))
            self.mailbox.close()
        return hops

    def _message(self, route: Service) -> Sent:
        token = secrets.token_hex(16)
        return Sent(route, token, compose(self.settings.sender, self.settings.recipient, token, time.time()))

    def _open(self) -> Verdict:
        reply = self.mailbox.open(self.settings.username, self.password)
        leftovers = self.mailbox.remove_leftovers()
        return Verdict(True, reply, f"removed {leftovers} messages of interrupted probes" if leftovers else "")

    def _submit(self, sent: Sent) -> Verdict:
        sender, recipient = self.settings.sender, self.settings.recipient
        with smtp.secure_connection(self.target, sent.route) as client:
            verdict = judge.logged_in(smtp.log_in(client, self.settings.username, self.password))
            if not verdict.ok:
                return verdict
            if not self.mailbox.is_open:
                verdict = judge.submitted(smtp.envelope(client, sender, recipient))
                return dataclasses.replace(verdict, detail="no message was sent: without IMAP it could not be removed")
            sent.handed_in = True
            verdict = judge.submitted(smtp.hand_in(client, sender, recipient, sent.message))
            if verdict.ok:
                sent.accepted = time.monotonic()
            return verdict

    def _arrive(self, sent: Sent) -> Verdict:
        uid = self._wait_for(sent)
        name = message_id(self.settings.sender, sent.token)
        if uid is not None:
            fetched = self._twice(functools.partial(self.mailbox.fetch, uid))
            changed = difference(sent.message, fetched)
            found = Reply("OK", f"{name} fetched")
            return Verdict(changed is None, found, changed or "", "exempt the probe from what rewrites messages")
        if sent.folder is not None:
            found = Reply("OK", f"{name} is in {sent.folder}")
            return Verdict(False, found, cure="see what files it there, Sieve or a spam filter, or name it as mailbox")
        cure = "ask the server what holds it: postqueue -p, and the log of Postfix about lmtp"
        if self.settings.recipient != self.settings.username:
            cure += f"; and does {self.settings.recipient} deliver to {self.settings.username}?"
        return Verdict(False, Reply("", f"{name} did not arrive"), cure=cure)

    def _wait_for(self, sent: Sent) -> Optional[int]:
        """UID of the message once it is in our folder; nothing when time is up or it is in another folder."""
        pause, patience = 0.05, LOOK_ELSEWHERE_SECONDS
        started = sent.accepted or time.monotonic()
        while True:
            uid = self._twice(functools.partial(self.mailbox.find, sent.token))
            if uid is not None:
                return uid
            now = time.monotonic()
            if now >= min(started + patience, self.give_up):
                sent.folder = self._twice(functools.partial(self.mailbox.find_elsewhere, sent.token))
                patience *= 2
            if sent.folder is not None or now >= self.give_up:
                return None
            time.sleep(pause)
            pause = min(pause * 1.5, 1.0)

    def _remove(self) -> Verdict:
        self._twice(self._remove_once)
        left = [message_id(self.settings.sender, sent.token) for sent in self.sent if sent.accepted and not sent.gone]
        if left:
            detail = f"still on the way: {', '.join(left)}"
            return Verdict(False, Reply("", "not everything arrived"), detail, "the next probe removes what comes late")
        return Verdict(True, Reply("OK", "removed"))

    def _twice(self, act: Callable[[], Result]) -> Result:
        """Do something in the mailbox; a new session gets a second chance when a reload of the server ended ours."""
        try:
            return act()
        except FAILURES:
            self.mailbox.close()
            self.mailbox.open(self.settings.username, self.password)
            return act()

    def _remove_once(self) -> None:
        for sent in self.sent:
            if sent.handed_in and not sent.gone:
                sent.gone = self.mailbox.remove(sent.token, sent.folder)
            if sent.handed_in and not sent.gone:
                sent.folder = self.mailbox.find_elsewhere(sent.token)
                sent.gone = sent.folder is not None and self.mailbox.remove(sent.token, sent.folder)
