# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a client and an operator see of the cluster: one node behind every protocol, and who holds the address."""

from __future__ import annotations

import json
import re
import time

from cluster import NODES, address, eventually, holder, run, virtual_address

ADDRESS_6, CLIENT_6 = "fd00:6::200", "fd00:6::99"
CLIENT = """
import imaplib, poplib, smtplib, socket, ssl, sys
who, tls = ("alice@example.test", "alice-test-password"), ssl._create_unverified_context()
for address in sys.argv[1:]:
    with imaplib.IMAP4_SSL(address, ssl_context=tls) as imap:
        imap.login(*who)
    pop = poplib.POP3_SSL(address, context=tls)
    pop.user(who[0]), pop.pass_(who[1]), pop.stat(), pop.quit()
    for session in (smtplib.SMTP(address, 587), smtplib.SMTP_SSL(address, 465, context=tls)):
        if session.sock.__class__ is socket.socket:
            session.starttls(context=tls)
        session.login(*who)
        session.quit()
    with socket.create_connection((address, 4190)) as sieve:
        assert sieve.recv(512)[:1] == bytes([34])
"""


def test_one_node_serves_a_client_in_every_protocol_and_knows_who_it_is():
    run("client", f"ip -6 address replace {CLIENT_6}/64 dev eth0 nodad")
    begun = int(time.time())
    run("client", f"python3 -c '{CLIENT}' {virtual_address()} {ADDRESS_6} {virtual_address()}")
    logged = {
        node: run(node, f"journalctl -o cat -t dovecot -t postfix/submission/smtpd --since=@{begun}") for node in NODES
    }
    clients = [address("client"), CLIENT_6]
    serving = [node for node in NODES if any(client in logged[node] for client in clients)]
    assert len(serving) == 1, logged
    for client, sessions in zip(clients, (2, 1)):
        for daemon in ("imap-login", "pop3-login"):
            pattern = rf"{daemon}: (?:Login|Logged in): .*rip={re.escape(client)},"
            assert len(re.findall(pattern, logged[serving[0]])) == sessions, logged
        assert f"[{client}]" in logged[serving[0]]


def test_the_address_of_ipv6_is_where_the_other_is():
    there = [node for node in NODES if f" {ADDRESS_6}/" in run(node, "ip -o -6 address show dev eth0")]
    assert there == [holder()]


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
