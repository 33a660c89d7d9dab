# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The requests that lead from one configuration to another, in an order that the server takes."""

from ansible_collections.postfix_manager.mail.plugins.module_utils._directory import messages
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.server.operations import operations

DATABASE = "olcDatabase={1}mdb,cn=config"


def done(before, after):
    return [str(operation) for operation in operations(before, after)]


def test_nothing_to_do(present):
    assert operations(present, present) == []


def test_modules_and_schemas_come_before_what_uses_them(declare, present):
    root, _declared = declare(
        database={"overlays": [{"name": "memberof"}, {"name": "refint"}, {"name": "unique"}]},
        schemas=[{"name": "stones", "content": "objectclass ( 2.25.8.1 NAME 'stone' )"}],
        settings={"olcLogLevel": "stats"},
        databases=[{"suffix": "o=second", "access": ["to * by * none"]}],
    )
    assert done(present, root) == [
        "modify cn=module{0},cn=config: olcModuleLoad",
        "add cn={2}stones,cn=schema,cn=config",
        "modify cn=config: olcLogLevel",
        "add olcDatabase={2}mdb,cn=config",
        f"add olcOverlay={{2}}unique,{DATABASE}",
    ]


def test_an_overlay_is_inserted_and_one_removed(declare, present):
    root, _declared = declare(database={"overlays": [{"name": "unique"}, {"name": "refint"}]})
    assert done(present, root)[1:] == [
        f"delete olcOverlay={{0}}memberof,{DATABASE}",
        f"add olcOverlay={{0}}unique,{DATABASE}",
    ]


def test_a_database_goes_after_its_overlays(declare, present):
    root, _declared = declare(database={"state": "absent"})
    assert done(present, root) == [
        f"delete olcOverlay={{1}}refint,{DATABASE}",
        f"delete olcOverlay={{0}}memberof,{DATABASE}",
        f"delete {DATABASE}",
    ]


def test_an_index_that_stays_is_not_built_anew(declare, present):
    root, _declared = declare(database={"indices": {"objectClass": "eq", "mail": "eq"}})
    [operation] = operations(present, root)
    assert operation.changes == [
        (messages.DELETE, "olcDbIndex", ["cn,sn eq,sub"]),
        (messages.ADD, "olcDbIndex", ["mail eq"]),
    ]


def test_ordered_values_get_their_numbers(declare, present):
    root, _declared = declare(database={"access": ["to * by * none", "to * by self read"]})
    [operation] = operations(present, root)
    assert operation.changes == [
        (messages.REPLACE, "olcAccess", ["{0}to * by * none", "{1}to * by self read"]),
    ]


def test_what_is_appended_is_added(declare, present):
    root, _declared = declare(modules=["pw-sha2", "memberof.so"])
    [operation] = operations(present, root)
    assert operation.changes == [(messages.ADD, "olcModuleLoad", ["{2}pw-sha2"])]


def test_all_attributes_of_an_entry_change_at_once(declare, present):
    """slapd takes a certificate and its key together or not at all."""
    root, _declared = declare(settings={"olcTLSCertificateFile": "/c", "olcTLSCertificateKeyFile": "/k"})
    assert done(present, root) == ["modify cn=config: olcTLSCertificateFile, olcTLSCertificateKeyFile"]


def test_requests_are_what_the_server_gets(declare, present):
    root, _declared = declare(database={"overlays": [{"name": "refint"}, {"name": "unique"}]})
    requests = [operation.request() for operation in operations(present, root)]
    assert [request.verb for request in requests] == ["modify", "delete", "add"]
    assert b"{1}unique" in requests[2].body


def test_the_way_back_ends_where_it_began(declare, present):
    root, _declared = declare(database={"overlays": [], "indices": {}}, settings={"olcLogLevel": "stats"})
    assert [operation.verb for operation in operations(present, root)] == ["modify", "modify", "delete", "delete"]
    assert done(root, present) == [
        "modify cn=config: olcLogLevel",
        f"modify {DATABASE}: olcDbIndex",
        f"add olcOverlay={{0}}memberof,{DATABASE}",
        f"add olcOverlay={{1}}refint,{DATABASE}",
    ]
