# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What users do, from the host itself: mail comes, is moved to the spam and back, and a mailbox is shared."""

from __future__ import annotations

import imaplib
import ssl

NAMES = [f"{name}@example.test" for name in ("anna", "berta", "carla", "dora", "fiona")] + ["emma@partner.test"]
MAIL = b"From: sender@example.net\r\nSubject: hello\r\n\r\n" + b"x" * 2000 + b"\r\n"


def session_of(user: str) -> imaplib.IMAP4_SSL:
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    session = imaplib.IMAP4_SSL("127.0.0.1", ssl_context=trusting)
    session.login(user, f"{user.partition('@')[0]}-test-password")
    return session


def main() -> None:
    for user in NAMES:
        with session_of(user) as session:
            session.create("Project")
            for mailbox in ("INBOX", "Project"):
                session.append(mailbox, "", None, MAIL)
    with session_of("anna@example.test") as session:
        session.select("INBOX")
        session.copy("1", "Junk")
        session.select("Junk")
        session.copy("1", "Project")
        status, _answer = session.setacl("Project", "berta@example.test", "lrs")
        if status != "OK":
            raise SystemExit("SETACL was refused")


if __name__ == "__main__":
    main()
