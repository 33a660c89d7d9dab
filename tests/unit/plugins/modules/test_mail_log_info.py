# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The declaration of mail_log_info: what it says of a log, in check mode too."""

import json

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.postfix_manager.mail.plugins.modules import mail_log_info

LOG = """\
Nov 25 09:38:55 mx postfix/smtpd[4935]: connect from client.example.org[192.0.2.7]
Nov 25 09:38:55 mx postfix/smtpd[4935]: 4jZF4H67tbzHYWl: client=client.example.org[192.0.2.7]
Nov 25 09:38:55 mx postfix/cleanup[4941]: 4jZF4H67tbzHYWl: message-id=<1@example.org>
Nov 25 09:38:55 mx postfix/qmgr[4929]: 4jZF4H67tbzHYWl: from=<carol@example.org>, size=452, nrcpt=1 (queue active)
Nov 25 09:38:56 mx postfix/lmtp[4942]: 4jZF4H67tbzHYWl: to=<alice@example.test>, relay=mx[private/lmtp], delay=0.17, \
delays=0.03/0.01/0.1/0.03, dsn=2.0.0, status=sent (250 2.0.0 Saved)
Nov 25 09:38:56 mx postfix/qmgr[4929]: 4jZF4H67tbzHYWl: removed
"""


def run(capsys, **arguments):
    with patch_module_args(arguments), pytest.raises(SystemExit):
        mail_log_info.main()
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("check", [False, True])
def test_it_reports_and_changes_nothing(capsys, tmp_path, check):
    log = tmp_path / "mail.log"
    log.write_text(LOG)
    said = run(capsys, paths=[str(log)], _ansible_check_mode=check)
    assert said["changed"] is False
    assert (said["messages"]["received"], said["messages"]["delivered"]) == (1, 1)
    assert said["tables"]["senders"] == [{"name": "carol@example.org", "messages": 1, "bytes": 452}]


def test_a_log_that_is_not_there_is_said(capsys, tmp_path):
    said = run(capsys, paths=[str(tmp_path / "mail.log")])
    assert said["failed"]
    assert said["msg"].startswith("paths[0]: ")
    assert "No such file" in said["msg"]


def test_a_cursor_moves_on_unless_in_check_mode(capsys, tmp_path):
    log, cursor = tmp_path / "mail.log", tmp_path / "cursor"
    log.write_text(LOG)
    arguments = {"paths": [str(log)], "cursor": str(cursor)}
    assert run(capsys, **arguments, _ansible_check_mode=True)["messages"]["received"] == 1
    assert not cursor.exists()
    said = run(capsys, **arguments)
    assert (said["changed"], said["messages"]["received"]) == (False, 1)
    assert run(capsys, **arguments)["messages"]["received"] == 0
    with log.open("a") as file:
        file.write(LOG)
    assert run(capsys, **arguments)["messages"]["received"] == 1


def test_a_message_is_traced(capsys, tmp_path):
    log = tmp_path / "mail.log"
    log.write_text(LOG)
    said = run(capsys, paths=[str(log)], trace={"message_id": "1@example.org"}, addresses="dropped")
    assert len(said["trace"]["events"]) == 6
    assert "alice" not in str(said["trace"])
