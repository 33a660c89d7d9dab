# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server is killed in the middle of a large change: it comes back, the next run completes it, both hold the same."""

from __future__ import annotations

import shlex
import threading

import pytest

SUFFIX = "dc=example,dc=org"
CROWD = f"ou=crowd,{SUFFIX}"
MANY = 5000
FILE = "/var/tmp/crowd.ldif"
WRITE = (
    "i=0; while [ $i -lt 5000 ]; do printf 'dn: uid=u%s,ou=crowd,dc=example,dc=org\\nobjectClass: inetOrgPerson\\n"
    "uid: u%s\\ncn: u%s\\nsn: u%s\\nmail: u%s@example.org\\n\\n' $i $i $i $i $i; i=$((i+1)); done"
)
RUN = {
    "server_uri": ["ldaps://mx12.example.test", "ldaps://mx13.example.test"],
    "bind_dn": f"cn=admin,{SUFFIX}",
    "bind_password": "admin-test-password",
    "ca_path": "/etc/ldap/tls/ldap.pem",
    "ldif_path": FILE,
}
KILL = "kill -9 $(pidof slapd)"


def count(server):
    """Also of one that does not run."""
    return int(server.host.check_output(f"slapcat -b {SUFFIX} -o ldif_wrap=no | grep -c '^dn: uid=u[0-9]' || true"))


def crowd_of(server):
    found = server("ldapsearch", "-LLL", "-b", CROWD, "(objectClass=inetOrgPerson)", "uid")
    return {line.partition(" ")[2] for line in found.splitlines() if line.startswith("uid: ")}


@pytest.fixture(scope="module")
def crowd(servers, wait):
    """A branch of its own. It stays: to remove so many would take a minute."""
    one, other = servers
    one("ldapadd", stdin=f"dn: {CROWD}\nobjectClass: organizationalUnit\n")
    wait(lambda: CROWD in other("ldapsearch", "-LLL", "-b", SUFFIX, "(ou=crowd)", "1.1"))


def runs(server):
    return server.host.run("systemctl is-active --quiet slapd").rc == 0


ENTRY = "dn: uid={0},ou=crowd,dc=example,dc=org\nobjectClass: inetOrgPerson\nuid: {0}\ncn: {0}\nsn: {0}\n\n"


@pytest.mark.usefixtures("crowd")
@pytest.mark.parametrize("turn", [0, 1])
def test_what_a_killed_server_wrote_last_reaches_the_other(servers, wait, turn):
    """Its state says less than its entries: what it wrote last is on its disk and was sent to nobody."""
    killed, other = servers if turn == 0 else reversed(servers)
    name = f"v{turn}"
    killed("ldapadd", stdin="".join(ENTRY.format(f"{name}{number}") for number in range(3)))
    wait(lambda: {f"{name}0", f"{name}1", f"{name}2"} <= crowd_of(other))
    times = killed.host.check_output("journalctl -u slapd").count("slapd was killed")
    killed.host.check_output(f"{KILL}; systemctl stop slapd")
    # As in the moment after an entry and before the state: one more, one less, and a state that knows of neither.
    for tool, text in (
        (f"slapadd -S {turn + 1}", ENTRY.format(f"{name}4")),
        ("slapmodify", f"dn: uid={name}1,{CROWD}\nchangetype: delete\n"),
    ):
        killed.host.check_output(f"printf {shlex.quote(text)} | runuser -u openldap -- {tool} -b {SUFFIX}")
    killed.host.check_output("systemctl start slapd")
    wait(lambda: f"{name}4" in crowd_of(other) and f"{name}1" not in crowd_of(other))
    wait(lambda: killed.everything() == other.everything())
    assert "after a crash" not in str(killed.everything())
    # One that ends in peace has nothing to compare.
    killed.host.check_output("systemctl restart slapd")
    assert killed.host.check_output("journalctl -u slapd").count("slapd was killed") == times + 1


def killed_in_a_run(server, call, wait, many, then=""):
    """What the run says whose server is killed when it has so many."""
    said = []
    run = threading.Thread(target=lambda: said.append(call("debian13", "ldap_entries", **RUN)))
    run.start()
    wait(lambda: count(server) > many, 120)
    server.host.check_output(KILL + then)
    run.join()
    assert said[0].get("failed"), said[0]
    assert count(server) < MANY, "it was killed in the middle"


@pytest.mark.usefixtures("crowd")
def test_the_next_run_completes_what_killed_servers_left(servers, call, wait):
    """The first is killed and stays away, the second takes the rest until it is killed and comes back."""
    one, other = servers
    other.host.check_output(f"({WRITE}) >{FILE}")
    killed_in_a_run(one, call, wait, MANY // 10, "; systemctl stop slapd")
    killed_in_a_run(other, call, wait, MANY // 2)
    wait(lambda: runs(other))
    one.host.check_output("systemctl start slapd")
    # A run at a server that still catches up would be refused what it gets from the other in the meantime.
    print(f"caught up after {wait(lambda: count(one) == count(other), 240):.1f} s")
    again = call("debian13", "ldap_entries", **RUN)
    assert not again.get("failed"), again
    assert again["changed"]
    wait(lambda: count(one) == count(other) == MANY, 240)
    print(f"equal after {wait(lambda: one.everything() == other.everything(), 240):.1f} s more")
    last = call("debian13", "ldap_entries", **RUN)
    assert not last.get("failed"), last
    assert not last["changed"]
