# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts of a cluster are killed while a client outside submits and reads: what it misses, and for how long."""

from __future__ import annotations

import json
import re
import time
from collections import Counter

import pytest
from cluster import NODES, PREFIX, ROOT, address, eventually, holder, podman, run, server_states, virtual_address

MESSAGES, RATE = 2000, 20
OUTAGE = 3.0
STOP, PRINTED = "/var/tmp/ha_stop", "/var/tmp/ha_client.json"
# Time for what was killed to come back, and for everybody to notice.
SETTLED = 6.0


def kill_haproxy(name):
    run(name, "systemctl kill --signal=KILL haproxy.service")


def kill_keepalived(name):
    run(name, "systemctl kill --signal=KILL keepalived.service")


def stop_haproxy(name):
    run(name, "systemctl stop haproxy.service")
    time.sleep(SETTLED)
    run(name, "systemctl start haproxy.service")


def kill_node(name):
    """A container that starts again gets another address unless it is bound to the one it had."""
    container, own = f"{PREFIX}-{name}", address(name)
    podman("kill", container)
    time.sleep(SETTLED)
    podman("network", "disconnect", PREFIX, container)
    podman("network", "connect", "--ip", own, PREFIX, container)
    podman("start", container)
    eventually(lambda: run(name, "systemctl is-active dovecot haproxy keepalived"))


def cut_network(name):
    route = run(name, "ip route show default").split("proto")[0].strip()
    run(name, "ip link set eth0 down")
    time.sleep(SETTLED)
    run(name, f"ip link set eth0 up && ip route replace {route}")


def restart_one_by_one(_name):
    for node in NODES:
        for unit in ("haproxy", "keepalived", "dovecot", "postfix"):
            run(node, f"systemctl restart {unit}")
            time.sleep(1.5)
        time.sleep(SETTLED / 2)


EVENTS = {
    "haproxy killed": kill_haproxy,
    "keepalived killed": kill_keepalived,
    "haproxy stopped": stop_haproxy,
    "mail node killed": kill_node,
    "network cut": cut_network,
    "restart of everything": restart_one_by_one,
}


def gap(probes, begun, ended):
    """The longest time without a success in a window."""
    good = sorted(end for _start, end, worked in probes if worked and begun - 2 <= end <= ended)
    marks = [*good, ended]
    return round(max(later - earlier for earlier, later in zip(marks, marks[1:])), 2)


@pytest.fixture(scope="module")
def figures():
    """Everything that is done, once, and what it did to the client."""
    client = f"{PREFIX}-client"
    podman("cp", str(ROOT / "tests/integration/ha_client.py"), f"{client}:/var/tmp/ha_client.py")
    run("client", f"rm -f {STOP} {PRINTED}")
    for node in NODES:
        # The name server of the test bed hangs while a container is killed, and smtpd asks it who a client is.
        run(node, "sed -i 's/^hosts:.*/hosts: files/' /etc/nsswitch.conf && systemctl restart postfix")
    podman(
        "exec", "-d", client, "sh", "-c",
        f"python3 /var/tmp/ha_client.py {virtual_address()} --messages {MESSAGES} --rate {RATE} --stop {STOP} "
        f">{PRINTED}.new 2>/var/tmp/ha_client.log; mv {PRINTED}.new {PRINTED}",
    )  # fmt: skip
    time.sleep(SETTLED)
    windows, lags = {}, []
    for name, event in EVENTS.items():
        begun = time.time()
        event(holder())
        time.sleep(SETTLED)
        windows[name] = (begun, time.time())
        lags += [lag(node) for node in NODES]
    run("client", f"touch {STOP}")
    eventually(lambda: run("client", f"test -e {PRINTED}"), 180)
    seen = json.loads(run("client", f"cat {PRINTED}"))
    eventually(in_sync, 120)
    readable = {node: subjects(node) for node in NODES}
    result = {
        "outages": {
            name: {service: gap(seen["probes"][service], *window) for service in ("smtp", "imap")}
            for name, window in windows.items()
        },
        "acknowledged": len(seen["acknowledged"]),
        "not_acknowledged": len(seen["not_acknowledged"]),
        "lost": {node: len(set(seen["acknowledged"]) - set(readable[node])) for node in NODES},
        "duplicates": {node: sum(count - 1 for count in readable[node].values()) for node in NODES},
        "duplicates_by_synchronisation": {node: copied(node) for node in NODES},
        "replication_lag_seconds": {"highest": max(lags), "last": lags[-1]},
        "releases": {node: run(node, "cat /etc/debian_version").strip() for node in NODES},
    }
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    (build / "ha.json").write_text(json.dumps(result, indent=1) + "\n")
    print(json.dumps(result, indent=1))
    return result


def status(node):
    return json.loads(run(node, "cat /var/lib/postfix_manager/status/mail_sync.json"))


def lag(node):
    return status(node)["lag_seconds"]


def in_sync():
    """The queues are empty and both sides have the same messages."""
    for node in NODES:
        assert run(node, "postqueue -f && postqueue -j") == ""
        assert (status(node)["success"], status(node)["pending"]) == (True, 0)
    assert subjects("mail1") == subjects("mail2")


def copied(node):
    """Messages that are there twice though they were delivered once: each delivery by LMTP has a number of its own."""
    shown = run(node, "doveadm -f flow fetch -u bob@example.test hdr.received mailbox INBOX subject ha-")
    return sum(count - 1 for count in Counter(re.findall(r"with LMTP\s+id (\S+)", shown)).values())


def subjects(node):
    shown = run(node, "doveadm -f flow fetch -u bob@example.test hdr.subject mailbox INBOX subject ha-")
    return Counter(re.findall(r"hdr\.subject=(ha-\S+)", shown))


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("service", ["smtp", "imap"])
def test_the_service_is_back_within_seconds(figures, event, service):
    assert figures["outages"][event][service] <= OUTAGE


@pytest.mark.parametrize("node", NODES)
def test_nothing_acknowledged_is_lost(figures, node):
    assert figures["acknowledged"] > MESSAGES / 2
    assert figures["lost"][node] == 0


@pytest.mark.parametrize("node", NODES)
def test_nothing_is_there_twice_but_what_was_being_delivered(figures, node):
    """Postfix delivers again what it was delivering when it was killed: up to 20 at a time."""
    assert figures["duplicates"][node] <= 20
    assert figures["duplicates_by_synchronisation"][node] == 0


def test_the_daemons_know_the_client_itself(figures):
    client = address("client")
    logged = "".join(run(node, "journalctl --no-pager -o cat -t postfix/submission/smtpd -t dovecot") for node in NODES)
    assert re.search(rf"client=\S*\[{re.escape(client)}\]", logged)
    assert re.search(rf"imap-login: (Login|Logged in): .*rip={re.escape(client)}", logged)


def test_prometheus_gets_the_state_of_each_node_from_each(figures):
    assert figures
    assert [server_states(node, of) for node in NODES for of in NODES] == [{"UP"}] * 4
