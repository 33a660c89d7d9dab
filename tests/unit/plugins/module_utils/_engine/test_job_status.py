# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What monitoring reads of a job."""

import json

from ansible_collections.postfix_manager.mail.plugins.module_utils._engine import job_status as status


def test_a_status_is_read_as_it_was_written(tmp_path, monkeypatch):
    monkeypatch.setattr(status, "STATUS_DIRECTORY", str(tmp_path / "status"))
    monkeypatch.setattr(status, "NODE_EXPORTER", str(tmp_path / "exporter"))
    assert status.read("backup") == {}
    failed = status.Status("backup", 100, 110, False, "the password is wrong", 50)
    status.write(failed)
    assert json.loads((tmp_path / "status/backup.json").read_text()) == status.read("backup") == vars(failed)
    (tmp_path / "exporter").mkdir()
    status.write(failed)
    metrics = (tmp_path / "exporter/postfix_manager_backup.prom").read_text().splitlines()
    assert 'postfix_manager_job_success{job="backup"} 0' in metrics
    assert 'postfix_manager_job_last_success_timestamp_seconds{job="backup"} 50' in metrics
    assert oct((tmp_path / "status/backup.json").stat().st_mode & 0o777) == "0o644"


def test_counts_are_told_too(tmp_path, monkeypatch):
    monkeypatch.setattr(status, "STATUS_DIRECTORY", str(tmp_path))
    monkeypatch.setattr(status, "NODE_EXPORTER", str(tmp_path))
    status.write(status.Status("sync", 1, 2, True, "done", 2, {"created": 3, "conflict": 0}))
    assert status.read("sync")["counts"] == {"created": 3, "conflict": 0}
    metrics = (tmp_path / "postfix_manager_sync.prom").read_text()
    assert metrics.count("# TYPE postfix_manager_job_count gauge") == 1
    assert 'postfix_manager_job_count{job="sync",of="created"} 3\n' in metrics


def test_a_file_that_is_none_of_ours_counts_as_none(tmp_path, monkeypatch):
    monkeypatch.setattr(status, "STATUS_DIRECTORY", str(tmp_path))
    for text in ("", "[]"):
        (tmp_path / "backup.json").write_text(text)
        assert status.read("backup") == {}
