# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import sys

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine import commands

PYTHON = sys.executable


def test_result_of_a_command():
    argv = [PYTHON, "-c", "import sys; print('out'); print('err', file=sys.stderr)"]
    result = commands.run(argv)
    assert (result.argv, result.rc, result.stdout, result.stderr) == (tuple(argv), 0, "out\n", "err\n")
    assert 0 < result.seconds < 30


def test_arguments_reach_the_command_as_they_are():
    odd = ["two words", "$HOME; id", "it's", ""]
    result = commands.run([PYTHON, "-c", "import sys; print(sys.argv[1:])", *odd])
    assert result.stdout == f"{odd!r}\n"


@pytest.mark.parametrize("data", ["grüße\n", "grüße\n".encode()])
def test_input_is_text_or_bytes(data):
    assert commands.run(["cat"], stdin=data).stdout == "grüße\n"


def test_without_input_there_is_none():
    assert commands.run(["cat"]).stdout == ""


def test_bytes_that_are_not_utf_8_survive():
    result = commands.run([PYTHON, "-c", r"import os; os.write(1, b'\xff')"])
    assert result.stdout.encode("utf-8", "surrogateescape") == b"\xff"
    assert commands.run(["cat"], stdin=result.stdout).stdout == result.stdout


def test_the_environment_is_small_and_in_the_c_locale(monkeypatch):
    monkeypatch.setenv("SECRET_TOKEN", "x")
    result = commands.run(["env"], env={"EXTRA": "1"})
    names = dict(line.split("=", 1) for line in result.stdout.splitlines())
    assert set(names) == {"PATH", "LC_ALL", "HOME", "EXTRA"}
    assert (names["LC_ALL"], names["PATH"]) == ("C", commands.SEARCH_PATH)


def test_a_failure_says_what_the_command_said():
    with pytest.raises(commands.CommandError, match="failed with exit code 3: no good") as failed:
        commands.run([PYTHON, "-c", "import sys; sys.exit(print('no good', file=sys.stderr) or 3)"])
    assert failed.value.details == {"rc": 3, "stderr": "no good"}


def test_a_failure_without_errors_says_what_was_printed():
    with pytest.raises(commands.CommandError, match="exit code 1: only this"):
        commands.run([PYTHON, "-c", "import sys; sys.exit(print('only this') or 1)"])


def test_accepted_exit_codes():
    leave = [PYTHON, "-c", "import sys; sys.exit(67)"]
    assert commands.run(leave, accept=(0, 67)).rc == 67
    assert commands.run(leave, accept=None).rc == 67


def test_a_missing_command_is_named():
    with pytest.raises(commands.CommandError, match="no-such-tool is not installed on this host"):
        commands.run(["no-such-tool"])
    assert commands.find("no-such-tool") is None


def test_a_path_that_cannot_be_run_is_named():
    with pytest.raises(commands.CommandError, match="/no/such/tool cannot be run"):
        commands.run(["/no/such/tool"])


def test_a_command_that_hangs_is_ended():
    with pytest.raises(commands.CommandError, match=r"did not end within 0\.2 seconds"):
        commands.run(["sleep", "30"], timeout=0.2)


def test_tools_are_found_outside_the_path_of_the_caller(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    assert commands.find("sh") is not None
    assert commands.run(["sh", "-c", "echo found"]).stdout == "found\n"


def test_lines_come_one_by_one_and_the_command_ends_with_the_caller():
    counted = commands.lines(["sh", "-c", "while :; do echo a line; done"])
    assert [next(counted), next(counted)] == ["a line\n", "a line\n"]
    counted.close()


def test_lines_of_a_command_that_fails():
    printed = commands.lines(["sh", "-c", "echo one; echo why >&2; exit 3"])
    assert next(printed) == "one\n"
    with pytest.raises(commands.CommandError, match="exit code 3: why"):
        next(printed)


def test_lines_of_a_tool_that_is_missing():
    with pytest.raises(commands.CommandError, match="not installed"):
        next(commands.lines(["no-such-tool"]))


def test_a_stream_comes_in_pieces():
    pieces = list(commands.stream(["seq", "1", "1000"], 100))
    assert b"".join(pieces).split() == [str(number).encode() for number in range(1, 1001)]
    assert max(map(len, pieces)) <= 100


def test_a_stream_that_nobody_reads_to_its_end_is_ended():
    pieces = commands.stream(["yes"], 10)
    assert next(pieces) == b"y\n" * 5
    pieces.close()


def test_a_stream_that_fails_says_why_after_what_it_had():
    pieces = commands.stream(["sh", "-c", "echo some; echo wrong >&2; exit 3"], 100)
    assert next(pieces) == b"some\n"
    with pytest.raises(commands.CommandError, match="failed with exit code 3: wrong"):
        next(pieces)


def test_a_stream_of_a_tool_that_is_missing_is_refused():
    with pytest.raises(commands.CommandError, match="not installed"):
        next(commands.stream(["no-such-tool"], 100))
