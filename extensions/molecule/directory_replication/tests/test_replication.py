# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one server takes, the other one has, whichever it was, also when one was away."""

from __future__ import annotations

import os
import shlex
import time

import pytest
import testinfra

SUFFIX = "dc=example,dc=org"
LIMIT = 30.0


class Server:
    """One of the two, as root of its host sees it."""

    def __init__(self, platform):
        self.name = "-".join([os.environ["TESTBED_PREFIX"], os.environ["MOLECULE_SCENARIO_NAME"], platform])
        self.host = testinfra.get_host(f"podman://{self.name}")

    def __call__(self, tool, *arguments, stdin=""):
        argv = [tool, "-Q", "-Y", "EXTERNAL", "-H", "ldapi:///", *arguments]
        return self.host.check_output(f"printf %s {shlex.quote(stdin)} | {shlex.join(argv)}")

    def add(self, uid):
        entry = f"dn: uid={uid},ou=people,{SUFFIX}\nobjectClass: inetOrgPerson\nuid: {uid}\ncn: {uid}\nsn: {uid}\n"
        self("ldapadd", stdin=f"{entry}userPassword: {uid}-test-password\n")

    def delete(self, uid):
        self("ldapdelete", f"uid={uid},ou=people,{SUFFIX}")

    def people(self):
        found = self("ldapsearch", "-LLL", "-b", f"ou=people,{SUFFIX}", "(objectClass=inetOrgPerson)", "uid")
        return sorted(line.partition(" ")[2] for line in found.splitlines() if line.startswith("uid: "))

    def everything(self):
        """All entries with all that they hold, but for what each server counts for itself."""
        lines = self.host.check_output("slapcat -o ldif_wrap=no").split("\n\n")
        return sorted("\n".join(line for line in entry.splitlines() if "contextCSN" not in line) for entry in lines)


@pytest.fixture(scope="module")
def servers():
    return Server("debian12"), Server("debian13")


def wait(holds):
    """Seconds until it is true."""
    begun = time.monotonic()
    while not holds():
        assert time.monotonic() - begun < LIMIT, "it never came true"
        time.sleep(0.1)
    return time.monotonic() - begun


@pytest.mark.parametrize("turn", [0, 1])
def test_each_takes_what_the_other_is_told(servers, turn):
    first, second = servers if turn == 0 else reversed(servers)
    first.add("alice")
    print(f"there after {wait(lambda: second.people() == ['alice']):.1f} s")
    second.delete("alice")
    print(f"gone after {wait(lambda: first.people() == []):.1f} s")


@pytest.mark.parametrize("turn", [0, 1])
def test_who_was_away_catches_up(servers, turn):
    first, second = servers if turn == 0 else reversed(servers)
    second.host.check_output("systemctl stop slapd")
    first.add("bob")
    second.host.check_output("systemctl start slapd")
    wait(lambda: second.people() == ["bob"])
    second.delete("bob")
    wait(lambda: first.people() == [])


def test_both_hold_the_same(servers):
    one, other = servers
    wait(lambda: one.everything() == other.everything())
    assert len(one.everything()) > 10


def test_the_password_of_replication_is_shown_to_nobody(servers):
    for server in servers:
        assert "replication test" not in server.host.check_output("ps axww; journalctl")
