# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A queue that changes while messages are selected and deleted: nothing that was not meant is touched."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(os.environ["TESTBED_ROOT"])


@pytest.fixture(scope="module")
def run(container):
    """Run a command of the program in the container, and return what it says."""
    subprocess.run(["podman", "exec", container, "mkdir", "-p", "/tmp/library"], check=True)
    for source, place in (
        ("plugins/module_utils", "/tmp/library/module_utils"),
        ("tests/integration/queue_meanwhile.py", "/tmp/queue_meanwhile.py"),
    ):
        subprocess.run(["podman", "cp", ROOT / source, f"{container}:{place}"], check=True)

    def say(command):
        argv = ["podman", "exec", container, "python3", "/tmp/queue_meanwhile.py", command]
        done = subprocess.run(argv, capture_output=True, text=True, check=False)
        print(done.stdout, done.stderr)
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    return say


def test_what_is_gone_or_another_message_is_left_alone(run):
    said = run("between")
    assert said.pop("modes") == ["0o600"]
    assert {name: holds for name, holds in said.items() if not holds} == {}


def test_what_cannot_be_kept_is_not_deleted(run):
    said = run("full")
    assert "archive: " in said["said"]
    assert "No space left on device" in said["said"]
    assert (said["left"], said["whole"]) == (10, True)


def test_a_queue_in_motion(run):
    said = run("traffic")
    assert said["rounds"] >= 2
    assert said["deleted"] > 0
    assert said["came"] == {"victim": 200, "keeps": 200}
    assert said["kept and delivered"] == 200
    assert (said["wrongly deleted"], said["neither deleted nor delivered"], said["deleted twice"]) == ([], [], 0)


def test_the_copies_of_a_run_are_for_root_alone(host):
    kept = host.check_output("ls -d /var/backups/queue/kept/*").splitlines()
    assert len(kept) == 1
    assert oct(host.file(kept[0]).mode) == oct(0o700)
    assert int(host.check_output(f"ls {kept[0]} | wc -l")) == 21
    host.check_output(f"cd {kept[0]} && sha256sum --check --strict SHA256SUMS")
    assert host.check_output(f"find {kept[0]} -type f ! -perm 0600") == ""
