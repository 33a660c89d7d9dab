# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A directory that nobody has seen before: strange names and values, referrals, limits."""

from __future__ import annotations

import base64

import pytest

SUFFIX = "dc=example,dc=test"
ROOT = {"bind_dn": None, "bind_password": None}
DATABASE = "olcDatabase={1}mdb,cn=config"
PERSON = {"objectClass": "inetOrgPerson", "sn": "X"}


NAMES = [
    (r"cn=Meier\, Hans \+ Co", r"CN=meier\2c Hans \2B Co", {"cn": "Meier, Hans + Co"}),
    (r"cn=\#1 \"a\" \\ \<b\>\;=", r"cn=\231 \22a\22 \5c \3cb\3e\3b\3d", {"cn": '#1 "a" \\ <b>;='}),
    (r"cn=\ blank\ ", r"cn=\20blank\20", {"cn": " blank "}),
    ("cn=Jürgen Groß", r"cn=J\c3\bcrgen  Gro\c3\9f", {"cn": "Jürgen Groß"}),
    ("cn=Jose\u0301", "cn=José", {"cn": "José"}),
    ("cn=a+sn=b", "sn=B+cn=A", {"cn": "a", "sn": "b"}),
    ("2.5.4.3=number", "commonName=number", {"cn": "number"}),
    ("cn=日本 語", r"cn=\E6\97\A5本 語", {"cn": "日本 語"}),
]


def test_a_name_is_the_same_however_it_is_written(directory):
    base = directory.branch("names")
    attributes = [{**PERSON, **values} for _name, _again, values in NAMES]
    said = directory.four_steps(
        "ldap_entries",
        entries=[
            {"dn": f"{name},{base}", "attributes": given}
            for (name, _again, _values), given in zip(NAMES, attributes, strict=True)
        ],
    )
    assert len(said["entries"]["created"]) == len(NAMES)
    other = [f"{again} , {base}" for _name, again, _values in NAMES]
    said = directory(
        "ldap_entries",
        entries=[{"dn": dn, "attributes": given} for dn, given in zip(other, attributes, strict=True)],
    )
    assert (said.get("failed"), said["changed"]) == (None, False), said
    assert directory("ldap_search_info", base=base, scope="one")["count"] == len(NAMES)
    assert directory("ldap_search_info", base=other[1], scope="base")["count"] == 1
    directory.four_steps("ldap_entries", entries=[{"dn": dn, "state": "absent"} for dn in other])
    assert directory.names(base) == []


NO_NAMES = {
    "uid=a,,dc=test": "has no attribute= at character 7",
    "nonsense": "has no attribute=",
    "uid=a\\": "ends with a",
    "uid=,dc=test": "has an empty value",
    "uid=a<b,dc=test": "needs a \\ before it",
    'uid="a,dc=test': 'has a " without another one',
    "": "is empty",
}


def test_what_is_no_name_is_refused_all_at_once_with_its_option(directory):
    said = directory("ldap_entries", entries=[{"dn": dn, "attributes": PERSON} for dn in NO_NAMES])
    assert [problem["option"] for problem in said["problems"]] == [f"entries[{place}].dn" for place in range(7)], said
    for problem, why in zip(said["problems"], NO_NAMES.values(), strict=True):
        assert why in problem["message"]
    said = directory("ldap_entry", dn="nonsense", attributes=PERSON)
    assert [problem["option"] for problem in said["problems"]] == ["dn"], said


def test_a_value_cannot_become_a_part_of_a_filter(directory):
    for value in ("*", "alice)(uid=*", "*)(objectClass=*", "\\2a"):
        said = directory("ldap_search_info", filter="(uid={name})", filter_values={"name": value})
        assert (said.get("count"), said.get("failed")) == (0, None), (value, said)


def test_bytes_and_languages_are_attributes_of_their_own(directory):
    base = directory.branch("options")
    directory.sh(
        "openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=X -outform DER -out /tmp/x.der -keyout /tmp/x.key"
        " 2>/dev/null"
    )
    certificate = directory.sh("base64 -w0 /tmp/x.der")
    dn = f"uid=x,{base}"
    attributes = {
        **PERSON,
        "cn": "Colour",
        "cn;lang-de": ["Farbe", "Färbung"],
        "CN;lang-fr": "Couleur",
        "userCertificate;binary": certificate,
        "jpegPhoto::": base64.b64encode(bytes(range(256))).decode(),
    }
    directory.four_steps("ldap_entry", dn=dn, attributes=attributes)
    less = {**attributes, "cn;LANG-DE": "Farbe"}
    del less["cn;lang-de"]
    directory.four_steps("ldap_entry", dn=dn, attributes=less)
    (found,) = directory("ldap_search_info", base=dn, scope="base")["entries"]
    assert sorted(found["binary_attributes"]) == ["jpegPhoto", "userCertificate;binary"]
    assert found["attributes"]["userCertificate;binary"] == [certificate]
    assert found["attributes"]["cn;lang-de"] == ["Farbe"]
    directory.four_steps("ldap_entry", dn=dn, state="exact", attributes={**PERSON, "cn": "Colour"})
    (found,) = directory("ldap_search_info", base=dn, scope="base")["entries"]
    assert set(found["attributes"]) == {"objectClass", "sn", "cn", "uid"}


