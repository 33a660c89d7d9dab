# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts of a cluster are killed while a client outside submits and reads: what it misses, and for how long."""

from __future__ import annotations

import json
import re
import time
from collections import Counter

import pytest
import watched
from cluster import NODES, PREFIX, ROOT, address, eventually, holder, podman, run, server_states

MESSAGES = 2000
OUTAGE = 3.0
DIRECTORY = ("dir1", "dir2")
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


def kill_node(name, *units):
    """A container that starts again gets another address unless it is bound to the one it had, and a new hosts file."""
    container, own, hosts = f"{PREFIX}-{name}", address(name), {other: address(other) for other in DIRECTORY}
    podman("kill", container)
    time.sleep(SETTLED)
    podman("network", "disconnect", PREFIX, container)
    podman("network", "connect", "--ip", own, PREFIX, container)
    podman("start", container)
    for other, its in hosts.items():
        run(name, f"echo {its} {other}.example.test >>/etc/hosts")
    eventually(lambda: run(name, f"systemctl is-active {' '.join(units)}"), 60)


def kill_mail_node(name):
    kill_node(name, "dovecot", "haproxy", "keepalived")


def kill_directory(_name):
    """The one that is asked first."""
    kill_node(DIRECTORY[0], "slapd")


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
    for node in DIRECTORY:
        run(node, "systemctl restart slapd")
        time.sleep(1.5)


EVENTS = {
    "haproxy killed": kill_haproxy,
    "keepalived killed": kill_keepalived,
    "haproxy stopped": stop_haproxy,
    "mail node killed": kill_mail_node,
    "directory node killed": kill_directory,
    "network cut": cut_network,
    "restart of everything": restart_one_by_one,
}


@pytest.fixture(scope="module")
def figures():
    """Everything that is done, once, and what it did to the client."""
    watched.start(MESSAGES)
    time.sleep(SETTLED)
    quiet = [lag() for _second in range(20) if time.sleep(0.5) is None]
    windows, lags = {}, []
    for name, event in EVENTS.items():
        eventually(whole, 60)
        begun = time.time()
        event(holder())
        time.sleep(SETTLED)
        windows[name] = (begun, time.time())
        lags.append(lag())
    seen, ended = watched.stop(), time.time()
    eventually(in_sync, 120)
    caught_up = time.time() - ended
    readable = {node: subjects(node) for node in NODES}
    result = {
        "outages": {
            name: {service: watched.outage(tries, *window) for service, tries in seen["probes"].items()}
            for name, window in windows.items()
        },
        "failures": {
            name: {
                service: dict(Counter(watched.failures(tries, *window))) for service, tries in seen["probes"].items()
            }
            for name, window in windows.items()
        },
        "acknowledged": len(seen["acknowledged"]),
        "not_acknowledged": len(seen["not_acknowledged"]),
        "lost": {node: len(set(seen["acknowledged"]) - set(readable[node])) for node in NODES},
        "readable_though_not_acknowledged": len(set(seen["not_acknowledged"]) & set(readable[NODES[0]])),
        "duplicates": {node: sum(count - 1 for count in readable[node].values()) for node in NODES},
        "duplicates_by_synchronisation": {node: copied(node) for node in NODES},
        "replication_lag_seconds": {"undisturbed": max(quiet), "highest": max(quiet + lags)},
        "seconds_until_all_nodes_have_all": round(caught_up, 1),
        "releases": {node: run(node, "cat /etc/debian_version").strip() for node in (*NODES, *DIRECTORY)},
    }
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    for name in ("ha", "ha_kills"):
        (build / f"{name}.json").write_text(json.dumps(result, indent=1) + "\n")
    print(json.dumps(result, indent=1))
    return result


def whole():
    """Every HAProxy has every node."""
    for node in NODES:
        for of in NODES:
            assert server_states(node, of) == {"UP"}


def status(node):
    return json.loads(run(node, "cat /var/lib/postfix_manager/status/mail_sync.json"))


def lag():
    return max(status(node)["lag_seconds"] for node in NODES)


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
    assert figures["duplicates"][node] - figures["duplicates_by_synchronisation"][node] <= 20


def test_the_daemons_know_the_client_itself(figures):
    assert figures
    client = address("client")
    logged = "".join(run(node, "journalctl --no-pager -o cat -t postfix/submission/smtpd -t dovecot") for node in NODES)
    assert re.search(rf"client=\S*\[{re.escape(client)}\]", logged)
    assert re.search(rf"imap-login: (Login|Logged in): .*rip={re.escape(client)}", logged)


def test_prometheus_gets_the_state_of_each_node_from_each(figures):
    assert figures
    eventually(whole, 30)
