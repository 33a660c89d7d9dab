# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a certificate is signed anew, and which options are refused."""

from dataclasses import replace

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.certificates import Certificate
from ansible_collections.postfix_manager.mail.plugins.module_utils._tls.certificate import (
    Wanted,
    describe,
    describe_signed,
    problems,
    reason_to_sign,
)

WANTED = Wanted("/etc/ssl/mail.pem", "/etc/ssl/mail.key", ("mail.example.org",), 3650, 30)
PRESENT = Certificate(("mail.example.org",), "2036-11-20", 3000, self_signed=True, matches_key=True)


@pytest.mark.parametrize(
    ("present", "reason"),
    [
        (None, "there is none"),
        (PRESENT, None),
        (replace(PRESENT, names=("old.example.org",)), "it names old.example.org"),
        (replace(PRESENT, names=()), "it names nobody"),
        (replace(PRESENT, days_left=29), "it ends on 2036-11-20"),
        (replace(PRESENT, days_left=30), None),
        (replace(PRESENT, self_signed=False, names=("other.example.org",), days_left=1), None),
    ],
)
def test_reason_to_sign(present, reason):
    assert reason_to_sign(WANTED, present) == reason


def test_good_options_have_no_problem():
    assert problems(WANTED, None, None) == []
    assert problems(replace(WANTED, names=()), "certificate", "key") == []
    assert problems(replace(WANTED, names=("*.example.org", "localhost")), None, None) == []


@pytest.mark.parametrize(
    ("change", "content", "key_content", "option"),
    [
        ({"certificate_file": "mail.pem"}, None, None, "certificate_file"),
        ({"key_file": "/etc/ssl/mail.pem"}, None, None, "key_file"),
        ({"names": ()}, None, None, "names"),
        ({"names": ("good.example", "bad name")}, None, None, "names[1]"),
        ({"names": ("a" * 64 + ".example",)}, None, None, "names[0]"),
        ({"days": -1}, None, None, "days"),
        ({"days": 0}, None, None, "days"),
        ({"days": 10**30}, None, None, "days"),
        ({"renew_before_days": -1}, None, None, "renew_before_days"),
        ({"renew_before_days": WANTED.days}, None, None, "renew_before_days"),
        ({}, "certificate", None, "key_content"),
        ({}, None, "key", "content"),
    ],
)
def test_each_bad_option_is_named(change, content, key_content, option):
    assert [problem.option for problem in problems(replace(WANTED, **change), content, key_content)] == [option]


def test_all_problems_are_reported_together_and_never_the_key():
    found = problems(replace(WANTED, certificate_file="x", names=("bad name",), days=-5), None, "TOP SECRET")
    assert [problem.option for problem in found] == ["certificate_file", "content", "names[0]", "days"]
    assert "TOP SECRET" not in " ".join(map(str, found))


def test_descriptions():
    assert describe(None) == ""
    assert describe(PRESENT) == "names: mail.example.org\nvalid to: 2036-11-20\nself-signed\n"
    assert "signed by an authority" in describe(replace(PRESENT, self_signed=False))
    assert describe_signed(WANTED) == "names: mail.example.org\nvalid to: 3650 days from the run\nself-signed\n"
    assert PRESENT.as_dict()["days_left"] == 3000
