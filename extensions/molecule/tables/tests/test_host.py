# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What lies on the host after a migration, and who may read it."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess

import pytest

SECRETS = ["relay-test-password", "older-test-password", "written-test-password"]
WRITES = 12

# Runs as root: writes and removes the table again and again, with an index that others must not read either.
WRITER = """
import sys
sys.path.insert(0, "/tmp/library")
from module_utils._postfix.table_host import plan_table
common = dict(path="watched", type="lmdb", config_directory=None, instance=None, owner=None, group=None, mode=None)
common.update(purge=False, max_deletions=10, secret=True)
common.update(backup=True, backup_count=5, backup_directory="/var/backups/postfix_manager")
for number in range(int(sys.argv[1])):
    entries = {"[host.example.net]:587": "user:written-test-password", "number": str(number)}
    assert plan_table({**common, "state": "present", "entries": entries}).apply() is not None
    if number % 3 == 2:
        plan_table({**common, "state": "absent", "entries": None}).apply()
"""

# Runs as nobody until its input ends: opens whatever it may and looks for the secret.
WATCHER = """
import json, os, select, sys
places, seen, rounds = ["/etc/postfix", "/tmp", "/var/tmp", "/var/backups"], set(), 0
while not select.select([sys.stdin], [], [], 0)[0]:
    rounds += 1
    for place in places:
        for folder, _folders, names in os.walk(place):
            for name in names:
                if folder.startswith("/tmp/library"):
                    continue
                try:
                    with open(os.path.join(folder, name), "rb") as handle:
                        if b"written-test-password" in handle.read():
                            seen.add(os.path.join(folder, name))
                except OSError:
                    pass
print(json.dumps([rounds, sorted(seen)]))
"""


def test_the_configuration_names_no_old_type_but_for_what_is_undecided(host):
    named = host.check_output("postconf -n; postconf -P")
    assert sorted(word.strip(",") for word in named.split() if "hash:" in word and "texthash" not in word) == [
        "hash:/etc/postfix/old_stale",
        "proxy:hash:/etc/postfix/no_text",
    ]
    assert "btree:" not in named
    assert host.check_output("postconf -h default_database_type") == "lmdb"


def test_a_table_that_an_access_table_names_is_migrated_too(host):
    said = host.check_output("postmap -q nested@virtual.test lmdb:/etc/postfix/old_access")
    assert said == "check_sender_access lmdb:/etc/postfix/old_senders"
    assert host.check_output("postmap -q evil@example.net lmdb:/etc/postfix/old_senders") == "554 5.7.1 not from you"


def test_old_indices_are_gone_but_for_the_one_that_is_in_use(host):
    assert host.check_output("ls /etc/*.db /etc/postfix/*.db /etc/postfix-out/*.db 2>/dev/null || true") == (
        "/etc/postfix/old_stale.db"
    )


@pytest.mark.parametrize("name", ["sasl_passwd", "old_passwords"])
def test_text_and_index_of_a_secret_are_for_root(host, name):
    for path in (f"/etc/postfix/{name}", f"/etc/postfix/{name}.lmdb"):
        found = host.file(path)
        assert (found.user, oct(found.mode)) == ("root", oct(0o600))


def test_every_index_gives_what_its_text_says(host):
    for name in ("maps/virtual", "recipients", "old_canonical", "old_access", "old_senders", "old_passwords"):
        text = f"/etc/postfix/{name}"
        found = host.check_output(f"cut -f1 {text} | cut -d' ' -f1 | postmap -q - lmdb:{text} | wc -l")
        assert int(found) == len(host.file(text).content_string.splitlines())


def test_both_instances_run(host):
    listed = host.check_output("postmulti -l").splitlines()
    assert [line.split()[0] for line in listed] == ["-", "postfix-out"]
    assert host.socket("tcp://0.0.0.0:25").is_listening
    assert host.socket("tcp://0.0.0.0:10025").is_listening
    host.check_output("postmulti -i postfix-out -p status")


def test_nobody_ever_reads_a_secret_while_it_is_written(container, host):
    library = pathlib.Path(os.environ["TESTBED_ROOT"], "plugins/module_utils")
    host.check_output("rm -rf /tmp/library; mkdir -m 0755 /tmp/library")
    subprocess.run(["podman", "cp", library, f"{container}:/tmp/library/module_utils"], check=True)
    assert watched(container, ["python3", "-c", WRITER, str(WRITES)]) == []
    # The watcher would have noticed: this is how such files are written without care.
    careless = "umask 022; echo written-test-password >/etc/postfix/careless; sleep 1; chmod 0600 /etc/postfix/careless"
    assert watched(container, ["sh", "-c", careless]) == ["/etc/postfix/careless"]
    host.check_output("rm /etc/postfix/careless; rm -rf /tmp/library /etc/postfix/watched*")


def watched(container, writer):
    """Files in which nobody saw the secret while the writer ran."""
    argv = ["podman", "exec", "-i", "-u", "nobody", container, "python3", "-c", WATCHER]
    watcher = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        subprocess.run(["podman", "exec", container, *writer], check=True)
    finally:
        said = watcher.communicate("end\n")[0]
    rounds, seen = json.loads(said)
    assert rounds > WRITES
    return seen
