# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Modules called inside the container, and what its directory holds."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import ansible
import pytest

ROOT = Path(os.environ["TESTBED_ROOT"])
SUFFIX = "dc=example,dc=test"
ADMIN = {"bind_dn": f"cn=admin,{SUFFIX}", "bind_password": "admin-test-password"}
SEARCH = f"ldapsearch -LLL -o ldif-wrap=no -x -H ldapi:/// -D {ADMIN['bind_dn']} -w {ADMIN['bind_password']}"
CALL = """
import json, sys
sys.path.insert(0, "/opt/directory")
from rooms import call
module, check, arguments = json.load(sys.stdin)
result, printed = call(module, arguments, check=check, seconds=600)
print(json.dumps(result or {"broke": printed}))
"""


class Directory:
    """The directory of one container. Calling it runs a module in the container and returns what the module says."""

    def __init__(self, container):
        self.container = container

    def start(self, module, *, check=False, **options):
        """A module that runs; :meth:`end` waits for it."""
        arguments = {**ADMIN, **options}
        argv = ["podman", "exec", "-i", self.container, "python3", "-c", CALL]
        process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        given = {name: value for name, value in arguments.items() if value is not None}
        process.stdin.write(json.dumps([module, check, given]))
        process.stdin.close()
        return process

    def end(self, process):
        said = json.loads(process.stdout.read())
        process.wait()
        assert "broke" not in said, said["broke"]
        return said

    def __call__(self, module, *, check=False, **options):
        return self.end(self.start(module, check=check, **options))

    def four_steps(self, module, **options):
        """Check, run, check, run: the first two alike, the last two no change. Returns the report of the run."""
        steps = [self(module, check=check, **options) for check in (True, False, True, False)]
        assert [step.get("failed", False) for step in steps] == [False] * 4, steps
        assert [step["changed"] for step in steps] == [True, True, False, False], steps
        assert steps[0]["actions"] == steps[1]["actions"]
        assert steps[0]["diff"] == steps[1]["diff"]
        return steps[1]

    def branch(self, name):
        """An empty branch of its own for a test."""
        dn = f"ou={name},{SUFFIX}"
        self("ldap_entry", dn=dn, state="absent", recursive=True, max_deletions=20000)
        said = self("ldap_entry", dn=dn, attributes={"objectClass": "organizationalUnit"})
        assert said["changed"] is True, said
        return dn

    def sh(self, script):
        argv = ["podman", "exec", self.container, "sh", "-euc", script]
        return subprocess.run(argv, capture_output=True, text=True, check=True).stdout

    def names(self, base, filter_="(objectClass=*)"):
        """What is right below an entry, by ldapsearch."""
        said = self.sh(f"{SEARCH} -b '{base}' -s one '{filter_}' 1.1")
        return [line.partition(": ")[2] for line in said.splitlines() if line.startswith("dn: ")]

    def values(self, dn, name):
        """The values of an attribute, by ldapsearch."""
        said = self.sh(f"{SEARCH} -b '{dn}' -s base '(objectClass=*)' '{name}'")
        return [line.partition(": ")[2] for line in said.splitlines() if line.lower().startswith(f"{name.lower()}:")]

    def logs_in(self, dn, password):
        argv = ["podman", "exec", self.container, "ldapwhoami", "-x", "-H", "ldapi:///", "-D", dn, "-w", password]
        return subprocess.run(argv, capture_output=True, check=False).returncode == 0


@pytest.fixture(scope="module")
def directory(container, tmp_path_factory):
    folder = tmp_path_factory.mktemp("library") / "directory"
    shutil.copytree(Path(ansible.__file__).parent / "module_utils", folder / "ansible/module_utils")
    shutil.copy(Path(ansible.__file__).parent / "release.py", folder / "ansible")
    (folder / "ansible/__init__.py").touch()
    shutil.copytree(ROOT / "plugins", folder / "ansible_collections/postfix_manager/mail/plugins")
    shutil.copy(ROOT / "tests/integration/rooms.py", folder)
    subprocess.run(["podman", "exec", container, "rm", "-rf", "/opt/directory"], check=True)
    subprocess.run(["podman", "cp", folder, f"{container}:/opt/"], check=True)
    return Directory(container)
