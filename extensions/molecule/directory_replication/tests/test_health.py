# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server that was away lags, says so in words, and catches up."""

from __future__ import annotations

SUFFIX = "dc=example,dc=org"
ASK = {
    "server_uri": ["ldaps://mx12.example.test", "ldaps://mx13.example.test"],
    "bind_dn": f"cn=monitor,ou=services,{SUFFIX}",
    "bind_password": "monitor-test-password",
    "ca_path": "/etc/ldap/tls/ldap.pem",
    "max_lag": 0,
}
# The name of the other server leads nowhere.
CUT = "ip route replace unreachable 192.0.2.1; cp /etc/hosts /var/tmp/hosts; "
CUT += "sed 's/^.* mx12.example.test$/192.0.2.1 mx12.example.test/' /var/tmp/hosts >/etc/hosts"
MENDED = "cat /var/tmp/hosts >/etc/hosts; ip route del unreachable 192.0.2.1"


def test_a_server_that_was_away_lags_and_catches_up(servers, call, wait):
    one, other = servers
    one.add("early")
    wait(lambda: other.has("early"))
    other.host.check_output("systemctl stop slapd")
    one.add("late")
    away = call("debian12", "openldap_info", **ASK)
    assert not away["healthy"]
    assert away["unreachable"] == ["mx13.example.test"]
    assert away["summary"][0].startswith("mx13.example.test cannot be asked: ")

    other.host.check_output(f"{CUT}; systemctl start slapd")
    lags = call("debian12", "openldap_info", **ASK)
    other.host.check_output(MENDED)
    assert not lags["healthy"]
    [late] = lags["behind"]
    assert (late["server"], late["ahead"], late["server_id"]) == ("mx13.example.test", "mx12.example.test", 1)
    assert lags["max_lag_seconds"] == late["seconds"] > 0
    assert lags["summary"][0].startswith("mx13.example.test is ")
    assert lags["summary"][0].endswith(" behind mx12.example.test")

    print(f"caught up after {wait(lambda: other.has('late')):.1f} s")
    well = call("debian12", "openldap_info", **ASK)
    assert well["healthy"], well["problems"]
    assert well["behind"] == []
    assert well["summary"][0].startswith("2 servers answer and hold the same")
    assert not well["changed"]
    for server, release in zip(well["servers"], ("2.5.", "2.6.")):
        assert server["version"].startswith(release)
        assert server["uptime"] >= 0
        assert server["connections"]["current"] >= 1
        assert server["operations"]["search"]["completed"] >= 1
        assert server["threads"]["most"] == 16
        [database] = [found for found in server["databases"] if found["suffix"] == SUFFIX]
        assert database["max_bytes"] == 1 << 30
        assert 0 < database["bytes"] < database["max_bytes"]
        assert database["entries"] > 10
    for uid in ("early", "late"):
        one.delete(uid)


def test_who_may_not_read_it_gets_no_more_than_its_rights(servers, call):
    options = {**ASK, "server_uri": ["ldaps://mx12.example.test"], "bind_dn": f"cn=postfix,ou=services,{SUFFIX}"}
    found = call("debian12", "openldap_info", **{**options, "bind_password": "postfix-test-password"})
    assert not found["servers"][0]["monitored"]
    assert found["servers"][0]["states"] == {}
