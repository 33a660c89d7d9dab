# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A password and a one-time code, in real logins. Codes are computed as RFC 6238 says."""

from __future__ import annotations

import hmac
import shlex
import struct
import time

import pytest

SUFFIX = "dc=example,dc=org"
TINA, TOKEN = f"uid=tina,ou=people,{SUFFIX}", f"cn=tina,ou=tokens,{SUFFIX}"
SECRET, PASSWORD = b"12345678901234567890", "tina-test-password"
POSTFIX = (f"cn=postfix,ou=services,{SUFFIX}", "postfix-test-password")
SERVER = "-x -H ldaps://localhost"


def code(step):
    digest = hmac.new(SECRET, struct.pack(">Q", step), "sha1").digest()
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place : place + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


@pytest.fixture
def logs_in(host):
    """Whether Tina does, with what she types."""

    def attempt(typed):
        bind = f"LDAPTLS_REQCERT=allow ldapwhoami {SERVER} -D {TINA} -w {shlex.quote(typed)}"
        return host.run(bind).rc == 0

    yield attempt
    # She is not locked out of the next run.
    change = f"dn: {TINA}\nchangetype: modify\nreplace: userPassword\nuserPassword: {PASSWORD}\n"
    host.check_output(f"printf {shlex.quote(change)} | ldapmodify -Q -Y EXTERNAL -H ldapi:///")


def test_a_password_needs_its_code_and_a_code_counts_once(logs_in):
    now = int(time.time()) // 30
    assert not logs_in(PASSWORD)
    assert not logs_in(PASSWORD + code(now + 1000))
    assert logs_in(PASSWORD + code(now))
    assert not logs_in(PASSWORD + code(now)), "it was used"
    assert not logs_in(PASSWORD + code(now - 1)), "a later one was used"
    assert not logs_in("wrong-password" + code(now + 1))
    assert not logs_in(PASSWORD + code(now + 1)), "it was spent with the wrong password"


def test_who_guesses_at_codes_is_locked_out(logs_in):
    for _guess in range(10):
        assert not logs_in(PASSWORD + "x00000")
    step = int(time.time()) // 30
    assert not logs_in(PASSWORD + code(step + 1))


def test_a_secret_is_seen_by_nobody(host, logs_in):
    step = int(time.time()) // 30
    found = host.check_output(f"ldapsearch -LLL -Q -Y EXTERNAL -H ldapi:/// -b {TOKEN} oathSecret")
    assert "oathSecret: 12345678901234567890" in found, "root of the host alone"
    search = f"LDAPTLS_REQCERT=allow ldapsearch -LLL {SERVER} -b {SUFFIX}"
    for who, password in (POSTFIX, (TINA, PASSWORD + code(step + 1))):
        seen = host.run(f"{search} -D {who} -w {password} '(objectClass=*)' oathSecret oathTOTPToken dn")
        assert "oathSecret" not in seen.stdout
        assert "ou=tokens" not in seen.stdout.replace(f"oathTOTPToken: {TOKEN}", "")
    assert "12345678901234567890" not in host.check_output("journalctl --no-pager")
