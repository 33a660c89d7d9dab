# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names and filters that a server's schema does not have, or whose values it could not compare."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.filters import Comparison, comparisons
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.mapping import Server, judge
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.schema import Schema

BIT_AND = "1.2.840.113556.1.4.803"


def problems(schema, attributes=None, filters=None, rules=(BIT_AND,)):
    params = {"attributes": attributes or {}, "filters": filters or {}}
    return [str(problem) for problem in judge(params, Server("ldap://here", schema, rules))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cn=a", [Comparison("cn", b"a")]),
        ("(cn=*)", [Comparison("cn", None)]),
        (r"(&(cn=a*)(!(sn=\28b\29)))", [Comparison("cn", None), Comparison("sn", b"(b)")]),
        ("(cn>=a=b)", [Comparison("cn", b"a=b")]),
        (f"(x:{BIT_AND}:=2)", [Comparison("x", b"2", BIT_AND)]),
        ("(:caseExactMatch:=a)", [Comparison("", b"a", "caseExactMatch")]),
        ("(&)", []),
    ],
)
def test_what_a_filter_compares(text, expected):
    assert comparisons(text) == expected


@pytest.mark.parametrize(
    "filter_",
    [
        "(&(objectClass=inetOrgPerson)(uid=alice@example.org))",
        "(objectClass=*)",
        "(surname;lang-de=x)",
        f"(uidNumber:{BIT_AND}:=2)",
        "(!(uidNumber=12))",
        "(member=cn=a,dc=example)",
    ],
)
def test_what_the_server_has_is_no_problem(schema, filter_):
    assert problems(schema, {"one": "cn", "none": ""}, {"two": filter_, "nothing": ""}) == []


@pytest.mark.parametrize(
    ("filter_", "words"),
    [
        ("(objectClass=posixAcount)", ["asks for the class posixAcount", "did you mean posixaccount"]),
        ("(mailAlias=alice@example.org)", ["names the attribute mailAlias", "load its schema"]),
        ("(uidNumber=many)", ["compares uidNumber with many, which is not a whole number", "write a number"]),
        ("(member=alice@example.org)", ["which is not a distinguished name"]),
        ("(jpegPhoto=x)", ["its type has no EQUALITY"]),
        ("(uidNumber:1.2.3.4:=2)", ["the matching rule 1.2.3.4"]),
        ("(cn=*", ["without its )"]),
    ],
)
def test_what_the_server_lacks_is_named_with_value_and_cure(schema, filter_, words):
    (said,) = problems(schema, filters={"the option": filter_})
    assert said.startswith(f"the option: {filter_!r} ")
    assert [word for word in words if word not in said] == []


def test_all_that_is_wrong_is_said_at_once(schema):
    said = problems(schema, {"a": "mailQuota", "b": "no name"}, {"c": "(objectClass=nothing)", "d": "(x=1)(y=2)"})
    assert [line.partition(":")[0] for line in said] == ["a", "b", "c", "d"]


def test_a_server_without_a_list_of_rules_compares_in_its_own_way(schema):
    ask = {"a": "(member=person)", "b": "(jpegPhoto=x)", "c": "(uidNumber:1.2.3.4:=2)"}
    assert problems(schema, filters=ask, rules=()) == []


def test_a_server_without_a_schema_is_believed():
    assert problems(Schema(), {"a": "anything"}, {"b": "(anything=1)", "c": "(objectClass=anything)"}, ()) == []
