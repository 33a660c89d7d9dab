# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module called inside the container, the directory it reads and the databases that follow."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from pathlib import Path

import ansible
import pytest
import yaml

ROOT = Path(os.environ["TESTBED_ROOT"])
SCENARIO = yaml.safe_load(Path(os.environ["MOLECULE_FILE"]).read_text(encoding="utf-8"))
SOURCE = SCENARIO["provisioner"]["inventory"]["group_vars"]["all"]["firm"]
ADMIN = "-x -H ldap://127.0.0.1:3891 -D cn=admin,o=firm -w admin-test-password"
POSTGRESQL = {"store": "postgresql", "database_host": "127.0.0.1", "database_password": "database-test-password"}
CALL = """
import json, sys
sys.path.insert(0, "/opt/sync")
from rooms import call, imported
module, checks, arguments = json.load(sys.stdin)
imported(module)
for check in checks:
    result, printed = call(module, arguments, check=check, seconds=100)
    print(json.dumps(result or {"broke": printed}))
"""


class Firm:
    """The directory of one container. Calling it runs a module in the container and returns what the module says."""

    source = SOURCE
    admin = ADMIN
    call = CALL
    postgresql = POSTGRESQL

    def __init__(self, container):
        self.container = container
        self.database = ""

    def __call__(self, module="account_sync", *, check=False, **options):
        return self.each([check], module, **options)[0]

    def each(self, checks, module="account_sync", **options):
        """One call after the other, in check mode or not."""
        arguments = {"database": self.database, "database_group": "root", **options}
        if module == "account_sync":
            arguments = {"name": "test", "source": SOURCE, "create_domains": True, **arguments}
        argv = ["podman", "exec", "-i", self.container, "python3", "-c", CALL]
        given = json.dumps([module, checks, arguments])
        lines = subprocess.run(argv, input=given, capture_output=True, text=True, check=True).stdout.splitlines()
        said = [json.loads(line) for line in lines]
        assert [one for one in said if "broke" in one] == []
        assert len(said) == len(checks)
        return said

    def four_steps(self, **options):
        """Check, run, check, run: the first two alike, the last two no change. Returns the report of the run."""
        steps = self.each([True, False, True, False], **options)
        assert [step.get("failed", False) for step in steps] == [False] * 4, steps
        assert [step["changed"] for step in steps] == [True, True, False, False], steps
        for key in ("actions", "diff", "decisions"):
            assert steps[0][key] == steps[1][key]
        return steps[1]

    def sh(self, script, given=None):
        argv = ["podman", "exec", "-i", self.container, "sh", "-euc", script]
        done = subprocess.run(argv, input=given, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{script}: {done.stderr}"
        return done.stdout

    def modify(self, ldif):
        """Change the directory."""
        self.sh(f"ldapmodify {ADMIN} >/dev/null", ldif)

    def replace(self, number, attribute, value, place="here"):
        dn = f"firmNumber={number},ou={place},o=firm"
        self.modify(f"dn: {dn}\nchangetype: modify\nreplace: {attribute}\n{attribute}: {value}\n")

    def rows(self, query, database=""):
        said = self.sh(f'sqlite3 -readonly -cmd ".timeout 5000" {database or self.database} "{query}"')
        return said.splitlines()

    def in_postgresql(self, query):
        command = "PGPASSWORD=database-test-password psql -qAtX -h 127.0.0.1 -U postfix_manager mail"
        return self.sh(command, query).splitlines()

    def boxes(self, where, database=""):
        """Address, name, maildir, quota and whether they are enabled."""
        return self.rows(f"SELECT username, name, maildir, quota, active FROM mailbox WHERE {where}", database)

    def status(self, job):
        """Nothing before the first run ended."""
        return json.loads(self.sh(f"cat /var/lib/postfix_manager/status/account_sync_{job}.json || echo '{{}}'"))

    def stop_jobs(self):
        """What converged started, so that it takes no time from other tests."""
        self.sh("systemctl stop 'postfix-manager-account-sync-*.timer' 'postfix-manager-account-sync-*.service'")

    def wait(self, ready, seconds, what):
        """Until something is so; returns after how many seconds it was."""
        begun = time.monotonic()
        while not ready():
            assert time.monotonic() - begun < seconds, f"not within {seconds} seconds: {what}"
            time.sleep(0.2)
        return time.monotonic() - begun


@pytest.fixture(scope="session")
def copied(tmp_path_factory):
    """Where the library lies, and the containers that have it."""
    folder = tmp_path_factory.mktemp("library") / "sync"
    shutil.copytree(Path(ansible.__file__).parent / "module_utils", folder / "ansible/module_utils")
    shutil.copy(Path(ansible.__file__).parent / "release.py", folder / "ansible")
    (folder / "ansible/__init__.py").touch()
    for part in ("plugins", "extensions/eda"):
        shutil.copytree(ROOT / part, folder / "ansible_collections/postfix_manager/mail" / part)
    shutil.copy(ROOT / "tests/integration/rooms.py", folder)
    return folder, set()


@pytest.fixture(scope="module")
def library(container, copied):
    folder, done = copied
    firm = Firm(container)
    if container not in done:
        subprocess.run(["podman", "exec", container, "rm", "-rf", "/opt/sync"], check=True)
        subprocess.run(["podman", "cp", folder, f"{container}:/opt/"], check=True)
        firm.stop_jobs()
        done.add(container)
    return firm


@pytest.fixture
def firm(library):
    """The directory as it was, and no other store."""
    library.sh("sh /srv/directory stop; rm -rf /srv/firm /srv/test* /var/lib/postfix_manager/sync/test")
    library.sh("sh /srv/directory start")
    library.database = "/srv/test.sqlite"
    return library
