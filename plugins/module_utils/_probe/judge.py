# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judging a server's answers: what each hop expects, and what another answer means. Nothing here needs a network."""

from __future__ import annotations

import re

from .hops import Reply, Verdict

RELAY = "a refusal of an outside recipient before any mail is sent"
UNKNOWN = "550 5.1.1 for a recipient that does not exist"
FORGERY = "553 5.7.1 for a sender that the login does not own"
NO_CLEARTEXT = "no AUTH outside TLS"
WRONG_PASSWORD = "a refused login"

_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\b")


def enhanced(reply: Reply) -> str:
    """The enhanced status code (RFC 3463) that the text begins with, or nothing."""
    match = _ENHANCED.match(reply.text)
    return match.group() if match else ""


def refused(reply: Reply) -> bool:
    return reply.code[:1] in ("4", "5")


def accepted(reply: Reply) -> bool:
    return reply.code.startswith("2")


def submitted(reply: Reply) -> Verdict:
    """A message handed in by the sender who owns the address."""
    if accepted(reply):
        return Verdict(True, reply)
    cures = {
        "5.1.1": "recipient does not exist: create the mailbox",
        "5.7.1": "let the login own the sender address (smtpd_sender_login_maps), and permit authenticated clients",
        "4.3.0": "a lookup table of Postfix fails: see its log",
        "4.3.1": "the queue has too little free space",
        "5.2.2": "the mailbox is full",
        "4.2.2": "the mailbox is full",
    }
    return Verdict(False, reply, cure=cures.get(enhanced(reply), "look into the log of Postfix"))


def logged_in(reply: Reply) -> Verdict:
    """AUTH with the right password over SMTP (RFC 4954)."""
    if reply.code == "235":
        return Verdict(True, reply)
    if reply.code.startswith("4"):
        return Verdict(
            False, reply, cure="Postfix cannot ask Dovecot: is it running, and is smtpd_sasl_path its socket?"
        )
    if reply.code == "535":
        return Verdict(False, reply, cure="compare username and password with the account, and see the log of Dovecot")
    return Verdict(False, reply, cure="set smtpd_sasl_auth_enable=yes for this service in master.cf")


def relay(reply: Reply) -> Verdict:
    """Nobody who is not logged in may send to the outside."""
    if not refused(reply):
        cure = (
            "narrow mynetworks if it holds this host, and end smtpd_relay_restrictions with reject_unauth_destination"
        )
        return Verdict(False, reply, "this is an open relay, at least for the probing host", cure)
    weak = enhanced(reply)[1:] != ".7.1"
    return Verdict(True, reply, "refused, but not because of relaying" if weak else "")


def unknown_recipient(known: Reply, unknown: Reply) -> Verdict:
    """``known`` is the answer to the probe's own recipient: without it a refusal would prove nothing."""
    detail = f"the existing recipient: {known}"
    if not accepted(known):
        cure = "let the server accept its own recipient"
        if known.code.startswith("4"):
            cure = (
                "greylisting, postscreen or a failing lookup defers this client: probe again, or see the log of Postfix"
            )
        return Verdict(False, unknown, detail, cure)
    if unknown.code == "550" and enhanced(unknown) == "5.1.1":
        return Verdict(True, unknown, detail)
    cure = "keep smtpd_reject_unlisted_recipient, list every mailbox, and set unknown_*_reject_code to 550"
    return Verdict(False, unknown, detail, cure)


def forgery(reply: Reply) -> Verdict:
    """Who is logged in sends under the own addresses alone."""
    if refused(reply) and enhanced(reply) == "5.7.1":
        return Verdict(True, reply)
    cure = "set smtpd_sender_login_maps, and reject_sender_login_mismatch in smtpd_sender_restrictions"
    detail = "refused for another reason" if refused(reply) else "any user may write in the name of any other"
    return Verdict(False, reply, detail, cure)


def wrong_password_smtp(reply: Reply) -> Verdict:
    if reply.code == "535":
        return Verdict(True, reply)
    if accepted(reply):
        return Verdict(False, reply, "a random password was accepted", "look for a passdb that accepts any password")
    return Verdict(False, reply, "refused, but not because of the password", logged_in(reply).cure)


def wrong_password_imap(reply: Reply) -> Verdict:
    if reply.code == "NO" and not reply.text.startswith(("[UNAVAILABLE]", "[PRIVACYREQUIRED]")):
        return Verdict(True, reply)
    if reply.code == "OK":
        return Verdict(False, reply, "a random password was accepted", "look for a passdb that accepts any password")
    return Verdict(False, reply, "refused, but not because of the password", "look into the log of Dovecot")


def cleartext_smtp(offered: bool, reply: Reply) -> Verdict:
    if offered or not refused(reply):
        detail = "AUTH is offered before STARTTLS" if offered else "AUTH is not offered, but accepted"
        return Verdict(False, reply, detail, "set smtpd_tls_auth_only=yes")
    return Verdict(True, reply)


def cleartext_imap(capabilities: str, reply: Reply, from_the_server_itself: bool) -> Verdict:
    offered = "LOGINDISABLED" not in capabilities.upper().split()
    if not offered and reply.code != "+":
        return Verdict(True, reply)
    if from_the_server_itself:
        return Verdict(
            True, reply, "Dovecot counts a connection from its own address as secure: probe from another host"
        )
    detail = "LOGINDISABLED is not announced" if offered else "a login is disabled, but accepted"
    return Verdict(
        False, reply, detail, "set ssl=required, and auth_allow_cleartext=no (disable_plaintext_auth=yes before 2.4)"
    )
