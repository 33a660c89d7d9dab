# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Password hashes: made, verified and recognised. The fixed ones were made by other tools (see crypt(5) for forms)."""

import base64
import hashlib

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts import passwords
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.passwords import (
    clear_password_fault,
    hash_all,
    hash_fault,
    random_password,
    same_hash,
    verify_all,
)
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine import libcrypt
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import Error

SHA512 = "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1"
MD5 = "$1$abcdefgh$" + "x" * 22
BCRYPT = "$2y$05$" + "x" * 53


def test_a_known_hash_is_verified():
    # The test vector of the SHA-crypt specification.
    pairs = {"good": ("Hello world!", SHA512), "bad": ("Hello World!", SHA512)}
    assert verify_all(pairs) == {"good": True, "bad": False}


@pytest.mark.parametrize("scheme", passwords.SCHEMES)
def test_a_new_hash_verifies_and_is_salted(scheme):
    clear = {"a": "pässword with blanks", "b": "pässword with blanks"}
    made = hash_all(clear, scheme)
    assert all(stored.startswith(f"{{{scheme}}}$") for stored in made.values())
    assert made["a"] != made["b"]
    assert all(hash_fault(stored) is None for stored in made.values())
    assert verify_all({key: (clear[key], stored) for key, stored in made.items()}) == {"a": True, "b": True}


@pytest.mark.parametrize("stored", ["{SSHA}MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=", "{PLAIN}Hello world!"])
def test_a_hash_of_another_password_does_not_fit(stored):
    assert verify_all({"a": ("Hello world!", stored)}) == {"a": False}


@pytest.mark.parametrize("stored", ["", "$9$unknown$xxx", "*", "{ARGON2ID}$argon2id$v=19$m=8,t=1,p=1$c2FsdA$aGFzaA"])
def test_of_a_hash_of_another_kind_only_a_server_can_tell(stored):
    assert verify_all({"a": ("Hello world!", stored)}) == {"a": None}


def test_salted_digests_are_verified():
    digest = hashlib.sha1(b"Hello world!salt").digest()
    stored = f"{{SSHA}}{base64.b64encode(digest + b'salt').decode()}"
    assert verify_all({"a": ("Hello world!", stored), "b": ("hello world!", stored)}) == {"a": True, "b": False}


def test_a_prefix_does_not_matter():
    assert verify_all({"a": ("Hello world!", f"{{SHA512-CRYPT}}{SHA512}")}) == {"a": True}
    assert same_hash(SHA512, f"{{CRYPT}}{SHA512}")
    assert not same_hash(SHA512, SHA512[:-1] + "x")
    assert not same_hash("{SSHA}abc", "abc")


def test_many_threads_do_not_mix_results():
    clear = {str(number): f"password {number}" for number in range(40)}
    made = hash_all(clear, "SHA512-CRYPT")
    assert all(verify_all({key: (clear[key], made[key]) for key in clear}).values())
    assert not any(verify_all({key: (clear[str(39 - int(key))], made[key]) for key in clear}).values())


@pytest.mark.parametrize(
    "given",
    [
        SHA512,
        MD5,
        BCRYPT,
        "$5$rounds=80000$salt$" + "x" * 43,
        "$y$j9T$abc$" + "x" * 43,
        f"{{SHA512-CRYPT}}{SHA512}",
        f"{{blf-crypt}}{BCRYPT}",
        "{SSHA512}" + "A" * 90 + "==",
        "{SSHA256.hex}" + "0f" * 40,
        "{ARGON2ID}$argon2id$v=19$m=65536,t=3,p=1$abcdefgh$" + "x" * 43,
        "{PBKDF2}$1$salt$5000$" + "0" * 40,
    ],
)
def test_hashes_are_recognised(given):
    assert hash_fault(given) is None


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("secret", "does not look like"),
        ("", "does not look like"),
        ("{PLAIN}secret", "clear password"),
        ("{CLEARTEXT}secret", "clear password"),
        ("{SHA512-CRYPT}secret", "does not look like"),
        ("{SSHA}short", "does not look like"),
        ("{SHA512CRYPT}" + SHA512, "does not know"),
        (SHA512[:-1], "does not look like"),
        (f"{SHA512} ", "does not look like"),
        (f"{SHA512}\n", "does not look like"),
    ],
)
def test_what_is_no_hash_is_refused_without_being_shown(given, why):
    message, cure = hash_fault(given)
    assert why in message
    assert not given or given not in message + cure


@pytest.mark.parametrize(
    ("given", "scheme", "why"),
    [
        ("", "SHA512-CRYPT", "empty"),
        ("a\nb", "SHA512-CRYPT", "control character"),
        ("a\0b", "SHA512-CRYPT", "control character"),
        ("a\x7fb", "SHA512-CRYPT", "control character"),
        ("ü" * 37, "BLF-CRYPT", "at most 72"),
        ("x" * 512, "SHA512-CRYPT", "at most 511"),
        (SHA512, "SHA512-CRYPT", "looks like a password hash"),
    ],
)
def test_bad_clear_passwords_are_refused_without_being_shown(given, scheme, why):
    message, cure = clear_password_fault(given, scheme)
    assert why in message
    assert not given or given not in message + cure


@pytest.mark.parametrize(
    ("given", "scheme"), [("x", "SHA512-CRYPT"), ("x" * 72, "BLF-CRYPT"), ("x" * 511, "SHA512-CRYPT")]
)
def test_good_clear_passwords_are_taken(given, scheme):
    assert clear_password_fault(given, scheme) is None
    assert verify_all({"a": (given, hash_all({"a": given}, scheme)["a"])}) == {"a": True}


def test_random_passwords_are_long_and_differ():
    made = {random_password() for number in range(20)}
    assert len(made) == 20
    assert all(len(password) == passwords.RANDOM_LENGTH and password.isalnum() for password in made)


def test_a_host_without_the_library_is_told_which_package(monkeypatch):
    monkeypatch.setattr(libcrypt, "LIBRARY", "libnothing.so.99")
    monkeypatch.setattr(libcrypt, "_LOADED", [])
    with pytest.raises(Error, match="install libcrypt1"):
        hash_all({"a": "secret"}, "SHA512-CRYPT")


def test_a_method_that_the_library_lacks_is_an_error(monkeypatch):
    monkeypatch.setitem(passwords.SCHEMES, "SHA512-CRYPT", (b"$nothing$", 0))
    with pytest.raises(Error, match="another password_scheme") as caught:
        hash_all({"a": "secret"}, "SHA512-CRYPT")
    assert "secret" not in caught.value.message
