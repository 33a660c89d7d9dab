# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for the options of every module."""

from __future__ import annotations

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.given import problems, without_nulls

SPEC = {
    "path": {"type": "path", "default": "/etc/x"},
    "number": {"type": "int"},
    "text": {"type": "str"},
    "free": {"type": "dict"},
    "secret": {"type": "str", "no_log": True},
    "items": {"type": "list", "elements": "dict", "options": {"name": {"type": "str"}, "free": {"type": "dict"}}},
}


def test_null_means_not_given():
    given = {"path": None, "text": "x", "items": [{"name": None, "free": {"removed": None}}, "no mapping"]}
    assert without_nulls(given, SPEC) == {"text": "x", "items": [{"free": {"removed": None}}, "no mapping"]}


def test_null_in_a_free_dictionary_and_ansibles_own_keys_stay():
    given = {"free": {"removed": None}, "_ansible_shell_executable": None, "unknown": None, "items": {"name": None}}
    assert without_nulls(given, SPEC) == {**given, "items": {}}


@pytest.mark.parametrize(
    "given",
    [
        {"path": "/etc/postfix", "number": 0, "text": "", "free": {"a": [None, 1, True]}, "items": [{"name": "ü ☃"}]},
        {"path": "/" + "x" * 255, "number": -1, "text": "line\nline\t\x1b"},
        {"path": None, "number": None},
    ],
)
def test_what_a_host_can_take_passes(given):
    assert problems(given, SPEC) == []


@pytest.mark.parametrize(
    ("given", "option", "words"),
    [
        ({"path": ""}, "path", "absolute"),
        ({"path": "etc/x"}, "path", "absolute"),
        ({"path": "/a\nb"}, "path", "control"),
        ({"path": f"/etc/{'x' * 256}"}, "path", "longer"),
        ({"path": f"/etc/{'ü' * 128}"}, "path", "longer"),
        ({"path": "/x" * 2048}, "path", "longer"),
        ({"path": "/a\0b"}, "path", "NUL"),
        ({"path": "/caf\udce9"}, "path", "UTF-8"),
        ({"number": True}, "number", "boolean"),
        ({"text": "a\0b"}, "text", "NUL"),
        ({"text": "caf\udce9"}, "text", "UTF-8"),
        ({"free": {"a": {"b": ["", "\0"]}}}, "free.a.b[1]", "NUL"),
        ({"free": {"a\0": 1}}, "free", "NUL"),
        ({"items": [{}, {"free": {"x": "\ud800"}}]}, "items[1].free.x", "UTF-8"),
    ],
)
def test_what_a_host_cannot_take_is_refused(given, option, words):
    (problem,) = problems(given, SPEC)
    assert problem.option == option
    assert words in problem.message
    assert problem.cure


def test_all_is_refused_at_once_and_no_secret_repeated():
    found = problems({"path": "x", "secret": "hush\0", "text": "\udc80"}, SPEC)
    assert [problem.option for problem in found] == ["path", "text", "secret"]
    assert "hush" not in "".join(map(str, found))
