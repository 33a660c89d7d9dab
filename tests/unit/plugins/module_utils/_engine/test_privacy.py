# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.privacy import Privacy, privacy_of

HASHED = Privacy("hashed", b"salt")
DROPPED = Privacy("dropped", b"salt")


def test_shown_addresses_stay_as_they_are():
    assert Privacy().address("Alice@Example.test") == "Alice@Example.test"
    assert Privacy().text("<alice@example.test>: no") == "<alice@example.test>: no"


def test_the_same_address_has_the_same_token_and_keeps_its_domain():
    token = HASHED.address("alice@example.test")
    assert token == HASHED.address("Alice@EXAMPLE.test")
    assert token.endswith("@example.test")
    assert "alice" not in token
    assert token != HASHED.address("bob@example.test")
    assert token.partition("@")[0] != HASHED.address("alice@other.test").partition("@")[0]


def test_another_salt_gives_another_token():
    assert HASHED.address("alice@example.test") != Privacy("hashed", b"other").address("alice@example.test")


def test_dropped_addresses_keep_their_domain_alone():
    assert DROPPED.address("alice@example.test") == "(dropped)@example.test"
    assert DROPPED.address("alice") == "(dropped)"


@pytest.mark.parametrize("privacy", [Privacy(), HASHED, DROPPED])
def test_the_null_sender_stays(privacy):
    assert privacy.address("") == ""


@pytest.mark.parametrize(
    "address",
    [
        "alice@example.test",
        '"alice smith"@example.test',
        "alice+x@[192.0.2.1]",
        '"a\\"b@c"@example.test',
        "älice@example.test",
    ],
)
def test_addresses_in_a_sentence_are_found(address):
    said = f"550 5.1.1 <{address}>: Recipient address rejected; from={address}, to=<{address}> proto=ESMTP"
    token = HASHED.address(address)
    assert HASHED.text(said) == said.replace(address, token)
    assert "lice" not in DROPPED.text(said)


def test_a_sentence_without_addresses_stays():
    assert HASHED.text("connect to mx.example.test[192.0.2.1]:25: Connection refused") == (
        "connect to mx.example.test[192.0.2.1]:25: Connection refused"
    )


def test_without_a_salt_each_result_has_its_own_tokens():
    params = {"addresses": "hashed", "addresses_salt": None}
    assert privacy_of(params).address("alice@example.test") != privacy_of(params).address("alice@example.test")
    given = {"addresses": "hashed", "addresses_salt": "salt"}
    assert privacy_of(given) == HASHED
