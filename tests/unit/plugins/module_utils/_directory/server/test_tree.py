# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration as a tree: numbers are places, and what is read comes out again."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.server import dump, tree
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.server.dump import Entry
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import Error


def test_values_stand_in_the_order_of_their_numbers(present):
    database = present.of_kind("olcDatabase")[2]
    assert database.get("olcAccess") == ["to attrs=userPassword by anonymous auth", "to * by * read"]
    assert database.get("OLCDBINDEX") == ["cn,sn eq,sub", "objectClass eq"]


def test_it_comes_out_as_it_went_in(present, text):
    again = tree.parse(dump.read(dump.render(tree.entries(present)))[0])
    assert again == present
    assert [entry.dn for entry in tree.entries(present)] == [entry.dn for entry in dump.read(text)[0]]


def test_slapadd_gets_no_version_line(present):
    assert dump.render(tree.entries(present)).startswith("dn: cn=config\n")


def test_what_the_server_keeps_itself_is_left_out(present):
    assert not {"entryUUID", "structuralObjectClass"} & set(present.attributes)


def test_the_frontend_is_before_the_first(present):
    assert [number for number, node in tree.numbered_children(present) if node.kind == "olcDatabase"] == [-1, 0, 1]


@pytest.mark.parametrize(
    "entries", [[], [Entry("olcDatabase={1}mdb,cn=config", {})], [Entry("cn=config", {}), Entry("x=1,cn=else", {})]]
)
def test_what_is_no_configuration_is_refused(entries):
    with pytest.raises(Error, match="slapd"):
        tree.parse(entries)


def test_a_host_without_slapd_has_something_to_begin_with():
    assert [entry.dn for entry in tree.entries(tree.minimal())] == [
        "cn=config",
        "cn=module{0},cn=config",
        "cn=schema,cn=config",
        "olcDatabase={-1}frontend,cn=config",
        "olcDatabase={0}config,cn=config",
    ]
