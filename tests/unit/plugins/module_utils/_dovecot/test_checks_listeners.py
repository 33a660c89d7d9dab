# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Listeners on one port: what Dovecot 2.3.19 and 2.4.1 could open, and what not."""

from __future__ import annotations

from typing import Any, Callable

import pytest

Found = Callable[..., list[tuple[Any, ...]]]

DEFAULTS = """listen = *, ::
protocols = imap
service imap-login {
  protocol = imap
  inet_listener imap {
    port = 143
  }
}
service pop3-login {
  protocol = pop3
  inet_listener pop3 {
    port = 110
  }
}
"""
REST = "ssl = no\npassdb x {\n  driver = pam\n}\nuserdb x {\n  driver = passwd\n}\n"
TAKES = "both take port"
HAS = "names an address that it, or the * beside it, has already"


def listener(port: int, more: str = "", service: str = "x", name: str = "y") -> str:
    return f"service {service} {{\n  inet_listener {name} {{\n    port = {port}\n{more}  }}\n}}\n"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (listener(143, "    ADDRESS = 127.0.0.1\n"), 3, f"x y and imap-login imap {TAKES} 143"),
        (listener(143, "    ADDRESS = localhost\n"), 3, f"x y and imap-login imap {TAKES} 143"),
        (listener(143, "    ADDRESS = 0.0.0.0\n"), 3, f"x y and imap-login imap {TAKES} 143"),
        (listener(143, "    ADDRESS = [::1]\n"), 3, f"x y and imap-login imap {TAKES} 143"),
        (listener(144, "    ADDRESS = 127.0.0.1\n"), None, ""),
        # doveconf tells of these.
        (listener(143), None, ""),
        # Nobody is there: the protocol is off, the port is 0 or another, or it may be shared.
        (listener(110, "    ADDRESS = 127.0.0.1\n"), None, ""),
        (listener(0, "    ADDRESS = 127.0.0.1\n"), None, ""),
        (listener(143, "    ADDRESS = 127.0.0.1\n    reuse_port = yes\n"), None, ""),
        ("listen = *\n" + listener(143, "    ADDRESS = ::\n"), None, ""),
        ("listen = 10.0.0.1\n" + listener(143, "    ADDRESS = 127.0.0.1\n"), None, ""),
        ("listen = 10.0.0.1\n" + listener(143, "    ADDRESS = host.example\n"), None, ""),
        (listener(143, "    ADDRESS = 127.0.0.1\n") + listener(0, "", "imap-login", "imap"), None, ""),
        (
            "protocols = $protocols pop3\n" + listener(110, "    ADDRESS = ::1\n"),
            4,
            f"x y and pop3-login pop3 {TAKES} 110",
        ),
        ("protocols = pop3\n" + listener(143, "    ADDRESS = ::1\n"), None, ""),
        ("listen = *, 127.0.0.1\n", 1, HAS),
        ("listen = *, ::, ::1\n", 1, HAS),
        ("listen = *, ::\n", None, ""),
        ("listen = 127.0.0.1, ::1\n", None, ""),
        (listener(144, "    ADDRESS = 10.0.0.1 0.0.0.0\n"), 4, HAS),
    ],
)
@pytest.mark.parametrize("syntax", ["2.3", "2.4"])
def test_listeners(found: Found, syntax: str, text: str, line: Any, message: str) -> None:
    text = f"{text.replace('ADDRESS', 'address' if syntax == '2.3' else 'listen')}{REST}"
    if syntax == "2.4":
        text = text.replace("$protocols", "$SET:protocols")
    programs = ["imap", "imap-login", "pop3", "pop3-login"]
    findings = found(syntax, text, defaults=DEFAULTS, programs=programs)
    assert findings == ([("listener", "error", line, message)] if line else [])


@pytest.mark.parametrize(("syntax", "number"), [("2.3", 1), ("2.4", 0)])
def test_2_4_takes_an_address_twice(found: Found, syntax: str, number: int) -> None:
    findings = found(syntax, "listen = ::1, ::1\n", defaults=DEFAULTS)
    assert [(code, line) for code, _severity, line, _message in findings] == [("listener", 1)] * number


def test_addresses_of_a_service_in_2_4(found: Found) -> None:
    text = "listen = 10.0.0.1\nprotocols {\n  imap = no\n}\nservice a {\n  listen = *\n" + listener(1)[12:]
    findings = found("2.4", text + listener(1, "", "b"), defaults=DEFAULTS)
    assert [(code, line) for code, _severity, line, _message in findings] == [("listener", 13)]
