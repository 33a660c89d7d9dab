# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What lookup tables are asked for, and what their answers prove."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix import questions
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.questions import Answer, Table
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.references import references

MAIN = """
virtual_mailbox_domains = proxy:ldap:/etc/postfix/domains.cf
virtual_mailbox_maps = ldap:/etc/postfix/mailboxes.cf, hash:/etc/postfix/more
virtual_alias_maps = ldap:/etc/postfix/mailboxes.cf
transport_maps = hash:/etc/postfix/transport
alias_maps = hash:/etc/aliases
header_checks = regexp:/etc/postfix/headers
smtpd_sender_restrictions = check_sender_access ldap:/etc/postfix/senders.cf, check_sender_access hash:/etc/postfix/s
smtp_sasl_password_maps = hash:/etc/postfix/sasl_passwd
smtpd_tls_session_cache_database = btree:/var/lib/postfix/cache
"""
SERVERS = (
    "server_host = ldap://one.example.org, ldap://two.example.org:3389\nbind_pw = tiger\nsearch_base = dc=example\n"
)


def asked(*patterns):
    return {
        table.label: table.parameters for table in questions.tables(references(MAIN, "", {}, "/etc/postfix"), patterns)
    }


def test_by_itself_it_asks_all_that_postfix_looks_mail_up_in():
    assert asked() == {
        "ldap:/etc/postfix/domains.cf": ("virtual_mailbox_domains",),
        "ldap:/etc/postfix/mailboxes.cf": ("virtual_mailbox_maps", "virtual_alias_maps"),
        "hash:/etc/postfix/more": ("virtual_mailbox_maps",),
        "hash:/etc/postfix/transport": ("transport_maps",),
        "hash:/etc/aliases": ("alias_maps",),
        "ldap:/etc/postfix/senders.cf": ("smtpd_sender_restrictions",),
    }


def test_patterns_choose_by_parameter_or_table():
    assert list(asked("header_checks")) == ["regexp:/etc/postfix/headers"]
    assert list(asked("ldap:*/senders.cf", "*_password_maps")) == [
        "ldap:/etc/postfix/senders.cf",
        "hash:/etc/postfix/sasl_passwd",
    ]


@pytest.mark.parametrize(
    ("parameters", "keys"),
    [
        (("virtual_mailbox_domains",), ["example.org"]),
        (("mydestination",), ["example.org"]),
        (("alias_maps",), ["alice"]),
        (("virtual_alias_maps",), ["alice@example.org"]),
        (("relay_domains", "relay_recipient_maps"), ["example.org", "alice@example.org"]),
    ],
)
def test_each_table_is_asked_for_what_postfix_asks_it_for(parameters, keys):
    assert questions.keys(Table("ldap", "/x", parameters), "alice@example.org") == keys


def test_servers_are_those_of_the_list_of_the_type():
    assert questions.servers("ldap", SERVERS) == ["ldap://one.example.org", "ldap://two.example.org:3389"]
    assert questions.servers("pgsql", "hosts = one two\n") == ["one", "two"]
    assert questions.servers("ldap", "search_base = dc=example\n") == []
    assert questions.servers("sqlite", "dbpath = /x\n") == []


def test_a_copy_names_one_server_and_keeps_the_rest():
    copy = questions.with_server("ldap", SERVERS, "ldap://two.example.org:3389")
    assert questions.servers("ldap", copy) == ["ldap://two.example.org:3389"]
    assert "bind_pw = tiger" in copy and "search_base = dc=example" in copy


def test_a_message_repeats_no_secret():
    assert questions.without_secrets("bind with tiger failed", SERVERS) == "bind with (secret) failed"


def answer(name="mailboxes", server=None, key="alice@example.org", status="found", said="alice", **more):
    values = {"parameters": ("virtual_mailbox_maps",), "message": None, "seconds": 0.01, **more}
    return Answer(map=name, server=server, key=key, status=status, answer=said, **values)


KNOWN, UNKNOWN = ["alice@example.org"], ["nobody@example.org"]
NOBODY = answer(key="nobody@example.org", status="absent", said=None)


@pytest.mark.parametrize(
    ("answers", "problems"),
    [
        ([answer(), NOBODY], []),
        (
            [answer(), answer(server="two", status="failed", said=None, message="Can't contact LDAP server")],
            ["mailboxes at two cannot answer for alice@example.org: Can't contact LDAP server"],
        ),
        (
            [answer(server="one"), answer(server="two", status="absent", said=None)],
            ["the servers of mailboxes disagree about alice@example.org: one says alice, two says nothing"],
        ),
        ([answer(server="one", said="a,b"), answer(server="two", said="b,a")], []),
        ([answer(status="absent", said=None)], ["no table knows alice@example.org"]),
        # A table that answers nothing but errors does not prove that the address is unknown.
        (
            [answer(status="failed", said=None, message="down")],
            ["mailboxes cannot answer for alice@example.org: down"],
        ),
        # Another table of recipients knows it.
        ([answer(status="absent", said=None), answer("aliases", parameters=("virtual_alias_maps",))], []),
        (
            [answer(key="nobody@example.org", said="all")],
            ["mailboxes knows nobody@example.org, which should be unknown, as all"],
        ),
        # An access table says something about everybody.
        ([answer(key="nobody@example.org", parameters=("smtpd_sender_restrictions",))], []),
    ],
)
def test_problems_are_what_the_answers_prove(answers, problems):
    assert questions.problems(answers, KNOWN, UNKNOWN) == problems


def test_the_summary_counts_and_names_the_slowest():
    counts, slowest, _problems = questions.summary([answer(), answer(server="two", seconds=1.5)], []).split("; ")
    assert counts == "2 questions to 2 tables and servers: 2 found, 0 absent, 0 failed"
    assert slowest == "slowest mailboxes at two with 1.500 s"
    assert questions.summary([], ["x"]).endswith("; 1 problems")
