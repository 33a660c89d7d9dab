# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A configuration in several files as the lines of one text."""

from __future__ import annotations

from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.flattening import lines_of
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.reading import Access, parse, read
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.settings import Line, text_of

FILES = {
    "/etc/dovecot/dovecot.conf": """# A comment
protocols = imap \\
  pop3
!include conf.d/10-tls.conf
service "imap-login" {
  inet_listener imap {
    port = 0 # none
  }
}
mailbox "Sent Mail" {
}
""",
    "/etc/dovecot/conf.d/10-tls.conf": """ssl_cert = <../cert.pem
greeting = "a  #b"
script = <<X
one
END
X
""",
}


def flat() -> list[Line]:
    access = Access(FILES.get, lambda pattern: [pattern] if pattern in FILES else [])
    return lines_of(read("/etc/dovecot/dovecot.conf", access))


def test_the_text_means_the_same() -> None:
    assert (
        text_of(flat())
        == """protocols = imap pop3
ssl_cert = </etc/dovecot/conf.d/../cert.pem
greeting = "a  #b"
script = <<ENDD
one
END
ENDD
service imap-login {
inet_listener imap {
port = 0
}
}
mailbox "Sent Mail" {
}
"""
    )


def test_each_line_knows_where_it_came_from() -> None:
    lines = flat()
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))
    places = [(line.file.rpartition("/")[2], line.row, line.name, line.length) for line in lines if line.length > 1]
    assert places == [
        ("10-tls.conf", 3, "script", 4),
        ("dovecot.conf", 5, "service imap-login", 5),
        ("dovecot.conf", 6, "inet_listener imap", 3),
        ("dovecot.conf", 10, 'mailbox "Sent Mail"', 2),
    ]
    port = next(line for line in lines if line.name == "port")
    assert (port.row, port.value, port.section, port.kind) == (
        7,
        "0",
        ("service imap-login", "inet_listener imap"),
        "inet_listener",
    )
    assert next(line.value for line in lines if line.name == "script") == "one\nEND\n"


def test_a_value_of_several_rows_keeps_what_each_of_them_protects() -> None:
    (line,) = lines_of(parse('query = say "a \\\n b" # c\n'))
    assert line.value == 'say "a b" # c'
    (again,) = lines_of(parse(line.text))
    assert again.value == line.value
