# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whichever node takes mail or a session, it ends where the mailbox is, and nowhere else."""

from __future__ import annotations

import re
import uuid

import pytest
from cluster import PREFIX, address, eventually, play, run

ALL = ("mail1", "mail2", "mail3")
# The active node of each mailbox, and who has a copy.
ACTIVE = {"alice": "mail1", "bob": "mail3"}
COPIES = {"alice": {"mail1", "mail2"}, "bob": {"mail3"}}
LOGIN = """
import imaplib, ssl, sys
tls = ssl.create_default_context()
tls.check_hostname, tls.verify_mode = False, ssl.CERT_NONE
with imaplib.IMAP4_SSL(sys.argv[1], 993, ssl_context=tls, timeout=20) as session:
    session.login(sys.argv[2] + "@example.test", sys.argv[2] + "-test-password")
    session.select("INBOX", readonly=True)
    print(session.search(None, "SUBJECT", sys.argv[3])[1][0].decode())
"""


def send(node, user, subject):
    text = f"Subject: {subject}\\n\\nHello.\\n"
    run(node, f"printf '{text}' | sendmail -f root@example.test {user}@example.test")


def found(node, user, subject):
    """How many such messages a node itself has."""
    said = run(node, f"doveadm search -u {user}@example.test mailbox '*' subject {subject}")
    return len(said.split("\n")) - 1


def read(node, through, user, subject):
    """How many such messages a client on one node sees through another."""
    return len(run(node, f"python3 -c '{LOGIN}' {address(through)} {user} {subject}").split())


@pytest.mark.parametrize("user", ACTIVE)
@pytest.mark.parametrize("node", ALL)
def test_mail_that_a_node_takes_goes_to_the_shard_and_its_standby_alone(node, user):
    subject = f"shard-{uuid.uuid4()}"
    send(node, user, subject)

    def arrived():
        assert {name for name in ALL if found(name, user, subject)} == COPIES[user]

    eventually(arrived, 60)
    assert {found(name, user, subject) for name in COPIES[user]} == {1}
    assert [read("mail3", through, user, subject) for through in ALL] == [1, 1, 1]


def test_the_active_node_knows_the_client_of_another_one():
    read("mail2", "mail3", "alice", "nothing")
    logged = run("mail1", "journalctl -o cat -t dovecot | grep 'imap-login: Log.*alice@example.test'")
    assert re.search(rf"rip={re.escape(address('mail2'))}", logged)


def test_mail_waits_for_a_shard_that_is_away():
    subject = f"shard-{uuid.uuid4()}"
    run("mail3", "systemctl stop dovecot.socket dovecot.service")
    try:
        send("mail1", "bob", subject)
        eventually(lambda: run("mail1", "postqueue -j | grep -c bob@example.test"), 60)
        eventually(lambda: run("mail1", "journalctl -o cat -t postfix/lmtp | grep 'to=<bob@.*status=deferred'"), 60)
    finally:
        run("mail3", "systemctl start dovecot.service")
    run("mail1", "postqueue -f")

    def arrived():
        assert found("mail3", "bob", subject) == 1

    eventually(arrived, 60)
    assert "status=bounced" not in run("mail1", "journalctl -o cat -t postfix/lmtp -t postfix/bounce")


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("ha_shard=''", "ha_shard: mail1, mail2, mail3 have none"),
        ("{ha_shard_active: {a: mail3}}", "ha_shard_active: a: mail3 is no shard with that node"),
        ("{accounts_mailboxes: [{address: eve@example.test, host: c}]}", "host of eve@example.test is no shard"),
        ("accounts_store=ldap", "looked up in accounts in SQLite alone"),
    ],
)
def test_what_makes_no_shards_is_refused(tmp_path, option, words):
    hosts = [
        f"{name} ansible_connection=testbed ansible_user=root ha_shard={shard} testbed_container={PREFIX}-{name}"
        for name, shard in zip(ALL, "aab")
    ]
    path = tmp_path / "hosts.ini"
    path.write_text("\n".join(["[ha_mail]", *hosts]) + "\n")
    network = address("mail1").rpartition(".")[0]
    common = ["-e", f"ha_virtual_address={network}.200/24", "-e", "ha_sync_password=sync-test-password"]
    code, said = play("site", "-i", str(path), *common, "-e", "ha_storage=shards", "-e", option)
    assert code == 2, said
    assert words in re.sub(r"\s+", " ", said)
