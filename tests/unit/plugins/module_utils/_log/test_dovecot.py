# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._log.logins import guessers

SYSLOG = "Nov 25 09:39:01 mx dovecot: "
OWN = "Nov 25 09:39:01 "
WHO = "user=<alice@example.test>, method=PLAIN, rip=192.0.2.7, lip=192.0.2.1"


@pytest.mark.parametrize("head", [SYSLOG, OWN])
@pytest.mark.parametrize(
    ("text", "succeeded", "failed"),
    [
        (f"Login: {WHO}, mpid=4999, TLS, session=<7EvV>", 1, 0),
        (f"Logged in: {WHO}, mpid=4999, TLS, session=<7EvV>", 1, 0),
        (
            f"Login aborted: Connection closed (auth failed, 1 attempts in 2 secs) (auth_failed): {WHO}, session=<x>",
            0,
            1,
        ),
        (f"Disconnected: Connection closed (auth failed, 3 attempts in 12 secs): {WHO}, session=<x>", 0, 1),
        (f"Disconnected (auth failed, 1 attempts in 2 secs): {WHO}, TLS, session=<x>", 0, 1),
        (f"Aborted login (auth failed, 1 attempts in 2 secs): {WHO}, session=<x>", 0, 1),
        ("Login aborted: Logged out (no auth attempts in 0 secs) (no_auth_attempts): user=<>, rip=192.0.2.7", 0, 0),
        ("Disconnected: Too many invalid commands (no auth attempts in 1 secs): user=<>, rip=192.0.2.7", 0, 0),
    ],
)
def test_logins_are_counted_in_both_vocabularies(count, head, text, succeeded, failed):
    tally = count(f"{head}imap-login: {'Info: ' if head == OWN else ''}{text}\n")
    assert (tally.counts["logins"], tally.counts["failed_logins"]) == (succeeded, failed)
    assert tally.counts["broken_lines"] == tally.counts["other_lines"] == 0
    if succeeded or failed:
        assert tally.tables["logins"] == {b"alice@example.test": [succeeded, failed]}
        assert tally.tables["login_addresses"] == {b"192.0.2.7": [succeeded, failed]}
        assert tally.tables["login_protocols"] == {b"imap": [succeeded, failed]}
    else:
        assert tally.counts["connections_without_login"] == 1


@pytest.mark.parametrize("how", ["disabled", "disallowed"])
def test_a_password_in_the_clear_that_is_refused_is_a_failed_login(count, how):
    tally = count(
        f"{SYSLOG}pop3-login: Aborted login (tried to use {how} plaintext auth): rip=192.0.2.7, lip=192.0.2.1\n"
    )
    assert tally.tables["login_addresses"] == {b"192.0.2.7": [0, 1]}


def test_a_client_that_gave_up_while_it_logged_in_did_not_fail(count):
    tally = count(
        f"{SYSLOG}imap-login: Disconnected (client didn't finish SASL auth, waited 2 secs): user=<>, rip=192.0.2.7\n"
    )
    assert (tally.counts["failed_logins"], tally.counts["connections_without_login"]) == (0, 1)


@pytest.mark.parametrize(
    "line",
    [
        f"{SYSLOG}auth: passwd-file(alice@example.test,192.0.2.7): unknown user",
        f"{SYSLOG}auth-worker(304): sql(alice@example.test,192.0.2.7,<n4JL>): Password mismatch",
        f"{SYSLOG}auth-worker(5): conn unix:auth-worker (pid=1,uid=97): auth-worker<5>: pam(alice,192.0.2.7): "
        "pam_authenticate() failed: Authentication failure (Password mismatch?)",
        f"{OWN}auth: Info: ldap(alice,192.0.2.7,): invalid credentials",
        "Nov 25 09:39:01 mx auth: pam_unix(dovecot:auth): authentication failure; logname= uid=0 ruser=alice "
        "rhost=192.0.2.7",
    ],
)
def test_what_the_authentication_service_says_is_no_second_failed_login(count, line):
    tally = count(f"{line}\n")
    assert {name: number for name, number in tally.counts.items() if number} == {"lines": 1, "auth_failures": 1}


