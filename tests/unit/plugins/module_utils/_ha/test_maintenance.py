# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A node that HAProxy does not know is an error, or one that joins the cluster."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import Error
from ansible_collections.postfix_manager.mail.plugins.module_utils._ha import maintenance

KNOWN = """1
# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight
3 smtp 1 mx1 192.0.2.1 2 0 1 1
3 smtp 2 mx2 192.0.2.2 2 0 1 1
"""
OPTIONS = {"node": "mx3", "state": "maintenance", "drain_timeout": 1, "must_exist": True}


@pytest.fixture(autouse=True)
def haproxy(monkeypatch, tmp_path):
    """What the socket of one that runs says; a real one is asked in the scenarios."""
    monkeypatch.setattr(maintenance, "SOCKET", str(tmp_path))
    monkeypatch.setattr(maintenance, "_ask", {"show servers state": KNOWN}.__getitem__)


def test_an_unknown_node_is_refused_with_the_known_ones():
    with pytest.raises(Error, match="knows no server mx3; it knows mx1, mx2"):
        maintenance.plan_node(OPTIONS)


@pytest.mark.parametrize("state", ["maintenance", "ready"])
def test_one_that_joins_has_nobody_to_send_away(state):
    plan = maintenance.plan_node({**OPTIONS, "state": state, "must_exist": False})
    assert (list(plan.steps), plan.result) == ([], {"servers": {}})


def test_one_that_is_known_is_taken_out_and_that_is_remembered():
    plan = maintenance.plan_node({**OPTIONS, "node": "mx2"})
    assert [step.summary for step in plan.steps] == [
        "send nobody new to mx2",
        "wait for its sessions, up to 1 seconds, and end the rest",
        "have HAProxy know that after a restart",
    ]
    assert plan.after == {"servers": {"smtp/mx2": "maintenance"}}
