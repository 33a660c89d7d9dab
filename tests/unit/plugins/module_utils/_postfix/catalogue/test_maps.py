# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lookup tables: where they are named, and whether they are there."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.catalogue.maps import references
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.catalogue.staged import Entry, Staged
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.request import Request


def named(main, master=""):
    staged = Staged(Request("/etc/postfix"), main, master, {"default_database_type": "hash"})
    return [str(one) for one in references(staged)]


@pytest.mark.parametrize(
    ("main", "found"),
    [
        ("alias_maps = hash:/etc/aliases, nis:mail.aliases", ["hash:/etc/aliases", "nis:mail.aliases"]),
        ("alias_maps = $default_database_type:$config_directory/a", ["hash:/etc/postfix/a"]),
        ("transport_maps = proxy:mysql:/a.cf", ["mysql:/a.cf"]),
        ("virtual_alias_maps = pipemap:{hash:/a, unionmap:{pcre:/b,cidr:/c}}", ["hash:/a", "pcre:/b", "cidr:/c"]),
        (
            "x_maps = inline:{a=b, {c = d e}} static:{x y} regexp:{{/^a/ b}}",
            ["inline:{a=b, {c = d e}}", "static:{x y}", "regexp:{{/^a/ b}}"],
        ),
        ("mydestination = localhost, lmdb:/d", ["lmdb:/d"]),
        ("mynetworks = 127.0.0.0/8, [::1]/128, fe80::/10, hash:/n", ["hash:/n"]),
        ("virtual_transport = lmtp:unix:private/x\nrelayhost = [a]:25\nsmtpd_milters = inet:localhost:1, unix:/x", []),
        ("mailbox_transport = lmtp:inet:localhost\ncontent_filter = scan:[127.0.0.1]:10025", []),
        ("smtpd_client_restrictions = check_client_access htbl:/c, check_policy_service unix:/x", ["htbl:/c"]),
        ("virtual_mailbox_domains = hsah:/x", ["hsah:/x"]),
        ("virtual_alias_maps = ldap:users", ["ldap:users"]),
    ],
)
def test_where_tables_are_named(main, found):
    assert named(f"{main}\n") == found


def test_tables_of_a_service():
    assert named("", "x unix - - n - - smtp -o smtp_generic_maps=hash:/g\n") == ["hash:/g"]


@pytest.mark.parametrize(
    ("table", "cure", "asked"),
    [
        ("ldap:/x.cf", "install the package postfix-ldap", "missing"),
        ("hsah:/x", "did you mean hash?", "error"),
        ("qqqqqq:/x", "use a type that postconf -m lists", "error"),
    ],
)
def test_types_that_the_host_lacks(catalogue, table, cure, asked):
    main = f"virtual_alias_maps = {table}\n"
    (found,) = catalogue.findings(main, asked=["virtual_alias_maps"])
    assert (found.code, found.severity, found.cure) == ("unsupported_map_type", asked, cure)
    (found,) = catalogue.findings(main)
    assert found.severity == "warning"


def test_types_are_not_judged_when_the_host_does_not_say(catalogue):
    catalogue.facts["map_types"] = frozenset()
    assert catalogue("virtual_alias_maps = ldap:/x.cf\n") == []


@pytest.mark.parametrize(
    ("table", "gone", "said"),
    [
        ("hash:/x", ["/x", "/x.db"], ("missing_map", "create /x and run postmap hash:/x")),
        ("hash:/x", ["/x.db"], ("missing_index", "run postmap hash:/x")),
        ("pcre:/x", ["/x"], ("missing_map", "create the file, or correct its path")),
        ("proxy:pcre:/x", ["/x"], ("missing_map", "create the file, or correct its path")),
    ],
)
@pytest.mark.parametrize("judged", [(["virtual_alias_maps"], "missing"), ([], "warning")])
def test_tables_that_are_not_there(catalogue, table, gone, said, judged):
    catalogue.files.update(dict.fromkeys(gone))
    asked, severity = judged
    (found,) = catalogue.findings(f"virtual_alias_maps = {table}\n", asked=asked)
    assert (found.code, found.cure, found.severity) == (*said, severity)


def test_aliases_have_a_tool_of_their_own(catalogue):
    catalogue.files["/x.db"] = None
    assert catalogue.findings("alias_maps = hash:/x\n")[0].cure == "run postalias hash:/x"


@pytest.mark.parametrize(
    ("main", "gone"),
    [
        ("virtual_alias_maps = hash:/x\n", ["/x"]),
        ("smtp_tls_session_cache_database = btree:/x\naddress_verify_map = btree:/x\n", ["/x", "/x.db"]),
        ("virtual_alias_maps = inline:{a=b} static:x regexp:{{/x/ y}} hash:relative\n", ["/x", "relative.db"]),
    ],
)
def test_tables_that_may_be_gone(catalogue, main, gone):
    catalogue.files.update(dict.fromkeys(gone))
    assert catalogue(main) == []


def test_an_index_older_than_its_text(catalogue):
    main = "virtual_alias_maps = hash:/x\n"
    catalogue.files.update({"/x": Entry(20.0), "/x.db": Entry(10.0)})
    assert catalogue(main, asked=["virtual_alias_maps"]) == [("stale_index", "warning", 1, "virtual_alias_maps")]
    catalogue.files["/x.db"] = Entry(20.0)
    assert catalogue(main) == []


@pytest.mark.parametrize("name", ["relay_domains", "mydestination", "virtual_mailbox_domains", "virtual_alias_domains"])
def test_types_that_nobody_knows_in_lists_of_domains(catalogue, name):
    assert catalogue.codes(f"{name} = a.test, redis:/x\n") == ["unsupported_map_type"]
    assert catalogue.codes(f"{name} = a.test, [192.0.2.1]\n") == []
