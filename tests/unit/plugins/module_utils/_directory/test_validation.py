# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a schema has against an entry."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.planning import Present, Rules, decide
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.validation import Validation
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.wanted import Reader

DN = "uid=a,dc=x"
PERSON = {"objectClass": "inetOrgPerson", "cn": "A", "sn": "A"}
UUID = "abcdef00-0000-0000-0000-000000000000"


@pytest.fixture
def validated(schema):
    def validate(attributes, there=None, state="present", identity=None):
        reader = Reader(schema, {})
        wanted = reader.entries([{"dn": DN, "attributes": attributes, "state": state}], "entries")
        assert reader.problems == []
        present = {} if there is None else {schema.names.read(DN).key: Present(DN, there)}
        validation = Validation(schema, identity)
        validation.check(wanted, decide(wanted, present, Rules(schema)).changes)
        return validation

    return validate


def said(problems):
    return [(problem.option.rpartition(".")[2], problem.message.partition(f"of {DN} ")[2]) for problem in problems]


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"telephoneNumber": "+49 30/1 (x)", "jpegPhoto::": "AAAA", "preferredLanguage": "en"},
        {"objectClass": ["inetOrgPerson", "posixAccount"], "uidNumber": -5},
        {"objectClass": ["person", "extensibleObject"], "ou": "anything"},
        {"uid": ["A", "b"], "userPassword": "x"},
        {"cn;lang-en": "English"},
    ],
)
def test_good_entries(validated, more):
    validation = validated({**PERSON, **more})
    assert validation.problems + validation.unmet == []


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"sn": []}, ("sn", "is missing, and inetOrgPerson demands it")),
        ({"objectClass": []}, ("objectClass", "is missing")),
        ({"objectClass": "posixAccount", "uidNumber": 1}, ("objectClass", "holds no structural class")),
        ({"member": "cn=x"}, ("member", "is not allowed by inetOrgPerson")),
        ({"preferredLanguage": ["a", "b"]}, ("preferredLanguage", "has 2 values and can have one")),
        ({"telephoneNumber": "ö"}, ("telephoneNumber", "is not a telephone number")),
        ({"cn": ["x", "X "]}, ("cn", "has two values that are equal")),
        ({"uid": "b"}, ("uid", "lacks the value that the name says")),
        ({"sn::": "/w=="}, ("sn", "is not a text in UTF-8")),
        (
            {"objectClass": ["inetOrgPerson", "groupOfNames"], "member": "cn=a"},
            ("objectClass", "holds structural classes that have nothing in common"),
        ),
        (
            {"objectClass": ["inetOrgPerson", "posixAccount"], "uidNumber": "1x"},
            ("uidNumber", "is not a whole number"),
        ),
        ({"entryUUID": UUID}, ("entryUUID", "is kept by the server itself")),
    ],
)
def test_bad_entries(validated, more, problem):
    given = {name: value for name, value in PERSON.items() if f"{name}::" not in more}
    assert problem in said(validated({**given, **more}).problems)


def test_what_a_schema_may_bring_is_apart(validated):
    validation = validated({**PERSON, "objectClass": ["inetOrgPerson", "mailUser"], "maill": "x"})
    assert validation.problems == []
    assert said(validation.unmet) == [
        ("maill", "is not in the schema of the server"),
        ("objectClass", "is not in the schema of the server"),
    ]
    assert validated({**PERSON, "surnam": "x"}).unmet[0].cure.startswith("did you mean surname")


def test_an_entry_that_exists(validated):
    there = {"objectclass": [b"inetOrgPerson"], "cn": [b"a"]}
    assert said(validated({"cn": []}, there).problems) == [("cn", "is missing, and inetOrgPerson demands it")]
    assert validated({"telephoneNumber": "1"}, there).problems == []
    assert said(validated({"member": "cn=a"}, there).problems) == [("member", "is not allowed by inetOrgPerson")]
    held = {**there, "sn": [b"x"], "uid": [b"a"]}
    exact = said(validated({"objectClass": "person", "cn": "a"}, held, "exact").problems)
    assert ("sn", "is missing, and person demands it") in exact


def test_an_identity_that_the_server_keeps_may_be_declared(validated):
    assert validated({**PERSON, "entryUUID": UUID}, identity="entryUUID").problems == []


def test_a_secret_is_never_in_a_problem(validated):
    problems = validated({**PERSON, "userPassword": ["marked", "marked"]}).problems
    assert problems
    assert "marked" not in str([problem.as_dict() for problem in problems])
