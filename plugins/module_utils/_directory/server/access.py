# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may do what, asked before it is in effect: access tests, and what ``slapacl`` says to them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Optional

from ..._engine.errors import Problem

ANONYMOUS = "anonymous"
ANSWER = re.compile(r"^\w+ access to .*: (ALLOWED|DENIED)$", re.MULTILINE)
LEVELS = ["disclose", "auth", "compare", "search", "read", "add", "delete", "write", "manage"]
# What no answer to a stranger may hold: tested for every database that has rules, declared or not.
SECRET_ATTRIBUTE = "userPassword"


class Question(NamedTuple):
    """``option`` says which one it is; ``expect`` is what the answer has to be."""

    option: str
    who: str
    entry: str
    attribute: str
    access: str
    allowed: bool

    def __str__(self) -> str:
        return f"{self.who} {self.access} {self.attribute} of {self.entry}"


def questions(tests: Sequence[Mapping[str, Any]], suffixes: Sequence[str]) -> list[Question]:
    """The declared tests, and that nobody unknown reads passwords."""
    declared = [
        Question(
            f"access_tests[{place}]",
            test["who"],
            test["entry"],
            test["attribute"],
            test["access"],
            test["expect"] == "allowed",
        )
        for place, test in enumerate(tests)
    ]
    return declared + [Question("databases", ANONYMOUS, suffix, SECRET_ATTRIBUTE, "read", False) for suffix in suffixes]


def argv(folder: str, question: Question, real: bool) -> list[str]:
    """The call of slapacl. An entry that is not there yet is made up: ``real`` is false then."""
    who = [] if question.who == ANONYMOUS else ["-D", question.who]
    made_up = [] if real else ["-u"]
    return ["slapacl", "-F", folder, *made_up, *who, "-b", question.entry, f"{question.attribute}/{question.access}"]


def answer(output: str) -> Optional[bool]:
    """Whether access is allowed; nothing when slapacl could not say."""
    found = ANSWER.search(output)
    return None if found is None else found[1] == "ALLOWED"


def problem(question: Question, allowed: Optional[bool], said: str) -> Optional[Problem]:
    """What is wrong with an answer, if anything."""
    if allowed is None:
        lines = [line for line in said.splitlines() if "slap" in line]
        return Problem(
            question.option, f"cannot be answered: {' '.join(lines) or said}", "correct the test", str(question)
        )
    if allowed == question.allowed:
        return None
    what = "is allowed and must be denied" if allowed else "is denied and must be allowed"
    return Problem(question.option, what, "correct the access of the database, or the test", str(question))


def as_dict(question: Question, allowed: Optional[bool]) -> dict[str, Any]:
    return {
        "who": question.who,
        "entry": question.entry,
        "attribute": question.attribute,
        "access": question.access,
        "allowed": allowed,
    }
