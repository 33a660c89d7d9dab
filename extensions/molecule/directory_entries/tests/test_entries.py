# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Entries on a real slapd: compared by meaning, renamed, purged, refused, and written on after a crash."""

from __future__ import annotations

import time

import pytest

SUFFIX = "dc=example,dc=test"
PEOPLE = f"ou=people,{SUFFIX}"
MANY = 5000


def defaults(base):
    attributes = {"objectClass": ["inetOrgPerson"], "cn": "{uid}", "sn": "{uid}", "mail": "{uid}@example.test"}
    return {"dn": f"uid={{uid}},{base}", "attributes": attributes}


def people(count):
    return [{"attributes": {"uid": f"user{number}"}} for number in range(count)]


def test_what_the_converging_made_is_there(directory):
    assert sorted(directory.names(PEOPLE)) == sorted(
        [f"uid={name},{PEOPLE}" for name in ("alice", "bob", "carol", "d\\2Cave")]
    )
    assert directory.logs_in(f"uid=alice,{PEOPLE}", "alice-test-password")
    assert not directory.logs_in(f"uid=alice,{PEOPLE}", "bob-test-password")
    assert directory.values(f"uid=alice,{PEOPLE}", "jpegPhoto") == ["/9j/4AAQSkZJRgABAQAAAQABAAD/2Q=="]
    assert len(directory.names(f"ou=archive,{SUFFIX}")) == 2


@pytest.mark.parametrize(
    "attributes",
    [
        {"cn": ["  alice    ADAMS ", "alice adams-bell"]},
        {"telephoneNumber": "+4930123456"},
        {"MAIL": "Alice@Example.TEST"},
        {"rfc822Mailbox": "alice@example.test", "objectClass": ["person", "top", "inetOrgPerson"]},
        {"userPassword": "alice-test-password"},
        {"jpegPhoto::": "/9j/4AAQSkZJRgABAQAA\nAQABAAD/2Q=="},
        {"employeeNumber": 1, "description": []},
    ],
)
def test_the_same_in_other_words_is_no_change(directory, attributes):
    said = directory("ldap_entry", dn=f"UID = Alice, ou=PEOPLE , {SUFFIX}", attributes=attributes)
    assert "failed" not in said, said
    assert said["changed"] is False, said["diff"]


def test_one_value_more_or_less_is_the_only_thing_that_is_written(directory):
    base = directory.branch("small")
    members = [f"uid={name},{PEOPLE}" for name in ("alice", "bob", "carol")]
    group = {"dn": f"cn=g,{base}", "attributes": {"objectClass": "groupOfNames", "member": members[:2]}}
    directory.four_steps("ldap_entry", **group)
    added = {**group, "attributes": {"member": [members[2]]}, "additive_attributes": ["member"]}
    said = directory.four_steps("ldap_entry", **added)
    assert said["entries"]["updated"] == [f"cn=g,{base}"]
    assert directory.values(f"cn=g,{base}", "member") == members
    directory.four_steps("ldap_entry", **{**group, "attributes": {"member": members[1:]}})
    assert directory.values(f"cn=g,{base}", "member") == members[1:]
    directory.four_steps("ldap_entry", **{**group, "attributes": {"description": "d", "businessCategory": "b"}})
    exact = {"objectClass": "groupOfNames", "member": members[1:]}
    said = directory.four_steps(
        "ldap_entry", **{**group, "attributes": exact, "state": "exact", "ignored_attributes": ["businessCategory"]}
    )
    assert directory.values(f"cn=g,{base}", "description") == []
    assert directory.values(f"cn=g,{base}", "businessCategory") == ["b"]


def test_values_in_order_are_compared_by_meaning_and_kept_in_order(directory):
    database = "olcDatabase={1}mdb,cn=config"
    root = {"bind_dn": None, "bind_password": None}
    before = [value.partition("}")[2] for value in values_of_config(directory, database)]
    numbered = [f"{{{place}}}{value.replace(' by ', '  by ')}" for place, value in enumerate(before)]
    said = directory("ldap_entry", dn=database, attributes={"olcAccess": numbered}, **root)
    assert said["changed"] is False, said
    directory.four_steps("ldap_entry", dn=database, attributes={"olcAccess": [before[0], *before[2:]]}, **root)
    assert [value.partition("}")[2] for value in values_of_config(directory, database)] == [before[0], *before[2:]]
    directory.four_steps("ldap_entry", dn=database, attributes={"olcAccess": before}, **root)
    assert [value.partition("}")[2] for value in values_of_config(directory, database)] == before


def values_of_config(directory, dn):
    said = directory.sh(f"ldapsearch -LLL -o ldif-wrap=no -Q -Y EXTERNAL -H ldapi:/// -s base -b '{dn}' olcAccess")
    return [line.partition(": ")[2] for line in said.splitlines() if line.startswith("olcAccess:")]


