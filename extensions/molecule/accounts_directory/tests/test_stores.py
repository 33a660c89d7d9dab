# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules for accounts say and do the same in a database and in a directory; and what only a directory can have."""

from __future__ import annotations

import json
import os
import subprocess

import pytest

ROOT = os.environ["TESTBED_ROOT"]
FOLDER = "/tmp/cases"
SUFFIX = "dc=example,dc=test"
BASE = f"ou=cases,{SUFFIX}"
PEOPLE = f"ou=people,{BASE}"
ALICE = "alice@one.example"


def report(host, container, program):
    """The programs run the collection's own code, which lies beside them."""
    host.run_test(f"mkdir -p {FOLDER}")
    for part in ("plugins/module_utils", "tests/integration/accounts_in_stores.py", f"tests/integration/{program}"):
        subprocess.run(["podman", "cp", f"{ROOT}/{part}", f"{container}:{FOLDER}/"], check=True)
    ran = host.run(f"python3 {FOLDER}/{program} {FOLDER} {SUFFIX}")
    assert ran.rc == 0, ran.stdout + ran.stderr
    assert "$6$" not in ran.stdout + ran.stderr
    return json.loads(ran.stdout)


def test_both_stores_say_and_hold_the_same(host, container):
    found = report(host, container, "accounts_in_stores.py")
    assert len(found) > 30
    assert {case: faults for case, faults in found.items() if faults} == {}


@pytest.fixture(scope="module")
def found(host, container):
    return report(host, container, "accounts_in_directory.py")


def test_somebody_who_exists_gets_a_mailbox_and_keeps_the_rest(found):
    hired = found["hired"]
    given = hired["given"]
    assert (given["actions"], given["again"]) == ([f"create mailbox {ALICE}"], [])
    assert given["warnings"] == [f"{ALICE}: the mailbox is given to cn=Alice Hired,{PEOPLE}, which exists"]
    assert set(hired["kept"].values()) == {True}
    assert hired["added"] == {"pmMailQuota": [str(5 * 1024**2)]}


def test_an_entry_that_is_renamed_is_the_same_mailbox(found):
    hired = found["hired"]
    assert (hired["renamed"]["actions"], hired["renamed"]["again"]) == ([f"update mailbox {ALICE}"], [])
    assert (hired["same"], hired["password"]) == (True, [])


def test_of_a_person_only_the_mail_facts_are_deleted(found):
    hired = found["hired"]
    stays = f"{ALICE}: cn=Alice Married,{PEOPLE} stays, without what it had for mail"
    assert (hired["deleted"]["warnings"], hired["deleted"]["again"]) == ([stays], [])
    assert hired["left"] == ["cn", "dn", "employeeNumber", "entryUUID", "objectClass", "sn"]
    assert hired["still same"]


def test_an_entry_that_was_made_here_goes_when_asked_for(found):
    case = found["made_and_deleted"]
    assert (case["there, facts"], case["there, entry"]) == (True, False)
    assert "stays" in case["deleted, facts"][0]
    assert case["deleted, entry"] == []


def test_a_write_that_fails_in_the_middle_says_what_was_written(found):
    refused, goes_on = found["half_written"]["refused"], found["half_written"]["goes on"]
    assert refused["failed"].startswith(
        "2 written, 1 refused by the server, 0 not written; a run after the cure goes on"
    )
    assert refused["entries"]["created"] == [f"uid={name}@one.example,{PEOPLE}" for name in ("first", "last")]
    assert [one["dn"] for one in refused["refused"]] == [f"uid=taken@one.example,{PEOPLE}"]
    assert (goes_on["actions"], goes_on["again"]) == (["create mailbox taken@one.example"], [])


def test_a_fact_that_somebody_else_changed_meanwhile_is_not_overwritten(found):
    case = found["stale_plan"]
    assert "0 written, 1 refused" in case["failed"]
    assert case["quota"] == ["77"]


def test_the_server_says_whether_a_password_fits_that_may_not_be_read(found):
    case = found["unreadable_passwords"]
    assert case == {"hash": "", "fits": [], "fits not": ["update mailbox first@one.example"]}


@pytest.mark.parametrize(
    ("case", "refused"),
    [
        ("no such attribute", {"directory_attributes.quota": "pmMailQota"}),
        ("not in the class", {"mailboxes[0].quota": None}),
        ("two facts in one", {"directory_attributes.name": "pmMailEnabled"}),
        ("not the syntax", {"mailboxes[0].name": "Odd"}),
        ("no such place", {"directory_people": f"ou=nowhere,{BASE}"}),
        (
            "not in the preset",
            {
                "mailboxes[0].quota": 5 * 1024**2,
                "mailboxes[0].forward_to": ["x@y.example"],
                "mailboxes[0].send": False,
                "mailboxes[0].enabled": False,
            },
        ),
    ],
)
def test_what_the_directory_cannot_hold_is_refused_by_its_option(found, case, refused):
    assert found["what_cannot_be"][case] == {"refused": refused}


def test_a_schema_that_the_server_lacks_is_named_whole(found):
    refused = found["what_cannot_be"]["no such class"]["refused"]
    assert {*refused} >= {
        "directory_preset",
        *(f"directory_attributes.{name}" for name in ("alias", "quota", "enabled")),
    }
    assert found["what_cannot_be"]["nothing of it"] == []
