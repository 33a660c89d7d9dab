# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options turned into facts, with every fault in them."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.wanted import (
    Reader,
    WantedAlias,
    WantedDomain,
    WantedMailbox,
)

HASH = "$6$abcdefgh$" + "x" * 86
SECRET = "a clear secret"


def domains(*items):
    reader = Reader()
    return reader.domains([{"state": "present", **item} for item in items], "domains"), reader.problems


def mailboxes(*items, scheme="SHA512-CRYPT", update_password="always"):
    reader = Reader()
    complete = [{"state": "present", **item} for item in items]
    return reader.mailboxes(complete, scheme, update_password, "mailboxes"), reader.problems


def aliases(*items):
    reader = Reader()
    return reader.aliases([{"state": "present", **item} for item in items], "aliases"), reader.problems


def test_a_domain():
    given = {
        "domain": "Example.org",
        "description": "Ä",
        "enabled": False,
        "max_mailboxes": 5,
        "max_aliases": -1,
        "quota": "10G",
        "mailbox_quota": "512M",
        "alias_of": "BÜCHER.example",
        "catch_all": ["Bob@example.org", "bob@example.org"],
    }
    assert domains(given) == (
        [
            WantedDomain(
                "domains[0].",
                "example.org",
                True,
                description="Ä",
                enabled=False,
                max_mailboxes=5,
                max_aliases=-1,
                quota=10240,
                mailbox_quota=512,
                alias_of="xn--bcher-kva.example",
                catch_all=("bob@example.org",),
            )
        ],
        [],
    )


def test_what_is_not_declared_stays_open():
    assert domains({"domain": "example.org", "state": "absent", "description": None}) == (
        [WantedDomain("domains[0].", "example.org", False)],
        [],
    )


def test_an_empty_text_or_list_ends_something():
    (domain,), problems = domains({"domain": "example.org", "alias_of": "", "catch_all": []})
    assert (domain.alias_of, domain.catch_all, problems) == ("", (), [])


def test_a_mailbox():
    given = {
        "address": "Alice@example.org",
        "password_hash": HASH,
        "name": "Alice",
        "quota": "2G",
        "receive": True,
        "send": False,
        "login": True,
        "enabled": True,
        "forward_to": ["B@example.net"],
        "keep_copy": False,
        "send_as": ["@Example.net", "x@example.org"],
    }
    assert mailboxes(given, update_password="on_create") == (
        [
            WantedMailbox(
                "mailboxes[0].",
                "alice@example.org",
                True,
                password_hash=HASH,
                on_create=True,
                name="Alice",
                quota=2 * 1024**3,
                enabled=True,
                receive=True,
                send=False,
                login=True,
                forward_to=("b@example.net",),
                keep_copy=False,
                send_as=("@example.net", "x@example.org"),
            )
        ],
        [],
    )


def test_an_item_says_when_its_password_counts():
    boxes, _problems = mailboxes(
        {"address": "a@example.org", "update_password": "always"},
        {"address": "b@example.org"},
        update_password="on_create",
    )
    assert [box.on_create for box in boxes] == [False, True]


def test_an_alias():
    assert aliases(
        {"address": "Team@example.org", "destinations": ["A@example.org", "root@localhost"], "enabled": True}
    ) == (
        [WantedAlias("aliases[0].", "team@example.org", True, ("a@example.org", "root@localhost"), True)],
        [],
    )


def test_a_singular_module_names_its_options_alone():
    reader = Reader()
    reader.aliases([{"address": "bad", "state": "present", "database": "/x"}])
    assert [problem.option for problem in reader.problems] == ["address"]


