# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of a backup, read like what the renderer wrote."""

from __future__ import annotations

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot import restored
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.settings import Renderer, text_of

SETTINGS = {
    "protocols": ["imap", "lmtp"],
    "ssl": True,
    "login_greeting": 'say "hello" # there',
    "service auth": {
        "client_limit": 5,
        "unix_listener /var/spool/postfix/private/auth": {"mode": "0660", "user": "postfix"},
    },
    "passdb": [{"driver": "sql"}, {"driver": "pam"}],
}


@pytest.mark.parametrize("private", [False, True])
def test_what_the_renderer_wrote_is_read_as_it_was_meant(private: bool) -> None:
    renderer = Renderer("2.3")
    renderer.render({} if private else SETTINGS, SETTINGS if private else {})
    read = restored.lines_of(text_of(renderer.lines), private)
    for line, original in zip(read, renderer.lines):
        for name in ("text", "number", "name", "value", "section", "secret", "length"):
            assert getattr(line, name) == getattr(original, name), (name, line, original)
    assert len(read) == len(renderer.lines)


@pytest.mark.parametrize(
    "text",
    [
        "!include_try conf.d/*.conf\nssl = no\n",
        "ssl = no # by hand\n",
        "service auth {\n}\n} \nx\n",
        "passdb { driver = pam }\n",
        'a = "b\\\n  c"\n',
    ],
)
def test_what_somebody_else_wrote_is_its_text_and_nothing_more(text: str) -> None:
    lines = restored.lines_of(text)
    assert text_of(lines) == text
    assert {(line.name, line.value) for line in lines} == {("", None)}


def test_values_of_a_private_file_are_not_shown() -> None:
    before = "any = hunter1\nssl = yes\n"
    after = restored.file_of("/etc/dovecot/dovecot.conf", "any = hunter2\nssl = yes\n", private=True)
    old, new = restored.shown(before, after, private=True)
    assert "hunter" not in f"{old}{new}"
    assert old != new
    assert restored.shown("by hand # hunter1\n", None, private=True) == ("(secret)", None)
    assert restored.shown(None, after, private=True)[0] is None


def test_a_public_file_is_shown() -> None:
    script = restored.file_of("/etc/dovecot/sieve/a.sieve", "keep;\n", private=False)
    assert restored.shown("stop;\n", script, private=False) == ("stop;\n", "keep;\n")
    assert restored.shown("ssl = no\n", None, private=False) == ("ssl = no\n", None)
    removed = restored.shown("password = hunter2\n", None, private=False)
    assert "hunter2" not in str(removed)
