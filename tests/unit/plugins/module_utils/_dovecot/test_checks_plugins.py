# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plugins that lack the one they need, and protocols that drop some."""

from __future__ import annotations

from typing import Any, Callable

import pytest

from .test_libraries import library

Found = Callable[..., list[tuple[Any, ...]]]

# What a plugin holds: see test_libraries for the form of the real ones.
SIEVE = library(b"sieve_dir\0sieve_before\0sieve_before%u\0", b"\0libdovecot-sieve.so.0\0")
BINARIES = {
    "lib90_sieve_plugin.so": SIEVE,
    "libdovecot-sieve.so.0.0.0": library(b"sieve_max_actions\0sieve_extensions\0"),
    "lib10_quota_plugin.so": library(b"quota\0_rule\0quota_vsizes\0"),
    "lib20_zlib_plugin.so": library(b"zlib_save\0zlib_seve\0"),
}
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


@pytest.mark.parametrize(
    ("name", "found_here"),
    [
        ("sieve_dri", True),
        ("sieve_max_action", True),
        ("sieve_befor2", True),
        ("quota_ruel", True),
        ("quota_rule2", False),
        ("sieve_before3", False),
        ("sieve_max_actions", False),
        # Another plugin would read it, which is not in use.
        ("zlib_sav", False),
        ("zlib_save", False),
        # Nothing is called nearly so.
        ("quota_limit", False),
        ("my_own", False),
    ],
)
def test_misspelt_settings(found: Found, name: str, found_here: bool) -> None:
    text = f"mail_plugins = quota sieve\nplugin {{\n  {name} = x\n}}\nprotocols =\n"
    findings = found("2.3", text, plugins=["quota", "sieve"], binaries=BINARIES)
    assert findings == ([("setting", "warning", 3, "is not known to any plugin")] if found_here else [])


def test_nothing_is_said_of_plugins_that_are_not_there(found: Found) -> None:
    text = "mail_plugins = sieve\nplugin {\n  sieve_dri = x\n}\nprotocols =\n"
    assert [code for code, *_rest in found("2.3", text, binaries=BINARIES)] == ["plugin"]


def test_a_list_from_a_file_is_not_a_plugin(found: Found) -> None:
    assert found("2.3", "mail_plugins = </etc/plugins\nprotocols =\n", files=["/etc/plugins"]) == []
