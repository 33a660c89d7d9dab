# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs as files that Ansible copies: the same each time, and run by Python without any package.

Ansible runs in a process of its own: what a plugin of the control node imports changes how modules behave in this one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]


def copied(folder, name):
    program = Path(sys.executable).parent / "ansible"
    lookup = f"{{{{ lookup('postfix_manager.mail.program', '{name}') }}}}"
    arguments = f'src="{lookup}" dest={folder}/{name}.pyz mode=0644'
    done = subprocess.run(
        [program, "localhost", "-c", "local", "-m", "ansible.builtin.copy", "-a", arguments],
        env={**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".ansible/collections"), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ("there is no nonsense" in done.stdout + done.stderr) == (name == "nonsense")
    return "CHANGED" in done.stdout


def ran(folder, name, *arguments):
    command = [sys.executable, "-I", "-S", f"{name}.pyz", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_it_is_the_same_each_time_and_runs(tmp_path):
    assert copied(tmp_path, "collector")
    assert not copied(tmp_path, "collector")
    (tmp_path / "settings.json").write_text(json.dumps({}))
    done = ran(tmp_path, "collector", "settings.json", ".")
    assert (done.returncode, done.stderr) == (0, "")


def test_the_synchronisation_of_mailboxes(tmp_path):
    assert copied(tmp_path, "mail_sync")
    assert "--interval" in ran(tmp_path, "mail_sync", "--help").stdout


def test_a_program_that_is_not_there(tmp_path):
    assert not copied(tmp_path, "nonsense")
