# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmarks. Each is a function from the test bed to a ``Result``; its docstring says what is measured."""

from __future__ import annotations

import json
import os
import random
import string
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Optional

import pflogsumm
from bed import HERE, Bed, changes_of, seconds_of, tasks_of

FOLDER = "/var/lib/postfix_manager"
DATABASE = f"{FOLDER}/accounts.sqlite"
# The container has no Postfix, whose group would own the database.
PLACE = {"database": DATABASE, "database_group": "root"}
DUMP = "/tmp/rows.sql"
TABLE = "/etc/postfix/rows"
LOG = "/var/tmp/mail.log"
EXACT_BYTES = 40_000_000
# A machine that others use, too, may take a smaller log: both read it at the same speed from some 200 MB on.
LOG_BYTES = int(os.environ.get("BENCH_LOG_BYTES", "1000000000"))
# Prints what a command says, and the most memory in kB that it and its children had, as JSON.
PEAK = """
import json, resource, subprocess, sys, threading, time
peak = 0
def pages(pid):
    try:
        with open(f"/proc/{pid}/smaps_rollup") as file:
            own = sum(int(line.split()[1]) for line in file if line.startswith("Pss:"))
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            return own + sum(map(pages, file.read().split()))
    except OSError:
        return 0
running = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE)
def watch():
    global peak
    while running.poll() is None:
        peak = max(peak, pages(running.pid))
        time.sleep(0.1)
watcher = threading.Thread(target=watch)
watcher.start()
said = running.communicate()[0]
watcher.join()
print(json.dumps([json.loads(said), peak]))
"""
NO_OP = "- hosts: all\n  become: true\n  tasks:\n"
SITE = {
    "postfix_hostname": "mail.example.test",
    "accounts_domains": [{"domain": "example.test"}],
    "accounts_mailboxes": [
        {"address": "alice@example.test", "password": "alice-test-password"},
        {"address": "bob@example.test", "password": "bob-test-password"},
    ],
    "accounts_aliases": [{"address": "info@example.test", "destinations": ["alice@example.test"]}],
}


@dataclass(frozen=True)
class Result:
    """Medians of ``ours`` and ``peer``; ``goal`` is the most that the ratio (or, if so said, ours) may be.

    ``empty`` is what a packed module that does nothing took beside them: the part of ``ours`` that is Ansible's.
    """

    ours: float
    peer: float
    peer_name: str
    goal: float
    unit: str = "s"
    goal_is_for: str = "ratio"
    empty: Optional[float] = None

    def as_dict(self) -> dict[str, object]:
        ratio = self.ours / self.peer
        return {
            "ours": round(self.ours, 3),
            "peer": round(self.peer, 3),
            "peer_name": self.peer_name,
            **({} if self.empty is None else {"empty_module": round(self.empty, 3)}),
            "ratio": round(ratio, 3),
            "unit": self.unit,
            "goal": self.goal,
            "goal_is_for": self.goal_is_for,
            "met": (ratio if self.goal_is_for == "ratio" else self.ours) <= self.goal,
        }


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


def _empty_module(bed: Bed) -> tuple[str, str]:
    """A preparation and a command for ``Bed.timed``: the module ``ping``, packed as the others are."""
    return ":", f"python3 {bed.packed('ansible.builtin.ping', {})}"


