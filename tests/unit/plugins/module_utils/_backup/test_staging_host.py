# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Staging a mailbox: whole, by links, whatever happens to it meanwhile."""

import os
import threading

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._backup import staging_host
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import Error


@pytest.fixture
def mail(tmp_path):
    """A mail directory with one mailbox, two folders in it, and room for a stage beside it."""
    maildir = tmp_path / "mail/example.test/alice/Maildir"
    for folder in (maildir, maildir / ".Archive"):
        for name in ("cur", "new", "tmp"):
            (folder / name).mkdir(parents=True)
    (maildir / "cur/one:2,S").write_text("one")
    (maildir / "new/two").write_text("two")
    (maildir / "tmp/half").write_text("half")
    (maildir / ".Archive/cur/three:2,Fa").write_text("three")
    (maildir / "dovecot-uidlist").write_text("3 V1 N3\n1 :one\n2 :tw")
    (maildir / "dovecot.index.log").write_text("derived")
    (maildir.parent / "sieve").mkdir()
    (maildir.parent / "sieve/rules.sieve").write_text("keep;")
    (maildir.parent / ".dovecot.sieve").symlink_to("sieve/rules.sieve")
    (tmp_path / "stage").mkdir()
    return maildir


def files(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir() or path.is_symlink())


def test_all_that_counts_is_staged(tmp_path, mail):
    counts = staging_host.stage_mail(str(tmp_path / "mail"), str(tmp_path / "stage"))
    stage = tmp_path / "stage/example.test/alice"
    assert files(stage) == [
        ".dovecot.sieve",
        "Maildir/.Archive/cur/three:2,Fa",
        "Maildir/cur/one:2,S",
        "Maildir/dovecot-uidlist",
        "Maildir/new/two",
        "sieve/rules.sieve",
    ]
    assert counts == {"example.test/alice/Maildir": staging_host.Count(3, 2, True)}
    assert (stage / "Maildir/cur/one:2,S").samefile(mail / "cur/one:2,S")
    assert (stage / "Maildir/dovecot-uidlist").read_text() == "3 V1 N3\n1 :one\n"
    assert not (stage / "Maildir/dovecot-uidlist").samefile(mail / "dovecot-uidlist")


def test_what_moves_while_it_is_listed_is_staged_once(tmp_path, mail, monkeypatch):
    moves = [
        lambda: os.rename(mail / "new/two", mail / "cur/two:2,S"),
        lambda: os.rename(mail / "cur/two:2,S", mail / ".Archive/cur/two-moved:2,S"),
        lambda: os.unlink(mail / "cur/one:2,S"),
    ]
    listing = staging_host._listing

    def list_and_move(folder):
        found = listing(folder)
        if moves:
            moves.pop(0)()
        return found

    monkeypatch.setattr(staging_host, "_listing", list_and_move)
    counts = staging_host.stage_mail(str(tmp_path / "mail"), str(tmp_path / "stage"))
    found = [path for path in files(tmp_path / "stage/example.test/alice/Maildir") if "uidlist" not in path]
    assert found == [".Archive/cur/three:2,Fa", ".Archive/cur/two-moved:2,S"]
    assert list(counts.values()) == [staging_host.Count(2, 2, True)]


def test_in_a_mailbox_that_never_rests_nothing_is_missing(tmp_path, mail):
    """Messages that are there all the time, while others are renamed as fast as it goes."""
    for number in range(50):
        (mail / f"cur/{number}:2,").write_text(str(number))
    done = threading.Event()

    def rename():
        letters = ["", "S"]
        while not done.is_set():
            for number in range(50):
                os.rename(mail / f"cur/{number}:2,{letters[0]}", mail / f"cur/{number}:2,{letters[1]}")
            letters.reverse()

    thread = threading.Thread(target=rename)
    thread.start()
    try:
        staging_host.stage_mail(str(tmp_path / "mail"), str(tmp_path / "stage"))
    finally:
        done.set()
        thread.join()
    staged = [name.partition(":")[0] for name in os.listdir(tmp_path / "stage/example.test/alice/Maildir/cur")]
    assert sorted(staged) == sorted(["one", *map(str, range(50))])


def test_a_queue_is_copied_without_what_is_half_written(tmp_path):
    for name, mode in (("deferred/A/A1", 0o700), ("incoming/B2", 0o600), ("hold/C3", 0o700), ("defer/A/A1", 0o600)):
        path = tmp_path / "queue" / name
        path.parent.mkdir(parents=True)
        path.write_text(name)
        path.chmod(mode)
    assert staging_host.stage_queue(str(tmp_path / "queue"), str(tmp_path / "copy")) == 2
    assert files(tmp_path / "copy") == ["deferred/A/A1", "hold/C3"]


def test_work_begins_in_an_empty_private_folder(tmp_path):
    folder = staging_host.fresh_work(str(tmp_path), "backup")
    (tmp_path / ".postfix_manager/backup/left").write_text("")
    assert staging_host.fresh_work(str(tmp_path), "backup") == folder
    assert os.listdir(folder) == []
    assert os.stat(folder).st_mode & 0o777 == 0o700
    with pytest.raises(Error, match="does not exist"):
        staging_host.fresh_work(str(tmp_path / "nowhere"), "backup")
