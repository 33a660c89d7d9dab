# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What of a mailbox comes back, and what is there already."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._backup import homes
from ansible_collections.postfix_manager.mail.plugins.module_utils._backup.homes import Home
from ansible_collections.postfix_manager.mail.plugins.module_utils._backup.snapshots import Entry

TOP = "/var/vmail/.postfix_manager/backup/mail"
ODD = 1795612339_000000007


def home(*files, folders=("Maildir",)):
    found = Home()
    for folder in folders:
        found.add(folder, "dir", 0, 0)
        found.add(f"{folder}/cur", "dir", 0, 0)
    for path, size, mtime in files:
        found.add(path, "file", size, mtime)
    return found


def test_a_snapshot_is_sorted_by_mailbox():
    entries = [
        Entry(f"{TOP}/example.test", "dir", 0, 0),
        Entry(f"{TOP}/stray", "file", 1, 0),
        Entry(f"{TOP}/example.test/alice", "dir", 0, 0),
        Entry(f"{TOP}/example.test/alice/Maildir/cur", "dir", 0, 0),
        Entry(f"{TOP}/example.test/alice/Maildir/cur/a,S=5:2,S", "file", 5, ODD),
        Entry(f"{TOP}/example.test/alice/Maildir/cur/.nfs0001", "file", 5, ODD),
        Entry(f"{TOP}/example.test/alice/Maildir/dovecot-uidlist", "file", 9, 0),
        Entry(f"{TOP}/example.test/alice/Maildir/subscriptions", "file", 7, 0),
        Entry(f"{TOP}/example.test/bob", "dir", 0, 0),
    ]
    found = homes.homes_of(entries, TOP)
    assert list(found) == ["example.test/alice", "example.test/bob"]
    alice = found["example.test/alice"]
    assert (alice.folders, list(alice.messages)) == ({"Maildir"}, [("Maildir", "a,S=5")])
    assert list(alice.files) == ["Maildir/subscriptions"]


def test_everything_comes_back_to_a_home_that_is_gone():
    saved = home(("Maildir/cur/a:2,S", 5, ODD), ("sieve/rules.sieve", 4, 0))
    decision = homes.decide(saved, Home())
    assert decision.missing == [("Maildir", "a")]
    assert decision.folders == ["Maildir"]
    assert decision.files == ["sieve/rules.sieve"]
    assert decision.changes


def test_a_message_is_there_under_any_flags():
    saved, present = home(("Maildir/new/a", 5, ODD)), home(("Maildir/cur/a:2,FS", 5, ODD))
    decision = homes.decide(saved, present)
    assert not decision.changes
    assert not decision.newer


def test_a_message_that_was_moved_is_there_and_counts_once():
    folders = ("Maildir", "Maildir/.Archive")
    saved = home(("Maildir/cur/a", 5, ODD), ("Maildir/cur/b", 5, ODD), folders=folders)
    present = home(("Maildir/.Archive/cur/c", 5, ODD), folders=folders)
    decision = homes.decide(saved, present)
    assert (decision.moved, decision.missing, decision.newer) == ([("Maildir", "a")], [("Maildir", "b")], [])


@pytest.mark.parametrize(("size", "mtime"), [(5, ODD + 1), (6, ODD), (5, ODD // 10**9 * 10**9)])
def test_another_message_is_newer_mail(size, mtime):
    saved, present = (
        home(("Maildir/cur/a", 5, mtime if mtime % 10**9 == 0 else ODD)),
        home(("Maildir/cur/c", size, mtime)),
    )
    decision = homes.decide(saved, present)
    assert (decision.missing, decision.newer) == ([("Maildir", "a")], [("Maildir", "c")])


def test_subscriptions_are_replaced_where_the_mailbox_is_new_alone():
    saved = home(("Maildir/cur/a", 5, ODD), ("Maildir/subscriptions", 9, 1))
    fresh = home(("Maildir/subscriptions", 4, 2))
    used = home(("Maildir/cur/a", 5, ODD), ("Maildir/subscriptions", 4, 2))
    assert homes.decide(saved, fresh).files == ["Maildir/subscriptions"]
    assert homes.decide(saved, used).files == []
    assert homes.decide(home(("Maildir/subscriptions", 9, 1)), home(("Maildir/subscriptions", 9, 1))).files == []


def test_a_few_messages_bring_their_folder_and_nothing_more():
    saved = home(("Maildir/.A/cur/a", 5, ODD), ("Maildir/cur/b", 5, ODD), folders=("Maildir", "Maildir/.A"))
    part = homes.only(homes.decide(saved, Home()), saved, {("Maildir/.A", "a")})
    assert (part.missing, part.folders, part.files, part.newer) == ([("Maildir/.A", "a")], ["Maildir/.A"], [], [])


def test_names_for_people():
    assert homes.home_of("Alice@Example.test") == "example.test/alice"
    assert homes.address("example.test/alice") == "alice@example.test"
    assert homes.folder_name("Maildir") == "INBOX"
    assert homes.folder_name("Maildir/.Projects.2026 [x]") == "Projects/2026 [x]"
    saved = home(("Maildir/cur/a", 5, ODD), ("sieve/x", 1, 1))
    assert homes.describe(saved, [("Maildir/.A", "b")], ["Maildir/.A"]) == "A: 1 messages\nINBOX: 1 messages\nsieve/x\n"
    assert homes.summary(homes.decide(saved, Home()), saved) == {
        "restored": 1,
        "present": 0,
        "moved": 0,
        "newer": 0,
        "folders": {"INBOX": 1},
        "files": ["sieve/x"],
    }
