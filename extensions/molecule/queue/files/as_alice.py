# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Send a message as somebody who has logged in at another address: what a proxy says of its client (XCLIENT_README)."""

import smtplib

with smtplib.SMTP("127.0.0.1", 25) as session:
    session.ehlo()
    code, said = session.docmd("XCLIENT", "ADDR=127.0.0.5 LOGIN=alice")
    assert code == 220, said
    session.ehlo()
    session.sendmail("alice@example.test", ["you@dead.test"], "Subject: from alice\r\n\r\nhello\r\n")
