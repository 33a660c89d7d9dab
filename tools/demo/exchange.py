# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Submit a message with authentication over TLS, read it over IMAPS, and show both.

exchange.py SUBMISSION IMAPS SECRETS: two times ADDRESS:PORT, and the folder with passwords and certificate.
"""

from __future__ import annotations

import email
import email.message
import email.policy
import email.utils
import imaplib
import smtplib
import socket
import ssl
import sys
import time
from pathlib import Path

NAME = "mail.example.test"
SENDER = "alice@example.test"
RECIPIENT = "bob@example.test"
PATIENCE = 30.0


class Imap(imaplib.IMAP4):
    """IMAP over TLS to an address, with the certificate checked for the server's name."""

    def __init__(self, place: str, tls: ssl.SSLContext) -> None:
        self._tls = tls
        address, port = place.split(":")
        super().__init__(address, int(port), timeout=PATIENCE)

    def _create_socket(self, timeout: float | None) -> ssl.SSLSocket:
        return self._tls.wrap_socket(socket.create_connection((self.host, self.port), timeout), server_hostname=NAME)


def compose() -> email.message.EmailMessage:
    message = email.message.EmailMessage()
    message["From"] = f"Alice <{SENDER}>"
    message["To"] = f"Bob <{RECIPIENT}>"
    message["Subject"] = "It works"
    message["Date"] = email.utils.localtime()
    message["Message-ID"] = email.utils.make_msgid(domain="example.test")
    message.set_content("Hello Bob,\n\nthis came by authenticated submission over TLS.\n\nAlice\n")
    return message


def submit(message: email.message.EmailMessage, place: str, password: str, tls: ssl.SSLContext) -> None:
    with smtplib.SMTP(place, timeout=PATIENCE) as session:
        session._host = NAME  # the name that the certificate must have
        session.starttls(context=tls)
        print(f"sent      {session.sock.version()}, {session.sock.cipher()[0]}, to {place}")
        print(f"login     {session.login(SENDER, password)[1].decode()}")
        refused = session.send_message(message)
        assert not refused, refused


def read(message_id: str, place: str, password: str, tls: ssl.SSLContext) -> bytes:
    session = Imap(place, tls)
    print(f"read      {session.sock.version()}, {session.sock.cipher()[0]}, from {place}")
    session.login(RECIPIENT, password)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        session.select("INBOX")
        _status, (numbers,) = session.search(None, "HEADER", "Message-ID", f'"{message_id}"')
        if numbers:
            text = session.fetch(numbers.split()[0], "(RFC822)")[1][0][1]
            session.logout()
            return text
        time.sleep(0.2)
    raise SystemExit(f"the message did not come within {PATIENCE:g} seconds")


def main(submission: str, imaps: str, secrets: Path) -> None:
    tls = ssl.create_default_context(cafile=str(secrets / "mail.pem"))
    message = compose()
    started = time.monotonic()
    submit(message, submission, (secrets / "alice").read_text().strip(), tls)
    text = read(message["Message-ID"], imaps, (secrets / "bob").read_text().strip(), tls)
    print(f"arrived   {time.monotonic() - started:.1f} s after it was sent; as Bob reads it:\n")
    for line in text.decode().splitlines():
        print(f"    {line}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
