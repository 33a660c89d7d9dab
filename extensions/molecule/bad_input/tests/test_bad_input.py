# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad input is refused with the option's name, in check mode and for real, and leaves the host as it was."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import ansible
import pytest
import yaml

ROOT = Path(os.environ["TESTBED_ROOT"])
MODULES = sorted(path.stem for path in (ROOT / "plugins/modules").glob("*.py"))
CALLS = yaml.safe_load((ROOT / "tests/integration/bad_input.yml").read_text(encoding="utf-8"))
# Of several thousand cases each N-th by release; BAD_INPUT_EVERY=1 makes all of them, which takes a while.
EVERY = {"debian12": 120, "debian13": 48}


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """What the script needs on the host: itself, the modules, what they import of Ansible, and what they document."""
    folder = tmp_path_factory.mktemp("bad_input") / "bad_input"
    shutil.copytree(Path(ansible.__file__).parent / "module_utils", folder / "ansible/module_utils")
    shutil.copy(Path(ansible.__file__).parent / "release.py", folder / "ansible")
    (folder / "ansible/__init__.py").touch()
    shutil.copytree(ROOT / "plugins", folder / "ansible_collections/postfix_manager/mail/plugins")
    for name in ("rooms.py", "bad_input.py"):
        shutil.copy(ROOT / "tests/integration" / name, folder)
    names = [f"postfix_manager.mail.{name}" for name in MODULES]
    said = subprocess.run(["ansible-doc", "--json", *names], capture_output=True, text=True, check=True).stdout
    options = {name.rpartition(".")[2]: described["doc"]["options"] for name, described in json.loads(said).items()}
    (folder / "calls.json").write_text(json.dumps({"options": options, **CALLS}))
    return folder


def test_every_module_has_a_good_call():
    assert sorted(CALLS["good"]) == MODULES


def test_bad_input_is_refused_and_touches_nothing(platform, container, library):
    subprocess.run(["podman", "cp", library, f"{container}:/opt/"], check=True)
    script = "cd /opt/bad_input && PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=. exec python3 bad_input.py calls.json"
    every = int(os.environ.get("BAD_INPUT_EVERY", EVERY[platform]))
    argv = ["podman", "exec", container, "sh", "-c", f"{script} {every}"]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    print(done.stdout, done.stderr)
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["cases"] > 3000 / every
