# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmarks of Postfix: its configuration, tables and queue."""

from __future__ import annotations

import json
from statistics import median

from bed import HERE, Bed, empty_module
from result import Result

TABLE = "/etc/postfix/rows"


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
        empty_module(bed),
    )
    return Result(median(ours), median(peer), "postmap alone", goal=2.0, empty=median(empty))


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
    ours, peer, empty = bed.timed((":", f"python3 {packed}"), (":", "postfix check"), empty_module(bed))
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
        empty_module(bed),
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


CASES = {
    case.__name__: case
    for case in (
        postfix_table_50k,
        findings,
        postfix_config_nochange,
        queue_delete_10k_of_50k,
        queue_info_50k,
    )
}
