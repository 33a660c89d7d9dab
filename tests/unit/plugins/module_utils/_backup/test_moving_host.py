# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages move into a mailbox that is in use: with their flags, and UIDs where nobody knows others."""

import os

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._backup import homes, moving_host
from ansible_collections.postfix_manager.mail.plugins.module_utils._backup.homes import Home
from ansible_collections.postfix_manager.mail.plugins.module_utils._backup.moving_host import Task, _Mover, read_home

HOME = "example.test/alice"


@pytest.fixture
def places(tmp_path):
    """A restored mailbox, and room for it."""
    maildir = tmp_path / "staged" / HOME / "Maildir"
    for name in ("cur", "new", ".A/cur", ".A/new"):
        (maildir / name).mkdir(parents=True)
    (maildir / "cur/one:2,Sa").write_text("one")
    (maildir / "new/two").write_text("two")
    (maildir / ".A/cur/three:2,F").write_text("three")
    (maildir / "dovecot-uidlist").write_text("3 V7 N3\n1 :one\n2 :two\n")
    (maildir / "dovecot-keywords").write_text("0 Work\n")
    (maildir.parent / "sieve").mkdir()
    (maildir.parent / "sieve/rules.sieve").write_text("keep;")
    (tmp_path / "mail").mkdir()
    return tmp_path / "staged" / HOME, tmp_path / "mail" / HOME


def move(source, target, whole=True, wanted=None):
    saved, present = read_home(str(source)), read_home(str(target))
    decision = homes.decide(saved, present)
    if wanted:
        decision = homes.only(decision, saved, wanted)
    _Mover(str(source), str(target), os.stat(source)).move(Task(HOME, saved, decision, whole))


def test_a_mailbox_that_is_gone_is_as_it_was(places):
    source, target = places
    before = read_home(str(source))
    move(source, target)
    assert read_home(str(target)) == before
    assert (target / "Maildir/dovecot-uidlist").read_text().splitlines()[0] == "3 V7 N10003"
    assert (target / "Maildir/dovecot-keywords").read_text() == "0 Work\n"
    assert (target / "Maildir/tmp").is_dir()
    assert (target / "sieve/rules.sieve").read_text() == "keep;"


def present(target, validity="7"):
    maildir = target / "Maildir"
    for name in ("cur", "new", "tmp"):
        (maildir / name).mkdir(parents=True)
    (maildir / "cur/four:2,a").write_text("four")
    (maildir / "dovecot-uidlist").write_text(f"3 V{validity} N9\n8 :four\n")
    (maildir / "dovecot-keywords").write_text("0 Home\n")
    (maildir / "dovecot.index.log").write_text("")


def test_a_mailbox_in_use_keeps_its_uids_and_gets_keywords_numbered_its_way(places):
    source, target = places
    present(target)
    move(source, target)
    assert sorted(os.listdir(target / "Maildir/cur")) == ["four:2,a", "one:2,Sb"]
    assert (target / "Maildir/dovecot-keywords").read_text() == "0 Home\n1 Work\n"
    assert (target / "Maildir/dovecot-uidlist").read_text() == "3 V7 N9\n8 :four\n"
    assert (target / "Maildir/dovecot.index.log").exists()
    assert not (target / "Maildir/dovecot-uidlist.lock").exists()


def test_on_a_host_that_was_rebuilt_the_old_uids_count(places):
    source, target = places
    present(target, validity="99")
    move(source, target)
    assert (target / "Maildir/dovecot-uidlist").read_text().startswith("3 V7 N10003\n")
    assert not (target / "Maildir/dovecot.index.log").exists()


def test_one_message_never_brings_the_uids(places):
    source, target = places
    present(target, validity="99")
    move(source, target, whole=False, wanted={("Maildir", "two")})
    assert os.listdir(target / "Maildir/new") == ["two"]
    assert (target / "Maildir/dovecot-uidlist").read_text().startswith("3 V99 N9\n")
    assert not (target / "Maildir/.A").exists()
    assert not (target / "sieve").exists()


def test_a_lock_that_stays_is_an_error(places, monkeypatch):
    source, target = places
    present(target)
    (target / "Maildir/dovecot-uidlist.lock").write_text("")
    monkeypatch.setattr(moving_host, "LOCK_TIME", 0.2)
    with pytest.raises(moving_host.Error, match="look which program holds it"):
        move(source, target)


def test_nothing_is_moved_before_all_of_it_is_there(places):
    source, _target = places
    saved = read_home(str(source))
    task = Task(HOME, saved, homes.decide(saved, Home()), True)
    moving_host._refuse_what_is_not_whole(str(source.parents[1]), [task])
    (source / "Maildir/new/two").write_text("tw")
    with pytest.raises(moving_host.Error, match=r"two of example\.test/alice did not come back"):
        moving_host._refuse_what_is_not_whole(str(source.parents[1]), [task])


def test_a_journal_that_is_not_there_names_nothing(tmp_path):
    assert moving_host.unfinished(str(tmp_path)) == set()
