# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The nodes of the scenario ha, from outside: commands in them, who holds the address, playbooks against them."""

from __future__ import annotations

import os
import pathlib
import re
import subprocess
import time

import testinfra

ROOT = pathlib.Path(os.environ["TESTBED_ROOT"])
PREFIX = f"{os.environ['TESTBED_PREFIX']}-{os.environ['MOLECULE_SCENARIO_NAME']}"
NODES = ("mail1", "mail2")


def podman(*arguments):
    return subprocess.run(["podman", *arguments], capture_output=True, text=True, check=True).stdout


def inside(name):
    return testinfra.get_host(f"podman://{PREFIX}-{name}")


def run(name, command):
    done = inside(name).run(command)
    assert done.rc == 0, f"{name}: {command}: {done.stderr}"
    return done.stdout


def address(name):
    return podman(
        "inspect", "-f", f'{{{{(index .NetworkSettings.Networks "{PREFIX}").IPAddress}}}}', f"{PREFIX}-{name}"
    ).strip()


def virtual_address():
    return f"{address('client').rpartition('.')[0]}.200"


def holders():
    return [name for name in NODES if f" {virtual_address()}/" in run(name, "ip -o -4 address show dev eth0")]


def holder():
    return eventually(lambda: one(holders()))


def one(items):
    (item,) = items
    return item


def eventually(attempt, seconds=30):
    deadline = time.monotonic() + seconds
    while True:
        try:
            return attempt()
        except (AssertionError, ValueError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.3)


HOST = "{name} ansible_connection=testbed ansible_user=root testbed_container={prefix}-{name}"


def inventory(tmp_path, **groups):
    """Options of ansible-playbook for the hosts of the scenario in other groups."""
    lines = [HOST.format(name=name, prefix=PREFIX) for name in sorted({*NODES, "client"})]
    for group, names in groups.items():
        lines += [f"[{group}]", *names]
    lines += ["[all:vars]", f"ha_virtual_address={virtual_address()}/24", "ha_sync_password=sync-test-password"]
    path = tmp_path / "hosts.ini"
    path.write_text("\n".join(lines) + "\n")
    return ["-i", str(path)]


def play(name, *arguments):
    """Run a playbook of ours; its exit code and all that it said."""
    environment = {
        **os.environ,
        "ANSIBLE_CONNECTION_PLUGINS": str(ROOT / "extensions/molecule/plugins/connection"),
        "NO_COLOR": "1",
    }
    argv = ["ansible-playbook", f"postfix_manager.mail.{name}", *arguments]
    done = subprocess.run(argv, capture_output=True, text=True, env=environment, check=False)
    return done.returncode, done.stdout + done.stderr


def server_states(node, of):
    """What the HAProxy of a node thinks of another one, over all services."""
    url = f"http://{address(node)}:8405/metrics"
    shown = run(node, f"python3 -c \"import urllib.request; print(urllib.request.urlopen('{url}').read().decode())\"")
    return set(re.findall(rf'haproxy_server_status\{{proxy="\w+",server="{of}",state="(\w+)"\}} 1', shown))