@pytest.mark.parametrize(
    ("item", "option", "why"),
    [
        ({"domain": "example"}, "domain", "bare name"),
        ({"domain": "a.example", "alias_of": "b"}, "alias_of", "bare name"),
        ({"domain": "a.example", "alias_of": "A.example"}, "alias_of", "itself"),
        ({"domain": "a.example", "quota": "lots"}, "quota", "not a size"),
        ({"domain": "a.example", "quota": "1K"}, "quota", "whole number of MiB"),
        ({"domain": "a.example", "max_mailboxes": -2}, "max_mailboxes", "less than -1"),
        ({"domain": "a.example", "max_aliases": 2**31}, "max_aliases", "more than 2147483647"),
        ({"domain": "a.example", "catch_all": ["b@a.example", "c"]}, "catch_all[1]", "not an address"),
        ({"domain": "a.example", "description": "a\nb"}, "description", "control character"),
    ],
)
def test_faults_of_domains(item, option, why):
    _wanted, problems = domains(item)
    assert [(problem.option, why in problem.message) for problem in problems] == [(f"domains[0].{option}", True)]


@pytest.mark.parametrize(
    ("item", "option", "why"),
    [
        ({"address": "a+b@example.org"}, "address", "recipient_delimiter"),
        ({"address": "a@example.org", "password": "a\nb"}, "password", "control character"),
        ({"address": "a@example.org", "password_hash": SECRET}, "password_hash", "does not look like"),
        ({"address": "a@example.org", "password": SECRET, "password_hash": HASH}, "password_hash", "beside password"),
        ({"address": "a@example.org", "password_file": "relative"}, "password_file", "absolute"),
        ({"address": "a@example.org", "name": "a\0"}, "name", "control character"),
        ({"address": "a@example.org", "quota": "-1"}, "quota", "not a size"),
        ({"address": "a@example.org", "forward_to": ["a@example.org"]}, "forward_to", "mailbox itself"),
        ({"address": "a@example.org", "send_as": ["everybody"]}, "send_as[0]", "not an address"),
        ({"address": "a@example.org", "host": "Shard A"}, "host", "no name of a host"),
        ({"address": "a@example.org", "delete_mail": True}, "delete_mail", "deleted"),
    ],
)
def test_faults_of_mailboxes(item, option, why):
    _wanted, problems = mailboxes(item)
    assert [(problem.option, why in problem.message) for problem in problems] == [(f"mailboxes[0].{option}", True)]
    assert SECRET not in "".join(map(str, problems))


@pytest.mark.parametrize(
    ("item", "option", "why"),
    [
        ({"address": "a@example.org", "destinations": []}, "destinations", "empty"),
        ({"address": "a@example.org", "destinations": ["root"]}, "destinations[0]", "not an address"),
        ({"address": "@example", "destinations": ["a@example.org"]}, "address", "bare name"),
    ],
)
def test_faults_of_aliases(item, option, why):
    _wanted, problems = aliases(item)
    assert [(problem.option, why in problem.message) for problem in problems] == [(f"aliases[0].{option}", True)]


def test_an_address_twice_is_a_fault_even_when_written_differently():
    boxes, problems = mailboxes(
        {"address": "a@example.org"}, {"address": "b@example.org"}, {"address": "A@EXAMPLE.org"}
    )
    assert [box.address for box in boxes] == ["a@example.org", "b@example.org", "a@example.org"]
    assert [str(problem) for problem in problems] == [
        "mailboxes[2].address: 'A@EXAMPLE.org' is declared twice, at mailboxes[0].address too; declare it once"
    ]


def test_all_faults_are_reported_together():
    _boxes, problems = mailboxes(
        {"address": "bad", "quota": "x", "password": ""}, {"address": "also bad@x", "send_as": ["y"]}
    )
    assert [problem.option for problem in problems] == [
        "mailboxes[0].address",
        "mailboxes[0].quota",
        "mailboxes[0].password",
        "mailboxes[1].address",
        "mailboxes[1].send_as[0]",
    ]


def test_domains_to_purge_are_read_like_domains():
    reader = Reader()
    assert reader.domain_names("purge_domains", None) is None
    assert reader.domain_names("purge_domains", ["Example.org", "bücher.example"]) == {
        "example.org",
        "xn--bcher-kva.example",
    }
    reader.domain_names("purge_domains", ["x"])
    assert [problem.option for problem in reader.problems] == ["purge_domains[0]"]
