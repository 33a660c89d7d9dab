# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts are written in bulk while mail is sent and read on the same host: no client meets a temporary failure."""

from __future__ import annotations

import json
import os
import subprocess

ROOT = os.environ["TESTBED_ROOT"]
FOLDER = "/tmp/load"


def test_no_lookup_fails_under_a_writer(host, container):
    # The script writes with the collection's own code, which lies beside it.
    host.run_test(f"mkdir -p {FOLDER}")
    for part in ("plugins/module_utils", "tests/integration/accounts_under_load.py"):
        subprocess.run(["podman", "cp", f"{ROOT}/{part}", f"{container}:{FOLDER}/"], check=True)
    ran = host.run(f"python3 {FOLDER}/accounts_under_load.py")
    print(ran.stdout, ran.stderr)
    assert ran.rc == 0, ran.stdout + ran.stderr
    assert json.loads(ran.stdout)
