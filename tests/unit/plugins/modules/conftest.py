# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Running an account module for real, on a database in a temporary folder."""

import getpass
import grp
import json
import os
import sqlite3

import pytest
from ansible.module_utils.testing import patch_module_args


class Accounts:
    """One database. Calling it runs a module and returns what the module says."""

    def __init__(self, folder, capsys):
        self.database = str(folder / "accounts.sqlite")
        self.mail = folder / "mail"
        self.capsys = capsys

    def __call__(self, module, *, check=False, **options):
        files = {
            "database": self.database,
            "database_owner": getpass.getuser(),
            "database_group": grp.getgrgid(os.getegid()).gr_name,
        }
        if "mail_directory" in module.SPEC["argument_spec"]:
            files["mail_directory"] = str(self.mail)
        arguments = {**files, **options, "_ansible_check_mode": check, "_ansible_diff": True}
        with patch_module_args(arguments), pytest.raises(SystemExit):
            module.main()
        return json.loads(self.capsys.readouterr().out)

    def four_steps(self, module, **options):
        """Check, run, check, run: the first two alike, the last two no change. Returns the report of the run."""
        steps = [self(module, check=check, **options) for check in (True, False, True, False)]
        assert [step.get("failed", False) for step in steps] == [False] * 4, steps
        assert [step["changed"] for step in steps] == [True, True, False, False], steps
        assert steps[0]["actions"] == steps[1]["actions"]
        assert steps[0]["diff"] == steps[1]["diff"]
        return steps[1]

    def rows(self, query):
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True) as connection:
            return connection.execute(query).fetchall()


@pytest.fixture
def accounts(tmp_path, capsys):
    return Accounts(tmp_path, capsys)


@pytest.fixture
def said_by(capsys):
    """Runs a module and returns what it says."""

    def run(module, *, check=False, **options):
        arguments = {**options, "_ansible_check_mode": check, "_ansible_diff": True}
        with patch_module_args(arguments), pytest.raises(SystemExit):
            module.main()
        return json.loads(capsys.readouterr().out)

    return run
