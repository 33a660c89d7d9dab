# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Schema definitions in both forms that people keep them in."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.server.schema_text import (
    SchemaError,
    names,
    read,
)

SCHEMA = """
# Plants of the garden
objectidentifier plants 2.25.7
objectIdentifier leafy plants:1

attributetype ( leafy:1
    NAME ( 'leaves' 'leafCount' )
    DESC 'How many (about)'
\tSYNTAX 1.3.6.1.4.1.1466.115.121.1.27{8} SINGLE-VALUE )

objectclass ( plants:2 NAME 'tree'
    AUXILIARY MAY ( leaves $ description ) )
"""
DEFINITIONS = {
    "olcAttributeTypes": [
        "( 2.25.7.1.1 NAME ( 'leaves' 'leafCount' ) DESC 'How many (about)' "
        "SYNTAX 1.3.6.1.4.1.1466.115.121.1.27{8} SINGLE-VALUE )"
    ],
    "olcObjectClasses": ["( 2.25.7.2 NAME 'tree' AUXILIARY MAY ( leaves $ description ) )"],
}
LDIF = """dn: cn=plants,cn=schema,cn=config
objectClass: olcSchemaConfig
cn: plants
olcObjectIdentifier: {0}plants 2.25.7
olcObjectIdentifier: {1}leafy plants:1
olcObjectClasses: {0}( plants:2 NAME 'tree' AUXILIARY MAY ( leaves $ description )
  )
olcAttributeTypes: {0}( leafy:1 NAME ( 'leaves' 'leafCount' ) DESC 'How many (about)'
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.27{8} SINGLE-VALUE )
"""


@pytest.mark.parametrize("text", [SCHEMA, LDIF, LDIF.partition("\n")[2]])
def test_both_forms_say_the_same(text):
    assert read(text) == DEFINITIONS


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "defines nothing"),
        ("# nothing", "defines nothing"),
        ("attributetype ( 2.25.1 NAME 'a'", "a \\) is missing"),
        ("attributetype 2.25.1 NAME 'a'", "brackets do not fit"),
        ("attributetype ( other:1 NAME 'a' )", "where a number"),
        ("attributetype ( 2.25.1 SYNTAX 1.2 )", "without a NAME"),
        ("attributetype ( 2.25.1 NAME 'a' )\nobjectclass ( 2.25.1 NAME 'b' )", "twice"),
        ("include /etc/ldap/schema/core.schema", "begins no definition"),
        ("  NAME 'a' )", "begins with a continued line"),
        ("dn: cn=x\nolcAccess: to *", "no definition"),
        ("dn: cn=x\nolcAttributeTypes:< file:///x", "line 2"),
    ],
)
def test_what_is_wrong_is_said(text, said):
    with pytest.raises(SchemaError, match=said):
        read(text)


def test_all_names_count():
    assert names(DEFINITIONS["olcAttributeTypes"][0]) == ["leaves", "leafCount"]
    assert names(DEFINITIONS["olcObjectClasses"][0]) == ["tree"]
    assert names("( 2.25.1 )") == []


def test_brackets_in_a_description_end_nothing():
    text = "attributetype ( 2.25.1 NAME 'a' DESC 'one ( of two'\n SYNTAX 1.2 )\n"
    text += "attributetype ( 2.25.2 NAME 'b' DESC ':)' )\n"
    assert len(read(text)["olcAttributeTypes"]) == 2


@pytest.mark.parametrize("blank", [" ", "\t", "  \t"])
def test_a_macro_may_be_set_apart_by_any_blank(blank):
    ldif = f"dn: cn=x,cn=schema,cn=config\nolcObjectIdentifier: Mine{blank}2.25.7\n"
    ldif += "olcAttributeTypes: ( Mine:1 NAME 'a' )\n"
    text = f"objectidentifier{blank}Mine{blank}2.25.7\nattributetype{blank}( Mine:1 NAME 'a' )\n"
    for given in (ldif, text):
        assert read(given)["olcAttributeTypes"] == ["( 2.25.7.1 NAME 'a' )"]


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("SYNTAX 'large'", "SYNTAX 1.2.3"),
        ("SYNTAX 'large{64}'", "SYNTAX 1.2.3{64}"),
        ("SYNTAX large{64}", "SYNTAX 1.2.3{64}"),
        ("SYNTAX '1.2.4'", "SYNTAX 1.2.4"),
        ("DESC 'of which SYNTAX it is' SYNTAX large", "DESC 'of which SYNTAX it is' SYNTAX 1.2.3"),
    ],
)
def test_a_syntax_may_have_quotes(given, meant):
    text = f"objectidentifier large 1.2.3\nattributetype ( 2.25.7.1 NAME 'a' {given} )\n"
    assert read(text)["olcAttributeTypes"] == [f"( 2.25.7.1 NAME 'a' {meant} )"]
