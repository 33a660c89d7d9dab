# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stored passwords: recognised, verified, made. The hashes were made by slappasswd and its modules."""

import base64
import hashlib

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory import passwords
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.passwords import (
    fits,
    fits_all,
    is_hash,
    make,
)


def pbkdf2(digest, clear, rounds):
    def adapted(data):
        return base64.b64encode(data).rstrip(b"=").replace(b"+", b".")

    salt = b"0123456789abcdef"
    return b"%d$%s$%s" % (rounds, adapted(salt), adapted(hashlib.pbkdf2_hmac(digest, clear, salt, rounds)))


STORED = {
    "SHA": b"{SHA}" + base64.b64encode(hashlib.sha1(b"secret").digest()),
    "MD5": b"{MD5}" + base64.b64encode(hashlib.md5(b"secret").digest()),
    "SMD5": b"{smd5}" + base64.b64encode(hashlib.md5(b"secretSALT").digest() + b"SALT"),
    "SSHA256": b"{SSHA256}" + base64.b64encode(hashlib.sha256(b"secretSALT").digest() + b"SALT"),
    "PBKDF2": b"{PBKDF2}" + pbkdf2("sha1", b"secret", 1000),
    "PBKDF2-SHA256": b"{PBKDF2-SHA256}" + pbkdf2("sha256", b"secret", 1000),
    "PBKDF2-SHA512": b"{PBKDF2-SHA512}" + pbkdf2("sha512", b"secret", 10),
    "CLEARTEXT": b"{CLEARTEXT}secret",
    "none": b"secret",
}


@pytest.mark.parametrize("scheme", STORED)
def test_the_right_password_fits_and_another_does_not(scheme):
    assert fits(b"secret", STORED[scheme]) is True
    assert fits(b"Secret", STORED[scheme]) is False
    assert is_hash(STORED[scheme]) is (scheme != "none")


@pytest.mark.parametrize("scheme", ["CRYPT", "SSHA", "SSHA512"])
def test_what_is_made_fits_and_has_a_salt(scheme):
    one, other = make(b"secret", scheme), make(b"secret", scheme)
    assert one != other
    assert one.startswith(b"{" + scheme.encode() + b"}")
    assert (fits(b"secret", one), fits(b"other", one)) == (True, False)


@pytest.mark.parametrize(
    "stored",
    [
        b"{SSHA}",
        b"{SSHA}!!",
        b"{SSHA}AAAA",
        b"{SHA}" + base64.b64encode(b"x" * 24),
        b"{PBKDF2}x$y",
        b"{PBKDF2}0$AA$AA",
        b"{PBKDF2}99999999999$AA$AA",
        b"{PBKDF2}1$A$A",
        b"{CRYPT}",
        b"{CRYPT}*",
        b"{CRYPT}\xff",
    ],
)
def test_a_broken_hash_fits_nothing(stored):
    assert not fits(b"secret", stored)


def test_what_only_the_server_can_verify():
    argon = b"{ARGON2}$argon2id$v=19$m=7168,t=5,p=1$c2FsdHNhbHQ$aGFzaGhhc2g"
    assert is_hash(argon)
    assert fits(b"secret", argon) is None
    assert fits_all([(b"secret", [argon]), (b"secret", [argon, b"secret"]), (b"x", [b"y"]), (b"x", [])]) == [
        None,
        True,
        False,
        False,
    ]


def test_a_clear_password_in_braces_is_no_hash():
    assert not is_hash(b"{my}password")
    assert make(b"{my}password", "none") == b"{my}password"
    assert set(passwords.KNOWN) >= {"SSHA", "CRYPT", "ARGON2", "PBKDF2-SHA512"}
