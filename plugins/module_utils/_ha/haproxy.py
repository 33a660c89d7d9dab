# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The text of haproxy.cfg. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from .cluster import HEALTH_PORT, PEERS_PORT, STATISTICS_PORT, Cluster, Service

SOCKET = "/run/haproxy/admin.sock"
# What the administrator ordered of a server outlives a reload and a crash.
STATE = "/var/lib/haproxy/postfix_manager.state"
TABLE = "nodes"

# What a server says first, what is said to it, and how it says good-bye: a whole session, so that Dovecot's login
# process is free again at once.
DIALOGS = {
    "smtp": ("220", "QUIT", "221"),
    "imap": ("* OK", "a LOGOUT", "* BYE"),
    "pop3": ("+OK", "QUIT", "+OK"),
    "sieve": ("OK", "LOGOUT", "OK"),
}


def render(cluster: Cluster) -> str:
    """The whole file."""
    sections = [
        _heading(),
        _global(cluster),
        _defaults(),
        _peers(cluster),
        _table(cluster),
        *(_service(cluster, service) for service in cluster.services),
        _health(cluster),
        _statistics(cluster),
    ]
    return "\n".join(f"{section}\n" for section in sections)


def _section(head: str, *lines: str) -> str:
    return "\n".join([head, *(f"    {line}" for line in lines)])


def _heading() -> str:
    return "# Written by postfix_manager.mail.ha_config; the next run puts back what is changed here."


def _global(cluster: Cluster) -> str:
    return _section(
        "global",
        "log /dev/log local0",
        "user haproxy",
        "group haproxy",
        "chroot /var/lib/haproxy",
        f"localpeer {cluster.this.name}",
        f"stats socket {SOCKET} mode 660 level admin",
        f"server-state-file {STATE}",
        # Old processes that serve the sessions of before a reload: an IMAP session may last for days.
        "hard-stop-after 30m",
    )


def _defaults() -> str:
    return _section(
        "defaults",
        "mode tcp",
        "log global",
        "option tcplog",
        "option dontlognull",
        # A connection that a node does not take goes to the next one at once.
        "retries 3",
        "option redispatch 1",
        "timeout connect 1s",
        # RFC 2177 has clients renew IDLE within 29 minutes.
        "timeout client 31m",
        "timeout server 31m",
        "timeout check 1s",
        "load-server-state-from-file global",
        "default-server inter 1s fastinter 250ms downinter 1s fall 2 rise 2 on-marked-down shutdown-sessions",
    )


def _peers(cluster: Cluster) -> str:
    return _section("peers nodes_peers", *(f"peer {node.name} {node.address}:{PEERS_PORT}" for node in cluster.nodes))


def _table(cluster: Cluster) -> str:
    """Who is served by which node, for all services: the shared address as a whole, or each client's."""
    # Whichever of the shared addresses somebody uses. Addresses of IPv4 have a place among those of IPv6.
    kept = "string len 8 size 1" if cluster.balance == "one_node" else "ipv6 size 100000 expire 1d"
    return _section(f"backend {TABLE}", f"stick-table type {kept} peers nodes_peers")


def _service(cluster: Cluster, service: Service) -> str:
    key = "str(all)" if cluster.balance == "one_node" else "src"
    addresses = [cluster.address, *([f"[{cluster.address_6.partition('/')[0]}]"] if cluster.address_6 else [])]
    # One check for all services that are checked at one port: each costs the daemons a session.
    checked = next(other for other in cluster.services if other.check_port == service.check_port)
    return _section(
        f"listen {service.name}",
        # The node that does not hold the address listens there as well, and is ready the moment it gets it.
        *(f"bind {address}:{service.port} transparent" for address in addresses),
        f"balance {'first' if cluster.balance == 'one_node' else 'leastconn'}",
        f"stick on {key} table {TABLE}",
        *(_check(service) if checked is service else []),
        *(
            f"server {node.name} {node.address}:{service.proxy_port} id {number} send-proxy-v2 "
            + ("check" if checked is service else f"track {checked.name}/{node.name}")
            for number, node in enumerate(cluster.nodes, start=1)
        ),
    )


def _check(service: Service) -> Sequence[str]:
    greeting, farewell, answer = DIALOGS[service.dialog]
    return [
        "option tcp-check",
        f"tcp-check connect port {service.check_port} send-proxy",
        f"tcp-check expect string {_quoted(greeting)}",
        f"tcp-check send {_quoted(farewell)}\\r\\n",
        f"tcp-check expect string {_quoted(answer)}",
    ]


def _quoted(text: str) -> str:
    return text.replace(" ", "\\ ")


def _health(cluster: Cluster) -> str:
    """keepalived asks here whether this node can serve: HAProxy answers, and every service has a node behind it."""
    return _section(
        "frontend health",
        "mode http",
        f"bind 127.0.0.1:{HEALTH_PORT}",
        "timeout client 5s",
        "option dontlog-normal",
        "monitor-uri /health",
        *(f"monitor fail if {{ nbsrv({service.name}) lt 1 }}" for service in cluster.services),
    )


def _statistics(cluster: Cluster) -> str:
    return _section(
        "frontend statistics",
        "mode http",
        f"bind {cluster.this.address}:{STATISTICS_PORT}",
        "timeout client 30s",
        "option dontlog-normal",
        "http-request use-service prometheus-exporter if { path /metrics }",
        "http-request return status 404",
    )
