# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._probe.hops import FAILURES
from ansible_collections.postfix_manager.mail.plugins.module_utils._probe.imap import Mailbox, listed, quoted
from ansible_collections.postfix_manager.mail.plugins.module_utils._probe.settings import Service
from ansible_collections.postfix_manager.mail.plugins.module_utils._probe.target import Target


def test_folder_names_in_every_form_a_server_uses():
    lines = [
        rb'(\HasNoChildren \Junk) "." Junk',
        rb'(\HasNoChildren) "/" "Deleted Items"',
        rb'(\HasNoChildren) "/" "say \"hi\" \\ there"',
        rb"(\HasChildren) NIL INBOX",
        rb'() "\\" Entw&APw-rfe',
        (rb'(\HasNoChildren) "/" {9}', b'odd "name'),
        b"",
    ]
    assert listed(lines) == [
        "Junk",
        "Deleted Items",
        'say "hi" \\ there',
        "INBOX",
        "Entw&APw-rfe",
        'odd "name',
    ]


def test_folders_that_cannot_be_opened_are_left_out():
    assert listed([rb'(\Noselect \HasChildren) "/" Shared', rb'(\NonExistent) "/" Gone', None]) == []


def test_quoted_names_survive_a_round_trip():
    name = 'a "b" \\ c'
    assert listed([b'() "/" ' + quoted(name).encode()]) == [name]


def test_a_mailbox_that_is_not_open_fails_like_a_server():
    mailbox = Mailbox(Target("127.0.0.1", None, 0.0), Service("imaps", 993, "Dovecot"), "INBOX")
    assert not mailbox.is_open
    mailbox.close()
    with pytest.raises(FAILURES, match="not open"):
        mailbox.find("token")
