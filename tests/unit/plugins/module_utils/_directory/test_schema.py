# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server's schema: definitions taken apart, inheritance resolved."""

from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.schema import Schema, fields


def test_a_definition_is_taken_apart():
    found = fields("( 1.2.3 NAME ( 'a' 'b' ) DESC 'x (y) $ z' SUP c EQUALITY d SINGLE-VALUE X-ORDERED 'VALUES' )")
    assert found == {
        "oid": "1.2.3",
        "NAME": ["a", "b"],
        "DESC": "x (y) $ z",
        "SUP": "c",
        "EQUALITY": "d",
        "SINGLE-VALUE": "TRUE",
        "X-ORDERED": "VALUES",
    }
    assert fields("(1.2 MUST(a$ b) MAY c)") == {"oid": "1.2", "MUST": ["a", "b"], "MAY": "c"}


def test_broken_definitions_are_harmless():
    for text in ("", "(", "( )", "( 1.2 NAME", "( 1.2 NAME ( 'a'", "nonsense", "( 1.2 MUST ( a"):
        Schema([text], [text])


def test_attributes_inherit(schema):
    cn = schema.attribute("commonName")
    assert (cn.name, cn.equality, cn.syntax, cn.single) == (
        "cn",
        "caseIgnoreMatch",
        "1.3.6.1.4.1.1466.115.121.1.15",
        False,
    )
    assert schema.attribute("2.5.4.3") == cn
    assert schema.attribute("CN;lang-en") == cn
    assert schema.attribute("nothing") is None
    unique = schema.attribute("entryuuid")
    assert (unique.operational, unique.fixed) == (True, True)


def test_keys(schema):
    assert {schema.key(name) for name in ("cn", "CN", "commonName", "2.5.4.3")} == {"cn"}
    assert schema.key("CN;lang-EN;x-a") == schema.key("cn;X-A;lang-en")
    assert schema.key("Nothing") == "nothing"
    assert schema.written("userpassword") == "userPassword"
    assert schema.written("cn;lang-en") == "cn;lang-en"


def test_classes_inherit(schema):
    person = schema.object_class("INETORGPERSON")
    assert person.must == {"objectclass", "sn", "cn"}
    assert "telephonenumber" in person.may
    assert person.above == {"person", "top"}
    assert schema.object_class("posixAccount").kind == "AUXILIARY"


def test_without_a_schema_names_are_compared_without_case():
    schema = Schema()
    assert not schema.known
    assert schema.names.read("UID=A,dc=B").key == schema.names.read("uid=a, DC=b").key
