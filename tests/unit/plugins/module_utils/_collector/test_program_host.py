# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is due, and the program as a whole on files of its own."""

from __future__ import annotations

import json
import os

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._collector.program_host import main
from ansible_collections.postfix_manager.mail.plugins.module_utils._collector.schedule import due, read_settings
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import Error

SETTINGS = {"queue": {"interval": 60}, "probe": {"interval": 300}}


def test_a_source_is_due_when_its_file_is_old_or_missing_or_from_the_future():
    assert due(SETTINGS, {}, 1000) == ["queue", "probe"]
    assert due(SETTINGS, {"queue": 941, "probe": 941}, 1000) == ["queue"]
    assert due(SETTINGS, {"queue": 990, "probe": 990}, 1000) == []
    assert due(SETTINGS, {"queue": 2000, "probe": 990}, 1000) == ["queue"]


@pytest.mark.parametrize(("text", "word"), [("{", "no JSON"), ('{"nose": {}}', "nose")])
def test_bad_settings_are_refused(text, word):
    with pytest.raises(Error, match=word):
        read_settings(text, SETTINGS)


def test_the_program_writes_what_is_asked_for_says_what_fails_and_removes_the_rest(tmp_path, capsys, monkeypatch):
    (tmp_path / "settings.json").write_text(
        json.dumps({"certificates": {"interval": 60, "files": [str(tmp_path / "none.pem")], "services": []}})
    )
    (tmp_path / "postfix_manager_queue.prom").write_text("old")
    (tmp_path / "postfix_manager_backup.prom").write_text("of a job")
    monkeypatch.setattr("sys.argv", ["collector", str(tmp_path / "settings.json"), str(tmp_path)])
    assert main() == 0
    assert sorted(name for name in os.listdir(tmp_path) if name.endswith(".prom")) == [
        "postfix_manager_backup.prom",
        "postfix_manager_certificates.prom",
    ]
    text = (tmp_path / "postfix_manager_certificates.prom").read_text()
    assert 'postfix_manager_collector_success{source="certificates"} 0' in text
    assert "there is no such file" in capsys.readouterr().err
    before = os.stat(tmp_path / "postfix_manager_certificates.prom").st_mtime_ns
    assert main() == 0
    assert os.stat(tmp_path / "postfix_manager_certificates.prom").st_mtime_ns == before
