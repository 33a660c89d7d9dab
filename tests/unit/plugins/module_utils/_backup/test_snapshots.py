# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What restic prints, of both versions that Debian has."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._backup.snapshots import (
    Entry,
    Snapshot,
    choose,
    complaint,
    parse_entry,
    parse_snapshots,
    parse_summary,
    parse_time,
)
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import Error

ROOT = "/var/vmail/.postfix_manager/backup"


def snapshot(number, host="mx", paths=(ROOT,)):
    return Snapshot(f"{number:064x}"[::-1], number, host, paths, ["postfix_manager"])


def test_snapshots_come_oldest_first():
    text = """[{"time":"2026-11-25T13:12:24.7Z","hostname":"mx","paths":["/b"],"id":"2222","tags":["t"]},
    {"time":"2026-11-25T14:12:23+01:00","hostname":"mx","paths":["/a"],"id":"1111"}]"""
    assert [(one.id, one.time, one.tags) for one in parse_snapshots(text)] == [
        ("1111", 1795612343, []),
        ("2222", 1795612344, ["t"]),
    ]
    assert parse_snapshots("null") == []


def test_an_entry_keeps_its_time_to_the_nanosecond():
    line = (
        '{"name":"a","type":"file","path":"/m/a","uid":1,"size":5,"mtime":"2026-11-25T13:12:19.000000007Z",'
        '"struct_type":"node"}'
    )
    assert parse_entry(line) == Entry("/m/a", "file", 5, 1795612339_000000007)
    assert parse_entry('{"struct_type":"snapshot","paths":[]}') is None


def test_no_time_is_an_error():
    with pytest.raises(Error):
        parse_time("yesterday")


def test_the_summary_is_the_last_message():
    assert parse_summary('{"message_type":"status"}\n{"message_type":"summary","data_added":7}\n')["data_added"] == 7
    with pytest.raises(Error):
        parse_summary("")


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ("Fatal: wrong password or no key found", "the password is wrong"),
        (
            '{"message_type":"exit_error","code":12,"message":"Fatal: wrong password or no key found"}',
            "the password is wrong",
        ),
        (
            "Fatal: unable to open config file: stat /x: no such file\nIs there a repository at",
            "there is no repository",
        ),
        ("unable to create lock in backend: repository is already locked by PID 7", "somebody else works on it"),
        ("ignoring error for /a: ciphertext verification failed\nFatal: There were 1 errors", "its data is damaged"),
        ("Fatal: write /r: no space left on device", "there is no room"),
    ],
)
def test_complaints_are_said_with_a_cure(said, what):
    assert complaint("/srv/r", said).startswith(f"/srv/r: {what}")


def test_another_complaint_is_passed_on():
    assert (
        complaint("/srv/r", "something new") == "/srv/r: restic failed, nothing on this host was changed: something new"
    )


def test_latest_is_the_last_one_of_the_host_that_is_ours():
    found = [snapshot(1), snapshot(2), snapshot(3, "other"), snapshot(4, paths=("/etc",))]
    assert choose(found, "latest", "mx") == found[1]
    assert choose(found, found[0].id[:8] + found[0].id[8:], "mx") == found[0]


@pytest.mark.parametrize(
    ("wanted", "host", "says"),
    [
        ("latest", "nobody", "has those of mx, other"),
        ("abcdef", "mx", "names no snapshot"),
        ("000000", "mx", "names no snapshot"),
    ],
)
def test_what_is_not_there_is_said(wanted, host, says):
    with pytest.raises(Error, match=says):
        choose([snapshot(1), snapshot(3, "other")], wanted, host)


def test_a_foreign_snapshot_is_refused():
    foreign = snapshot(4, paths=("/etc",))
    with pytest.raises(Error, match="not made by this collection"):
        choose([foreign], foreign.id, "mx")
