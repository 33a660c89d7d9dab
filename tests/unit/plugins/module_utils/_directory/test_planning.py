# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a call decides, from declared and present entries."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.messages import (
    ADD,
    DELETE,
    REPLACE,
    Modification,
)
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.planning import (
    Change,
    Present,
    Rules,
    decide,
    purged,
)
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.show import AFTER, BEFORE, Diff, action
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.wanted import Reader
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.writing import summary, waves

ALICE = "uid=alice,dc=x"


@pytest.fixture
def plan(schema):
    """Changes for items, given what is there as attributes by name."""

    def changes(items, there=(), **rules):
        reader = Reader(schema, {})
        wanted = reader.entries([{"state": "present", **item} for item in items], "entries")
        assert reader.problems == []
        present = {
            schema.names.read(dn).key: Present(dn, {schema.key(name): values for name, values in attributes.items()})
            for dn, attributes in dict(there).items()
        }
        return decide(wanted, present, Rules(schema, **rules))

    return changes


@pytest.fixture
def modified(plan):
    """The modifications that one entry gets."""

    def modifications(attributes, there, state="present", **rules):
        changes = plan([{"dn": ALICE, "attributes": attributes, "state": state}], {ALICE: there}, **rules).changes
        return [tuple(one) for change in changes for one in change.modifications]

    return modifications


def test_a_new_entry_gets_its_naming_value(plan):
    (change,) = plan([{"dn": ALICE, "attributes": {"objectClass": "person", "cn": "A", "sn": []}}]).changes
    assert (change.verb, change.dn) == ("create", ALICE)
    assert change.after == {"objectclass": [b"person"], "cn": [b"A"], "uid": [b"alice"]}


@pytest.mark.parametrize(
    ("attributes", "there"),
    [
        ({"cn": "ALICE  adams"}, {"cn": [b"Alice Adams"]}),
        ({"commonName": ["b", "A"]}, {"cn": [b"a", b"B"]}),
        ({"sn": []}, {}),
        ({"objectClass": ["person", "top"]}, {"objectClass": [b"inetOrgPerson"]}),
        ({"member": "UID=b, DC=X"}, {"member": [b"uid=B,dc=x"]}),
        ({"olcAccess": ["to a  by b", "to c"]}, {"olcAccess": [b"{0}to a by b", b"{1}to c"]}),
        ({"entryUUID": "x"}, {}),
    ],
)
def test_no_change(modified, attributes, there):
    assert modified(attributes, there) == []


@pytest.mark.parametrize(
    ("attributes", "there", "modifications"),
    [
        ({"cn": "b"}, {"cn": [b"a"]}, [(REPLACE, "cn", [b"b"])]),
        ({"cn": ["a", "b"]}, {"cn": [b"A"]}, [(ADD, "cn", [b"b"])]),
        ({"cn": ["a", "b", "c"]}, {"cn": [b"A", b"B", b"d"]}, [(DELETE, "cn", [b"d"]), (ADD, "cn", [b"c"])]),
        ({"cn": ["a", "b"]}, {"cn": [b"A", b"B", b"d"]}, [(DELETE, "cn", [b"d"])]),
        ({"cn": "a"}, {}, [(ADD, "cn", [b"a"])]),
        ({"telephoneNumber": []}, {"telephoneNumber": [b"1"]}, [(DELETE, "telephonenumber", ())]),
        ({"jpegPhoto": ["a", "b"]}, {"jpegPhoto": [b"a"]}, [(REPLACE, "jpegphoto", [b"a", b"b"])]),
        ({"userPassword": "{SSHA}x"}, {"userPassword": [b"{SSHA}y"]}, [(REPLACE, "userpassword", [b"{SSHA}x"])]),
        ({"objectClass": ["posixAccount"]}, {"objectClass": [b"person"]}, [(ADD, "objectclass", [b"posixAccount"])]),
        ({"olcAccess": ["a", "b"]}, {"olcAccess": [b"{0}b"]}, [(REPLACE, "olcaccess", [b"{0}a", b"{1}b"])]),
        ({"olcAccess": ["a", "b"]}, {"olcAccess": [b"{0}a"]}, [(ADD, "olcaccess", [b"{1}b"])]),
        ({"olcAccess": ["A"]}, {"olcAccess": [b"{0}a"]}, [(REPLACE, "olcaccess", [b"{0}A"])]),
        ({"olcAccess": []}, {"olcAccess": [b"{0}a"]}, [(DELETE, "olcaccess", ())]),
    ],
)
def test_the_smallest_modification(modified, attributes, there, modifications):
    assert modified(attributes, there) == modifications


def test_exact_removes_what_is_not_declared(modified):
    there = {"objectClass": [b"person", b"posixAccount"], "cn": [b"a"], "sn": [b"b"], "uid": [b"alice"]}
    there.update({"entryUUID": [b"x"], "telephoneNumber": [b"1"], "c-ou": [b"of another entry"]})
    wanted = {"objectClass": "person", "cn": "a"}
    assert modified(wanted, there, "exact", ignored={"telephonenumber"}) == [
        (DELETE, "objectclass", [b"posixAccount"]),
        (DELETE, "sn", ()),
    ]


