# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The event source as ansible-rulebook finds it: a file that is run alone. Its events are proven against a server."""

import asyncio
import inspect
import runpy
from pathlib import Path

import pytest
import yaml
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory import following
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import InputError

COLLECTION = Path(__file__).resolve().parents[4] / ".ansible/collections/ansible_collections/postfix_manager/mail"
SOURCE = runpy.run_path(str(COLLECTION / "extensions/eda/plugins/event_source/ldap_changes.py"))


def test_the_options_are_those_of_the_documentation():
    documented = yaml.safe_load(SOURCE["DOCUMENTATION"])["options"]
    assert set(documented) == set(following.SPEC)
    for name, option in documented.items():
        meant = following.SPEC[name]
        for key in ("type", "default", "choices", "required"):
            assert option.get(key) == meant.get(key), (name, key)


def test_the_example_is_a_rulebook():
    rules = yaml.safe_load(SOURCE["EXAMPLES"])
    assert [list(one) for one in rules[0]["sources"]] == [["postfix_manager.mail.ldap_changes"]]
    given = rules[0]["sources"][0]["postfix_manager.mail.ldap_changes"]
    assert following.read_options(given)["attributes"] == ["mail", "employeeType"]


def test_everything_wrong_is_said_at_once_and_no_secret():
    assert inspect.iscoroutinefunction(SOURCE["main"])
    given = {"eda_feedback_queue": None, "bind_password": ["top-secret"], "scop": "sub", "start_tls": "perhaps"}
    with pytest.raises(InputError) as caught:
        asyncio.run(SOURCE["main"](asyncio.Queue(), given))
    assert [problem.option for problem in caught.value.problems] == ["base", "bind_password", "scop", "start_tls"]
    assert "top-secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("given", "option"),
    [
        ({"filter": "(cn=a"}, "filter"),
        ({"max_delay": 0}, "max_delay"),
        ({"bind_dn": "cn=a"}, "bind_password"),
        ({"server_uri": "http://here"}, "server_uri"),
    ],
)
def test_what_is_wrong_with_an_option(given, option):
    with pytest.raises(InputError) as caught:
        following.read_options({"base": "o=firm", **given})
    assert [problem.option for problem in caught.value.problems] == [option]


def test_a_server_that_is_away_is_tried_again_ever_more_seldom():
    steps = following.follow(
        following.read_options({"base": "o=firm", "server_uri": "ldap://127.0.0.1:1", "max_delay": 5})
    )
    told = [next(steps) for _step in range(5)]
    assert [one.pause for one in told] == [1, 2, 4, 5, 5]
    assert all("127.0.0.1:1" in one.fault for one in told)
