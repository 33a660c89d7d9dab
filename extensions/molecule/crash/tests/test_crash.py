# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is left of a configuration when a module is killed, or cannot write."""

from __future__ import annotations

import json
import os
import subprocess

import pytest

SCRIPT = f"{os.environ['TESTBED_ROOT']}/tests/integration/crash_points.py"


@pytest.fixture(scope="module")
def run(container):
    """Run a command of the script in the container, and return what it says."""
    subprocess.run(["podman", "cp", SCRIPT, f"{container}:/var/tmp/crash_points.py"], check=True)

    def say(*command):
        argv = ["podman", "exec", container, "python3", "/var/tmp/crash_points.py", *command]
        done = subprocess.run(argv, capture_output=True, text=True, check=False)
        print(done.stdout, done.stderr)
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)

    return say


@pytest.mark.parametrize(
    ("module", "files", "least"), [("postfix_config", 5, 40), ("dovecot_config", 2, 25), ("postfix_aliases", 2, 20)]
)
def test_a_kill_at_any_step_leaves_a_daemon_that_works_and_a_run_that_ends_it(run, module, files, least):
    said = run("kill", module)
    assert said["steps"] >= least
    # All old, all new, and what is in between: one file more is new with each rename.
    assert len(said["states"]) == files + 1
    assert said["states"]["o" * files] > least / 2


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ("full", "No space left on device; nothing was changed"),
        ("read_only", "Read-only file system; nothing was changed"),
        ("immutable", "so it cannot be replaced; look at its attributes (lsattr)"),
        ("mounted", "so it cannot be replaced; look at its attributes (lsattr)"),
    ],
)
def test_a_fault_is_named_and_changes_nothing(run, fault, why):
    said = run("fault", fault)["said"]
    assert why in said
    assert "nothing was changed" in said
    assert "/etc/postfix" in said


def test_two_runs_wait_for_each_other(run):
    assert run("two") == {"goes on": False, "is killed": True}
