# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collector as a file that Ansible copies: the same each time, and a program that Python runs without any package.

Ansible runs in a process of its own: what a plugin of the control node imports changes how modules behave in this one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
LOOKUP = "{{ lookup('postfix_manager.mail.collector') }}"


def copied(folder):
    program = Path(sys.executable).parent / "ansible"
    arguments = f'src="{LOOKUP}" dest={folder}/collector.pyz mode=0644'
    done = subprocess.run(
        [program, "localhost", "-c", "local", "-m", "ansible.builtin.copy", "-a", arguments],
        env={**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".ansible/collections"), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return "CHANGED" in done.stdout


def test_it_is_the_same_each_time_and_runs(tmp_path):
    assert copied(tmp_path)
    assert not copied(tmp_path)
    (tmp_path / "settings.json").write_text(json.dumps({}))
    command = [sys.executable, "-I", "-S", "collector.pyz", "settings.json", "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
