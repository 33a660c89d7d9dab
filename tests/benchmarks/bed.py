# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the benchmarks run in: one container, playbooks against it, and commands timed inside it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent

CALL = """
- hosts: all
  gather_facts: false
  tasks:
    - {module}:
      args: "{{{{ lookup('file', arguments_file) | from_json }}}}"
"""

# Runs inside the container: argv[1] is JSON [[preparation, command], ...], each a line for the shell; the wall time of
# each command comes back, in seconds, in that order. So neither podman nor Ansible's controller is in the figure.
TIMER = """
import json, subprocess, sys, time
seconds = []
for preparation, command in json.loads(sys.argv[1]):
    subprocess.run(preparation, shell=True, check=True, stdout=subprocess.DEVNULL)
    started = time.monotonic()
    done = subprocess.run(command, shell=True, capture_output=True, text=True)
    seconds.append(time.monotonic() - started)
    if done.returncode:
        sys.exit(f"{command}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
print(json.dumps(seconds))
"""


class Bed:
    """A container with Debian 13, from start to removal; use it as a context manager."""

    def __init__(self) -> None:
        self.network = f"{os.environ['TESTBED_PREFIX']}-bench"
        self.container = f"{self.network}-debian13"

    def __enter__(self) -> Bed:
        tool = ROOT / "tools/container"
        subprocess.run([tool, "remove", self.network], check=True)
        subprocess.run(
            [tool, "start", self.network, self.container, "mx13.example.test", "localhost/pmm-debian-warm:13"],
            check=True,
        )
        return self

    def __exit__(self, *_error: object) -> None:
        subprocess.run([ROOT / "tools/container", "remove", self.network], check=True)

    def sh(self, script: str, stdin: str = "") -> str:
        """Output of a shell script in the container."""
        argv = ["podman", "exec", "-i", self.container, "sh", "-euc", script]
        return subprocess.run(argv, input=stdin, capture_output=True, text=True, check=True).stdout

    def timed(self, *commands: tuple[str, str], runs: int = 9) -> list[list[float]]:
        """Seconds of each run of some shell commands in the container, each with a preparation that does not count.

        The commands take turns, so that whatever else the machine does slows all of them down.
        """
        argv = ["podman", "exec", self.container, "python3", "-c", TIMER, json.dumps(commands * runs)]
        seconds = json.loads(subprocess.run(argv, capture_output=True, text=True, check=True).stdout)
        return [seconds[place :: len(commands)] for place in range(len(commands))]

    def play(self, playbook: Path | str, environment: dict[str, str] | None = None, **variables: Any) -> str:
        """Run a playbook against the container and return what it printed."""
        host = {"ansible_connection": "testbed", "ansible_user": "root", **variables}
        with tempfile.NamedTemporaryFile("w", suffix=".json") as inventory:
            json.dump({"all": {"hosts": {self.container: host}}}, inventory)
            inventory.flush()
            argv = ["ansible-playbook", "-i", inventory.name, playbook]
            done = subprocess.run(
                argv, env={**os.environ, **(environment or {})}, capture_output=True, text=True, check=False
            )
        if done.returncode:
            raise RuntimeError(f"{playbook} failed:\n{done.stdout[-4000:]}{done.stderr[-2000:]}")
        return done.stdout

    def play_timed(self, playbook: Path | str, **variables: Any) -> tuple[float, str]:
        """Seconds of a run of a playbook, controller included, and what it printed."""
        started = time.monotonic()
        printed = self.play(playbook, **variables)
        return time.monotonic() - started, printed

    def packed(self, module: str, arguments: dict[str, Any]) -> str:
        """The path, in the container, of a module as Ansible packs it for a target, with its arguments inside.

        The module has run once after that. Running the file again is all that happens on a host in such a task.
        """
        self.sh("rm -rf ~/.ansible")
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "arguments.json").write_text(json.dumps(arguments))
            Path(folder, "call.yml").write_text(CALL.format(module=module))
            environment = {"ANSIBLE_KEEP_REMOTE_FILES": "1", "ANSIBLE_PIPELINING": "0"}
            self.play(f"{folder}/call.yml", environment, arguments_file=f"{folder}/arguments.json")
        kept = f"/tmp/{module}.py"
        self.sh(f"cp ~/.ansible/tmp/*/AnsiballZ_*.py {kept}")
        return kept


def empty_module(bed: Bed) -> tuple[str, str]:
    """A preparation and a command for ``Bed.timed``: the module ``ping``, packed as the others are."""
    return ":", f"python3 {bed.packed('ansible.builtin.ping', {})}"


def tasks_of(printed: str) -> int:
    """The number of tasks that ran, facts included, by the recap of a playbook."""
    found = re.search(r"ok=(\d+)", printed)
    assert found, printed
    return int(found[1])


def changes_of(printed: str) -> int:
    found = re.search(r"changed=(\d+)", printed)
    assert found, printed
    return int(found[1])


def seconds_of(printed: str, names: Sequence[str]) -> list[float]:
    """The figures that a playbook printed as ``name=1.23``."""
    return [float(re.search(rf"\b{name}=([0-9.]+)", printed)[1]) for name in names]