def test_additive_attributes_lose_nothing(modified):
    there = {"cn": [b"a"], "olcAccess": [b"{0}a"]}
    wanted = {"cn": ["b"], "olcAccess": ["b", "a"]}
    assert modified(wanted, there, additive={"cn", "olcaccess"}) == [(ADD, "cn", [b"b"]), (ADD, "olcaccess", [b"b"])]


def test_ignored_attributes_and_fitting_passwords_stay(modified, schema):
    there = {"cn": [b"a"], "userPassword": [b"hash"]}
    fitting = {(schema.names.read(ALICE).key, "userpassword")}
    assert modified({"cn": "b", "userPassword": "clear"}, there, ignored={"cn"}, fitting=fitting) == []


def test_a_rename_and_what_else_differs(plan):
    there = {"uid=old,dc=x": {"uid": [b"old"], "cn": [b"a"]}}
    items = [{"dn": "uid=old,dc=x", "new_dn": "uid=new,ou=p,dc=x", "attributes": {"cn": "b"}}]
    rename, update = plan(items, there).changes
    assert (rename.verb, rename.old_dn, rename.moved) == ("rename", "uid=old,dc=x", ("uid=new", "ou=p,dc=x"))
    assert update.modifications == [Modification(REPLACE, "cn", [b"b"])]
    assert update.after == {"cn": [b"b"], "uid": [b"new"]}
    assert summary([rename, update])["updated"] == []
    both = {**there, "uid=new,ou=p,dc=x": {}}
    assert "exists, and so does uid=old,dc=x" in plan(items, both).problems[0].message
    assert plan(items, {"uid=new,ou=p,dc=x": {"cn": [b"b"]}}).changes == []


def test_a_rename_in_place_names_no_parent(plan):
    there = {"uid=old,dc=x": {"uid": [b"old"]}}
    (rename,) = plan([{"dn": "uid=old,dc=x", "new_dn": "uid=new,DC=X"}], there).changes
    assert rename.moved == ("uid=new", None)


def test_absent(plan):
    there = {"ou=a,dc=x": {}, "uid=b,ou=a,dc=x": {}}
    item = {"dn": "OU=A,dc=x", "state": "absent"}
    assert "1 entry below it" in plan([item], there).problems[0].message
    changes = plan([{**item, "recursive": True}], there).changes
    assert [(change.verb, change.dn) for change in changes] == [("delete", "ou=a,dc=x"), ("delete", "uid=b,ou=a,dc=x")]
    assert plan([item], {"ou=b,dc=x": {}}).changes == []


def test_the_order_of_writes(plan):
    items = [
        {"dn": "uid=c,ou=b,ou=a,dc=x"},
        {"dn": "ou=b,ou=a,dc=x"},
        {"dn": "ou=a,dc=x"},
        {"dn": "uid=u,dc=x", "attributes": {"cn": "new"}},
        {"dn": "ou=z,dc=x", "state": "absent", "recursive": True},
    ]
    there = {"uid=u,dc=x": {}, "ou=z,dc=x": {}, "uid=y,ou=z,dc=x": {}}
    order = [[change.dn for change in wave] for wave in waves(plan(items, there).changes)]
    assert order == [
        ["ou=a,dc=x"],
        ["ou=b,ou=a,dc=x"],
        ["uid=c,ou=b,ou=a,dc=x"],
        ["uid=u,dc=x"],
        ["uid=y,ou=z,dc=x"],
        ["ou=z,dc=x"],
    ]


def test_purged_entries_go_unless_something_below_them_stays():
    names = [("b",), ("p", "b"), ("q", "b"), ("c", "q", "b"), ("r", "b"), ("d", "r", "b")]
    gone, held = purged(names, names, {("p", "b")}, ("b",))
    assert gone == [("q", "b"), ("c", "q", "b"), ("r", "b"), ("d", "r", "b")]
    assert held == []
    gone, held = purged(names, [("q", "b"), ("r", "b"), ("d", "r", "b")], set(), ("b",))
    assert gone == [("r", "b"), ("d", "r", "b")]
    assert held == [("q", "b")]
    gone, _held = purged(names, names, {("c", "q", "b")}, ("b",))
    assert ("q", "b") not in gone


def test_the_diff_shows_what_changes_and_no_secret(plan, schema):
    there = {ALICE: {"cn": [b"a"], "sn": [b"s"], "userPassword": [b"marked-old"]}}
    items = [{"dn": ALICE, "attributes": {"cn": "b", "2.5.4.35": "marked-new", "jpegPhoto": "x" * 500}}]
    changes = plan(items, there).changes
    before, after = Diff(changes, schema, BEFORE)["entries"], Diff(changes, schema, AFTER)["entries"]
    assert before == f"{ALICE}:\n  cn: a\n  userPassword: (secret)\n"
    assert after.startswith(f"{ALICE}:\n  cn: b\n  userPassword: (secret, changed)\n  jpegPhoto: xxx")
    assert "(500 characters)" in after
    assert "marked" not in before + after
    assert action(changes) == f"update entry {ALICE}"
    assert action([Change("delete", (), f"{number}", {}, None) for number in range(4)]) == "delete entries (4)"
