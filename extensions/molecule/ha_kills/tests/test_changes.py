# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A cluster is changed one node at a time, and nobody outside notices, not even when a change is wrong."""

from __future__ import annotations

import json
import os
import re
import time

import pytest
import watched
from cluster import NODES, eventually, play, run, server_states

# What the daemons and their checkers take, and mail does not survive: the way to Dovecot leads nowhere.
WRONG = {"postfix_parameters": {"virtual_transport": "lmtp:unix:private/dovecot-lmtq"}}
RIGHT = {
    "postfix_parameters": {"smtpd_banner": "$myhostname ESMTP new"},
    "dovecot_settings": {"login_greeting": "Ready anew."},
}


def change(variables, *arguments):
    """A run of the playbook, when it began and ended, and what the client outside saw meanwhile."""
    eventually(whole, 60)
    # What is slow on a busy machine was not refused.
    watched.start(0, timeout=10)
    time.sleep(2)
    begun = time.time()
    inventory = ["-i", os.environ["MOLECULE_INVENTORY_FILE"], "-e", "mail_hosts=ha_mail", "-e", json.dumps(variables)]
    code, said = play("site", *inventory, *arguments)
    ended = time.time()
    time.sleep(2)
    return code, said, watched.stop()["probes"], (begun, ended)


def whole():
    for node in NODES:
        for of in NODES:
            assert server_states(node, of) == {"UP"}


def settings(node):
    return run(node, "postconf -h smtpd_banner virtual_transport; doveconf -h login_greeting").splitlines()


@pytest.fixture(scope="module")
def wrong():
    before = {node: settings(node) for node in NODES}
    return before, change(WRONG)


@pytest.fixture(scope="module")
def right(wrong):
    assert wrong
    return change(RIGHT)


def missed(probes, window):
    return {service: watched.failures(tries, *window) for service, tries in probes.items()}


def test_a_failed_probe_stops_the_run_at_the_first_node(wrong):
    before, (code, said, _probes, _window) = wrong
    assert code == 2, said
    assert "before this play is back, and with it" in said
    assert "mail2" not in re.findall(r"^(?:changed|fatal): \[(\w+)", said, re.MULTILINE), said
    assert {node: settings(node) for node in NODES} == before


def test_nobody_notices_a_change_that_was_wrong(wrong):
    _before, (_code, _said, probes, window) = wrong
    assert len(probes["imap"]) > 20
    assert missed(probes, window) == {"smtp": [], "imap": []}


def test_a_node_whose_change_was_wrong_serves_again(wrong):
    assert wrong
    eventually(whole)


def test_every_node_is_changed_while_it_serves_nobody(right):
    code, said, _probes, _window = right
    assert code == 0, said
    assert [settings(node)[::2] for node in NODES] == [["$myhostname ESMTP new", "Ready anew."]] * 2
    assert said.count("send nobody new to") + said.count("Have no HAProxy send anybody") >= 2, said


def test_nobody_notices_a_change(right):
    _code, _said, probes, window = right
    assert len(probes["imap"]) > 20
    assert missed(probes, window) == {"smtp": [], "imap": []}
    print({service: len(tries) for service, tries in probes.items()}, round(window[1] - window[0], 1))


def test_a_second_run_changes_nothing_and_drains_nobody(right):
    assert right
    code, said, probes, window = change(RIGHT)
    assert (code, set(re.findall(r"changed=(\d+)", said))) == (0, {"0"}), said
    assert missed(probes, window) == {"smtp": [], "imap": []}


def test_a_check_says_what_shared_storage_would_change(right):
    assert right
    inventory = ["-i", os.environ["MOLECULE_INVENTORY_FILE"], "-e", "mail_hosts=ha_mail", "-e", json.dumps(RIGHT)]
    code, said = play("site", *inventory, "-e", "ha_storage=shared", "--check", "--diff")
    assert code == 0, said
    assert said.count("+    balance leastconn") >= len(NODES), said
