# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sizes as people write them."""

import re

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.sizes import parse_size, show_size


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("0", 0),
        ("1048576", 1048576),
        ("1K", 1024),
        ("2G", 2 * 1024**3),
        ("2g", 2 * 1024**3),
        ("2 GiB", 2 * 1024**3),
        ("2GB", 2 * 1024**3),
        ("1.5M", 1536 * 1024),
        ("10B", 10),
        (" 3T ", 3 * 1024**4),
    ],
)
def test_sizes_are_read(text, size):
    assert parse_size(text) == size


@pytest.mark.parametrize("text", [" ", "G", "-1", "2X", "1e9", "two", "9999999P", "1,5G"])
def test_what_is_no_size_is_refused(text):
    with pytest.raises(ValueError, match=re.escape(text)):
        parse_size(text)


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "unlimited"), (1, "1"), (1000, "1000"), (1024, "1K"), (1536 * 1024**2, "1536M"), (2 * 1024**3, "2G")],
)
def test_sizes_are_shown_in_the_shortest_exact_form(size, text):
    assert show_size(size) == text
    assert size == 0 or parse_size(text) == size
