# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings: what they say, and which are passed over."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.findings import (
    WARNING,
    Finding,
    without_ignored,
)

FOUND = [Finding("x", WARNING, "m", "c", name=name) for name in ("a", "b")] + [Finding("y", WARNING, "m", "c")]


def test_a_finding_says_where_and_what_to_do():
    finding = Finding("x", WARNING, "is wrong", "mend it", "/etc/postfix/main.cf", 3, "a", "b")
    assert str(finding) == "/etc/postfix/main.cf, line 3: a = b: is wrong; mend it"
    assert str(Finding("x", WARNING, "is wrong", "mend it")) == "is wrong; mend it"
    assert finding.as_dict()["line"] == 3


@pytest.mark.parametrize(
    ("patterns", "left"),
    [
        ([], [("x", "a"), ("x", "b"), ("y", None)]),
        (["x"], [("y", None)]),
        (["x:a"], [("x", "b"), ("y", None)]),
        (["x:*", "y"], []),
        (["*"], []),
        (["X", "a", "x:"], [("x", "a"), ("x", "b"), ("y", None)]),
    ],
)
def test_findings_are_passed_over_by_code_and_name(patterns, left):
    assert [(finding.code, finding.name) for finding in without_ignored(FOUND, patterns)] == left
