# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts are written in bulk while mail is sent and read on the same host: no client meets a temporary failure."""

from __future__ import annotations

import json
import os
import subprocess

SCRIPT = f"{os.environ['TESTBED_ROOT']}/tests/integration/accounts_under_load.py"


def test_no_lookup_fails_under_a_writer(host, container):
    subprocess.run(["podman", "cp", SCRIPT, f"{container}:/tmp/accounts_under_load.py"], check=True)
    ran = host.run("python3 /tmp/accounts_under_load.py")
    print(ran.stdout, ran.stderr)
    assert ran.rc == 0, ran.stderr
    assert json.loads(ran.stdout)
