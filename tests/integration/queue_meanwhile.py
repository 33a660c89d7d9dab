# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Have the queue change between the look of mail_queue and what it does, and say what became of the messages.

    queue_meanwhile.py between|full|traffic

Runs as root on a mail server, with the library of the modules in /tmp/library. What it found is printed as JSON.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, "/tmp/library")

from module_utils._engine.errors import Error
from module_utils._engine.plan import Plan
from module_utils._postfix.queue.change_host import plan_change
from module_utils._postfix.queue.queue_host import open_queue

SPOOL = "/var/spool/postfix"
SENT = 200


def plan(state: str, sender: str, archive: str | None = None) -> Plan:
    limits = {"max_affected": 10_000, "list_limit": 10, "recipient_limit": 1}
    wanted = {"state": state, "all": False, "filter": {"sender": sender}, "addresses": "shown", "archive": archive}
    return plan_change({**wanted, **limits})


def send(sender: str, domain: str, count: int) -> subprocess.Popen[bytes]:
    to = ["-f", f"{sender}@example.test", "-t", f"{sender}@{domain}"]
    return subprocess.Popen(["smtp-source", "-s", "5", "-m", str(count), "-l", "2000", *to, "-N", "127.0.0.1:25"])


def when_deferred(sender: str, archive: str) -> Plan:
    """A plan to delete ten messages once Postfix has tried all of them and lets them rest."""
    deadline = time.monotonic() + 60
    while (made := plan("deleted", f"{sender}@example.test", archive)).result["queues"] != {"deferred": 10}:
        if time.monotonic() > deadline:
            sys.exit(f"the messages of {sender} are not deferred: {made.result['queues']}")
        time.sleep(0.5)
    return made


def place(queue_id: str) -> str | None:
    found = open_queue({}).places([queue_id]).get(queue_id)
    return found and found[1]


def postsuper(option: str, queue_id: str) -> None:
    subprocess.run(["postsuper", option, queue_id], check=True, capture_output=True)


def between() -> dict[str, object]:
    """One message is delivered, one is put on hold, and the name of one is given to another message."""
    send("between", "dead.test", 10).wait()
    made = when_deferred("between", "/var/backups/queue/between")
    gone, held, reused, *rest = made.result["queue_ids"]
    postsuper("-d", gone)
    postsuper("-h", held)
    other = plan("held", "stays@example.test").result["queue_ids"][0]
    source, target = place(other), place(reused)
    content = Path(source).read_bytes()
    os.rename(source, target)
    said = made.apply()
    kept = sorted(os.listdir(said["archive_path"]))
    still = place(reused) == target and Path(target).read_bytes() == content
    sums = subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=said["archive_path"], check=False)
    modes = {oct(os.stat(f"{said['archive_path']}/{name}").st_mode & 0o777) for name in kept}
    shown = subprocess.run(["postcat", f"{said['archive_path']}/{rest[0]}"], capture_output=True, text=True, check=True)
    # The other message gets its own name back.
    os.rename(target, source)
    return {
        "vanished": said["vanished"] == [gone, reused],
        "deleted": said["queue_ids"] == [held, *rest] and [one for one in (held, *rest) if place(one)] == [],
        "the other one is still there": still,
        "kept": kept == sorted(["SHA256SUMS", held, *rest]) and sums.returncode == 0,
        "modes": sorted(modes),
        "readable": "sender: between@example.test" in shown.stdout,
    }


def full() -> dict[str, object]:
    """The folder for copies has room for some of the messages."""
    send("full", "dead.test", 10).wait()
    os.makedirs("/mnt/small", exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32k", "small", "/mnt/small"], check=True)
    try:
        made = when_deferred("full", "/mnt/small/kept")
        try:
            made.apply()
            said = ""
        except Error as error:
            said = error.message
        whole = [
            path.stat().st_size > 2000 for path in Path("/mnt/small/kept").glob("*/*") if path.name != "SHA256SUMS"
        ]
    finally:
        subprocess.run(["umount", "/mnt/small"], check=True)
    left = plan("deleted", "full@example.test").result["affected"]
    plan("deleted", "full@example.test").apply()
    return {"said": said, "left": left, "kept": len(whole), "whole": all(whole)}


def traffic() -> dict[str, object]:
    """Mail of two senders comes in and is delivered, while that of one is deleted over and over."""
    sink = subprocess.Popen(["smtp-sink", "-u", "postfix", "-w", "1", "127.0.0.1:2526", "200"])
    began = time.strftime("%Y-%m-%d %H:%M:%S")
    deleted: list[str] = []
    rounds, vanished = 0, 0
    try:
        sending = [send(sender, "moves.test", SENT) for sender in ("victim", "keeps")]
        while any(one.poll() is None for one in sending) or plan("deleted", "victim@example.test").steps:
            said = plan("deleted", "victim@example.test").apply()
            deleted += said.get("queue_ids", [])
            vanished += len(said.get("vanished", []))
            rounds += 1
        deadline = time.monotonic() + 120
        while plan("deleted", "keeps@example.test").steps and time.monotonic() < deadline:
            time.sleep(0.5)
    finally:
        sink.kill()
    time.sleep(1)
    log = subprocess.run(["journalctl", "-o", "cat", "-S", began], capture_output=True, text=True, check=True).stdout
    senders = dict(re.findall(r"^(\w+): from=<(\w+)@example.test>", log, re.MULTILINE))
    sent = set(re.findall(r"^(\w+): to=<[^>]*@moves.test>.* status=sent", log, re.MULTILINE))
    names = {who: {one for one, sender in senders.items() if sender == who} for who in ("victim", "keeps")}
    return {
        "rounds": rounds,
        "vanished": vanished,
        "deleted": len(deleted),
        # One that is deleted early enough is never seen by the queue manager, which logs senders.
        "came": {"victim": len(names["victim"] | set(deleted)), "keeps": len(names["keeps"])},
        "kept and delivered": len(names["keeps"] & sent),
        "wrongly deleted": sorted(set(deleted) & names["keeps"]),
        "neither deleted nor delivered": sorted(names["victim"] - sent - set(deleted)),
        "deleted twice": len(deleted) - len(set(deleted)),
    }


if __name__ == "__main__":
    print(json.dumps({"between": between, "full": full, "traffic": traffic}[sys.argv[1]]()))
