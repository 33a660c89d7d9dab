# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plugins that lack the one they need, and protocols that drop some."""

from __future__ import annotations

from typing import Any, Callable

import pytest

Found = Callable[..., list[tuple[Any, ...]]]

QUOTA = ("plugin", "error", 2, "imap_quota cannot be loaded without quota")


@pytest.mark.parametrize(
    ("syntax", "text", "findings"),
    [
        ("2.3", "mail_plugins = quota\nprotocol imap {\n  mail_plugins = $mail_plugins imap_quota\n}\n", []),
        ("2.3", "protocol imap {\n  mail_plugins = imap_quota\n}\n", [QUOTA]),
        # The reference stands for what was set before it.
        (
            "2.3",
            "protocol imap {\n  mail_plugins = $mail_plugins imap_quota\n}\nmail_plugins = quota\n",
            [QUOTA, ("plugin", "warning", 2, "the plugin quota is not used in imap")],
        ),
        ("2.4", "protocol imap {\n  mail_plugins {\n    imap_quota = yes\n  }\n}\nmail_plugins = quota\n", []),
        (
            "2.4",
            "mail_plugins {\n  quota = yes\n}\nprotocol imap {\n  mail_plugins {\n    quota = no\n"
            "    imap_quota = yes\n  }\n}\n",
            [("plugin", "error", 7, "imap_quota cannot be loaded without quota")],
        ),
        (
            "2.3",
            "mail_plugins = quota\nprotocol lmtp {\n  mail_plugins = sieve\n}\n",
            [("plugin", "warning", 3, "the plugin quota is not used in lmtp")],
        ),
        ("2.3", "mail_plugins = fts\nprotocol lmtp {\n  mail_plugins = sieve\n}\n", []),
        ("2.3", "mail_plugins = quota\nprotocol doveadm {\n  mail_plugins = sieve\n}\n", []),
        ("2.3", "mail_plugins = quota\nremote 10.0.0.1 {\n  mail_plugins = imap_quota\n}\n", []),
    ],
)
def test_lists_of_plugins(found: Found, syntax: str, text: str, findings: list[Any]) -> None:
    assert found(syntax, text, plugins=["quota", "imap_quota", "sieve", "fts"]) == findings
