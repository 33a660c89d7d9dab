# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._probe import judge
from ansible_collections.postfix_manager.mail.plugins.module_utils._probe.hops import Reply

OK = Reply("250", "2.1.5 Ok")
GREYLISTED = Reply("450", "4.2.0 <a@b.test>: Recipient address rejected: Greylisted")


@pytest.mark.parametrize(
    ("text", "code"), [("5.1.1 <x>: unknown", "5.1.1"), ("no code", ""), ("1.2.3 x", ""), ("5.1 x", ""), ("", "")]
)
def test_enhanced_status_code(text, code):
    assert judge.enhanced(Reply("550", text)) == code


@pytest.mark.parametrize(
    ("reply", "ok", "cure"),
    [
        (Reply("250", "2.0.0 Ok: queued as 1"), True, ""),
        (Reply("550", "5.1.1 unknown"), False, "create the mailbox"),
        (Reply("553", "5.7.1 not owned"), False, "smtpd_sender_login_maps"),
        (Reply("451", "4.3.0 temporary lookup failure"), False, "lookup table"),
        (Reply("452", "4.3.1 insufficient storage"), False, "free space"),
        (Reply("552", "5.2.2 full"), False, "full"),
        (Reply("554", "something new"), False, "log"),
    ],
)
def test_submitted(reply, ok, cure):
    verdict = judge.submitted(reply)
    assert (verdict.ok, verdict.reply) == (ok, reply)
    assert cure in verdict.cure


@pytest.mark.parametrize(
    ("code", "ok", "cure"),
    [
        ("235", True, ""),
        ("535", False, "password"),
        ("454", False, "smtpd_sasl_path"),
        ("503", False, "smtpd_sasl_auth_enable"),
    ],
)
def test_logged_in(code, ok, cure):
    verdict = judge.logged_in(Reply(code, "words"))
    assert verdict.ok is ok
    assert cure in verdict.cure


def test_relay():
    assert judge.relay(Reply("554", "5.7.1 <x@example.com>: Relay access denied")).detail == ""
    assert judge.relay(Reply("454", "4.7.1 Relay access denied")).ok
    other = judge.relay(Reply("450", "4.1.2 Domain not found"))
    assert other.ok and "not because of relaying" in other.detail
    open_relay = judge.relay(OK)
    assert not open_relay.ok and "reject_unauth_destination" in open_relay.cure


@pytest.mark.parametrize(
    ("known", "unknown", "ok", "cure"),
    [
        (OK, Reply("550", "5.1.1 User unknown"), True, ""),
        (OK, OK, False, "smtpd_reject_unlisted_recipient"),
        (OK, Reply("450", "4.1.1 User unknown"), False, "unknown_*_reject_code"),
        (OK, Reply("550", "5.7.1 blocked"), False, "list every mailbox"),
        (GREYLISTED, GREYLISTED, False, "greylisting"),
        (Reply("550", "5.7.1 blocked"), Reply("550", "5.1.1 unknown"), False, "own recipient"),
    ],
)
def test_unknown_recipient_needs_a_known_one_beside_it(known, unknown, ok, cure):
    verdict = judge.unknown_recipient(known, unknown)
    assert verdict.ok is ok
    assert str(known) in verdict.detail
    assert cure in verdict.cure


def test_forgery():
    assert judge.forgery(Reply("553", "5.7.1 not owned by user a")).ok
    accepted = judge.forgery(OK)
    assert not accepted.ok and "any user" in accepted.detail
    unknown = judge.forgery(Reply("550", "5.1.0 User unknown"))
    assert not unknown.ok and "another reason" in unknown.detail


@pytest.mark.parametrize(
    ("reply", "ok", "detail"),
    [
        (Reply("535", "5.7.8 failed"), True, ""),
        (Reply("235", "2.7.0 successful"), False, "accepted"),
        (Reply("454", "4.7.0 temporary"), False, "not because of the password"),
    ],
)
def test_wrong_password_over_smtp(reply, ok, detail):
    verdict = judge.wrong_password_smtp(reply)
    assert verdict.ok is ok
    assert detail in verdict.detail


@pytest.mark.parametrize(
    ("reply", "ok", "detail"),
    [
        (Reply("NO", "[AUTHENTICATIONFAILED] failed"), True, ""),
        (Reply("OK", "Logged in"), False, "accepted"),
        (Reply("NO", "[UNAVAILABLE] Temporary authentication failure"), False, "not because of the password"),
        (Reply("BAD", "what"), False, "not because of the password"),
    ],
)
def test_wrong_password_over_imap(reply, ok, detail):
    verdict = judge.wrong_password_imap(reply)
    assert verdict.ok is ok
    assert detail in verdict.detail


@pytest.mark.parametrize(
    ("offered", "code", "ok", "detail"),
    [
        (False, "530", True, ""),
        (False, "503", True, ""),
        (True, "530", False, "offered before STARTTLS"),
        (True, "334", False, "offered before STARTTLS"),
        (False, "334", False, "accepted"),
    ],
)
def test_cleartext_over_smtp(offered, code, ok, detail):
    verdict = judge.cleartext_smtp(offered, Reply(code, ""))
    assert verdict.ok is ok
    assert detail in verdict.detail


@pytest.mark.parametrize(
    ("capabilities", "code", "same_host", "ok", "detail"),
    [
        ("IMAP4rev1 STARTTLS LOGINDISABLED", "NO", False, True, ""),
        ("IMAP4rev1 STARTTLS AUTH=PLAIN", "+", False, False, "not announced"),
        ("IMAP4rev1 STARTTLS LOGINDISABLED", "+", False, False, "but accepted"),
        ("IMAP4rev1 STARTTLS AUTH=PLAIN", "+", True, True, "probe from another host"),
    ],
)
def test_cleartext_over_imap(capabilities, code, same_host, ok, detail):
    verdict = judge.cleartext_imap(capabilities, Reply(code, ""), same_host)
    assert verdict.ok is ok
    assert detail in verdict.detail
