# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Instances of Postfix, found by reading main.cf."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import Error
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.instance_host import (
    configuration_directory,
    instances,
)


@pytest.fixture
def default(tmp_path):
    for name, text in {
        "postfix": f"multi_instance_directories = {tmp_path}/postfix-out,\n  {tmp_path}/odd {tmp_path}/gone\n",
        "postfix-out": "multi_instance_name = postfix-out\n",
        "odd": "biff = no\n",
    }.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.cf").write_text(text)
    return str(tmp_path / "postfix")


def test_instances_are_found_by_name_or_by_their_directory(default, tmp_path):
    gone, odd = f"{tmp_path}/gone", f"{tmp_path}/odd"
    assert instances(default) == {"-": default, "postfix-out": f"{tmp_path}/postfix-out", odd: odd, gone: gone}


@pytest.mark.parametrize(
    ("params", "directory"),
    [
        ({}, "postfix"),
        ({"instance": "-"}, "postfix"),
        ({"instance": "postfix-out"}, "postfix-out"),
        ({"config_directory": "{}/odd/../odd/"}, "odd"),
    ],
)
def test_the_directory_of_an_instance(default, tmp_path, params, directory):
    given = {name: value.format(tmp_path) for name, value in params.items()}
    assert configuration_directory(given, default) == f"{tmp_path}/{directory}"


def test_an_unknown_instance_is_refused_with_those_that_exist(default):
    with pytest.raises(Error) as caught:
        configuration_directory({"instance": "postfix-in"}, default)
    assert "'postfix-in' does not exist" in caught.value.message
    assert f"- ({default}), postfix-out (" in caught.value.message


def test_a_relative_directory_is_refused():
    with pytest.raises(Error, match="not an absolute path"):
        configuration_directory({"config_directory": "postfix"})


def test_on_a_bare_host_an_instance_is_where_it_will_be(tmp_path):
    assert configuration_directory({"instance": "postfix-out"}, f"{tmp_path}/postfix") == f"{tmp_path}/postfix-out"
    assert configuration_directory({}) == "/etc/postfix"
