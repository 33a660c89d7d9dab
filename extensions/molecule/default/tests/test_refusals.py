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


def answer_to(server, sender, recipient):
    """What port 25 says to a stranger's RCPT, and its words."""
    with server.smtp() as session:
        session.mail(sender)
        return session.rcpt(recipient)


@pytest.mark.parametrize(
    "sender",
    ["alice@example.test", "Alice+lists@Example.TEST", "nobody@example.test", "info@other.test", "x@catchall.test"],
)
def test_sender_of_our_domains_has_to_log_in(server, sender):
    code, words = answer_to(server, sender, BOB[0])
    assert code == 553, words
    assert b"have to log in" in words


@pytest.mark.parametrize(
    "sender", ["", "somebody@example.net", "somebody@lists.example.test", "root@mail.example.test"]
)
def test_other_senders_and_bounces_are_let_in(server, sender):
    code, words = answer_to(server, sender, BOB[0])
    assert code == 250, words


def test_a_host_of_our_networks_sends_for_our_domains(host):
    script = (
        "import smtplib; session = smtplib.SMTP('127.0.0.1'); session.helo('localhost');"
        "session.mail('alice@example.test'); print(session.rcpt('bob@example.test')[0])"
    )
    assert host.check_output("python3 -c %s", script) == "250"


@pytest.mark.parametrize(
    "recipient", ["off@example.test", "to-off@example.test", "off@other.test", "to-off@other.test"]
)
def test_disabled_mailbox_is_refused_under_all_its_names(server, recipient):
    code, words = answer_to(server, "somebody@example.net", recipient)
    assert code == 550, words
    assert b"5.2.1" in words


@pytest.mark.parametrize(
    "recipient",
    [
        *("full@example.test", "full+detail@example.test", "full@other.test"),
        *("to-full@example.test", "to-full-by-two@example.test", "to-full@other.test"),
    ],
)
def test_full_mailbox_is_refused_under_all_its_names(server, recipient):
    user = ("full@example.test", "full-test-password")
    with server.imap(*user) as session:
        if not messages(session, "filling"):
            session.append("INBOX", None, None, message("x@example.net", user[0], "filling", "y" * 99_000).encode())
    with server.smtp() as session:
        session.mail("somebody@example.net", ["SIZE=20000"])
        code, words = session.rcpt(recipient)
        assert code == 552, words
        assert b"full" in words.lower()
        # The quota of one says nothing of another.
        assert session.rcpt(BOB[0])[0] == 250


def test_aliases_in_a_circle_are_deferred(server):
    with server.smtp() as session, pytest.raises(smtplib.SMTPDataError, match="Alias expansion") as refused:
        session.sendmail(
            "somebody@example.net", ["round@example.test"], message("x@example.net", "round@example.test", "x")
        )
    assert refused.value.smtp_code == 451


def test_alias_that_leads_outside_is_accepted(server):
    assert answer_to(server, "somebody@example.net", "outward@example.test")[0] == 250


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


@pytest.mark.parametrize("greeting", ["EHLO -bad-.example.net", "HELO under_score..example", "EHLO 192.0.2.1x!"])
def test_invalid_greeting_is_refused(server, greeting):
    with server.connect(25) as session, session.makefile("rwb") as lines:
        said = [lines.readline()]
        for command in (greeting, "MAIL FROM:<somebody@example.net>", f"RCPT TO:<{BOB[0]}>"):
            lines.write(f"{command}\r\n".encode())
            lines.flush()
            said.append(lines.readline())
            while said[-1][3:4] == b"-":
                said[-1] = lines.readline()
    assert said[-1].startswith(b"501"), said


def test_no_mail_without_greeting(server):
    with server.connect(25) as session, session.makefile("rwb") as lines:
        lines.readline()
        lines.write(b"MAIL FROM:<somebody@example.net>\r\n")
        lines.flush()
        assert lines.readline().startswith(b"503")


def test_announced_size_over_the_limit_is_refused(server):
    with server.smtp() as session:
        assert int(session.esmtp_features["size"]) == 52428800
        code, words = session.mail("somebody@example.net", ["SIZE=52428801"])
    assert code == 552, words


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
