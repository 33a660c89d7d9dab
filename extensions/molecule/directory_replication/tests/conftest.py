# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two servers of the scenario, and playbooks that run on them."""

from __future__ import annotations

import json
import os
import pathlib
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

    def member_of(self):
        """Who is in which group, as the groups say it and as the people do."""
        lines = self.host.check_output("slapcat -o ldif_wrap=no -a '(objectClass=*)'").split("\n\n")
        return sorted(
            f"{entry.splitlines()[0]} {line}"
            for entry in lines
            for line in entry.splitlines()
            if line.startswith(("memberOf:", "member:"))
        )

    def has(self, *uids):
        return set(uids) <= set(self.people())

    def people(self):
        found = self("ldapsearch", "-LLL", "-b", f"ou=people,{SUFFIX}", "(objectClass=inetOrgPerson)", "uid")
        return sorted(line.partition(" ")[2] for line in found.splitlines() if line.startswith("uid: "))

    def everything(self):
        """All entries with all that they hold, but for what each server counts for itself.

        The order of attributes means nothing: an entry that replaced another one of the same name has another order.
        """
        entries = self.host.check_output("slapcat -o ldif_wrap=no").split("\n\n")
        return sorted(sorted(line for line in entry.splitlines() if "contextCSN" not in line) for entry in entries)


@pytest.fixture(scope="module")
def servers():
    return Server("debian12"), Server("debian13")


@pytest.fixture(scope="session")
def wait():
    """A function that waits until something is true, and returns after how many seconds."""

    def until(holds, limit=LIMIT):
        begun = time.monotonic()
        while not holds():
            assert time.monotonic() - begun < limit, "it never came true"
            time.sleep(0.1)
        return time.monotonic() - begun

    return until


@pytest.fixture(scope="session")
def call():
    """Runs a module of the collection on one of the servers, and returns what it says."""

    def run(platform, name, **options):
        environment = {**os.environ, "ANSIBLE_CALLBACK_RESULT_FORMAT": "json", "ANSIBLE_FORCE_COLOR": "0"}
        environment["ANSIBLE_CONFIG"] = f"{os.environ['MOLECULE_EPHEMERAL_DIRECTORY']}/ansible.cfg"
        argv = ["ansible", "-i", os.environ["MOLECULE_INVENTORY_FILE"], platform]
        argv += ["-m", f"postfix_manager.mail.{name}", "-a", json.dumps(options)]
        said = subprocess.run(argv, env=environment, capture_output=True, text=True, timeout=300, check=False)
        assert "=> " in said.stdout, said.stdout + said.stderr
        result = json.JSONDecoder().raw_decode(said.stdout.partition("=> ")[2])[0]
        return {**result, "failed": said.returncode != 0}

    return run


def run_playbook(playbook, arguments, fails):
    environment = {**os.environ, "ANSIBLE_FORCE_COLOR": "0"}
    environment["ANSIBLE_CONFIG"] = f"{os.environ['MOLECULE_EPHEMERAL_DIRECTORY']}/ansible.cfg"
    argv = ["ansible-playbook", "-i", os.environ["MOLECULE_INVENTORY_FILE"], playbook, *arguments]
    done = subprocess.run(argv, env=environment, capture_output=True, text=True, timeout=600, check=False)
    assert (done.returncode != 0) == fails, done.stdout[-4000:] + done.stderr
    return " ".join((done.stdout + done.stderr).split())


@pytest.fixture
def play():
    """Runs a playbook of the collection on the servers, and returns what it printed."""

    def run(name, *arguments, fails=False):
        return run_playbook(f"postfix_manager.mail.{name}", ["-e", "directory_hosts=all", *arguments], fails)

    return run


@pytest.fixture
def again():
    """Runs the role again, and returns what it printed."""

    def run(*arguments, fails=False):
        return run_playbook(pathlib.Path(__file__).parents[1] / "converge.yml", arguments, fails)

    return run
