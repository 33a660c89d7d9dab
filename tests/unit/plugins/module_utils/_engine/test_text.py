# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text that Ansible can take."""

import json

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.text import printable, shortened


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("plain", "plain"),
        ("naïve ✓", "naïve ✓"),
        (b"caf\xe9".decode("utf-8", "surrogateescape"), "caf\\xe9"),
        ({"a\udce9": ["\udcff", ("\udce9",), 1, None, True]}, {"a\\xe9": ["\\xff", ["\\xe9"], 1, None, True]}),
    ],
)
def test_bytes_that_are_not_utf8_are_shown(value, expected):
    assert printable(value) == expected
    assert json.dumps(printable(value)).encode("utf-8")


def test_the_rest_of_a_very_long_line_is_counted():
    text = f"first\n{'x' * 3000}\nlast"
    assert shortened(text) == f"first\n{'x' * 2000}... (3000 characters)\nlast"
    assert shortened("x" * 2000) == "x" * 2000
