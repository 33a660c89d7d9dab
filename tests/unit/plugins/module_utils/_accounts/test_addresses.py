# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which addresses are fit to be accounts, and how they are stored."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.addresses import (
    AddressError,
    alias_address,
    catch_all_or_alias,
    destination,
    domain_name,
    mailbox_address,
)

LABEL = "a" * 63


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("alice@example.org", "alice@example.org"),
        ("Alice.Example@EXAMPLE.Org", "alice.example@example.org"),
        ("a_b-c!#$%&*=?^{|}~@example.org", "a_b-c!#$%&*=?^{|}~@example.org"),
        ("info@bücher.example", "info@xn--bcher-kva.example"),
        ("info@BÜCHER.example", "info@xn--bcher-kva.example"),
        ("1@2.example", "1@2.example"),
        (f"{'a' * 64}@example.org", f"{'a' * 64}@example.org"),
    ],
)
def test_a_good_address_is_stored_in_one_form(given, stored):
    assert mailbox_address(given) == stored


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("alice", "is not an address"),
        ("", "is not an address"),
        ("@example.org", "is not an address"),
        ("alice@", "is not an address"),
        ("a@b@example.org", "is not an address"),
        ('"a b"@example.org', "'\"'"),
        ("a b@example.org", "' '"),
        ("a/b@example.org", "'/'"),
        ("a\\b@example.org", "cannot be stored"),
        ("o'neil@example.org", "cannot be stored"),
        ("a`b@example.org", "cannot be stored"),
        ("a\tb@example.org", "'\\t'"),
        ("a\0b@example.org", "cannot be stored"),
        ("a,b@example.org", "','"),
        ("jürgen@example.org", "'ü'"),
        (".a@example.org", "has a dot"),
        ("a.@example.org", "has a dot"),
        ("a..b@example.org", "has a dot"),
        ("..@example.org", "has a dot"),
        ("-a@example.org", "hyphen"),
        (f"{'a' * 65}@example.org", "64 characters"),
        (f"{'a' * 64}@{LABEL}.{LABEL}.{LABEL}.org", "254 characters"),
        ("alice@[192.0.2.1]", "IP address"),
        ("alice@192.0.2.1", "IP address"),
        ("alice@example", "bare name"),
        ("alice@example.123", "digits"),
        ("alice@exa_mple.org", "'exa_mple'"),
        ("alice@-example.org", "'-example'"),
        ("alice@example-.org", "'example-'"),
        ("alice@example..org", "''"),
        ("alice@example.org.", "''"),
        ("alice@.example.org", "''"),
        ("alice@exam ple.org", "'exam ple'"),
        (f"alice@{LABEL}a.org", "63 characters"),
        (f"alice@{'.'.join([LABEL] * 5)}", "255 characters"),
        (f"alice@{'ü' * 70}.org", "IDNA"),
        ("alice@exa\nmple.org", "label"),
        ("alice+lists@example.org", "recipient_delimiter"),
    ],
)
def test_a_bad_address_is_refused_with_the_reason(given, why):
    with pytest.raises(AddressError) as caught:
        mailbox_address(given)
    assert why in caught.value.message
    assert caught.value.cure


def test_only_a_mailbox_is_refused_a_delimiter():
    assert alias_address("alice+lists@example.org") == "alice+lists@example.org"


def test_a_catch_all_is_a_domain_after_an_at():
    assert catch_all_or_alias("@Example.org") == "@example.org"
    assert catch_all_or_alias("a@example.org") == "a@example.org"
    with pytest.raises(AddressError):
        catch_all_or_alias("@example")


@pytest.mark.parametrize("given", ["root@localhost", "a+b@example.org", "x@sub.example.org"])
def test_mail_may_go_to_addresses_that_are_not_ours(given):
    assert destination(given) == given


@pytest.mark.parametrize("given", ["root", "a@[192.0.2.1]", "a,b@example.org", "|program@example.org /bin/sh"])
def test_mail_goes_to_addresses_alone(given):
    with pytest.raises(AddressError):
        destination(given)


def test_a_domain_of_a_list_that_repeats_it_is_checked_once():
    domain_name.cache_clear()
    assert [domain_name("Example.org") for number in range(3)] == ["example.org"] * 3
    assert domain_name.cache_info().misses == 1
