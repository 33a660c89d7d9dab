# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The model of a cluster: which nodes there are, the address they share, what is served through it."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .._engine.errors import Problem

# Where the statistics, the verdict on a node's health and the tables of persistence are exchanged.
STATISTICS_PORT, HEALTH_PORT, PEERS_PORT = 8405, 8406, 10024
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,62}")
# IFNAMSIZ of Linux, and what ip(8) takes.
INTERFACE = re.compile(r"[^\s/:]{1,15}")
PORTS = range(1, 65536)


@dataclass(frozen=True)
class Node:
    name: str
    address: str


@dataclass(frozen=True)
class Service:
    """A port of the shared address, and the ports of a node behind it that speak the PROXY protocol.

    ``check_port`` answers in clear, in the words of ``dialog``: a check costs no TLS.
    """

    name: str
    port: int
    proxy_port: int
    check_port: int
    dialog: str


@dataclass(frozen=True)
class Cluster:
    """As the node called ``this`` sees it.

    ``address`` is the shared one and ``prefix`` the length of its network's. ``address_6`` is the shared one of IPv6
    with its prefix, or nothing.
    """

    this: Node
    nodes: Sequence[Node]
    address: str
    prefix: int
    address_6: str
    interface: str
    router_id: int
    interval: float
    services: Sequence[Service]
    balance: str
    recipient: str

    @property
    def others(self) -> list[Node]:
        return [node for node in self.nodes if node.name != self.this.name]


def from_options(params: Mapping[str, Any]) -> Cluster:
    """What the options of ``ha_config`` say, once they have no :func:`problems`."""
    nodes = [Node(node["name"], node["address"]) for node in params["nodes"]]
    address, _slash, prefix = params["virtual_address"].partition("/")
    return Cluster(
        this=next(node for node in nodes if node.name == params["node"]),
        nodes=nodes,
        address=address,
        prefix=int(prefix),
        address_6=params["virtual_address_6"],
        interface=params["interface"],
        router_id=params["router_id"],
        interval=params["advertisement_interval"],
        services=[Service(**service) for service in params["services"]],
        balance=params["balance"],
        recipient=params["notification_recipient"],
    )


def problems(params: Mapping[str, Any]) -> list[Problem]:
    """Everything that makes no cluster of the options of ``ha_config``."""
    return [
        *_node_problems(params["node"], params["nodes"]),
        *address_problems(params["virtual_address"], params["nodes"]),
        *_address_6_problems(params["virtual_address_6"]),
        *_service_problems(params["services"]),
        *_other_problems(params),
    ]


def _node_problems(this: str, nodes: Sequence[Mapping[str, str]]) -> list[Problem]:
    found = []
    if len(nodes) < 2:
        cure = "a cluster needs two nodes or more; add one, or leave the role ha out"
        found.append(Problem("nodes", "is one node only" if nodes else "is empty", cure, [n["name"] for n in nodes]))
    if this not in [node["name"] for node in nodes]:
        found.append(Problem("node", "is none of nodes", "name the node of the list that this host is", this))
    for index, node in enumerate(nodes):
        option = f"nodes[{index}]"
        if not NAME.fullmatch(node["name"]):
            cure = "give it letters, digits, dots, dashes and underscores, up to 63"
            found.append(Problem(f"{option}.name", "is no name that HAProxy takes", cure, node["name"]))
        if not _is_address(node["address"]):
            cure = "give the IPv4 address by which the other nodes reach it"
            found.append(Problem(f"{option}.address", "is no address of IPv4", cure, node["address"]))
        for key in ("name", "address"):
            if node[key] in [other[key] for other in nodes[:index]]:
                cure = "each node has its own"
                found.append(Problem(f"{option}.{key}", "is that of another node, too", cure, node[key]))
    return found


def address_problems(virtual: str, nodes: Sequence[Mapping[str, str]]) -> list[Problem]:
    """Why the nodes cannot share an address."""
    cure = "give a free IPv4 address of the nodes' own network with its prefix, such as 192.0.2.10/24"
    address, slash, prefix = virtual.partition("/")
    if not (_is_address(address) and slash and prefix.isdigit() and 0 < int(prefix) <= 32):
        return [Problem("virtual_address", "is no address of IPv4 with a prefix", cure, virtual)]
    found = [
        Problem("virtual_address", f"is the address of the node {node['name']} itself", cure, virtual)
        for node in nodes
        if node["address"] == address
    ]
    network = ipaddress.ip_interface(virtual).network
    found += [
        Problem(
            "virtual_address", f"is not in one network with the node {node['name']}, {node['address']}", cure, virtual
        )
        for node in nodes
        if _is_address(node["address"]) and ipaddress.ip_address(node["address"]) not in network
    ]
    return found


def _address_6_problems(virtual: str) -> list[Problem]:
    address, slash, prefix = virtual.partition("/")
    cure = "give a free address of the nodes' network with its prefix, such as 2001:db8::10/64, or nothing"
    if not virtual:
        return []
    try:
        usable = not (ipaddress.IPv6Address(address).is_link_local or ipaddress.IPv6Address(address).is_multicast)
    except ValueError:
        usable = False
    if usable and slash and prefix.isdigit() and 0 < int(prefix) <= 128:
        return []
    return [Problem("virtual_address_6", "is no address of IPv6 with a prefix that clients can use", cure, virtual)]


def _service_problems(services: Sequence[Mapping[str, Any]]) -> list[Problem]:
    if not services:
        return [Problem("services", "is empty", "name what the cluster serves")]
    found, taken = [], {STATISTICS_PORT: "statistics", HEALTH_PORT: "health", PEERS_PORT: "peers"}
    for index, service in enumerate(services):
        option = f"services[{index}]"
        if not NAME.fullmatch(service["name"]):
            found.append(Problem(f"{option}.name", "is no name that HAProxy takes", "shorten it", service["name"]))
        for key in ("port", "proxy_port", "check_port"):
            if service[key] not in PORTS:
                found.append(Problem(f"{option}.{key}", "is no port", "give one of 1 to 65535", service[key]))
        for key in ("port", "proxy_port"):
            owner = taken.setdefault(service[key], service["name"])
            if owner != service["name"] or (key == "proxy_port" and service[key] == service["port"]):
                cure = "give each its own"
                found.append(Problem(f"{option}.{key}", f"is a port of {owner}, too", cure, service[key]))
    return found


def _other_problems(params: Mapping[str, Any]) -> list[Problem]:
    found = []
    if not INTERFACE.fullmatch(params["interface"]):
        cure = "name one that ip link shows"
        found.append(Problem("interface", "is no name of an interface", cure, params["interface"]))
    if not 1 <= params["router_id"] <= 255:
        cure = "give 1 to 255, one that no other cluster in this network has"
        found.append(Problem("router_id", "is no VRRP router", cure, params["router_id"]))
    if not 0.1 <= params["advertisement_interval"] <= 40:
        cure = "give 0.1 to 40 seconds"
        found.append(
            Problem("advertisement_interval", "is not possible in VRRP", cure, params["advertisement_interval"])
        )
    recipient = params["notification_recipient"]
    if recipient and not re.fullmatch(r"[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+", recipient):
        cure = "give a plain address, or nothing"
        found.append(Problem("notification_recipient", "is no address of mail", cure, recipient))
    return found


def _is_address(text: str) -> bool:
    try:
        ipaddress.IPv4Address(text)
    except ValueError:
        return False
    return True