def test_logins_at_postfix_count_too(count):
    tally = count(
        "Nov 25 09:39:01 mx postfix/submission/smtpd[1]: 4jZF4A: client=c.test[192.0.2.7], sasl_method=PLAIN, "
        "sasl_username=alice@example.test\n"
        "Nov 25 09:39:01 mx postfix/smtpd[1]: warning: c.test[192.0.2.7]: SASL LOGIN authentication failed: "
        "(reason unavailable), sasl_username=bob@example.test\n"
        "Nov 25 09:39:01 mx postfix/smtpd[1]: warning: unknown[192.0.2.7]: SASL PLAIN authentication failed: UGFzc\n"
    )
    assert tally.tables["login_protocols"] == {b"smtp": [1, 2]}
    assert tally.tables["logins"] == {b"alice@example.test": [1, 0], b"bob@example.test": [0, 1], b"": [0, 1]}
    assert tally.counts["warnings"] == 0


def test_guessers_fail_often_and_succeed_rarely(count):
    failed = "Login aborted: Connection closed (auth failed, 1 attempts in 2 secs) (auth_failed): user=<u{}>, rip={}\n"
    log = "".join(f"{SYSLOG}imap-login: {failed.format(number % 3, '192.0.2.66')}" for number in range(12))
    log += "".join(f"{SYSLOG}imap-login: {failed.format(0, '192.0.2.5')}" for number in range(12))
    log += f"{SYSLOG}imap-login: Logged in: user=<u0>, rip=192.0.2.5\n" * 12
    log += f"{SYSLOG}imap-login: {failed.format(0, '192.0.2.9')}" * 9
    assert guessers(count(log), 10) == [
        {"address": b"192.0.2.66", "failed": 12, "succeeded": 0, "users": 3, "most_tried": [b"u0", b"u1", b"u2"]}
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("lmtp(a@b.test)<1><x>: msgid=<1@b.test>: saved mail to INBOX", "stored_in_mailboxes"),
        ("lmtp(a@b.test)<1><x>: sieve: msgid=<1@b.test>: stored mail into mailbox 'Junk'", "stored_in_mailboxes"),
        ("lda(a)<1><x>: msgid=<1@b.test>: saved mail to INBOX", "stored_in_mailboxes"),
        ("lmtp(a@b.test)<1><x>: sieve: msgid=<1@b.test>: forwarded to <c@d.test>", "sieve_forwarded"),
        ("lmtp(a@b.test)<1><x>: sieve: msgid=<1@b.test>: discarded message", "sieve_discarded"),
        ("lmtp(a@b.test)<1><x>: sieve: msgid=<1@b.test>: sent vacation response to <c@d.test>", "sieve_vacations"),
        (
            "lmtp(a@b.test)<1><x>: msgid=<1@b.test>: save failed to INBOX: Quota exceeded (mailbox for user is full)",
            "over_quota",
        ),
        ("lmtp(a@b.test)<1><x>: Error: something broke", "dovecot_errors"),
        ("master: Warning: Killed with signal 15 (by pid=5141 uid=0 code=kill)", "dovecot_warnings"),
        ("imap(a@b.test)<1><x>: Fatal: out of memory", "dovecot_fatals"),
    ],
)
@pytest.mark.parametrize("head", [SYSLOG, OWN])
def test_what_became_of_a_message_is_counted(count, head, text, name):
    said = text.replace(">: ", ">: Info: ", 1) if head == OWN and "_errors" not in name and ">: " in text else text
    said = text if name.startswith("dovecot") else said
    tally = count(f"{head}{said}\n")
    assert {key: number for key, number in tally.counts.items() if number} == {"lines": 1, name: 1}
