# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Columns of SQL queries."""

from __future__ import annotations

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.upgrade.queries import converted_query


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("SELECT password FROM m WHERE u = '%u'", "SELECT password FROM m WHERE u = '%{user}'"),
        ("SELECT CONCAT('*:bytes=', q) AS quota_rule FROM m", "SELECT CONCAT(q, 'B') AS quota_storage_size FROM m"),
        (
            "SELECT concat('*:storage=', q, 'M') AS userdb_quota_rule FROM m",
            "SELECT CONCAT(q, 'M') AS userdb_quota_storage_size FROM m",
        ),
        ("SELECT '*:bytes=' || q AS quota_rule FROM m", "SELECT q || 'B' AS quota_storage_size FROM m"),
        ("SELECT '*:storage=100M' quota_rule FROM m", "SELECT '100M' AS quota_storage_size FROM m"),
        ("SELECT '*:storage=1024' AS quota_rule", "SELECT '1024K' AS quota_storage_size"),
        (
            "SELECT concat('maildir:/srv/', d) AS mail, 1 AS uid FROM m",
            "SELECT CONCAT('/srv/', d) AS mail_path, 'maildir' AS mail_driver, 1 AS uid FROM m",
        ),
        (
            "SELECT CONCAT(format, ':~/', folder) AS mail FROM m",
            "SELECT CONCAT('~/', folder) AS mail_path, format AS mail_driver FROM m",
        ),
        (
            "SELECT 'maildir:' || p || ':INDEX=/i/' || p || ':UTF-8' AS mail FROM m",
            "SELECT p AS mail_path, 'maildir' AS mail_driver, '/i/' || p AS mail_index_path, 'yes' AS mailbox_list_utf8"
            " FROM m",
        ),
        (
            "SELECT CONCAT('*:storage=', q, 'M:messages=', n) AS quota_rule FROM m",
            "SELECT CONCAT(q, 'M') AS quota_storage_size, n AS quota_message_count FROM m",
        ),
        ("SELECT LOWER('%u') AS master_user FROM m", "SELECT LOWER('%{user}') AS acl_user FROM m"),
        ("SELECT ('*:bytes=' || q) AS quota_rule FROM m", "SELECT q || 'B' AS quota_storage_size FROM m"),
        ("SELECT a.mail_id, b FROM m", "SELECT a.mail_id, b FROM m"),
        ("SELECT f(a, 'x, FROM y') AS home FROM m", "SELECT f(a, 'x, FROM y') AS home FROM m"),
        ("UPDATE m SET x = '%w'", "UPDATE m SET x = '%{password}'"),
    ],
)
def test_a_query(old: str, new: str) -> None:
    assert converted_query(old) == (new, [])


@pytest.mark.parametrize(
    "old",
    [
        "SELECT quota_rule FROM m",
        "SELECT mail FROM m",
        "SELECT CONCAT('*:files=', n) AS quota_rule FROM m",
        "SELECT CONCAT('Trash:storage=', q) AS quota_rule FROM m",
        "SELECT CONCAT('*:', kind, '=', q) AS quota_rule FROM m",
        "SELECT CONCAT('maildir:', p, ':COLOUR=red') AS mail FROM m",
        "SELECT CONCAT('tape:', p) AS mail FROM m",
        "SELECT CONCAT(format, path) AS mail FROM m",
        "SELECT CONCAT(a, b, ':', path) AS mail FROM m",
        "CALL user('%u') /* quota_rule */",
        "SELECT x FROM m WHERE u LIKE '%'",
    ],
)
def test_what_somebody_has_to_decide_about(old: str) -> None:
    assert len(converted_query(old)[1]) == 1
