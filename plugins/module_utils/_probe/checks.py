# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The other proofs: what the server must refuse, and logins to optional ports. No message is sent by any of them."""

from __future__ import annotations

import poplib
import secrets
import smtplib
import socket
from dataclasses import dataclass
from functools import partial
from typing import Callable

from . import dialogue, judge, smtp
from .hops import Reply, UnexpectedReplyError, Verdict
from .settings import Service, Settings
from .target import CONNECT_SECONDS, Target

# Reserved by RFC 2606. The name stays in an RCPT command: no mail is ever sent to it.
OUTSIDE = "postfix-manager-probe@example.com"


@dataclass(frozen=True)
class Proof:
    """A hop that can be carried out at any time, beside any other: the arguments of hops.judged."""

    name: str
    service: Service
    expected: str
    act: Callable[[], Verdict]


class Checks:
    """The proofs of each check against one server."""

    def __init__(self, settings: Settings, target: Target, password: str) -> None:
        self.settings = settings
        self.target = target
        self.password = password
        self._nobody = f"no-such-user-{secrets.token_hex(4)}@{settings.domain}"

    def refusals(self) -> list[Proof]:
        """Of the chosen checks, those that fail no login: a failed login may slow down all that follow it."""
        own = self.settings
        proofs = {
            "relay_refused": [Proof("relay_refused", own.smtp, judge.RELAY, self._relay)],
            "unknown_recipient_refused": [
                Proof("unknown_recipient_refused_smtp", own.smtp, judge.UNKNOWN, self._unknown_smtp),
                Proof("unknown_recipient_refused_submission", own.submission, judge.UNKNOWN, self._unknown_submission),
            ],
            "cleartext_auth_refused": [
                Proof("cleartext_auth_refused_smtp", own.smtp, judge.NO_CLEARTEXT, partial(self._cleartext, own.smtp)),
                Proof(
                    "cleartext_auth_refused_submission",
                    own.submission,
                    judge.NO_CLEARTEXT,
                    partial(self._cleartext, own.submission),
                ),
                Proof("cleartext_auth_refused_imap", own.imap, judge.NO_CLEARTEXT, partial(self._cleartext, own.imap)),
            ],
            "sender_forgery_refused": [
                Proof(
                    f"sender_forgery_refused_{service.name}",
                    service,
                    judge.FORGERY,
                    partial(self._forgery, service),
                )
                for service in (own.submission, own.submissions)
            ],
        }
        return [proof for check, several in proofs.items() if check in own.checks for proof in several]

    def optional_logins(self) -> list[Proof]:
        """Logins to the ports that are probed only when they are named."""
        proofs = []
        if self.settings.pop3s is not None:
            pop3s = self.settings.pop3s
            proofs.append(Proof("pop3s", pop3s, "a login", partial(self._pop3s, pop3s)))
        if self.settings.sieve is not None:
            sieve = self.settings.sieve
            proofs.append(Proof("sieve", sieve, "a login after STARTTLS", partial(self._sieve, sieve)))
        return proofs

    def failing_logins(self) -> list[Proof]:
        if "wrong_password_refused" not in self.settings.checks:
            return []
        own = self.settings
        # IMAP first: Dovecot makes a login wait when one from the same address has failed, but not one over SMTP.
        return [
            Proof("wrong_password_refused_imaps", own.imaps, judge.WRONG_PASSWORD, self._wrong_password_imaps),
            Proof(
                "wrong_password_refused_submission",
                own.submission,
                judge.WRONG_PASSWORD,
                self._wrong_password_submission,
            ),
        ]

    def _relay(self) -> Verdict:
        reply = self._relay_reply(self.target.host)
        if judge.refused(reply) or not self.target.is_loopback:
            return judge.relay(reply)
        # A server trusts its own loopback (mynetworks), so the question is put again from outside of it.
        address = self.target.outward_address()
        closed = "relays for its own loopback alone: from no other address of this host it can be reached"
        if address is None:
            return Verdict(True, reply, closed)
        try:
            return judge.relay(self._relay_reply(address))
        except ConnectionRefusedError:
            return Verdict(True, reply, closed)

    def _relay_reply(self, host: str) -> Reply:
        """The first answer that is not a refusal, or the last refusal: no sender may open the door."""
        with smtp.connection(self.target, self.settings.smtp, host=host) as client:
            for sender in (self.settings.sender, ""):
                reply = smtp.envelope(client, sender, OUTSIDE)
                if not judge.refused(reply):
                    break
            return reply

    def _unknown_smtp(self) -> Verdict:
        with smtp.connection(self.target, self.settings.smtp) as client:
            known = smtp.envelope(client, "", self.settings.recipient)
            return judge.unknown_recipient(known, smtp.envelope(client, "", self._nobody))

    def _unknown_submission(self) -> Verdict:
        own = self.settings
        with smtp.secure_connection(self.target, own.submission) as client:
            self._log_in(client)
            known = smtp.envelope(client, own.sender, own.recipient)
            return judge.unknown_recipient(known, smtp.envelope(client, own.sender, self._nobody))

    def _forgery(self, service: Service) -> Verdict:
        with smtp.secure_connection(self.target, service) as client:
            self._log_in(client)
            return judge.forgery(smtp.envelope(client, self._nobody, self.settings.recipient))

    def _log_in(self, client: smtplib.SMTP) -> None:
        verdict = judge.logged_in(smtp.log_in(client, self.settings.username, self.password))
        if not verdict.ok:
            raise UnexpectedReplyError(verdict)

    def _cleartext(self, service: Service) -> Verdict:
        try:
            if service == self.settings.imap:
                return judge.cleartext_imap(*dialogue.imap_cleartext(self.target, service, self.target.stranger()))
            with smtp.connection(self.target, service) as client:
                return judge.cleartext_smtp(client.has_extn("auth"), smtp.ask_to_log_in(client))
        except (ConnectionRefusedError, socket.timeout):
            return Verdict(True, Reply("", "the port is closed"))

    def _wrong_password_imaps(self) -> Verdict:
        own, source = self.settings, self.target.stranger()
        wrong = secrets.token_hex(16)
        return judge.wrong_password_imap(dialogue.imap_login(self.target, own.imaps, own.username, wrong, source))

    def _wrong_password_submission(self) -> Verdict:
        own, source = self.settings, self.target.named_stranger()
        with smtp.secure_connection(self.target, own.submission, source=source) as client:
            return judge.wrong_password_smtp(smtp.log_in(client, own.username, secrets.token_hex(16)))

    def _pop3s(self, service: Service) -> Verdict:
        timeout = self.target.left(CONNECT_SECONDS)
        client = poplib.POP3_SSL(self.target.host, service.port, context=self.target.context, timeout=timeout)
        try:
            client.user(self.settings.username)
            said = client.pass_(self.password)
            client.quit()
        finally:
            client.close()
        return Verdict(True, Reply(*dialogue.cut(said.decode("utf-8", "replace"))))

    def _sieve(self, service: Service) -> Verdict:
        own = self.settings
        reply = dialogue.sieve_login(self.target, service, own.username, self.password)
        return Verdict(reply.code == "OK", reply, cure="see the log of Dovecot (managesieve)")
