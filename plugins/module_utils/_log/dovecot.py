# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the lines of Dovecot say, 2.3 and 2.4, through syslog or in its own log file."""

from __future__ import annotations

import re

from .logins import failed_login, login
from .postfix_other import Handler
from .reasons import reason
from .tally import Tally

# The services whose lines stand alone in a log file of Dovecot's own.
SERVICES = (
    *(b"master", b"config", b"log", b"anvil", b"stats", b"auth", b"auth-worker", b"dict", b"ssl-params", b"lda"),
    *(b"imap", b"pop3", b"lmtp", b"submission", b"managesieve", b"imap-hibernate", b"imap-urlauth", b"indexer-worker"),
    *(b"imap-login", b"pop3-login", b"submission-login", b"managesieve-login", b"doveadm", b"indexer", b"replicator"),
    *(b"quota-status", b"doveconf", b"script", b"script-login", b"director", b"old-stats", b"tcpwrap", b"lmtp-login"),
)
LEVELS = {b"Warning": "warnings", b"Error": "errors", b"Fatal": "fatals", b"Panic": "panics"}
USER = re.compile(rb"\buser=<([^>]*)>")
ADDRESS = re.compile(rb"\brip=([^,\s]+)")
# A login that is refused before a password is looked at, and connections that end before there was one.
PLAINTEXT = re.compile(rb"tried to use dis(?:abled|allowed) plaintext auth")
WITHOUT_LOGIN = (b"no auth attempts", b"disconnected before auth", b"didn't finish SASL auth")
# What the authentication service itself says, and PAM for it.
AUTH_FAILED = re.compile(
    rb"unknown user|[Pp]assword mismatch|invalid credentials|pam_authenticate\(\) failed|authentication failure"
)
# What Pigeonhole and the LDA did with a message.
FATES = {
    b"forwarded to ": "sieve_forwarded",
    b"discard": "sieve_discarded",
    b"rejected": "sieve_rejected",
    b"sent vacation response": "sieve_vacations",
    b"Quota exceeded": "over_quota",
    b"failed to store into mailbox": "store_failures",
}


def dovecot(tally: Tally) -> Handler:
    """The handler of lines through syslog: ``dovecot: SERVICE(user)<pid><session>: TEXT``."""

    def handle(_head: bytes, service: bytes, what: bytes) -> None:
        if what[:6] == b"Info: ":
            what = what[6:]
        name = service.partition(b"(")[0].partition(b"<")[0]
        level = what.partition(b": ")[0]
        if name.endswith(b"-login"):
            _login(tally, name[:-6], what)
        elif level in LEVELS:
            tally.counts[f"dovecot_{LEVELS[level]}"] += 1
            tally.count("warnings", b"dovecot %s %s" % (name, reason(what)))
        elif name in (b"lmtp", b"lda", b"deliver"):
            _delivery(tally, what)
        elif name in (b"auth", b"auth-worker") and AUTH_FAILED.search(what):
            # The login service, or Postfix, says of the same attempt that it failed: it counts as a login there.
            tally.counts["auth_failures"] += 1

    return handle


def own_log(tally: Tally) -> Handler:
    """The handler of lines in Dovecot's own file, where the service stands in place of the program."""
    through_syslog = dovecot(tally)

    def handle(head: bytes, level: bytes, what: bytes) -> None:
        through_syslog(head, head[head.rfind(b" ") + 1 :], what if level == b"Info" else level + b": " + what)

    return handle


def _login(tally: Tally, protocol: bytes, what: bytes) -> None:
    succeeded = what[:7] in (b"Login: ", b"Logged ")
    if not succeeded and b"auth failed" not in what and not PLAINTEXT.search(what):
        if any(words in what for words in WITHOUT_LOGIN):
            tally.counts["connections_without_login"] += 1
        return
    user, address = USER.search(what), ADDRESS.search(what)
    count = login if succeeded else failed_login
    count(tally, protocol, user[1] if user else b"", address[1] if address else b"")
    if b", TLS" in what:
        tally.counts["logins_over_tls"] += succeeded


def _delivery(tally: Tally, what: bytes) -> None:
    if b": saved mail to " in what or b": stored mail into mailbox " in what:
        tally.counts["stored_in_mailboxes"] += 1
        return
    for words, name in FATES.items():
        if words in what:
            tally.counts[name] += 1
            return
