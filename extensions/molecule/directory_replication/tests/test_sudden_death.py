# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server is killed in the middle of a large change: the next run completes it, and both hold the same in the end."""

from __future__ import annotations

import threading

SUFFIX = "dc=example,dc=org"
MANY = 5000
FILE = "/var/tmp/crowd.ldif"
WRITE = (
    "i=0; while [ $i -lt 5000 ]; do printf 'dn: uid=u%s,ou=crowd,dc=example,dc=org\\nobjectClass: inetOrgPerson\\n"
    "uid: u%s\\ncn: u%s\\nsn: u%s\\nmail: u%s@example.org\\n\\n' $i $i $i $i $i; i=$((i+1)); done"
)
CROWD = {
    "server_uri": ["ldaps://mx12.example.test", "ldaps://mx13.example.test"],
    "bind_dn": f"cn=admin,{SUFFIX}",
    "bind_password": "admin-test-password",
    "ca_path": "/etc/ldap/tls/ldap.pem",
    "ldif_path": FILE,
}


def count(server):
    return int(server.host.check_output(f"slapcat -b {SUFFIX} -o ldif_wrap=no | grep -c '^dn: uid=u' || true"))


def test_the_next_run_completes_what_a_killed_server_left(servers, call, wait):
    one, other = servers
    top = f"dn: ou=crowd,{SUFFIX}\nobjectClass: organizationalUnit\n"
    one("ldapadd", stdin=top)
    other.host.check_output(f"({WRITE}) >{FILE}")
    said = []
    run = threading.Thread(target=lambda: said.append(call("debian13", "ldap_entries", **CROWD)))
    run.start()
    wait(lambda: count(one) > MANY // 10, 120)
    one.host.check_output("kill -9 $(pidof slapd)")
    run.join()
    assert said[0].get("failed"), said[0]
    assert count(one) < MANY, "it was killed in the middle"

    # The first server is away: the second one takes the rest.
    again = call("debian13", "ldap_entries", **CROWD)
    assert not again.get("failed"), again
    assert again["changed"]
    one.host.check_output("systemctl restart slapd")
    wait(lambda: count(one) == count(other) == MANY, 240)
    wait(lambda: one.everything() == other.everything(), 240)
    last = call("debian13", "ldap_entries", **CROWD)
    assert not last.get("failed"), last
    assert not last["changed"]
    one("ldapdelete", "-r", f"ou=crowd,{SUFFIX}")
    wait(lambda: count(other) == 0, 240)
