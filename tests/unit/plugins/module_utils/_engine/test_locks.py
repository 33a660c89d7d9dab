# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lock, held by another process."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine import locks
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import Error

HOLD = """
import sys, time
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.locks import locked
with locked(sys.argv[1]):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


@pytest.fixture
def holder(tmp_path):
    """A function that starts a process which holds the lock for some seconds."""
    started = []
    path = str(Path(locks.__file__).parents[6])

    def hold(seconds):
        process = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(tmp_path), str(seconds)],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": path},
        )
        started.append(process)
        assert process.stdout.readline() == b"held\n"
        return process

    yield hold
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def test_a_second_run_waits_until_the_first_ends(tmp_path, holder):
    holder(0.5)
    started = time.monotonic()
    with locks.locked(str(tmp_path), timeout=10):
        waited = time.monotonic() - started
    assert 0.2 < waited < 5


def test_a_second_run_gives_up_with_a_clear_error(tmp_path, holder):
    holder(30)
    late = pytest.raises(Error, match=r"another run has been changing .* for 0\.2 seconds")
    with late, locks.locked(str(tmp_path), timeout=0.2):
        pytest.fail("two runs at once")


def test_a_killed_run_leaves_no_lock_behind(tmp_path, holder):
    process = holder(30)
    process.kill()
    process.wait()
    with locks.locked(str(tmp_path), timeout=0.5):
        assert list(tmp_path.iterdir()) == []


def test_the_lock_is_let_go_when_the_work_fails(tmp_path):
    with pytest.raises(ValueError, match="work"), locks.locked(str(tmp_path)):
        raise ValueError("work")
    with locks.locked(str(tmp_path), timeout=0.2):
        assert tmp_path.is_dir()


@pytest.mark.parametrize("directory", [None, "/no/such/directory"])
def test_nothing_to_lock_is_no_error(directory):
    with locks.locked(directory):
        entered = True
    assert entered


def test_only_a_held_lock_is_waited_for(tmp_path, monkeypatch):
    def broken(*_args):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(locks.fcntl, "flock", broken)
    with pytest.raises(OSError, match="Input/output error"), locks.locked(str(tmp_path)):
        pytest.fail("entered without a lock")


def test_who_has_it_has_it_twice(tmp_path):
    with locks.locked(str(tmp_path)), locks.locked(str(tmp_path), timeout=0.2):
        pass
    with locks.locked(str(tmp_path), timeout=0.2):
        pass
