# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of main.cf as lists: words between white space and commas, with groups in braces kept whole. Pure."""

from __future__ import annotations

_SEPARATORS = " \t\n\v\f\r,"


def words(text: str) -> list[str]:
    """Split at white space and commas that no braces protect."""
    found, word, level = [], "", 0
    for character in f"{text},":
        level = max(0, level + {"{": 1, "}": -1}.get(character, 0))
        if character in _SEPARATORS and level == 0:
            found += [word] if word else []
            word = ""
        else:
            word += character
    return found + ([word] if word else [])


def unbraced(word: str) -> str:
    """What stands inside the braces around a word, or the word."""
    return word[1:-1].strip() if word.startswith("{") and word.endswith("}") else word