def test_rename_move_and_find_again(directory):
    base, other = directory.branch("one"), directory.branch("two")
    person = {"objectClass": "inetOrgPerson", "cn": "Eve", "sn": "Old", "employeeNumber": "77"}
    directory.four_steps("ldap_entry", dn=f"uid=eve,{base}", attributes=person)
    unique = directory.values(f"uid=eve,{base}", "entryUUID")
    said = directory.four_steps("ldap_entry", dn=f"uid=eve,{base}", new_dn=f"uid=eva,{base}", attributes={"sn": "New"})
    assert said["entries"]["renamed"] == [f"uid=eva,{base}"]
    said = directory.four_steps("ldap_entry", dn=f"uid=eva.new,{other}", identity="employeeNumber", attributes=person)
    assert said["entries"]["created"] == []
    moved = directory.values(f"uid=eva.new,{other}", "entryUUID")
    assert moved == unique
    directory.four_steps(
        "ldap_entry", dn=f"cn=Eve,{other}", identity="entryUUID", attributes={**person, "entryUUID": unique[0]}
    )
    assert directory.values(f"cn=Eve,{other}", "entryUUID") == unique


def test_a_branch_is_renamed_with_what_lies_below_it(directory):
    base = directory.branch("tree")
    unit = {"objectClass": "organizationalUnit"}
    lower = {"dn": f"ou=x,ou=old,{base}", "attributes": {**unit, "description": "before"}}
    directory.four_steps("ldap_entries", entries=[{"dn": f"ou=old,{base}", "attributes": unit}, lower])
    said = directory.four_steps(
        "ldap_entries",
        entries=[
            {"dn": f"ou=old,{base}", "new_dn": f"ou=new,{base}", "attributes": unit},
            {"dn": f"ou=x,ou=new,{base}", "attributes": {**unit, "description": "after"}},
            {"dn": f"ou=y,ou=new,{base}", "attributes": unit},
        ],
    )
    assert said["entries"]["renamed"] == [f"ou=new,{base}"]
    assert said["entries"]["created"] == [f"ou=y,ou=new,{base}"]
    assert said["entries"]["updated"] == [f"ou=x,ou=new,{base}"]


def test_purge_with_a_cap_and_a_filter(directory):
    base = directory.branch("purged")
    directory("ldap_entries", defaults=defaults(base), entries=people(30))
    directory("ldap_entry", dn=f"ou=kept,{base}", attributes={"objectClass": "organizationalUnit"})
    rest = {
        "defaults": defaults(base),
        "entries": people(5),
        "base": base,
        "filter": "(objectClass=person)",
        "purge": True,
    }
    said = directory("ldap_entries", **rest, max_deletions=24)
    assert said["failed"] is True
    assert len(said["deletions"]) == 25
    assert len(directory.names(base)) == 31
    said = directory.four_steps("ldap_entries", **rest, max_deletions=25)
    assert len(said["entries"]["deleted"]) == 25
    assert len(directory.names(base)) == 6


def test_absent_needs_recursive_and_stays_below_its_cap(directory):
    base = directory.branch("gone")
    directory("ldap_entries", defaults=defaults(base), entries=people(12))
    said = directory("ldap_entry", dn=base, state="absent")
    assert "has 12 entries below it" in said["msg"]
    said = directory("ldap_entry", dn=base, state="absent", recursive=True)
    assert "13 entries would be deleted" in said["msg"]
    said = directory.four_steps("ldap_entry", dn=base, state="absent", recursive=True, max_deletions=13)
    assert len(said["entries"]["deleted"]) == 13


def test_passwords(directory):
    base = directory.branch("passwords")
    dn = f"uid=p,{base}"
    person = {"objectClass": "inetOrgPerson", "cn": "P", "sn": "P"}
    for scheme in ("CRYPT", "SSHA", "none"):
        directory.four_steps(
            "ldap_entry", dn=dn, attributes={**person, "userPassword": f"test-{scheme}"}, password_scheme=scheme
        )
        assert directory.logs_in(dn, f"test-{scheme}")
    kept = {**person, "userPassword": "another"}
    said = directory("ldap_entry", dn=dn, attributes=kept, update_password="on_create")
    assert said["changed"] is False
    # A hash that only the server can verify: it is asked.
    hashed = directory.sh("slappasswd -o module-load=argon2 -h '{ARGON2}' -s argon-test").strip()
    assert hashed.startswith("{ARGON2}")
    directory.four_steps("ldap_entry", dn=dn, attributes={**person, "userPassword": hashed})
    said = directory("ldap_entry", dn=dn, attributes={**person, "userPassword": "argon-test"})
    assert said["changed"] is False, said
    assert "argon-test" not in str(said)


