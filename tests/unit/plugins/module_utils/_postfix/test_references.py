# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where tables are named, whatever stands around them, and the same text with other types."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.references import (
    nested,
    references,
    switch_lines,
    switch_main,
    switch_restrictions,
    tables,
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("hash:/a", [("hash", "/a")]),
        ("proxy:hash:/a, btree:$data_directory/b", [("hash", "/a"), ("btree", "$data_directory/b")]),
        ("unionmap:{hash:/a,hash:/b}", [("hash", "/a"), ("hash", "/b")]),
        ("pipemap:{ texthash:/a, hash:${x}/b }", [("texthash", "/a"), ("hash", "${x}/b")]),
        ("check_client_access hash:/a reject", [("hash", "/a")]),
        ("-o { smtpd_x = hash:/a }", [("hash", "/a")]),
        ("hash:$(dir)/a", [("hash", "$(dir)/a")]),
        ("hash:${config_directory}/", [("hash", "${config_directory}/")]),
        ("$default_database_type:/a", []),
        ("my-hash:/a", []),
        # The default of tlsproxy_client_policy_maps on Debian 12, and what it may be.
        ("${policy:$smtp_tls_policy_maps}", []),
        ("${policy:hash:/a}", [("hash", "/a")]),
        ("hash:relative", []),
        ("lmtp:unix:private/x inet:host:25 [::1]:25", []),
    ],
)
def test_tables_in_a_value(text, found):
    assert tables(text) == found


MAIN = """\
# hash:/comment
indexed = hash:$config_directory/
virtual_alias_maps = ${indexed}virtual
transport_maps = $default_database_type:/etc/transport
smtp_tls_session_cache_database = btree:${data_directory}/cache
proxy_write_maps = $smtp_tls_session_cache_database, proxy:btree:/other
"""
MASTER = """\
smtp inet n - y - - smtpd
  -o smtpd_sender_restrictions=check_sender_access,hash:/sender
  # hash:/comment
archive unix - n n - - pipe
  argv=/bin/x hash:/argument
"""
DEFAULTS = {
    "data_directory": "/data",
    "default_database_type": "hash",
    "address_verify_map": "btree:$data_directory/verify",
    "local_recipient_maps": "$virtual_alias_maps",
}


def test_all_places_of_a_configuration():
    found = [
        (one.place, one.kind, one.path, one.written, one.cache) for one in references(MAIN, MASTER, DEFAULTS, "/c")
    ]
    assert sorted(found, key=str) == sorted(
        [
            ("main.cf: address_verify_map", "btree", "/data/verify", "$data_directory/verify", True),
            ("main.cf: indexed", "hash", "/c/", "$config_directory/", False),
            ("main.cf: virtual_alias_maps", "hash", "/c/virtual", None, False),
            ("main.cf: transport_maps", "hash", "/etc/transport", None, False),
            ("main.cf: smtp_tls_session_cache_database", "btree", "/data/cache", "${data_directory}/cache", True),
            ("main.cf: proxy_write_maps", "btree", "/data/cache", None, True),
            ("main.cf: proxy_write_maps", "btree", "/other", "/other", False),
            ("master.cf: smtp/inet smtpd_sender_restrictions", "hash", "/sender", "/sender", False),
            ("master.cf: archive/unix argument", "hash", "/argument", "/argument", False),
        ],
        key=str,
    )


def choose(kind, path):
    return "lmdb" if kind == "hash" and path != "/stays" else None


def test_comments_and_layout_stay():
    text = "# hash:/a\na = hash:/a,\n    # hash:/b\n\thash:/stays  texthash:/c\n"
    assert switch_lines(text, choose) == text.replace("= hash:/a", "= lmdb:/a")


def test_defaults_that_count_are_written_out():
    defaults = {"alias_maps": "hash:/a, nis:x", "alias_database": "hash:/a", "biff": "yes"}
    done = switch_main("alias_database = hash:/b\n", choose, defaults, {"default_database_type": "lmdb"})
    assert done == "alias_database = lmdb:/b\ndefault_database_type = lmdb\nalias_maps = lmdb:/a, nis:x\n"


def test_restrictions_in_an_access_table():
    text = "# check_x_access hash:/a\na check_sender_access hash:/a, reject\nb REJECT see hash:/a\n"
    assert [(one.kind, one.path) for one in nested("/t", text.splitlines()[1:])] == [("hash", "/a")]
    assert switch_restrictions(text, choose) == text.replace("sender_access hash", "sender_access lmdb")


def test_a_prefix_is_one_although_a_whole_path_stands_beside_what_it_makes():
    main = "old = hash:/m/old_\ncanonical_maps = hash:/m/old_x, ${old}x\n"
    found = [(one.path, one.written, one.prefix) for one in references(main, "", {}, "/c")]
    assert found == [("/m/old_", "/m/old_", True), ("/m/old_x", "/m/old_x", False), ("/m/old_x", None, False)]
