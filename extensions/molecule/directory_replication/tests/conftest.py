# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two servers of the scenario, and playbooks that run on them."""

from __future__ import annotations

import os
import shlex
import subprocess
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

    def has(self, *uids):
        return set(uids) <= set(self.people())

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


@pytest.fixture(scope="session")
def wait():
    """A function that waits until something is true, and returns after how many seconds."""

    def until(holds):
        begun = time.monotonic()
        while not holds():
            assert time.monotonic() - begun < LIMIT, "it never came true"
            time.sleep(0.1)
        return time.monotonic() - begun

    return until


@pytest.fixture
def play():
    """Runs a playbook of the collection on some of the servers, and returns what it printed."""

    def run(name, *arguments, fails=False):
        environment = {**os.environ, "ANSIBLE_FORCE_COLOR": "0"}
        environment |= {"ANSIBLE_CONFIG": f"{os.environ['MOLECULE_EPHEMERAL_DIRECTORY']}/ansible.cfg"}
        argv = ["ansible-playbook", "-i", os.environ["MOLECULE_INVENTORY_FILE"], "-e", "directory_hosts=all"]
        done = subprocess.run(
            [*argv, f"postfix_manager.mail.{name}", *arguments],
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert (done.returncode != 0) == fails, done.stdout[-4000:] + done.stderr
        return " ".join((done.stdout + done.stderr).split())

    return run
