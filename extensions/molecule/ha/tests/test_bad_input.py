# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What makes no cluster is refused with a clear word, before anything is touched."""

from __future__ import annotations

import os
import re
import subprocess

import pytest
from test_ha import NODES, PREFIX, ROOT, holders, run, virtual_address

HOST = "{name} ansible_connection=testbed ansible_user=root testbed_container={prefix}-{name}"


def site(*arguments):
    """Run the playbook in check mode and return all that it said; it must fail and must not want to change anything."""
    environment = {
        **os.environ,
        "ANSIBLE_CONNECTION_PLUGINS": str(ROOT / "extensions/molecule/plugins/connection"),
        "ANSIBLE_FORCE_COLOR": "0",
        "NO_COLOR": "1",
    }
    done = subprocess.run(
        ["ansible-playbook", "postfix_manager.mail.site", "-e", "mail_hosts=ha_mail", *arguments],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert done.returncode == 2, done.stdout + done.stderr
    assert re.findall(r"changed=(\d+)", done.stdout), done.stdout + done.stderr
    assert set(re.findall(r"changed=(\d+)", done.stdout)) == {"0"}, done.stdout
    return re.sub(r"\s+", " ", done.stdout + done.stderr)


def inventory(tmp_path, **groups):
    lines = [HOST.format(name=name, prefix=PREFIX) for name in sorted({*NODES, "client"})]
    for group, names in groups.items():
        lines += [f"[{group}]", *names]
    lines += ["[all:vars]", f"ha_virtual_address={virtual_address()}/24", "ha_sync_password=sync-test-password"]
    path = tmp_path / "hosts.ini"
    path.write_text("\n".join(lines) + "\n")
    return ["-i", str(path)]


@pytest.mark.parametrize(
    ("groups", "more", "words"),
    [
        ({"ha_mail": ["mail1"]}, [], "is one node only"),
        ({"ha_mail": NODES, "ha_directory": ["mail1", "client"]}, [], "are in both groups"),
        ({"ha_mail": NODES, "ha_directory": ["client"]}, [], "ha_directory: ['client'] is one node only"),
        ({"ha_mail": NODES}, ["-e", "ha_sync_password=short"], "has fewer than 12 characters"),
        ({"ha_mail": NODES}, ["-e", "ha_virtual_address="], "ha_virtual_address: is empty"),
    ],
)
def test_groups_that_make_no_cluster(tmp_path, groups, more, words):
    assert words in site(*inventory(tmp_path, **groups), *more)


def test_an_address_that_is_taken(tmp_path):
    taken = virtual_address().replace(".200", ".201")
    run("client", f"ip address add {taken}/24 dev eth0")
    try:
        said = site(*inventory(tmp_path, ha_mail=NODES), "-e", f"ha_virtual_address={taken}/24")
    finally:
        run("client", f"ip address delete {taken}/24 dev eth0")
    assert f"{taken}/24 is taken" in said


def test_an_even_split(tmp_path):
    (other,) = set(NODES) - set(holders())
    run(other, f"ip address add {virtual_address()}/24 dev eth0")
    try:
        said = site(*inventory(tmp_path, ha_mail=NODES))
    finally:
        run(other, f"ip address delete {virtual_address()}/24 dev eth0")
    assert "hold it at once, an even split" in said
