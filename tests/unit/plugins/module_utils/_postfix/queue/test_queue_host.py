# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Queue files on the disk: where they are, and whether they are still those that were listed."""

import os
import time

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.queue.messages import Message
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.queue.queue_host import Queue, is_same


@pytest.fixture
def spool(tmp_path):
    for place in ("deferred/A/A1B2C3", "hold/D4E5F6", "corrupt/C0FFEE"):
        path = tmp_path / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"C\x032 1T\x0f1795599706 1234")
    (tmp_path / "hold/link").symlink_to("/etc/passwd")
    return tmp_path


def test_where_messages_are(spool):
    queue = Queue("/etc/postfix", str(spool))
    assert queue.places(["A1B2C3", "D4E5F6", "ABCDEF", "link"]) == {
        "A1B2C3": ("deferred", f"{spool}/deferred/A/A1B2C3"),
        "D4E5F6": ("hold", f"{spool}/hold/D4E5F6"),
    }
    assert set(queue.places(["C0FFEE"])) == {"C0FFEE"}


@pytest.mark.parametrize(("arrival", "before", "same"), [(1, True, True), (1795599706, False, True), (1, False, False)])
def test_only_a_file_that_was_touched_is_read(spool, arrival, before, same):
    path = f"{spool}/hold/D4E5F6"
    since = os.lstat(path).st_ctime + (1 if before else 0)
    assert is_same(Message("hold", "D4E5F6", arrival, 0), path, since) is same


def test_a_damaged_message_is_known_by_the_time_of_its_file(spool):
    path = f"{spool}/corrupt/C0FFEE"
    modified = int(os.lstat(path).st_mtime)
    assert is_same(Message("corrupt", "C0FFEE", modified, 0), path, 0)
    assert not is_same(Message("corrupt", "C0FFEE", modified - 1, 0), path, 0)


def test_a_message_that_is_gone_is_not_the_same(spool):
    assert not is_same(Message("hold", "ABCDEF", 1, 0), f"{spool}/hold/ABCDEF", time.time())
