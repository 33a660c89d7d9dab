# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmarks of the accounts, in SQLite."""

from __future__ import annotations

import json
import random
import string
import tempfile
from statistics import median

from bed import HERE, Bed, empty_module, seconds_of
from result import Result

FOLDER = "/var/lib/postfix_manager"
DATABASE = f"{FOLDER}/accounts.sqlite"
# The container has no Postfix, whose group would own the database.
PLACE = {"database": DATABASE, "database_group": "root"}
DUMP = "/tmp/rows.sql"


def mailboxes(count: int) -> list[dict[str, object]]:
    """That many mailboxes with a password hash each, always the same ones."""
    chance = random.Random(1)
    letters = string.ascii_letters + string.digits
    return [
        {
            "address": f"user{number:05d}@example.test",
            "name": f"User {number}",
            "password_hash": "$6$"
            + "".join(chance.choices(letters, k=16))
            + "$"
            + "".join(chance.choices(letters, k=86)),
        }
        for number in range(count)
    ]


def _packed_mailboxes(bed: Bed, count: int) -> str:
    """The module ``mailboxes`` packed with so many mailboxes; the database holds them, and DUMP has its rows as SQL."""
    bed.sh(
        "export DEBIAN_FRONTEND=noninteractive; apt-get -qq install -y --no-install-recommends sqlite3 >/dev/null;"
        f"mkdir -p {FOLDER}; rm -f {DATABASE}*"
    )
    bed.packed("postfix_manager.mail.virtual_domain", {"domain": "example.test", **PLACE})
    bed.sh(f"sqlite3 {DATABASE} 'PRAGMA wal_checkpoint(TRUNCATE)'; cp {DATABASE} /tmp/with-domain.sqlite")
    packed = bed.packed("postfix_manager.mail.mailboxes", {"mailboxes": mailboxes(count), **PLACE})
    rows = int(bed.sh(f"sqlite3 {DATABASE} 'SELECT count(*) FROM mailbox'"))
    assert rows == count, f"{rows} mailboxes instead of {count}"
    bed.sh(f"{{ echo 'PRAGMA journal_mode = WAL;'; sqlite3 {DATABASE} .dump; }} >{DUMP}")
    return packed


def mailboxes_10k_create(bed: Bed) -> Result:
    """10,000 mailboxes with password hashes into a database that knows their domain.

    Ours: the packed module's run on the target, Python's start included. Peer: the sqlite3 shell reading the dump of
    the very same rows, one transaction, into a new file with the same journal.
    """
    packed = _packed_mailboxes(bed, 10_000)
    ours, peer, empty = bed.timed(
        (f"rm -f {DATABASE}*; cp /tmp/with-domain.sqlite {DATABASE}", f"python3 {packed}"),
        ("rm -f /tmp/peer.sqlite*", f"sqlite3 /tmp/peer.sqlite <{DUMP}"),
        empty_module(bed),
    )
    name = "sqlite3 shell, the same rows in one transaction"
    return Result(median(ours), median(peer), name, goal=3.0, empty=median(empty))


def mailboxes_10k_nochange(bed: Bed) -> Result:
    """The same 10,000 mailboxes again, nothing to do.

    Ours: the packed module's run on the target. Peer: the sqlite3 shell printing the same rows.
    """
    packed = _packed_mailboxes(bed, 10_000)
    # The shell takes SQLite's side files away when it closes the database; the run before brings them back.
    bed.sh(f"python3 {packed}")
    said = json.loads(bed.sh(f"python3 {packed}"))
    assert said["changed"] is False, said
    ours, peer = bed.timed(
        (f"python3 {packed}", f"python3 {packed}"),
        (":", f"sqlite3 {DATABASE} 'SELECT * FROM mailbox; SELECT * FROM alias' >/dev/null"),
    )
    return Result(median(ours), median(peer), "sqlite3 shell, printing the rows", goal=1.5, goal_is_for="ours")


def mailbox_loop_100(bed: Bed) -> Result:
    """100 mailboxes, seconds of the task as the controller sees it. Ours: one call. Peer: a loop of ``mailbox``."""
    loops, calls = [], []
    with tempfile.NamedTemporaryFile("w", suffix=".json") as declared:
        json.dump(mailboxes(100), declared)
        declared.flush()
        for run in range(3):
            folder = f"{FOLDER}/loop{run}"
            bed.sh(f"mkdir -p {folder}")
            printed = bed.play(HERE / "loop.yml", mailboxes_file=declared.name, folder=folder)
            loop, call = seconds_of(printed, ["loop", "call"])
            loops.append(loop)
            calls.append(call)
    return Result(median(calls), median(loops), "a task loop of the module mailbox", goal=0.1)


CASES = {case.__name__: case for case in (mailboxes_10k_create, mailboxes_10k_nochange, mailbox_loop_100)}
