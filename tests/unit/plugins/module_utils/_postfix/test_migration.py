# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is built, what is switched, and what stays."""

from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.migration import (
    Configuration,
    Request,
    chooser,
    half_switched,
    listed,
    switched,
    tables_of,
)

REQUEST = Request(["hash", "btree"], "cdb", "lmdb", ["/ignored*"])
MAIN = """\
alias_maps = hash:/etc/aliases
virtual_alias_maps = hash:/v hash:/ignored/x
relay_domains = ${indexed}relay
indexed = hash:/m/
address_verify_map = btree:/verify
"""
MASTER = "smtp inet n - y - - smtpd\n  -o virtual_alias_maps=btree:/v\n"
PRESENT = Configuration("/c", MAIN, MASTER, {}, {"default_database_type": "hash"})


def test_each_path_is_built_once_and_caches_are_not():
    tables = {table.path: table for table in tables_of(PRESENT.references(), REQUEST)}
    assert list(tables) == ["/etc/aliases", "/v", "/m/relay"]
    assert [table.tool for table in tables.values()] == ["postalias", "postmap", "postmap"]
    assert tables["/v"].places == ("main.cf: virtual_alias_maps", "master.cf: smtp/inet virtual_alias_maps")


def test_what_is_asked_for_is_switched_and_what_is_undecided_stays():
    found = PRESENT.references()
    new = switched(PRESENT, REQUEST, chooser(found, REQUEST, ["/etc/aliases"]))
    assert new.main == (
        "alias_maps = hash:/etc/aliases\nvirtual_alias_maps = cdb:/v hash:/ignored/x\n"
        "relay_domains = ${indexed}relay\nindexed = cdb:/m/\naddress_verify_map = lmdb:/verify\n"
        "default_database_type = cdb\n"
    )
    assert new.master == MASTER.replace("btree", "cdb")
    assert half_switched(new.references(), REQUEST, ["/etc/aliases"]) == []
    kinds = [(one["path"], one["to"], one["kind"]) for one in listed(found, REQUEST, ["/etc/aliases"])]
    assert sorted(set(kinds)) == [
        ("/m/", "cdb", "prefix"),
        ("/m/relay", "cdb", "table"),
        ("/v", "cdb", "table"),
        ("/verify", "lmdb", "cache"),
    ]


def test_a_table_that_stays_but_is_named_through_another_parameter_is_noticed():
    found = PRESENT.references()
    new = switched(PRESENT, REQUEST, chooser(found, REQUEST, ["/m/relay"]))
    assert half_switched(new.references(), REQUEST, ["/m/relay"]) == ["main.cf: relay_domains names /m/relay"]


def test_a_second_time_nothing_is_left():
    once = switched(PRESENT, REQUEST, chooser(PRESENT.references(), REQUEST, []))
    assert tables_of(once.references(), REQUEST) == []
    again = switched(once, REQUEST, chooser(once.references(), REQUEST, []))
    assert (again.main, again.master) == (once.main, once.master)
