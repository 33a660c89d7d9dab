# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What makes no cluster is refused with a clear word, before anything is touched."""

from __future__ import annotations

import re

import pytest
from cluster import NODES, holders, inventory, play, run, virtual_address


def site(*arguments):
    """All that the playbook said; it must fail and must not have touched anything."""
    code, said = play("site", "-e", "mail_hosts=ha_mail", *arguments)
    assert code == 2, said
    assert set(re.findall(r"changed=(\d+)", said)) == {"0"}, said
    return re.sub(r"\s+", " ", said)


@pytest.mark.parametrize(
    ("groups", "more", "words"),
    [
        ({"ha_mail": ["mail1"]}, [], "is one node only"),
        ({"ha_mail": NODES, "ha_directory": ["mail1", "client"]}, [], "are in both groups"),
        ({"ha_mail": NODES, "ha_directory": ["client"]}, ["--check"], "ha_directory: ['client'] is one node only"),
        ({"ha_mail": NODES}, ["-e", "ha_sync_password=short", "--check"], "has fewer than 12 characters"),
        ({"ha_mail": NODES}, ["-e", "ha_virtual_address="], "ha_virtual_address: is empty"),
        ({"ha_mail": NODES}, ["-e", "ha_virtual_address=192.0.2.10/24"], "is not in one network with the node mail1"),
        ({"ha_mail": NODES}, ["-e", '{"ha_services": ["pop3s"]}'], "add pop3 to dovecot_protocols"),
    ],
)
def test_groups_that_make_no_cluster(tmp_path, groups, more, words):
    assert words in site(*inventory(tmp_path, **groups), *more)


def test_an_address_that_is_taken(tmp_path):
    taken = virtual_address().replace(".200", ".201")
    run("client", f"ip address add {taken}/24 dev eth0")
    try:
        said = site(*inventory(tmp_path, ha_mail=NODES), "-e", f"ha_virtual_address={taken}/24", "--check")
    finally:
        run("client", f"ip address delete {taken}/24 dev eth0")
    assert f"{taken}/24 is taken" in said


def test_an_even_split(tmp_path):
    (other,) = set(NODES) - set(holders())
    run(other, f"ip address add {virtual_address()}/24 dev eth0")
    try:
        said = site(*inventory(tmp_path, ha_mail=NODES), "--check")
    finally:
        run(other, f"ip address delete {virtual_address()}/24 dev eth0")
    assert "hold it at once, an even split" in said
