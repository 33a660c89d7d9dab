# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmark of a whole run."""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median

from bed import Bed, changes_of, tasks_of
from result import Result

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


CASES = {case.__name__: case for case in (site_second_run,)}
