# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tarball in use: built, installed into an empty path, and run from there with nothing else around."""

from __future__ import annotations

import json
import os
import subprocess
import tarfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(path.stem for path in (ROOT / "plugins/modules").glob("*.py"))
PLAYBOOKS = sorted(path.stem for path in (ROOT / "playbooks").glob("*.yml"))
ROLES = sorted(path.name for path in (ROOT / "roles").iterdir())

# What a user gets, and nothing besides: a name here is a decision.
TOP = {
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "FILES.json",
    "LICENSE",
    "MANIFEST.json",
    "README.md",
    "changelogs",
    "docs",
    "extensions",
    "meta",
    "playbooks",
    "plugins",
    "roles",
}


@pytest.fixture(scope="session")
def tarball(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tarball")
    subprocess.run(["ansible-galaxy", "collection", "build", "--output-path", folder], cwd=ROOT, check=True)
    (built,) = folder.glob("*.tar.gz")
    return built


@pytest.fixture(scope="session")
def installed(tarball, tmp_path_factory):
    """Run a command where the installed tarball is the only collection there is."""
    path = tmp_path_factory.mktemp("collections")
    configuration = tmp_path_factory.mktemp("configuration") / "ansible.cfg"
    configuration.touch()
    environment = {
        **os.environ,
        "ANSIBLE_COLLECTIONS_PATH": str(path),
        "ANSIBLE_COLLECTIONS_SCAN_SYS_PATH": "false",
        "ANSIBLE_HOME": str(tmp_path_factory.mktemp("home")),
        "ANSIBLE_CONNECTION_PLUGINS": str(ROOT / "extensions/molecule/plugins/connection"),
        "ANSIBLE_PIPELINING": "true",
        "ANSIBLE_CONFIG": str(configuration),
        "NO_COLOR": "1",
    }

    def run(*argv):
        done = subprocess.run(argv, cwd=path, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run("ansible-galaxy", "collection", "install", "--offline", tarball)
    assert (path / "ansible_collections/postfix_manager/mail/MANIFEST.json").exists()
    return run


@pytest.fixture(scope="session")
def bare_inventory(tmp_path_factory):
    """An inventory of one bare container, removed at the end."""
    network = f"{os.environ['TESTBED_PREFIX']}-packaging"
    container = f"{network}-debian13"
    tool = ROOT / "tools/container"
    subprocess.run([tool, "remove", network], check=True)
    subprocess.run([tool, "start", network, container, "mx13.example.test", "localhost/pmm-debian-warm:13"], check=True)
    host = {
        "ansible_connection": "testbed",
        "ansible_user": "root",
        "ansible_python_interpreter": "/usr/bin/python3",
        "postfix_hostname": "mail.example.test",
        "accounts_domains": [{"domain": "example.test"}],
        "accounts_mailboxes": [{"address": "alice@example.test", "password": "alice-test-password"}],
    }
    inventory = tmp_path_factory.mktemp("inventory") / "hosts.json"
    inventory.write_text(json.dumps({"all": {"hosts": {container: host}}}))
    yield inventory
    subprocess.run([tool, "remove", network], check=True)


def test_it_holds_what_a_user_needs_and_nothing_else(tarball):
    with tarfile.open(tarball) as archive:
        names = archive.getnames()
    assert {name.split("/")[0] for name in names} == TOP
    assert [name for name in names if "__pycache__" in name or name.endswith((".pyc", ".gitkeep"))] == []


def test_every_file_of_the_tree_is_in_it(tarball):
    with tarfile.open(tarball) as archive:
        packed = set(archive.getnames())
    wanted = [
        str(path.relative_to(ROOT))
        for top in ("extensions/eda", "meta", "playbooks", "plugins", "roles")
        for path in (ROOT / top).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    assert [name for name in wanted if name not in packed] == []


def test_every_module_is_documented(installed):
    documented = json.loads(installed("ansible-doc", "--json", *(f"postfix_manager.mail.{name}" for name in MODULES)))
    assert sorted(documented) == [f"postfix_manager.mail.{name}" for name in MODULES]
    assert [name for name, page in documented.items() if not page["examples"] or not page["return"]] == []


def test_every_role_is_documented(installed):
    documented = json.loads(installed("ansible-doc", "--json", "-t", "role", "-l", "postfix_manager.mail"))
    assert sorted(documented) == [f"postfix_manager.mail.{name}" for name in ROLES]


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_every_playbook_is_found_and_parsed(installed, name):
    installed("ansible-playbook", "-i", "localhost,", "--syntax-check", f"postfix_manager.mail.{name}")


def test_the_whole_server_is_announced_on_a_bare_host(installed, bare_inventory):
    printed = installed("ansible-playbook", "-i", bare_inventory, "--check", "--diff", "postfix_manager.mail.site")
    assert "failed=0" in printed
    assert "changed=0" not in printed