def test_all_that_the_schema_forbids_at_once(directory):
    base = directory.branch("wrong")
    person = {"objectClass": "inetOrgPerson", "cn": "X", "sn": "X"}
    entries = [
        {"dn": f"uid=a,{base}", "attributes": {**person, "telephoneNumber": "öff", "preferredLanguage": ["de", "en"]}},
        {"dn": f"uid=b,{base}", "attributes": {"objectClass": "inetOrgPerson", "cn": "X"}},
        {"dn": f"uid=c,{base}", "attributes": {**person, "uidNumber": 1}},
        {"dn": f"uid=d,{base}", "attributes": {**person, "manager": "nobody"}},
        {"dn": f"uid=e,{base}", "attributes": {"objectClass": "top"}},
        {"dn": f"uid=f,{base}", "attributes": {**person, "uid": "other"}},
        {"dn": f"uid=g,{base}", "attributes": {**person, "cn": ["Same", "same"]}},
        {"dn": f"uid=h,{base}", "attributes": {**person, "createTimestamp": "20260101000000Z"}},
        {"dn": f"uid=i,{base}", "attributes": {**person, "objectClass": ["inetOrgPerson", "device"]}},
    ]
    for check in (True, False):
        said = directory("ldap_entries", check=check, entries=entries)
        options = [problem["option"] for problem in said["problems"]]
        assert options == [
            "entries[0].attributes.telephoneNumber",
            "entries[0].attributes.preferredLanguage",
            "entries[1].attributes.sn",
            "entries[2].attributes.uidNumber",
            "entries[3].attributes.manager",
            "entries[4].attributes.objectClass",
            "entries[4].attributes.uid",
            "entries[5].attributes.uid",
            "entries[6].attributes.cn",
            "entries[7].attributes.createTimestamp",
            "entries[8].attributes.objectClass",
        ]
        assert all(f"uid={name},{base}" in said["msg"] for name in "abcdefghi")
    assert directory.names(base) == []


def test_what_an_earlier_task_may_bring_is_a_warning_in_a_check_and_an_error_in_a_run(directory):
    base = directory.branch("early")
    person = {"objectClass": ["inetOrgPerson", "mailThing"], "cn": "X", "sn": "X", "mailQuotta": "1"}
    entry = {"dn": f"uid=a,ou=later,{base}", "attributes": person}
    said = directory("ldap_entry", check=True, **entry)
    assert said["changed"] is True
    assert "mailThing" in str(said["warnings"])
    said = directory("ldap_entry", **entry)
    assert {problem["option"] for problem in said["problems"]} == {
        "attributes.mailQuotta",
        "attributes.objectClass",
        "dn",
    }


def test_a_refused_entry_stops_no_other_and_is_named_with_the_reason(directory):
    base = directory.branch("refused")
    entries = people(6)
    entries[3]["attributes"]["mail"] = "user1@example.test"
    entries[3]["dn"] = f"uid=user3,{base}"
    entries.append({"dn": f"uid=below,uid=user3,{base}", "attributes": {"uid": "below"}})
    said = directory("ldap_entries", defaults=defaults(base), entries=entries)
    assert said["failed"] is True
    assert [one["dn"] for one in said["refused"]] == [f"uid=user3,{base}"]
    assert said["not_written"] == [f"uid=below,uid=user3,{base}"]
    assert "constraint violation (19)" in said["msg"]
    assert len(said["entries"]["created"]) == 5
    assert len(directory.names(base)) == 5


def test_a_server_that_dies_in_the_middle(directory):
    base = directory.branch("crashed")
    call = {"defaults": defaults(base), "entries": people(MANY)}
    running = directory.start("ldap_entries", **call)
    deadline = time.monotonic() + 120
    while len(directory.names(base)) < 300:
        assert time.monotonic() < deadline
        assert running.poll() is None
    directory.sh("pkill -KILL -x slapd")
    said = directory.end(running)
    assert said["failed"] is True
    assert "the server closed the connection" in said["msg"] or "reset" in said["msg"] or "pipe" in said["msg"]
    written = said["entries"]["created"]
    assert 300 <= len(written) < MANY
    assert len(written) + len(said["not_written"]) == MANY
    said = directory("ldap_entries", check=True, **call)
    assert "start slapd" in said["msg"]
    directory.sh("systemctl restart slapd")
    there = set(directory.names(base))
    assert set(written) <= there
    said = directory("ldap_entries", **call)
    assert len(said["entries"]["created"]) == MANY - len(there)
    assert said["entries"]["updated"] == []
    assert directory("ldap_entries", **call)["changed"] is False
    assert len(directory.names(base)) == MANY
