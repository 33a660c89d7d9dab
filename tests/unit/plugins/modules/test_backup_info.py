# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The declaration of backup_info: what it lists, in check mode too."""

import json

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine import files
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.backups import Keep
from ansible_collections.postfix_manager.mail.plugins.modules import backup_info


def run(capsys, **options):
    with patch_module_args(options), pytest.raises(SystemExit):
        backup_info.main()
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("check", [False, True])
def test_it_lists_and_changes_nothing(capsys, tmp_path, check):
    change = files.FileChange(str(tmp_path / "main.cf"), b"password = hunter2\n")
    files.replace_files(str(tmp_path), [change], Keep(str(tmp_path / "kept"), "/etc/postfix", "because"))
    said = run(capsys, backup_directory=str(tmp_path / "kept"), configuration="/etc/postfix", _ansible_check_mode=check)
    assert said["changed"] is False
    assert [backup["reason"] for backup in said["backups"]] == ["because"]
    assert said["summary"] == [f"{said['backups'][0]['id']} /etc/postfix: because"]
    assert "hunter2" not in json.dumps(said)


def test_nothing_is_there(capsys, tmp_path):
    said = run(capsys, backup_directory=str(tmp_path / "none"))
    assert (said["backups"], said["damaged"], said["summary"]) == ([], [], [])
