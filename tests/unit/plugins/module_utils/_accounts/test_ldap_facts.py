# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Facts as values of attributes: what is written is read again as the same fact."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.ldap_facts import (
    alias_value,
    domain_facts,
    mailbox_facts,
    mailbox_problems,
    modified,
    password_text,
    password_value,
    read_alias_address,
    read_domain,
    read_mailbox,
)
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.ldap_layout import read_layout
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.mailboxes import PENDING
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.model import Alias, Domain, Mailbox
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.arguments import SHARED

OPTIONS = {name: option.get("default") for name, option in SHARED["store"].items()}
CRYPT = "$6$abcdefgh$" + "x" * 86
ALICE = "alice@example.org"
BOX = Mailbox(ALICE, f"{{CRYPT}}{CRYPT}", "", "example.org/alice/", 0, True, (ALICE,), True, True, True, True, ())


def layout(preset="postfix_manager", **attributes):
    return read_layout(
        {**OPTIONS, "directory_base": "o=x", "directory_preset": preset, "directory_attributes": attributes}
    )[0]


def getter(facts):
    return lambda fact: facts.get(fact, ())


@pytest.mark.parametrize(
    ("stored", "value"),
    [
        ("{CRYPT}*", "{CRYPT}*"),
        (CRYPT, f"{{CRYPT}}{CRYPT}"),
        (f"{{SHA512-CRYPT}}{CRYPT}", f"{{CRYPT}}{CRYPT}"),
        ("{SSHA}YWJjZGVmZ2hpamtsbW5vcA==", "{SSHA}YWJjZGVmZ2hpamtsbW5vcA=="),
        ("{LDAP-MD5}YWJjZGVmZ2hpamtsbW5vcA==", "{MD5}YWJjZGVmZ2hpamtsbW5vcA=="),
        ("{ARGON2ID}$argon2id$v=19$x", "{ARGON2}$argon2id$v=19$x"),
    ],
)
def test_hashes_have_the_name_that_a_directory_knows(stored, value):
    assert password_value(stored) == value.encode()


@pytest.mark.parametrize("stored", ["{PBKDF2}$1$abc", "{SSHA.HEX}00112233445566778899", "{CRAM-MD5}0011", "plain"])
def test_hashes_that_a_directory_cannot_verify_have_none(stored):
    assert password_value(stored) is None


@pytest.mark.parametrize("stored", ["{LDAP-MD5}YWJjZGVmZ2hpamtsbW5vcA==", "{ARGON2ID}$argon2id$v=19$x", "{SSHA}abc="])
def test_hashes_are_read_as_they_were_given(stored):
    assert password_text([password_value(stored)]) == stored


@pytest.mark.parametrize(
    "box",
    [
        BOX,
        BOX._replace(name="Alice Exämple", quota=2**30, send_as=("@example.net", "x@example.net")),
        BOX._replace(enabled=False, routed=False),
        BOX._replace(route=("y@example.net",)),
        BOX._replace(route=(ALICE, "y@example.net")),
        BOX._replace(host="a"),
    ],
)
def test_a_mailbox_is_read_as_it_was_written(box):
    facts = {**mailbox_facts(layout(), box, getter({})), "address": [ALICE.encode()]}
    assert read_mailbox(layout(), getter(facts)) == box


def test_a_bit_of_active_directory_switches_off_and_keeps_the_others():
    there = getter({"account_control": [b"66048"], "address": [ALICE.encode()]})
    box = read_mailbox(layout("active_directory"), there)
    assert box.enabled
    facts = mailbox_facts(layout("active_directory"), box._replace(enabled=False), there)
    assert facts["account_control"] == [b"66050"]
    assert not read_mailbox(layout("active_directory"), getter({**facts, "address": [ALICE.encode()]})).enabled


def test_a_quota_is_counted_in_the_unit_of_the_attribute():
    box = BOX._replace(quota=5 * 1024)
    assert mailbox_facts(layout("postfixbook"), box, getter({}))["quota"] == [b"5"]
    assert mailbox_problems(layout("postfixbook"), BOX, box, "") == []
    (problem,) = mailbox_problems(layout("postfixbook"), BOX, box._replace(quota=5000), "mailboxes[0].")
    assert (problem.option, problem.value) == ("mailboxes[0].quota", 5000)
    assert "1024 bytes" in problem.message


def test_a_hash_that_cannot_be_verified_is_refused_without_being_shown():
    (problem,) = mailbox_problems(layout(), None, BOX._replace(password="{PBKDF2}$1$abcabcabcabcabc"), "")
    assert problem.option == "password_hash"
    assert "abcabc" not in repr(problem)
    assert mailbox_problems(layout(), None, BOX._replace(password=PENDING), "") == []


@pytest.mark.parametrize(
    "domain",
    [
        Domain("example.org"),
        Domain("example.org", "First", 5, -1, 1024, 100, False),
        Domain("example.org", catch_all=(ALICE,)),
    ],
)
def test_a_domain_is_read_as_it_was_written(domain):
    catch_all = Alias("@example.org", domain.catch_all, True) if domain.catch_all else None
    assert read_domain(getter(domain_facts(domain)), "example.org", catch_all) == domain


def test_a_switched_off_catch_all_leads_nowhere():
    assert read_domain(getter({}), "example.org", Alias("@example.org", (ALICE,), False)).catch_all == ()


@pytest.mark.parametrize(
    ("value", "address"),
    [(b"smtp:Info@Example.org", "info@example.org"), (b"SMTP:a@b", "a@b"), (b"x500:/o=x", None)],
)
def test_an_alias_stands_in_its_format(value, address):
    assert read_alias_address(layout("active_directory"), value) == address


def test_an_alias_is_written_in_its_format():
    assert alias_value(layout("active_directory"), "info@example.org") == b"smtp:info@example.org"
    assert alias_value(layout(), "info@example.org") == b"info@example.org"


def test_when_an_entry_was_changed():
    assert modified({"modifyTimestamp": [b"20261125134500Z"]}) == 1795614300
    assert modified({"modifyTimestamp": [b"20261125134500.123Z"]}) == 1795614300
    assert modified({"modifyTimestamp": [b"2026"]}) is modified({}) is None
