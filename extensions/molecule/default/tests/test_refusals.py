# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a secure server refuses, and that it says so."""

from __future__ import annotations

import smtplib
import ssl

import pytest
from clients import ManageSieve, message, messages, new_subject

ALICE = ("alice@example.test", "alice-test-password")
BOB = ("bob@example.test", "bob-test-password")


def test_relaying_is_refused(server):
    with server.smtp() as session:
        session.mail("somebody@example.net")
        code, words = session.rcpt("victim@example.org")
    assert code == 554, words
    assert b"Relay access denied" in words


@pytest.mark.parametrize("port", [587, 465])
def test_submission_without_login_is_refused(server, port):
    with server.encrypted(port) as session:
        session.mail("somebody@example.net")
        code, words = session.rcpt(BOB[0])
    assert code in (530, 554), words


def test_unknown_recipient_is_refused_at_rcpt(server):
    with server.smtp() as session:
        session.mail("somebody@example.net")
        code, words = session.rcpt("nobody@example.test")
    assert code == 550, words


def test_port_25_offers_no_login(server):
    with server.smtp() as session:
        assert "auth" not in session.esmtp_features
    with server.encrypted(25) as session:
        assert "auth" not in session.esmtp_features


def test_submission_in_clear_is_refused(server):
    with server.smtp(587) as session:
        assert "auth" not in session.esmtp_features
        code, _words = session.docmd("AUTH", "PLAIN AGFsaWNlAHg=")
        assert code in (503, 530, 538)
        code, words = session.docmd("MAIL", "FROM:<alice@example.test>")
        assert code == 530, words


def test_wrong_password_is_refused(server):
    with pytest.raises(smtplib.SMTPAuthenticationError), server.submission(ALICE[0], "wrong"):
        pass


def test_forged_sender_is_refused(server):
    with server.submission(*ALICE) as session:
        session.mail(BOB[0])
        code, words = session.rcpt(BOB[0])
    assert code == 553, words
    assert b"not owned by user" in words


def test_sieve_login_in_clear_is_not_offered(server):
    with ManageSieve(server) as session:
        mechanisms = [line for line in session.greeting if line.startswith('"SASL"')]
    assert mechanisms == ['"SASL" ""']


def test_imap_in_clear_allows_no_login(server):
    if not server.is_open(143):
        return
    with server.connect(143) as session:
        greeting = session.recv(4096).decode()
    assert "LOGINDISABLED" in greeting


@pytest.mark.parametrize("port", [110, 995])
def test_pop3_is_off(server, port):
    assert not server.is_open(port)


def handshake(server, port, version):
    """The version that was agreed on when the client offers nothing but ``version``."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=server.certificate)
    # The client's own OpenSSL must not be what refuses the old version.
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version
    with server.connect(port) as plain, context.wrap_socket(plain, server_hostname=server.name) as session:
        return session.version()


@pytest.mark.parametrize("port", [465, 993])
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_old_tls_is_refused_by_the_server(server, port):
    # Dovecot 2.3 closes the connection, the others say why.
    with pytest.raises(ssl.SSLError, match=r"(?i)alert.protocol.version|closed \(EOF\)"):
        handshake(server, port, ssl.TLSVersion.TLSv1_1)


@pytest.mark.parametrize("port", [465, 993])
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_current_tls_is_spoken(server, port, version):
    assert handshake(server, port, version) == version.name.replace("_", ".")


@pytest.mark.parametrize("end", ["\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r"])
def test_a_second_message_is_not_smuggled_in(server, end):
    """A lone LF or CR around a dot does not end a message: what follows it stays text."""
    outer, inner = new_subject(), new_subject()
    smuggled = (
        f"MAIL FROM:<admin@example.test>\r\nRCPT TO:<{BOB[0]}>\r\nDATA\r\n"
        + message("admin@example.test", BOB[0], inner)
        + ".\r\n"
    )
    text = message("somebody@example.net", BOB[0], outer) + "first" + end + smuggled
    with server.smtp() as session:
        session.mail("somebody@example.net")
        session.rcpt(BOB[0])
        assert session.docmd("DATA")[0] == 354
        session.send(text.encode())
        code, words = session.getreply()
    if code == 250:
        server.wait_for(*BOB, outer)
    else:
        assert 500 <= code < 600, words
    with server.imap(*BOB) as session:
        assert [text for text in messages(session, inner) if f"Subject: {outer}" not in text] == []