def test_empty_and_very_long_values(directory):
    base = directory.branch("lengths")
    empty = {"description": "", "title": ["a", ""], "cn;lang-de": ""}
    said = directory("ldap_entry", dn=f"uid=x,{base}", attributes={**PERSON, "cn": "X", **empty})
    assert [problem["option"] for problem in said["problems"]] == [f"attributes.{name}" for name in empty]
    long = "é" * 500_000
    said = directory.four_steps("ldap_entry", dn=f"uid=x,{base}", attributes={**PERSON, "cn": "X", "description": long})
    assert len(str(said)) < 10_000
    # More than the server takes in one message (olcSockbufMaxIncomingAuth).
    entries = [
        {"dn": f"uid={name},{base}", "attributes": {**PERSON, "cn": "X", "description": text}}
        for name, text in (("short", "short"), ("huge", long * 20))
    ]
    said = directory("ldap_entries", entries=entries)
    assert said["failed"] is True
    assert said["entries"]["created"] == [f"uid=short,{base}"]
    assert said["not_written"] == [f"uid=huge,{base}"]
    assert "1 written, 0 refused by the server, 1 not written (one of these may have been written)" in said["msg"]


def test_a_referral_is_said_and_nothing_is_written_past_it(directory):
    base = directory.branch("referrals")
    elsewhere = f"ldap://ldap.example.org/ou=elsewhere,{base}"
    attributes = {"objectClass": ["referral", "extensibleObject"], "ref": elsewhere}
    directory.four_steps("ldap_entry", dn=f"ou=here,{base}", attributes={"objectClass": "organizationalUnit"})
    said = directory("ldap_entry", dn=f"ou=elsewhere,{base}", attributes=attributes)
    assert "failed" not in said, said
    said = directory("ldap_search_info", base=base)
    assert said["count"] == 2
    assert "ldap.example.org" in str(said["warnings"])
    asked = "ask ldap://ldap.example.org"
    unit = {"objectClass": "organizationalUnit"}
    new = {"dn": f"ou=new,{base}", "attributes": unit}
    for dn in (f"ou=elsewhere,{base}", f"ou=below,ou=elsewhere,{base}"):
        said = directory("ldap_search_info", base=dn)
        assert "referral (10)" in said["msg"]
        assert asked in said["msg"]
        for module, options in (
            ("ldap_entry", {"dn": dn, "attributes": unit}),
            ("ldap_entry", {"dn": dn, "state": "absent"}),
            ("ldap_entries", {"entries": [new, {"dn": dn, "attributes": unit}]}),
        ):
            said = directory(module, **options)
            assert said["failed"] is True
            assert dn in said["msg"]
            assert asked in said["msg"]
    assert f"ou=new,{base}" not in directory.names(base)


@pytest.fixture
def limited(directory):
    """Some entries, and a function that gives one of them limits and returns how to bind as it."""
    base = directory.branch("limits")
    dn, password = f"cn=limited,{base}", "limited-test-password"
    account = {"objectClass": ["organizationalRole", "simpleSecurityObject"], "userPassword": password}
    entries = [{"dn": f"uid=u{number},{base}", "attributes": {**PERSON, "cn": "X"}} for number in range(7)]
    assert "failed" not in directory("ldap_entries", entries=[*entries, {"dn": dn, "attributes": account}])

    def limit(sizes):
        said = directory("ldap_entry", dn=DATABASE, **ROOT, attributes={"olcLimits": [f'dn.exact="{dn}" {sizes}']})
        assert "failed" not in said, said
        return base, {"bind_dn": dn, "bind_password": password}

    yield limit
    directory("ldap_entry", dn=DATABASE, **ROOT, attributes={"olcLimits": []})


def test_limits_of_the_server_are_kept_to_or_said(directory, limited):
    # Smaller pages, larger ones than it gives, and none at all.
    for sizes in (
        "size.soft=3 size.hard=unlimited",
        "size.pr=2 size.hard=unlimited",
        "size.hard=unlimited size.prtotal=disabled",
    ):
        base, who = limited(sizes)
        said = directory("ldap_search_info", base=base, **who)
        assert said.get("count") == 9, (sizes, said)
    for sizes in ("size.soft=3 size.hard=5", "size.hard=unlimited size.prtotal=4"):
        base, who = limited(sizes)
        said = directory("ldap_search_info", base=base, **who)
        assert "limit exceeded" in said["msg"], said
        assert f"'{base}'" in said["msg"]
        assert "olcLimits" in said["msg"]
    # What is read entry by entry needs no limit.
    entries = [{"dn": f"uid=u{number},{base}", "attributes": {"sn": "X"}} for number in range(7)]
    said = directory("ldap_entries", entries=entries, **who)
    assert said["changed"] is False, said
