# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""HAProxy's own tables are read as it writes them, and a node that nobody can replace is found."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._ha import servers

HEAD = "# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight"
STATS = """# pxname,svname,qcur,qmax,scur,smax
smtp,FRONTEND,,,3,5
smtp,mx1,0,0,2,5
smtp,mx2,0,0,1,5
imaps,mx1,0,0,4,9
smtp,BACKEND,0,0,3,5
nodes,BACKEND,0,0,,0
"""


def state(*lines):
    return "\n".join(["1", HEAD, *lines, ""])


BOTH = state("3 smtp 1 mx1 192.0.2.1 2 0 1 1", "3 smtp 2 mx2 192.0.2.2 2 0 1 1")


def test_the_servers_are_read():
    assert [server.node for server in servers.parse_state(BOTH)] == ["mx1", "mx2"]
    assert servers.described(servers.parse_state(BOTH)) == {"smtp/mx1": "ready", "smtp/mx2": "ready"}


@pytest.mark.parametrize(
    ("admin", "expected"), [(0, "ready"), (1, "maintenance"), (2, "maintenance"), (8, "drained"), (9, "maintenance")]
)
def test_what_was_ordered_of_a_server_is_read(admin, expected):
    (server,) = servers.parse_state(state(f"3 smtp 1 mx1 192.0.2.1 2 {admin} 1 1"))
    assert server.state == expected


def test_sessions_are_counted_over_all_services():
    assert servers.parse_sessions(STATS, "mx1") == 6
    assert servers.parse_sessions(STATS, "mx2") == 1


@pytest.mark.parametrize("line", ["3 smtp 2 mx2 192.0.2.2 0 0 1 1", "3 smtp 2 mx2 192.0.2.2 2 1 1 1"])
def test_a_node_that_nobody_can_replace_is_found(line):
    assert servers.alone(servers.parse_state(state("3 smtp 1 mx1 192.0.2.1 2 0 1 1", line)), "mx1") == ["smtp"]
    assert servers.alone(servers.parse_state(BOTH), "mx1") == []


def test_each_service_gets_its_order():
    assert servers.orders(servers.parse_state(BOTH), "mx2", "drain") == ["set server smtp/mx2 state drain"]
