# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Dovecot's log says was changed waits once, the longest waiting first, and no two workers have one mailbox."""

import threading
import time

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._mailsync.waiting import Turn, Waiting, changed_user

SESSION = "(bob@example.test)<1234><q1w2e3>"


@pytest.mark.parametrize(
    "line",
    [
        f"lmtp{SESSION}: msgid=<a@b>: saved mail to INBOX",
        f"lmtp{SESSION}: sieve: msgid=<a@b>: stored mail into mailbox 'Lists'",
        f"imap{SESSION}: expunge: box=INBOX, uid=4, msgid=<a@b>, size=300",
        f"imap{SESSION}: copy from INBOX: box=Archive, uid=4, msgid=<a@b>, size=300",
        f"imap{SESSION}: flag_change: box=INBOX, uid=4, msgid=<a@b>, size=300",
        f"imap{SESSION}: mailbox_rename: box=Old -> New",
        "lmtp(Bob@Example.test)<1234><q1w2e3>: save: box=INBOX, uid=9, msgid=<a@b>, size=1",
    ],
)
def test_changes(line):
    assert changed_user(line) == "bob@example.test"


@pytest.mark.parametrize(
    "line",
    [
        f"imap{SESSION}: Disconnected: Logged out in=50 out=600 deleted=0 expunged=0",
        "imap-login: Login: user=<bob@example.test>, method=PLAIN, rip=192.0.2.1",
        f"dsync-server{SESSION}: save: box=INBOX, uid=9, msgid=<a@b>, size=1",
        f"doveadm{SESSION}: expunge: box=INBOX, uid=4, msgid=<a@b>, size=300",
        "lmtp(1234): Connect from local",
        "",
    ],
)
def test_what_is_no_change(line):
    assert changed_user(line) is None


def test_a_mailbox_waits_once_and_since_its_first_change():
    waiting = Waiting()
    waiting.add("late", since=5.0)
    waiting.add("early", since=1.0)
    waiting.add("early", full=True, since=9.0)
    assert waiting.state() == (2, 1.0)
    assert waiting.take(0) == Turn("early", 1.0, True)
    assert waiting.take(0) == Turn("late", 5.0, False)
    assert waiting.state()[0] == 0


def test_a_mailbox_that_changes_while_a_worker_has_it_waits_for_that_worker():
    waiting = Waiting()
    waiting.add("one", since=1.0)
    assert waiting.take(0) == Turn("one", 1.0, False)
    waiting.add("one", since=2.0)
    assert waiting.take(0.01) is None
    waiting.release("one")
    assert waiting.take(0) == Turn("one", 2.0, False)


def test_a_worker_is_woken_by_what_comes():
    waiting, begun = Waiting(), time.monotonic()
    threading.Timer(0.05, waiting.add, ["one"]).start()
    turn = waiting.take(10.0)
    assert turn is not None and turn.user == "one"
    assert time.monotonic() - begun < 5.0
