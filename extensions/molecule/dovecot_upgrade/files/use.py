# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What users do with a mail store, from the host itself: mail comes, is filed, read, marked, moved and deleted."""

from __future__ import annotations

import imaplib
import smtplib
import ssl
import subprocess

SCRIPT = """require ["fileinto", "mailbox", "imap4flags", "vacation"];
if header :contains "Subject" "list" { addflag "$Label1"; fileinto :create "Lists/Dovecot"; }
"""
PASSWORDS = {"alice@example.test": "alice-test-password", "bob@example.test": "bob-test-password"}


def deliver(user: str, subject: str, headers: str = "", size: int = 100) -> None:
    with smtplib.LMTP("/run/dovecot/lmtp") as session:
        text = f"From: sender@example.net\r\nTo: {user}\r\nSubject: {subject}\r\n{headers}\r\n{'x' * size}\r\n"
        session.sendmail("sender@example.net", [user], text)


def put_script(user: str) -> None:
    subprocess.run(["doveadm", "sieve", "put", "-u", user, "-a", "filter"], input=SCRIPT, text=True, check=True)


def main() -> None:
    put_script("alice@example.test")
    for user in PASSWORDS:
        for number in range(5):
            deliver(user, f"message {number}", size=100 + number)
        deliver(user, "a list", size=2000)
        deliver(user, "a bargain", headers="X-Spam-Flag: YES\r\n")
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    for user, password in PASSWORDS.items():
        with imaplib.IMAP4_SSL("127.0.0.1", ssl_context=trusting) as session:
            session.login(user, password)
            for folder in ("Work", "Work/Caf&AOk-", '"Sent Messages"', "Old"):
                session.create(folder)
            session.delete("Old")
            session.subscribe("Work")
            session.select("INBOX")
            session.store("1", "+FLAGS", r"(\Seen \Flagged)")
            session.store("2", "+FLAGS", r"(\Answered $Forwarded mine)")
            session.copy("1:2", "Work")
            session.copy("3", "Trash")
            session.store("3", "+FLAGS", r"(\Deleted)")
            session.expunge()
            session.close()


if __name__ == "__main__":
    main()
