# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a rulebook hears of a directory: the event source run as ansible-rulebook runs it."""

from __future__ import annotations

import json
import queue
import subprocess
import threading
import time

import pytest

# Events and the end of the source, one a line, until nobody listens any more.
RULEBOOK = """
import asyncio, json, logging, os, runpy, sys, threading
place = "/opt/sync/ansible_collections/postfix_manager/mail/extensions/eda/plugins/event_source/ldap_changes.py"
source = runpy.run_path(place)
args = json.loads(sys.stdin.readline())
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
logging.basicConfig(format="%(message)s", stream=sys.stdout)
class Events(asyncio.Queue):
    async def put(self, event):
        print(json.dumps(event), flush=True)
try:
    asyncio.run(source["main"](Events(), args))
except Exception as error:
    print("ended:", error, flush=True)
"""
SERVER = "ldap://127.0.0.1:3891"
ADMIN = "-D cn=admin,dc=ad,dc=test -w admin-test-password"
ARGS = {
    "server_uri": SERVER,
    "bind_dn": "cn=admin,dc=ad,dc=test",
    "bind_password": "admin-test-password",
    "base": "dc=ad,dc=test",
    "filter": "(objectCategory=person)",
    "initial": True,
    "eda_feedback_queue": None,
}
# As the server writes them.
ALICE, BOB = "cn=Alice Adams,cn=Users,dc=ad,dc=test", "cn=Brown\\2C Bob,cn=Users,dc=ad,dc=test"


class Rulebook:
    def __init__(self, container, **args):
        argv = ["podman", "exec", "-i", container, "python3", "-uc", RULEBOOK]
        self.process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdin.write(json.dumps({**ARGS, **args}) + "\n")
        self.process.stdin.flush()
        self.lines = queue.Queue()
        self.said = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(line.rstrip("\n"))

    def line(self, seconds=30):
        self.said.append(self.lines.get(timeout=seconds))
        return self.said[-1]

    def event(self):
        """The next event; what is logged in between is kept."""
        while not self.line().startswith("{"):
            pass
        return json.loads(self.said[-1])

    def heard(self, count):
        """Change and name of so many events, in the order of the names."""
        return sorted((event["change"], event["dn"]) for event in (self.event() for _number in range(count)))

    def close(self):
        self.process.stdin.close()
        self.process.wait(30)


@pytest.fixture
def listen(firm):
    begun = []

    def start(**args):
        begun.append(Rulebook(firm.container, **args))
        return begun[-1]

    yield start
    for rulebook in begun:
        rulebook.close()


def modified(dn, attribute, value):
    return f"dn: {dn}\nchangetype: modify\nreplace: {attribute}\n{attribute}: {value}\n\n"


def test_events_of_changes_and_of_what_changed_while_the_server_was_away(firm, listen):
    rulebook = listen()

    def change(ldif, server=SERVER):
        firm.sh(f"ldapmodify -x -H {server} {ADMIN} >/dev/null", ldif)

    probe = "cn=Probe,cn=Users,dc=ad,dc=test"
    assert rulebook.heard(4) == sorted(("add", dn) for dn in (ALICE, BOB, "cn=Off,cn=Users,dc=ad,dc=test", probe))

    begun = time.monotonic()
    change(modified(BOB, "description", "changed"))
    event = rulebook.event()
    print(f"heard after {time.monotonic() - begun:.2f} s")
    assert (event["change"], event["dn"]) == ("modify", BOB)
    assert event["attributes"]["description"] == ["changed"]
    assert event["attributes"]["mail"] == ["bob@example.test"]
    assert "old_dn" not in event

    change(modified(ALICE, "userPassword", "another-test-password"))
    event = rulebook.event()
    assert (event["change"], event["dn"]) == ("modify", ALICE)
    assert "userPassword" not in event["attributes"]
    uuid = event["entry_uuid"]

    change(f"dn: {ALICE}\nchangetype: modrdn\nnewrdn: cn=Alice Brown\ndeleteoldrdn: 1\nnewsuperior: dc=ad,dc=test\n")
    event = rulebook.event()
    moved = "cn=Alice Brown,dc=ad,dc=test"
    assert (event["change"], event["dn"], event["old_dn"], event["entry_uuid"]) == ("modify", moved, ALICE, uuid)

    # Changed, come and gone while the source cannot hear of it.
    firm.sh("sh /srv/directory stop")
    rulebook.line()
    assert "closed the connection" in rulebook.said[-1], rulebook.said[-1]
    firm.sh("slapd -f /srv/firm/slapd.conf -h ldap://127.0.0.1:3899")
    new = "cn=New,cn=Users,dc=ad,dc=test"
    person = f"dn: {new}\nchangetype: add\nobjectClass: user\nobjectCategory: person\ncn: New\nsn: New\n\n"
    change(
        modified(moved, "description", "meanwhile") + person + f"dn: {BOB}\nchangetype: delete\n",
        "ldap://127.0.0.1:3899",
    )
    firm.sh("sh /srv/directory stop; sh /srv/directory start")
    assert rulebook.heard(3) == sorted([("modify", moved), ("add", new), ("delete", BOB)])
    # Then as before, with nothing in between.
    change(f"dn: {new}\nchangetype: delete\n")
    assert rulebook.heard(1) == [("delete", new)]
    everything = "\n".join(rulebook.said)
    assert "test-password" not in everything
    assert "SSHA" not in everything


def test_at_the_beginning_a_refusal_ends_it_and_nothing_is_an_event(firm, listen):
    said = listen(bind_password="wrong-test-password").line()
    assert said.startswith("ended:")
    assert "invalid credentials (49)" in said
    assert "wrong-test-password" not in said
    said = listen(base="ou=nowhere,dc=ad,dc=test").line()
    assert said.startswith("ended:")
    assert "no such object (32)" in said
    quiet = listen(initial=False)
    # A change that comes before all is told is no event: one after the other, until one is.
    heard = []

    def changed():
        firm.sh(f"ldapmodify -x -H {SERVER} {ADMIN} >/dev/null", modified(BOB, "description", f"at {time.time()}"))
        try:
            heard.append(json.loads(quiet.line(0.5)))
        except queue.Empty:
            return False
        return True

    firm.wait(changed, 30, "an event")
    assert (heard[0]["change"], heard[0]["dn"]) == ("modify", BOB)
