# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import (
    Error,
    InputError,
    Problem,
    refuse,
)

PROBLEM = Problem("mailboxes[3].address", "has no domain", "write user@domain", "user")


def test_an_error_carries_return_values():
    error = Error("it failed", rc=3)
    assert (str(error), error.message, error.details) == ("it failed", "it failed", {"rc": 3})


def test_a_problem_in_words_and_as_data():
    assert str(PROBLEM) == "mailboxes[3].address: 'user' has no domain; write user@domain"
    assert PROBLEM.as_dict() == {
        "option": "mailboxes[3].address",
        "value": "user",
        "message": "has no domain",
        "cure": "write user@domain",
    }


def test_a_value_may_be_left_out_and_is_never_long():
    assert str(Problem("password", "is too short", "take another")) == "password: is too short; take another"
    long = str(Problem("x", "is too long", "cut it", "y" * 5000))
    assert len(long) < 200
    assert "(5002 characters)" in long


def test_all_problems_are_said_together():
    with pytest.raises(InputError) as refused:
        refuse([PROBLEM, Problem("timeout", "is negative", "give seconds", -1)])
    assert refused.value.message == (
        "2 problems in the input, nothing was changed:\n"
        "- mailboxes[3].address: 'user' has no domain; write user@domain\n"
        "- timeout: -1 is negative; give seconds"
    )
    assert [problem["option"] for problem in refused.value.details["problems"]] == ["mailboxes[3].address", "timeout"]
    assert refused.value.problems[0] is PROBLEM


def test_one_problem_is_one():
    assert InputError([PROBLEM]).message.startswith("1 problem in the input, nothing was changed:")


def test_no_problem_is_no_error():
    assert refuse([]) is None
