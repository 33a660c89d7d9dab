# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Templates: what they stand for, and values that are no facts."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.sync.mapping import (
    FactError,
    attributes,
    expand,
    facts,
    problems,
)

VALUES = {
    "uid": ["Alice"],
    "givenname": ["Alice"],
    "sn": ["Adams"],
    "proxy": ["SMTP:a@b.org", "smtp:c@b.org", "x500:/o"],
}


@pytest.mark.parametrize(
    ("template", "texts"),
    [
        ("{uid|lower}@example.org", ["alice@example.org"]),
        ("{givenName} {sn}", ["Alice Adams"]),
        ("{proxy|smtp}", ["a@b.org", "c@b.org", ""]),
        ("{missing}@example.org", []),
        ("5G", ["5G"]),
        ("", []),
    ],
)
def test_a_template_stands_for(template, texts):
    assert expand(template, VALUES) == texts


def test_facts_of_an_entry():
    mapping = {
        "address": "{uid}@Example.org",
        "name": "{givenName} {sn}",
        "quota": "{kb}",
        "alias": "{proxy|smtp}",
        "forward": "{drop}",
        "login": "{may}",
        "send": "",
    }
    values = {**VALUES, "kb": ["1024"], "drop": ["alice@example.org", "x@y.org"], "may": ["FALSE"]}
    assert facts(mapping, values, 1024) == (
        "alice@example.org",
        {
            "name": "Alice Adams",
            "quota": 1024 * 1024,
            "alias": ("a@b.org", "c@b.org"),
            "forward": ("x@y.org",),
            "keep_copy": True,
            "login": False,
        },
    )
    assert attributes(mapping) == ["uid", "givenName", "sn", "kb", "proxy", "drop", "may"]


@pytest.mark.parametrize(
    "mapping",
    [
        {"address": "{nothing}"},
        {"address": "{sn}"},
        {"address": "{uid}@x.org", "quota": "lots"},
        {"address": "{uid}@x.org", "enabled": "perhaps"},
        {"address": "{uid}@x.org", "name": "a\nb"},
        {"address": "{uid}@x.org", "name": "a" * 256},
        {"address": "{uid}@x.org", "alias": "{sn}"},
    ],
)
def test_values_that_are_no_facts(mapping):
    with pytest.raises(FactError):
        facts(mapping, VALUES)


def test_a_bad_hash_is_not_shown():
    with pytest.raises(FactError) as caught:
        facts({"address": "{uid}@x.org", "password": "marked-secret"}, VALUES)
    assert "marked-secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("mapping", "option"),
    [
        ({"adress": "{mail}"}, "source.mapping.adress"),
        ({"name": 5}, "source.mapping.name"),
        ({"name": "{cn|shout}"}, "source.mapping.name"),
        ({"name": "{cn"}, "source.mapping.name"),
    ],
)
def test_what_is_wrong_with_a_mapping(mapping, option):
    assert [problem.option for problem in problems(mapping)] == [option]
