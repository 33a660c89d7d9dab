# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A node goes into maintenance and comes back, and a drill measures what a kill costs."""

from __future__ import annotations

import json
import re

from cluster import NODES, holder, inventory, play, run, server_states


def test_a_node_in_maintenance_serves_nobody_until_it_is_back(tmp_path):
    options, node = inventory(tmp_path, ha_mail=NODES), holder()
    (other,) = set(NODES) - {node}
    code, said = play("maintenance_on", *options, "-e", f"ha_node={node}", "-e", "ha_drain_timeout=2")
    assert code == 0, said
    assert holder() == other
    assert [server_states(name, node) for name in NODES] == [{"MAINT"}, {"MAINT"}]
    run(other, "systemctl restart haproxy")
    assert server_states(other, node) == {"MAINT"}
    code, said = play("maintenance_on", *options, "-e", f"ha_node={node}")
    assert (code, set(re.findall(r"changed=(\d+)", said))) == (0, {"0"}), said
    code, said = play("maintenance_on", *options, "-e", f"ha_node={other}")
    assert (code, "alone serves" in said) == (2, True), said
    code, said = play("maintenance_off", *options, "-e", f"ha_node={node}")
    assert code == 0, said
    assert holder() == other
    assert all("MAINT" not in server_states(name, node) for name in NODES)


def test_a_drill_measures_what_clients_miss(tmp_path):
    options = [
        *inventory(tmp_path, ha_mail=NODES),
        "-e",
        "ha_drill_from=client",
        "-e",
        f"ha_drill_report={tmp_path}/drill",
    ]
    killed = holder()
    code, said = play("failover_drill", *options)
    assert re.search(r"Clients missed [0-9.]+ s", said), said
    assert code == 0, said
    report = json.loads((tmp_path / "drill/drill.json").read_text())
    assert (report["passed"], report["killed_on"], set(report["services"])) == (True, killed, {"25", "587", "993"})
    assert min(service["tries"] for service in report["services"].values()) > 50
    page = (tmp_path / "drill/drill.html").read_text()
    assert ": passed</h1>" in page
    assert f"missed {report['longest_outage']} s at most" in page
