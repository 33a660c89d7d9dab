# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a client and an operator see of the cluster: one node behind every protocol, and who holds the address."""

from __future__ import annotations

import json
import re
import time

from cluster import NODES, address, eventually, holder, run, virtual_address

CLIENT = """
import imaplib, poplib, smtplib, socket, ssl
tls = ssl._create_unverified_context()
for _time in range(3):
    with imaplib.IMAP4_SSL("{vip}", ssl_context=tls) as imap:
        imap.login("alice@example.test", "alice-test-password")
    pop = poplib.POP3_SSL("{vip}", context=tls)
    pop.user("alice@example.test"), pop.pass_("alice-test-password"), pop.stat(), pop.quit()
    for session in (smtplib.SMTP("{vip}", 587), smtplib.SMTP_SSL("{vip}", 465, context=tls)):
        if not isinstance(session, smtplib.SMTP_SSL):
            session.starttls(context=tls)
        session.login("alice@example.test", "alice-test-password")
        session.quit()
    with socket.create_connection(("{vip}", 4190)) as sieve:
        assert sieve.recv(512).startswith(b'"'), "no greeting of ManageSieve"
"""


def test_one_node_serves_a_client_in_every_protocol_and_knows_who_it_is():
    begun = int(time.time())
    run("client", f"python3 -c '{CLIENT.format(vip=virtual_address())}'".replace("b'\"'", "bytes([34])"))
    logged = {
        node: run(node, f"journalctl --no-pager -o cat -t dovecot -t postfix/submission/smtpd --since=@{begun}")
        for node in NODES
    }
    client = re.escape(address("client"))
    serving = [node for node in NODES if re.search(rf"(rip=|\[){client}\b", logged[node])]
    assert len(serving) == 1, logged
    for daemon in ("imap-login", "pop3-login"):
        pattern = rf"{daemon}: (?:Login|Logged in): .*rip={client}"
        assert len(re.findall(pattern, logged[serving[0]])) == 3, logged


def test_checks_use_up_no_login_processes():
    """Both HAProxys have had a session with each of them every second for minutes."""
    for node in NODES:
        assert 1 <= int(run(node, "pgrep -c imap-login")) <= 6
        assert 1 <= int(run(node, "pgrep -c pop3-login")) <= 6


def test_an_operator_is_told_who_holds_the_address():
    (other,) = set(NODES) - {holder()}
    state = {node: json.loads(run(node, "cat /var/lib/postfix_manager/status/ha.json"))["state"] for node in NODES}
    assert state == {holder(): "MASTER", other: "BACKUP"}
    subject = f"[ha] {holder()} is MASTER of {virtual_address()}"
    assert run(holder(), "journalctl -o cat -t postfix_manager_ha").splitlines()[-1].startswith(subject[5:])
    eventually(lambda: found(subject))


def found(subject):
    search = f"doveadm search -u alice@example.test mailbox INBOX subject '{subject}'"
    assert any(run(node, search) for node in NODES)
