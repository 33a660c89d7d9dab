# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The program of the timer: it runs by itself, tells how it went, and never twice at once."""

import fcntl
import json
import os
import subprocess
import sys

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.sync import memory_host, program
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine import job_status
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.arguments import SHARED
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.programs import bundled


@pytest.fixture
def job(tmp_path, monkeypatch, capsys):
    """Runs the program on a source that does not exist, and returns exit code, output and status."""
    monkeypatch.setattr(program, "SETTINGS", str(tmp_path))
    monkeypatch.setattr(memory_host, "FOLDER", str(tmp_path / "sync"))
    monkeypatch.setattr(job_status, "STATUS_DIRECTORY", str(tmp_path / "status"))
    monkeypatch.setattr(job_status, "NODE_EXPORTER", str(tmp_path / "none"))
    monkeypatch.setattr(sys, "argv", ["program", "firm"])
    options = {}
    for spec in ("account_sync", "store", "directory"):
        options.update({name: option.get("default") for name, option in SHARED[spec].items()})
    source = {name: option.get("default") for name, option in SHARED["account_sync"]["source"]["options"].items()}
    source.update({"store": "sqlite", "database": str(tmp_path / "none.sqlite")})
    options.update({"name": "firm", "source": source, "live": False, "database": str(tmp_path / "accounts.sqlite")})
    (tmp_path / "firm.json").write_text(json.dumps(options))

    def run():
        code = program.main()
        said = capsys.readouterr()
        return code, said.out + said.err, job_status.read("account_sync_firm")

    return run


def test_a_failure_is_told(job):
    code, said, status = job()
    assert code == 1
    assert "none.sqlite' does not exist; name the database to read" in said
    assert (status["success"], status["last_success"]) == (False, None)
    assert "none.sqlite' does not exist" in status["message"]


def test_a_second_one_is_skipped(job, tmp_path):
    folder = tmp_path / "sync/firm"
    folder.mkdir(parents=True)
    holder = os.open(folder, os.O_RDONLY)
    fcntl.flock(holder, fcntl.LOCK_EX)
    assert job() == (0, "firm: skipped, for another run is going on\n", {})
    os.close(holder)


def test_a_job_that_is_not_there(job, tmp_path):
    (tmp_path / "firm.json").unlink()
    code, said, _status = job()
    assert code == 1
    assert "firm.json" in said


def test_it_runs_without_the_collection(tmp_path):
    path = tmp_path / "program"
    path.write_bytes(bundled(program.main))
    done = subprocess.run([sys.executable, "-I", path], capture_output=True, text=True, check=False, cwd="/")
    assert (done.returncode, done.stderr) == (64, "usage: postfix-manager-account-sync NAME\n")