def mailboxes_10k_create(bed: Bed) -> Result:
    """10,000 mailboxes with password hashes into a database that knows their domain.

    Ours: the packed module's run on the target, Python's start included. Peer: the sqlite3 shell reading the dump of
    the very same rows, one transaction, into a new file with the same journal.
    """
    packed = _packed_mailboxes(bed, 10_000)
    ours, peer, empty = bed.timed(
        (f"rm -f {DATABASE}*; cp /tmp/with-domain.sqlite {DATABASE}", f"python3 {packed}"),
        ("rm -f /tmp/peer.sqlite*", f"sqlite3 /tmp/peer.sqlite <{DUMP}"),
        _empty_module(bed),
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


def postfix_table_50k(bed: Bed) -> Result:
    """A new table of 50,000 addresses with its index.

    Ours: the packed module's run on the target, Python's start included. Peer: ``postmap`` alone, on the very same
    text, which something else would have to bring.
    """
    bed.sh("DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends postfix >/dev/null 2>&1")
    rows = {f"user{number:05d}@example.test": f"mailbox{number}@store.example.test" for number in range(50_000)}
    packed = bed.packed("postfix_manager.mail.postfix_table", {"path": TABLE, "type": "hash", "entries": rows})
    bed.sh(f"cp {TABLE} /tmp/rows")
    found = bed.sh(f"postmap -q user49999@example.test hash:{TABLE}").strip()
    assert found == "mailbox49999@store.example.test", found
    ours, peer, empty = bed.timed(
        (f"rm -f {TABLE}*", f"python3 {packed}"),
        ("rm -f /tmp/rows.db", "postmap hash:/tmp/rows"),
        _empty_module(bed),
    )
    return Result(median(ours), median(peer), "postmap alone", goal=2.0, empty=median(empty))


def site_second_run(bed: Bed) -> Result:
    """A run of the playbook ``site`` that changes nothing, whole, as the user waits for it.

    Peer: a playbook of as many tasks, facts gathered once too, that calls ``ping`` in each.
    """
    bed.play("postfix_manager.mail.site", **SITE)
    ours, peer = [], []
    with tempfile.TemporaryDirectory() as folder:
        pings = Path(folder) / "pings.yml"
        for _run in range(3):
            seconds, printed = bed.play_timed("postfix_manager.mail.site", **SITE)
            ours.append(seconds)
            assert changes_of(printed) == 0, printed
            tasks = tasks_of(printed)
            pings.write_text(NO_OP + "    - ansible.builtin.ping:\n" * (tasks - 1))
            seconds, printed = bed.play_timed(pings)
            peer.append(seconds)
            assert tasks_of(printed) == tasks, printed
    return Result(median(ours), median(peer), f"{tasks} tasks that do nothing", goal=1.3)


def _postfix(bed: Bed) -> None:
    """Postfix as the package configures it."""
    bed.sh(
        "export DEBIAN_FRONTEND=noninteractive; apt-get -qq install -y --no-install-recommends postfix >/dev/null;"
        "cd /etc/postfix; [ -e main.cf.packaged ] || cp main.cf main.cf.packaged; cp main.cf.packaged main.cf"
    )


def findings(bed: Bed) -> Result:
    """The whole catalogue on a main.cf of more than 400 lines, 350 of them parameters, with Debian's master.cf.

    Ours: the packed module ``postfix_config_info`` on the target, Python's start and the report included. It runs
    nine commands, postmulti and ``postfix check`` among them. Peer: ``postfix check`` alone.
    """
    _postfix(bed)
    known = r"postconf -d | grep -E '= (yes|no|[0-9]+[smhd]?)$'"
    bed.sh(f"{known} | grep -vE '^(process_id|multi_instance|mail_release)' | head -n 370 >>/etc/postfix/main.cf")
    packed = bed.packed("postfix_manager.mail.postfix_config_info", {})
    said = json.loads(bed.sh(f"python3 {packed}"))
    lines = int(bed.sh("wc -l </etc/postfix/main.cf"))
    assert lines >= 400 and len(said["parameters"]) >= 350, (lines, len(said["parameters"]))
    assert said["errors"] == 0, said["findings"]
    ours, peer, empty = bed.timed((":", f"python3 {packed}"), (":", "postfix check"), _empty_module(bed))
    return Result(median(ours), median(peer), "postfix check", goal=1.0, goal_is_for="ours", empty=median(empty))


def postfix_config_nochange(bed: Bed) -> Result:
    """50 parameters and 20 services as they are already.

    Ours: the packed module ``postfix_config`` on the target, Python's start included. It runs no command. Peer: one
    ``postconf`` for each parameter, as a loop over single settings needs, without any Ansible around it.
    """
    _postfix(bed)
    known = bed.sh("postconf -d | grep -E '^(smtp|smtpd|lmtp)_[a-z_]+ = [0-9]+[smhd]?$' | head -n 50")
    parameters = dict(line.split(" = ") for line in known.splitlines())
    assert len(parameters) == 50, len(parameters)
    services = [
        {
            "name": f"127.0.0.1:{2600 + number}",
            "type": "inet",
            "command": "smtpd",
            "options": {"syslog_name": f"b{number}"},
        }
        for number in range(20)
    ]
    packed = bed.packed("postfix_manager.mail.postfix_config", {"parameters": parameters, "services": services})
    said = json.loads(bed.sh(f"python3 {packed}"))
    assert said["changed"] is False, said
    ours, peer, empty = bed.timed(
        (":", f"python3 {packed}"),
        (":", f"for name in {' '.join(parameters)}; do postconf -h $name >/dev/null; done"),
        _empty_module(bed),
    )
    return Result(median(ours), median(peer), "50 calls of postconf", goal=0.25, empty=median(empty))


def _queue(bed: Bed) -> str:
    """A queue of 50,000 messages for a destination that is not served; return the command that fills it up again."""
    _postfix(bed)
    fill = bed.sh(
        "cat >/tmp/fill_queue.py; echo python3 /tmp/fill_queue.py", (HERE / "fill_queue.py").read_text()
    ).strip()
    bed.sh("postconf -e defer_transports=smtp mydestination=; systemctl restart postfix; postsuper -d ALL 2>&1")
    for sender, count in (("other@example.test", 40_000), ("victim@example.test", 10_000)):
        send = f"smtp-source -s 20 -m 200 -l 2000 -f {sender} -t you@dead.example.test -N 127.0.0.1:25"
        bed.sh(f"{send}; until postqueue -j | grep {sender} | grep -c deferred | grep -qx 200; do sleep 1; done")
        bed.sh(f"rm -rf /var/tmp/fill_queue/{sender}; {fill} {sender} {count}")
    return f"{fill} victim@example.test 10000"


def queue_delete_10k_of_50k(bed: Bed) -> Result:
    """10,000 messages of one sender deleted from a queue of 50,000.

    Ours: the packed module ``mail_queue`` on the target, Python's start included. It looks at each message again before
    it is deleted, and returns what was deleted. Peer: ``postqueue -j`` through grep and sed to ``postsuper -d -``.
    """
    fill = _queue(bed)
    wanted = {"state": "deleted", "filter": {"sender": "victim@example.test"}, "max_affected": 10_000}
    packed = bed.packed("postfix_manager.mail.mail_queue", wanted)
    bed.sh(fill)
    said = json.loads(bed.sh(f"python3 {packed}"))
    assert (said["affected"], len(said["vanished"])) == (10_000, 0), (said["affected"], said["vanished"][:5])
    ids = r"""grep '"sender": "victim@example.test"' | sed 's/.*"queue_id": "\([^"]*\)".*/\1/'"""
    ours, peer = bed.timed(
        (fill, f"python3 {packed}"),
        (fill, f"postqueue -j | {ids} | postsuper -d -"),
        runs=3,
    )
    left = int(bed.sh("postqueue -j | wc -l"))
    assert left == 40_000, f"{left} messages are left"
    return Result(median(ours), median(peer), "postqueue -j | grep | sed | postsuper -d -", goal=1.2)


def queue_info_50k(bed: Bed) -> Result:
    """The report on a queue of 50,000 messages.

    Ours: the packed module ``mail_queue_info`` on the target, Python's start included. Peer: ``postqueue -j`` into a
    file, which says nothing yet.
    """
    _queue(bed)
    packed = bed.packed("postfix_manager.mail.mail_queue_info", {})
    said = json.loads(bed.sh(f"python3 {packed}"))
    assert said["total"] == 50_000, said["total"]
    ours, peer = bed.timed((":", f"python3 {packed}"), (":", "postqueue -j >/tmp/queue.json"), runs=5)
    return Result(median(ours), median(peer), "postqueue -j", goal=1.5)


def log_1gb(bed: Bed) -> Result:
    """A mail log of 1 GB (BENCH_LOG_BYTES), seven million lines of Postfix and Dovecot, made by ``mail_log.py``.

    Ours: the packed module ``mail_log_info`` on the target, Python's start included. It counts more than the peer does,
    and must come to the same totals, in less than 200 MB of memory. Peer: ``pflogsumm``.
    """
    bed.sh(
        f"export DEBIAN_FRONTEND=noninteractive; apt-get -qq install -y --no-install-recommends pflogsumm >/dev/null;"
        f"python3 - {LOG} {LOG_BYTES}",
        stdin=(HERE / "mail_log.py").read_text(),
    )
    # Numbers above 524,288 are rounded by pflogsumm; those of the beginning are compared to the last message.
    bed.sh(f"head -c {EXACT_BYTES} {LOG} | head -n -1 >{LOG}.part")
    for path in (f"{LOG}.part", LOG):
        packed = bed.packed("postfix_manager.mail.mail_log_info", {"paths": [path]})
        said, kilobytes = json.loads(bed.sh(f"python3 -c '{PEAK}' python3 {packed}"))
        totals = pflogsumm.totals(bed.sh(f"pflogsumm {path}"))
        assert pflogsumm.ours(said["messages"]) == totals, (said["messages"], totals)
        assert not said["log"]["broken_lines"] and not said["log"]["other_lines"], said["log"]
    assert kilobytes < 200_000, f"{kilobytes} kB of memory"
    ours, peer = bed.timed((":", f"python3 {packed}"), (":", f"pflogsumm {LOG}"), runs=2)
    return Result(median(ours), median(peer), f"pflogsumm, the same totals, {LOG_BYTES / 1e6:,.0f} MB", goal=0.33)


CASES: dict[str, Callable[[Bed], Result]] = {
    case.__name__: case
    for case in (
        mailboxes_10k_create,
        mailboxes_10k_nochange,
        mailbox_loop_100,
        postfix_table_50k,
        site_second_run,
        findings,
        postfix_config_nochange,
        queue_delete_10k_of_50k,
        queue_info_50k,
        log_1gb,
    )
}
