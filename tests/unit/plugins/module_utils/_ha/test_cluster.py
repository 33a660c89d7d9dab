# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What makes no cluster is refused, all at once; what makes one is rendered as the golden files show."""

import pathlib

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import InputError
from ansible_collections.postfix_manager.mail.plugins.module_utils._ha import (
    cluster,
    haproxy,
    host,
    keepalived,
    planning,
)

GOLDEN = pathlib.Path(__file__).parent / "golden"
SMTP = {"name": "smtp", "port": 25, "proxy_port": 10025, "check_port": 10025, "dialog": "smtp"}
SUBMISSION = {"name": "submission", "port": 587, "proxy_port": 10587, "check_port": 10587, "dialog": "smtp"}
SUBMISSIONS = {"name": "submissions", "port": 465, "proxy_port": 10465, "check_port": 10587, "dialog": "smtp"}
IMAPS = {"name": "imaps", "port": 993, "proxy_port": 10993, "check_port": 10143, "dialog": "imap"}
GOOD = {
    "node": "mx1",
    "nodes": [{"name": "mx1", "address": "192.0.2.1"}, {"name": "mx2", "address": "192.0.2.2"}],
    "virtual_address": "192.0.2.10/24",
    "virtual_address_6": "",
    "interface": "eth0",
    "router_id": 51,
    "advertisement_interval": 0.3,
    "balance": "one_node",
    "services": [SMTP, SUBMISSION, SUBMISSIONS, IMAPS],
    "notification_recipient": "",
    "backup": True,
    "backup_count": 20,
    "backup_directory": "/var/backups/postfix_manager",
}


def nodes(*pairs):
    return [{"name": name, "address": address} for name, address in pairs]


def test_a_good_one_has_no_problem():
    assert cluster.problems(GOOD) == []


@pytest.mark.parametrize(
    ("change", "option", "words"),
    [
        ({"nodes": nodes(("mx1", "192.0.2.1"))}, "nodes", "one node only"),
        ({"nodes": []}, "nodes", "is empty"),
        ({"node": "mx3"}, "node", "none of nodes"),
        ({"nodes": nodes(("mx1", "192.0.2.1"), ("m x", "192.0.2.2"))}, "nodes[1].name", "no name"),
        ({"nodes": nodes(("mx1", "192.0.2.1"), ("mx1", "192.0.2.2"))}, "nodes[1].name", "another node"),
        ({"nodes": nodes(("mx1", "192.0.2.1"), ("mx2", "192.0.2.1"))}, "nodes[1].address", "another node"),
        ({"nodes": nodes(("mx1", "192.0.2.1"), ("mx2", "2001:db8::1"))}, "nodes[1].address", "no address of IPv4"),
        ({"nodes": nodes(("mx1", "192.0.2.1"), ("mx2", "198.51.100.2"))}, "virtual_address", "not in one network"),
        ({"virtual_address": "192.0.2.10"}, "virtual_address", "with a prefix"),
        ({"virtual_address": "192.0.2.300/24"}, "virtual_address", "with a prefix"),
        ({"virtual_address": "192.0.2.2/24"}, "virtual_address", "of the node mx2"),
        ({"virtual_address_6": "2001:db8::10"}, "virtual_address_6", "no address of IPv6 with a prefix"),
        ({"virtual_address_6": "192.0.2.11/24"}, "virtual_address_6", "no address of IPv6 with a prefix"),
        ({"virtual_address_6": "fe80::10/64"}, "virtual_address_6", "that clients can use"),
        ({"interface": "eth0; true"}, "interface", "no name of an interface"),
        ({"router_id": 0}, "router_id", "no VRRP router"),
        ({"router_id": 256}, "router_id", "no VRRP router"),
        ({"advertisement_interval": 0.0}, "advertisement_interval", "not possible"),
        ({"services": []}, "services", "is empty"),
        ({"services": [{**SMTP, "port": 70000}]}, "services[0].port", "is no port"),
        ({"services": [SMTP, {**IMAPS, "port": 25}]}, "services[1].port", "a port of smtp"),
        ({"services": [{**SMTP, "proxy_port": 25}]}, "services[0].proxy_port", "a port of smtp"),
        ({"services": [{**SMTP, "proxy_port": 8405}]}, "services[0].proxy_port", "a port of statistics"),
        ({"services": [{**SMTP, "name": "s\nmtp"}]}, "services[0].name", "no name"),
        ({"notification_recipient": "root@x; true"}, "notification_recipient", "no address of mail"),
    ],
)
def test_a_problem_is_found(change, option, words):
    found = {problem.option: problem.message for problem in cluster.problems({**GOOD, **change})}
    assert words in found.get(option, "nothing"), found


def test_all_problems_are_refused_at_once(monkeypatch):
    monkeypatch.setattr(host, "problems", lambda _params: [])
    with pytest.raises(InputError) as refused:
        planning.plan_config({**GOOD, "router_id": 0, "nodes": nodes(("mx1", "192.0.2.1"))})
    assert "one node only" in refused.value.message
    assert "router_id" in refused.value.message


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("haproxy.cfg", haproxy.render),
        ("keepalived.conf", keepalived.render),
        ("notify", keepalived.render_notify),
        ("unit", keepalived.render_unit),
    ],
)
def test_it_is_rendered_as_the_golden_file_shows(name, text):
    assert text(cluster.from_options(GOOD)) == (GOLDEN / name).read_text()


def test_services_checked_at_one_port_share_the_check():
    text = haproxy.render(cluster.from_options(GOOD))
    assert text.count("option tcp-check") == 3
    assert "track submission/mx2" in text


def test_clients_are_spread_where_the_mail_is_everywhere():
    text = haproxy.render(cluster.from_options({**GOOD, "balance": "all_nodes"}))
    assert "balance leastconn" in text
    assert "stick on src table nodes" in text


def test_an_address_of_ipv6_moves_along():
    both = cluster.from_options({**GOOD, "virtual_address_6": "2001:db8::10/64"})
    text = haproxy.render(both)
    assert [text.count(f"bind {one}:25 transparent") for one in ("192.0.2.10", "[2001:db8::10]")] == [1, 1]
    excluded = "virtual_ipaddress_excluded {\n        2001:db8::10/64 dev eth0\n    }\n    track_script"
    assert excluded in keepalived.render(both)
    assert keepalived.render_unit(both).endswith("ip address delete 2001:db8::10/64 dev eth0\n")


def test_a_recipient_gets_mail():
    text = keepalived.render_notify(cluster.from_options({**GOOD, "notification_recipient": "ops@example.test"}))
    assert "/usr/sbin/sendmail -i ops@example.test" in text
