# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of mail_queue_info together."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import InputError
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.queue.info_request import read_info_request
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.queue.report import Look

NOW = 1_800_000_000.5
GOOD = {
    "filter": {"queue": "hold"},
    "details": "none",
    "top": 10,
    "list_limit": 5,
    "recipient_limit": 5,
    "addresses": "shown",
}
OF = read_info_request(GOOD, NOW).fingerprint
LOOK = {"time": 1_799_999_000, "messages": 5, "of": OF}


@pytest.mark.parametrize("since", [LOOK, {"look": LOOK, "total": 5}])
def test_an_earlier_result_or_its_look(since):
    assert read_info_request({**GOOD, "since": since}, NOW).since == Look(*LOOK.values())


def test_filters_are_told_apart():
    assert read_info_request({**GOOD, "details": "body"}, NOW).fingerprint == OF
    assert read_info_request({**GOOD, "filter": None}, NOW).fingerprint != OF


@pytest.mark.parametrize(
    ("details", "wanted"), [("none", ()), ("envelope", ("envelope",)), ("body", ("envelope", "headers", "body"))]
)
def test_details_have_what_those_before_have(details, wanted):
    assert read_info_request({**GOOD, "details": details}, NOW).details == wanted


@pytest.mark.parametrize(
    ("spoilt", "options"),
    [
        ({"filter": {"age": -1}}, ["filter.age"]),
        ({"interval": -1}, ["interval"]),
        ({"interval": 601}, ["interval"]),
        ({"top": 0}, ["top"]),
        ({"since": {}}, ["since"]),
        ({"since": {"look": None}}, ["since"]),
        ({"since": {**LOOK, "messages": "5"}}, ["since"]),
        ({"since": {**LOOK, "time": True}}, ["since"]),
        ({"since": {**LOOK, "time": 1_800_000_001}}, ["since"]),
        ({"since": {**LOOK, "of": "other"}}, ["since"]),
        ({"details": "headers", "addresses": "hashed"}, ["details"]),
        ({"list_limit": -1, "top": 1001}, ["list_limit", "top"]),
    ],
)
def test_all_problems_at_once(spoilt, options):
    with pytest.raises(InputError) as refused:
        read_info_request({**GOOD, **spoilt}, NOW)
    assert [problem.option for problem in refused.value.problems] == options
