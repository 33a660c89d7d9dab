# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is sent is what the logs say, whatever they are kept in."""

from __future__ import annotations

import contextlib
import imaplib
import json
import os
import smtplib
import subprocess
import time

import pytest
from clients import message, new_subject

USER, PASSWORD = "alice@example.test", "alice-test-password"
FILE = "/var/log/postfix.log"
EXPECTED = {
    "received": 9,
    "delivered": 8,
    "relayed": 0,
    "rejected": 3,
    "bounced": 1,
    "deferrals": 1,
    "deferred_messages": 1,
    "notifications_non_delivery": 1,
}
REASONS = {
    "RCPT: 550 5.1.1 <*>: Recipient address rejected: User unknown in virtual mailbox table": 2,
    "RCPT: 554 5.7.1 <*>: Relay access denied": 1,
}


@pytest.fixture(scope="module")
def module(platform):
    """Runs a module on the host and returns what it says."""

    def run(name, *more, **arguments):
        argv = ["ansible", "-i", os.environ["MOLECULE_INVENTORY_FILE"], platform, "-m", f"postfix_manager.mail.{name}"]
        argv += ["-a", json.dumps(arguments), *more]
        environment = {**os.environ, "ANSIBLE_CALLBACK_RESULT_FORMAT": "json", "ANSIBLE_FORCE_COLOR": "0"}
        said = subprocess.run(argv, env=environment, capture_output=True, text=True, check=False)
        assert "=> " in said.stdout, said.stdout + said.stderr
        return json.JSONDecoder().raw_decode(said.stdout.partition("=> ")[2])[0]

    return run


def wait_until_idle(host):
    """Nothing is on its way: what is left in the queue waits for its next attempt."""
    for _try in range(100):
        if not host.check_output("find /var/spool/postfix/incoming /var/spool/postfix/active -type f"):
            return
        time.sleep(0.2)
    raise AssertionError(host.check_output("postqueue -p"))


def traffic(server, host):
    """Known traffic; the subject of a message that reached a mailbox from outside."""
    subject = new_subject()
    with server.smtp() as session:
        for identity in (subject.split()[-1], "second", "third"):
            headers = f"Message-ID: <{identity}@client.example.net>\n"
            session.sendmail("out@example.net", [USER], message("out@example.net", USER, subject, headers=headers))
        for recipient in ("nobody@example.test", "noone@example.test", "x@elsewhere.test"):
            with contextlib.suppress(smtplib.SMTPRecipientsRefused):
                session.sendmail("out@example.net", [recipient], "never sent")
    with server.submission(USER, PASSWORD) as session:
        for recipient in ("bob@example.test", "bob@example.test", "x@gone.test", "x@later.test", "x@away.test"):
            session.sendmail(USER, [recipient], message(USER, recipient, new_subject()))
    host.run(f"echo hello | sendmail -f {USER} bob@example.test")
    for _number in range(2):
        with server.imap(USER, PASSWORD):
            pass
    for user in (USER, "mallory@example.test", "oscar@example.test"):
        with contextlib.suppress(imaplib.IMAP4.error), server.imap(user, "wrong"):
            pass
    server.wait_for(USER, PASSWORD, subject)
    wait_until_idle(host)
    return subject


@pytest.fixture(scope="module")
def sent(server, host):
    """The traffic, and when it began."""
    began = host.check_output("date +%Y-%m-%dT%H:%M:%S%:z")
    return began, traffic(server, host)


def counted(said):
    return {name: said["messages"].get(name, 0) for name in EXPECTED}


def reasons(said):
    return {row["name"]: row["count"] for row in said["tables"]["rejects"]}


def test_the_journal_says_what_was_sent(module, sent):
    said = module("mail_log_info", journal=True, since=sent[0], brute_force_threshold=3)
    assert said["changed"] is False
    assert said["log"]["broken_lines"] == 0, said["log"]["broken"]
    assert counted(said) == EXPECTED
    assert reasons(said) == REASONS
    # Two sessions, and one that waited for the message. Postfix asks Dovecot about a submission.
    logins = {row["name"]: (row["succeeded"], row["failed"]) for row in said["tables"]["login_protocols"]}
    assert logins["imap"][0] >= 3
    assert logins["imap"][1] == 3
    assert logins["smtp"] == (5, 0)
    (guesser,) = said["brute_force"] or [None]
    assert guesser is None or guesser["users"] == 3


def test_a_message_is_traced_from_connect_to_mailbox(module, sent):
    began, subject = sent
    wanted = {"message_id": f"{subject.split()[-1]}@client.example.net"}
    found = module("mail_log_info", journal=True, since=began, trace=wanted)["trace"]
    programs = [event["program"].partition("[")[0] for event in found["events"]]
    assert "connect from" in found["events"][0]["text"]
    assert len(found["queue_ids"]) == 1
    assert [
        name
        for name in ("postfix/smtpd", "postfix/cleanup", "postfix/qmgr", "postfix/lmtp", "dovecot")
        if name not in programs
    ] == []
    assert any("INBOX" in event["text"] for event in found["events"] if event["program"].startswith("dovecot"))


def test_a_log_file_says_the_same_and_a_cursor_goes_on_in_it(module, server, host, sent):
    assert module("postfix_config", parameters={"maillog_file": FILE})["changed"]
    host.run_test("systemctl restart postfix")
    traffic(server, host)
    said = module("mail_log_info", paths=[FILE])
    assert counted(said) == EXPECTED
    assert reasons(said) == REASONS

    arguments = {"paths": [FILE], "cursor": "/var/tmp/log.cursor"}
    assert counted(module("mail_log_info", "--check", **arguments)) == EXPECTED
    assert not host.file("/var/tmp/log.cursor").exists
    assert counted(module("mail_log_info", **arguments)) == EXPECTED
    assert module("mail_log_info", **arguments)["log"]["lines"] == 0
    host.run(f"echo hello | sendmail -f {USER} bob@example.test")
    wait_until_idle(host)
    # As postfix(1) rotates its log, packed by gzip.
    host.run_test("postfix logrotate")
    host.run(f"echo hello | sendmail -f {USER} bob@example.test")
    wait_until_idle(host)
    said = module("mail_log_info", **arguments)
    assert said["log"]["gaps"] == []
    assert (said["messages"]["received"], said["messages"]["delivered"]) == (2, 2)
