# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The client outside of the scenario ha_kills: started, stopped, and what it saw."""

from __future__ import annotations

import json

from cluster import NODES, PREFIX, ROOT, eventually, podman, run, virtual_address

STOP, PRINTED = "/var/tmp/ha_stop", "/var/tmp/ha_client.json"
PROGRAM = ROOT / "extensions/molecule/ha_kills/files/ha_client.py"


def start(messages, rate=20, timeout=2):
    client = f"{PREFIX}-client"
    podman("cp", str(PROGRAM), f"{client}:/var/tmp/ha_client.py")
    for node in NODES:
        # The name server of the test bed hangs while a container is killed, and smtpd asks it who a client is.
        run(node, "sed -i 's/^hosts:.*/hosts: files/' /etc/nsswitch.conf && systemctl restart postfix dovecot")
    run("client", f"rm -f {STOP} {PRINTED}")
    podman(
        "exec", "-d", client, "sh", "-c",
        f"TIMEOUT={timeout} python3 /var/tmp/ha_client.py {virtual_address()} --messages {messages} --rate {rate} "
        f"--stop {STOP} >{PRINTED}.new 2>/var/tmp/ha_client.log; mv {PRINTED}.new {PRINTED}",
    )  # fmt: skip


def stop():
    run("client", f"touch {STOP}")
    eventually(lambda: run("client", f"test -e {PRINTED}"), 240)
    return json.loads(run("client", f"cat {PRINTED}"))


def outage(tries, begun, ended):
    """The longest time between two successes in a window."""
    good = sorted(end for _begin, end, failure in tries if not failure and begun - 2 <= end <= ended)
    marks = [begun, *good, ended]
    return round(max(later - earlier for earlier, later in zip(marks, marks[1:])), 2)


def failures(tries, begun, ended):
    """What the tries that began in a window failed with."""
    return [failure for begin, _end, failure in tries if failure and begun <= begin <= ended]
