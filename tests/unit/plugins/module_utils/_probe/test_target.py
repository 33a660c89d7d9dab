# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import socket
import ssl
import threading
import time

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import Error
from ansible_collections.postfix_manager.mail.plugins.module_utils._probe import target as target_module
from ansible_collections.postfix_manager.mail.plugins.module_utils._probe.settings import from_params
from ansible_collections.postfix_manager.mail.plugins.module_utils._probe.target import Target, tls_context

from .test_settings import GOOD


def context(**changes):
    return tls_context(from_params({**GOOD, **changes}))


def test_tls_is_1_2_or_newer_and_verified():
    made = context(server_name="mx.example.test")
    assert made.minimum_version == ssl.TLSVersion.TLSv1_2
    assert (made.verify_mode, made.check_hostname) == (ssl.CERT_REQUIRED, True)


def test_the_server_name_is_verified_whatever_the_address():
    made = context(server_name="mx.example.test")
    wrapped = made.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="mx.example.test")
    assert wrapped.server_hostname == made.server_name


def test_verification_can_be_switched_off():
    made = context(validate_certs=False)
    assert (made.verify_mode, made.check_hostname) == (ssl.CERT_NONE, False)


def test_a_ca_file_that_is_missing_or_no_certificate_is_named(tmp_path):
    with pytest.raises(Error, match="ca_path: /no/such cannot be read: No such file"):
        context(ca_path="/no/such")
    (tmp_path / "key").write_text("nonsense")
    with pytest.raises(Error, match="holds no certificate"):
        context(ca_path=str(tmp_path / "key"))


def test_time_left_has_a_floor_and_a_ceiling():
    now = time.monotonic()
    assert Target("h", None, now - 5).left() == 0.1
    assert Target("h", None, now + 500).left(10) == 10
    assert 400 < Target("h", None, now + 500).left() <= 500


def test_on_this_host_a_stranger_is_another_loopback_address():
    target = Target("127.0.0.1", None, 0.0)
    assert target.is_loopback
    first, second = target.stranger(), target.stranger()
    assert first is not None and first.startswith("127.") and first != "127.0.0.1"
    assert first != second


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.8.7", "::1", "localhost"])
def test_loopback_in_every_form(host):
    assert Target(host, None, 0.0).is_loopback


def test_another_address_is_no_loopback():
    assert not Target("192.0.2.7", None, 0.0).is_loopback
    assert not Target("2001:db8::7", None, 0.0).is_loopback


def test_for_postfix_too_a_stranger_is_another_one_each_time(monkeypatch):
    def no_name(_address, _flags):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getnameinfo", no_name)
    target = Target("127.0.0.1", None, 0.0)
    first, second = target.named_stranger(), target.named_stranger()
    assert first.startswith("127.") and second.startswith("127.")
    assert len({first, second, "127.0.0.1"}) == 3


def test_with_a_silent_name_service_a_stranger_for_postfix_has_this_hosts_own_address(monkeypatch):
    """A name service that never answers, which no test can bring about on the machine it runs on."""
    over = threading.Event()
    monkeypatch.setattr(socket, "getnameinfo", lambda _address, _flags: over.wait())
    monkeypatch.setattr(target_module, "ANSWER_SECONDS", 0.05)
    target = Target("127.0.0.1", None, 0.0)
    outward = target.outward_address()
    named = target.named_stranger()
    over.set()
    assert named == outward if outward is not None else named.startswith("127.")
    assert named != "127.0.0.1"


def test_with_ipv6_there_is_no_stranger():
    assert Target("::1", None, 0.0).named_stranger() is None


def test_a_name_that_does_not_resolve_is_nobody():
    target = Target("name.invalid", None, 0.0)
    assert not target.is_loopback
    assert target.stranger() is None
