# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What anybody may see, what slapd said, and what slapacl answered."""

from dataclasses import replace

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.server import access, refusal, tree
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.server.show import shown

DATABASE = "olcDatabase={1}mdb,cn=config"
SYNC = 'rid=001 binddn="cn=x" credentials="a b\\"c" searchbase=""'


def changed(present, **attributes):
    *others, last = present.of_kind("olcDatabase")
    rest = [child for child in present.children if child.kind != "olcDatabase"]
    return replace(present, children=[*rest, *others, replace(last, attributes={**last.attributes, **attributes})])


def test_only_what_differs_is_shown(present):
    assert shown(present, present) == ({}, {})
    before, after = shown(present, changed(present, olcReadOnly=["TRUE"]))
    assert list(before) == list(after) == [DATABASE]


def test_a_secret_is_not_shown_but_that_it_changed(present):
    before, after = shown(present, changed(present, olcRootPW=["{SSHA}other"]))
    assert before[DATABASE]["olcRootPW"] == ["(secret)"]
    assert after[DATABASE]["olcRootPW"] == ["(secret, changed)"]
    before, after = shown(present, changed(present, olcReadOnly=["TRUE"]))
    assert after[DATABASE]["olcRootPW"] == ["(secret)"]


def test_credentials_are_hidden_in_what_holds_them(present):
    _before, after = shown(present, changed(present, olcSyncrepl=[SYNC]))
    assert after[DATABASE]["olcSyncrepl"] == ['{0}rid=001 binddn="cn=x" credentials=(secret) searchbase=""']
    one, other = shown(changed(present, olcSyncrepl=[SYNC]), changed(present, olcSyncrepl=[SYNC.replace("a b", "d")]))
    assert "credentials=(secret) " in one[DATABASE]["olcSyncrepl"][0]
    assert "credentials=(secret, changed) " in other[DATABASE]["olcSyncrepl"][0]


def test_what_is_declared_as_secret_is_hidden_whole(present):
    _before, after = shown(present, changed(present, olcSyncrepl=[SYNC]), ["olcsyncrepl"])
    assert after[DATABASE]["olcSyncrepl"] == ["(secret)"]


# Of slapd 2.5 and 2.6.
SAID = """692c1a00 index cn 0x0714
692c1a00.1b8d 0x7f olcAccess: value #1: expecting <access> got "reed".
<access clause> ::= access to <what> unknown
slapadd: could not add entry dn="olcDatabase={1}mdb,cn=config" (line=294): \udc80\udcf6
Closing DB...
"""


def test_a_refusal_names_the_entry_the_value_and_the_reason(present):
    said = refusal.told(SAID, tree.entries(present))
    assert said == f"{DATABASE}: olcAccess '{{1}}to * by * read': expecting <access> got \"reed\"."


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('/tmp/x/slapd.d: line 1: index attribute "no" undefined', 'index attribute "no" undefined'),
        ("<= str2entry: str2ad(olcNo): attribute type undefined", "str2ad(olcNo): attribute type undefined"),
        ("olcRootPW: value #0: <olcRootPW> no", "olcRootPW '(secret)': <olcRootPW> no"),
    ],
)
def test_reasons_are_made_short(present, line, told):
    said = f'{line}\nslapadd: could not add entry dn="{DATABASE}" (line=4): x'
    assert refusal.told(said, tree.entries(present)) == f"{DATABASE}: {told}"


def test_no_part_of_a_secret_is_in_a_reason(present):
    broken = 'rid=1 binddn="cn=x" credentials="first "second" third" tls_cacert=/ca searchbase=""'
    said = 'olcSyncrepl: value #0: unable to parse "second" third" tls_cacert=/ca'
    said += f'\nslapadd: could not add entry dn="{DATABASE}" (line=4): x'
    told = refusal.told(said, tree.entries(changed(present, olcSyncrepl=[broken])))
    assert "unable to parse" in told
    assert "tls_cacert=/ca" in told
    assert not [word for word in ("first", "second", "third") if word in told.partition("unable")[2]]


def test_without_a_reason_it_is_what_was_said(present):
    assert refusal.told("slaptest: bad configuration directory!", []) == "slaptest: bad configuration directory!"
    assert refusal.told("something else", []) == "something else"


def question(**test):
    given = {"who": "anonymous", "entry": "o=x", "attribute": "mail", "access": "read", "expect": "allowed", **test}
    return access.questions([given], [])[0]


def test_passwords_are_asked_for_in_any_case():
    asked = access.questions([], ["o=x"])
    assert str(asked[0]) == "anonymous read userPassword of o=x"
    assert not asked[0].allowed


def test_a_question_as_a_command():
    assert access.argv("/f", question(), True) == ["slapacl", "-F", "/f", "-b", "o=x", "mail/read"]
    assert access.argv("/f", question(who="cn=a"), False)[3:6] == ["-u", "-D", "cn=a"]


@pytest.mark.parametrize(
    ("said", "expect", "wrong"),
    [
        ("read access to mail: ALLOWED\nmail: read(=rscxd)", "allowed", None),
        ("read access to mail: ALLOWED", "denied", "is allowed and must be denied"),
        ('authcDN: "x"\nread access to mail: DENIED', "allowed", "is denied and must be allowed"),
        ("read access to mail: DENIED", "denied", None),
        ("slap_str2ad(mail) failed 17 (Undefined attribute type)", "denied", "Undefined attribute type"),
    ],
)
def test_an_answer_is_judged(said, expect, wrong):
    found = access.problem(question(expect=expect), access.answer(said), said)
    assert (found is None) == (wrong is None)
    assert wrong is None or wrong in found.message
