# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From options to a configuration: what is declared is whole, what is not stays, and all that is wrong is said."""

import pytest


def database(root):
    return root.of_kind("olcDatabase")[2]


def test_nothing_declared_changes_nothing(declare, present):
    assert declare()[0] == present
    assert declare(database={})[0] == present


def test_a_declared_attribute_is_whole_and_null_removes_it(declare):
    root, declared = declare(
        database={"access": ["to * by * none"], "settings": {"olcDbMaxSize": 1024, "olcRootDN": None}},
        settings={"olcLogLevel": ["stats", "sync"], "olcReadOnly": False},
    )
    assert declared.problems == []
    assert root.get("olcLogLevel") == ["stats", "sync"]
    assert root.get("olcReadOnly") == ["FALSE"]
    assert database(root).get("olcAccess") == ["to * by * none"]
    assert database(root).get("olcDbMaxSize") == ["1024"]
    assert database(root).get("olcRootDN") == []
    assert database(root).get("olcDbIndex") == ["cn,sn eq,sub", "objectClass eq"]


def test_what_means_the_same_stays_as_it_is_written(declare, present):
    same = {
        "access": ["to  attrs=userPassword by anonymous   auth", {"to": "*", "by": ["* read"]}],
        "indices": {"objectClass": "eq", "SN": ["sub", "eq"], "cn": "sub,eq"},
        "suffix": "DC=garden, dc=TEST",
    }
    assert declare(database=same)[0] == present


def test_the_order_of_rules_counts(declare, present):
    turned = ["to * by * read", "to attrs=userPassword by anonymous auth"]
    assert declare(database={"access": turned})[0] != present


def test_overlays_are_whole_in_their_order_and_bring_their_modules(declare):
    overlays = [{"name": "unique", "settings": {"olcUniqueURI": "ldap:///?mail?sub"}}, {"name": "memberof"}]
    root, _declared = declare(database={"overlays": overlays})
    assert [overlay.name for overlay in database(root).of_kind("olcOverlay")] == ["unique", "memberof"]
    modules = next(child for child in root.children if child.is_module_list)
    assert modules.get("olcModuleLoad") == ["back_mdb", "memberof.la", "unique"]


def test_a_new_database_goes_behind_and_has_a_folder_of_its_own(declare):
    root, declared = declare(databases=[{"suffix": "o=Herbs and spices", "access": ["to * by * none"]}])
    assert declared.problems == []
    new = root.of_kind("olcDatabase")[3]
    assert new.get("olcDbDirectory") == ["/var/lib/ldap/o_herbs_and_spices"]
    assert new.get("objectClass") == ["olcDatabaseConfig", "olcMdbConfig"]


def test_a_database_can_go(declare):
    root, _declared = declare(database={"state": "absent"})
    assert [node.name for node in root.of_kind("olcDatabase")] == ["frontend", "config"]


def test_a_schema_is_what_its_text_defines(declare):
    content = "objectclass ( 2.25.7.2 NAME 'tree' AUXILIARY MAY cn )"
    root, declared = declare(schemas=[{"name": "plants", "content": content}, {"name": "stones", "state": "absent"}])
    assert declared.problems == []
    base = next(child for child in root.children if child.name == "schema")
    assert [child.name for child in base.children] == ["core", "plants"]
    assert base.children[1].get("olcObjectClasses") == ["( 2.25.7.2 NAME 'tree' AUXILIARY MAY cn )"]
    assert base.children[1].get("olcAttributeTypes") == []


@pytest.mark.parametrize(
    ("options", "option"),
    [
        ({"settings": {"loglevel": 1}}, "settings"),
        ({"settings": {"olcDatabase": "x"}}, "settings.olcDatabase"),
        ({"settings": {"olcLogLevel": {"a": 1}}}, "settings.olcLogLevel"),
        ({"databases": [{}]}, "databases[0].suffix"),
        ({"databases": [{"backend": "monitor", "suffix": "cn=Monitor"}]}, "databases[0].suffix"),
        ({"databases": [{"backend": "config", "state": "absent"}]}, "databases[0].state"),
        ({"databases": [{"suffix": "o=new"}]}, "databases[0].access"),
        ({"database": {}, "databases": [{"suffix": "dc=garden,dc=test"}]}, "databases[1]"),
        ({"database": {"directory": "/srv"}}, "databases[0].directory"),
        ({"database": {"access": ["by * read"]}}, "databases[0].access[0]"),
        ({"database": {"access": [{"to": "*"}]}}, "databases[0].access[0]"),
        ({"database": {"indices": {"mail": "equal"}}}, "databases[0].indices.mail"),
        ({"database": {"access": [], "settings": {"olcAccess": []}}}, "databases[0].settings.olcAccess"),
        ({"database": {"settings": {"olcX": 1}, "secrets": {"olcx": 1}}}, "databases[0].secrets.olcx"),
        ({"schemas": [{"name": "a b", "content": "objectclass ( 2.25.9 NAME 'x' )"}]}, "schemas[0].name"),
        ({"schemas": [{"name": "x"}]}, "schemas[0]"),
        ({"schemas": [{"name": "x", "content": "nonsense"}]}, "schemas[0].content"),
    ],
)
def test_what_is_wrong_is_named(declare, options, option):
    _root, declared = declare(**options)
    assert [problem.option for problem in declared.problems] == [option]


def test_all_that_is_wrong_is_said_at_once(declare):
    _root, declared = declare(settings={"a": 1, "b": 2}, databases=[{}])
    assert len(declared.problems) == 3
