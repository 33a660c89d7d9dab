# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A program made of our modules: it runs by itself, and is the same each time."""

import os
import subprocess
import sys
import zipfile

from ansible_collections.postfix_manager.mail.plugins.module_utils._backup import program
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.programs import bundled


def test_it_runs_without_the_collection(tmp_path):
    path = tmp_path / "program"
    path.write_bytes(bundled(program.main))
    done = subprocess.run([sys.executable, "-I", path], capture_output=True, text=True, check=False, cwd="/")
    assert (done.returncode, done.stderr) == (64, "usage: postfix-manager-backup run|verify\n")
    assert path.read_bytes().startswith(b"#!/usr/bin/python3\n")


def test_it_holds_what_it_needs_and_nothing_of_ansible(tmp_path):
    path = tmp_path / "program"
    path.write_bytes(bundled(program.main))
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        assert all(b"import ansible" not in archive.read(name) for name in names)
    assert {"__main__.py", "postfix_manager/_backup/jobs_host.py", "postfix_manager/_engine/commands.py"} < set(names)
    assert "postfix_manager/_engine/runner.py" not in names
    assert not any(os.path.isabs(name) for name in names)


def test_it_is_the_same_each_time():
    assert bundled(program.main) == bundled(program.main)
