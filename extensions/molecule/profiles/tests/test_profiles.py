# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each profile takes and refuses, and where its mail goes."""

from __future__ import annotations

import contextlib
import os
import pathlib
import subprocess
import time

import pytest
import testinfra
from clients import MailServer, message, new_subject

ALICE = ("alice@example.test", "alice-test-password")
STRANGER = "somebody@example.net"
MAIL = "/var/vmail/example.test/alice/Maildir"


class Platform:
    """One host of the scenario: from inside, and as a stranger on its network sees it."""

    def __init__(self, name: str) -> None:
        container = "-".join([os.environ["TESTBED_PREFIX"], os.environ["MOLECULE_SCENARIO_NAME"], name])
        tool = pathlib.Path(os.environ["TESTBED_ROOT"], "tools/container")
        shown = subprocess.run([tool, "address", container], capture_output=True, text=True, check=True)
        self.host = testinfra.get_host(f"podman://{container}")
        self.address = shown.stdout.strip()

    @property
    def server(self) -> MailServer:
        certificate = self.host.file("/etc/ssl/postfix_manager/mail.pem").content_string
        return MailServer(self.address, self.host.check_output("postconf -h myhostname"), certificate)

    def open_ports(self) -> set[int]:
        stranger = MailServer(self.address, "", "")
        return {port for port in (24, 25, 110, 143, 465, 587, 993, 995, 4190) if stranger.is_open(port)}


@pytest.fixture(scope="module")
def mx() -> Platform:
    return Platform("mx13")


@pytest.fixture(scope="module")
def submission() -> Platform:
    return Platform("submission12")


@pytest.fixture(scope="module")
def relay() -> Platform:
    return Platform("relay13")


@pytest.fixture(scope="module")
def backup() -> Platform:
    return Platform("backup12")


@pytest.fixture(scope="module")
def client() -> Platform:
    return Platform("client13")


def until(condition, what: str, seconds: float = 30.0):
    """The first true value of a condition; fails when there is none in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.3)
    raise AssertionError(f"{what}: not within {seconds:g} s")


def arrives(mx: Platform, subject: str) -> str:
    """The message as it lies in alice's mailbox."""

    def path() -> str:
        return mx.host.run(f"grep -rlF '{subject}' {MAIL}/new").stdout.strip()

    return until(path, f"{subject!r} at the MX")


def offer(server: MailServer, recipient: str, sender: str = STRANGER) -> tuple[int, bytes]:
    """What a server says to a recipient."""
    with server.smtp() as session:
        session.mail(sender)
        return session.rcpt(recipient)


def hand_over(server: MailServer, recipient: str) -> str:
    subject = new_subject()
    with server.smtp() as session:
        session.sendmail(STRANGER, [recipient], message(STRANGER, recipient, subject))
    return subject


def queued(platform: Platform, subject: str) -> bool:
    """Whether the message waits there: its file holds its headers as they are."""
    return platform.host.run(f"grep -rqF '{subject}' /var/spool/postfix/deferred /var/spool/postfix/active").rc == 0


def test_each_listens_on_its_ports_alone(mx, submission, relay, backup, client):
    hosts = {"mx": mx, "submission": submission, "relay": relay, "backup": backup, "client": client}
    assert {name: host.open_ports() for name, host in hosts.items()} == {
        "mx": {25},
        "submission": {465, 587},
        "relay": {25},
        "backup": {25},
        "client": set(),
    }


def test_the_mx_keeps_mail_for_its_domain(mx):
    arrives(mx, hand_over(mx.server, ALICE[0]))


@pytest.mark.parametrize(("recipient", "expected"), [("nobody@example.test", 550), ("victim@example.org", 554)])
def test_the_mx_refuses_the_rest(mx, recipient, expected):
    code, words = offer(mx.server, recipient)
    assert code == expected, words


@pytest.mark.parametrize("port", [587, 465])
def test_submissions_reach_the_mx(submission, mx, port):
    subject = new_subject()
    with submission.server.submission(*ALICE, port=port) as session:
        session.sendmail(ALICE[0], [ALICE[0]], message(ALICE[0], ALICE[0], subject))
    arrives(mx, subject)


def test_submission_without_login_is_refused(submission):
    with submission.server.encrypted(587) as session:
        session.mail(STRANGER)
        code, words = session.rcpt(ALICE[0])
    assert code in (530, 554), words


def test_a_null_client_hands_over_the_mail_of_its_programs(client, relay, mx):
    subject = new_subject()
    letter = f"printf 'Subject: {subject}\\n\\nHello.\\n' | sendmail"
    client.host.run_test(f"{letter} {ALICE[0]}")
    kept = arrives(mx, subject)
    text = mx.host.file(kept).content_string
    assert "by relay.example.test" in text
    assert "by client.example.test" in text


def test_a_null_client_keeps_no_mail(client):
    assert client.host.run("sendmail -bv root").rc == 0
    listening = client.host.check_output("ss -Hlnt sport = :25")
    assert "127.0.0.1:25" in listening
    assert client.address not in listening


def test_the_relay_is_for_its_networks_alone(relay, client):
    code, words = offer(relay.server, "victim@example.org")
    assert code == 554, words
    told = client.host.run(
        f"python3 -c \"import smtplib; s = smtplib.SMTP('{relay.address}'); s.helo(); s.mail('a@example.net'); "
        "print(s.rcpt('victim@example.org'))\""
    )
    assert told.stdout.startswith("(250"), told.stdout + told.stderr


def test_a_backup_passes_on_what_the_primary_knows(backup, mx):
    arrives(mx, hand_over(backup.server, ALICE[0]))
    code, words = offer(backup.server, "nobody@example.test")
    assert code == 550, words
    code, words = offer(backup.server, "victim@example.org")
    assert code == 554, words


@contextlib.contextmanager
def away(platform: Platform):
    platform.host.run_test("postfix stop")
    try:
        yield
    finally:
        platform.host.run_test("postfix start")


def test_a_backup_keeps_mail_while_the_primary_is_away(backup, mx):
    with away(mx):
        subject = hand_over(backup.server, "postmaster@example.test")
        until(lambda: queued(backup, subject), "the message in the queue of the backup")
    backup.host.run_test("postqueue -f")
    arrives(mx, subject)
