# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ground rules of the target-side code, held by reading its syntax trees.

Each rule is a function from a file's place and text to a list of offences, so that a bad sample can show that it
bites. The rules themselves are explained in CONTRIBUTING.md.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = "ansible_collections.postfix_manager.mail"
UTILS = f"{OURS}.plugins.module_utils."

MODULES = sorted((ROOT / "plugins/modules").glob("*.py"))
UTIL_FILES = sorted((ROOT / "plugins/module_utils").rglob("*.py"))
DOMAINS = sorted({path.relative_to(ROOT / "plugins/module_utils").parts[0] for path in UTIL_FILES} - {"_engine"})
# ansible-rulebook runs each of these files alone, with the collection beside it.
EVENT_SOURCES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "extensions/eda").rglob("*.py"))
TARGET_SIDE = [path.relative_to(ROOT).as_posix() for path in [*MODULES, *UTIL_FILES]]

# The only imports from outside the standard library, each in one file: drivers of databases, from packages of Debian.
DRIVERS = {"plugins/module_utils/_accounts/postgresql_store.py": {"psycopg2"}}

RUNNER = "plugins/module_utils/_engine/runner.py"
COMMANDS = "plugins/module_utils/_engine/commands.py"

# What a domain package may import besides _engine and itself.
FRIENDS = {"_accounts": {"_directory"}, "_collector": {"_directory", "_postfix", "_probe"}}

# Debian 13 runs Python 3.13, which no longer has these.
GONE = {"aifc", "asynchat", "asyncore", "cgi", "cgitb", "chunk", "crypt", "distutils", "imghdr", "imp", "nntplib"}
GONE |= {"pipes", "smtpd", "sndhdr", "spwd", "sunau", "telnetlib", "uu", "xdrlib"}
STANDARD_LIBRARY = set(sys.stdlib_module_names) - GONE

BLOCKS = ("DOCUMENTATION", "EXAMPLES", "RETURN")
MODULE_CODE_LINES = 90
FILE_CODE_LINES = 300


def source(place: str) -> str:
    return (ROOT / place).read_text(encoding="utf-8")


# --- imports ---------------------------------------------------------------------------------------------------------


def imported_names(place: str, text: str) -> Iterator[str]:
    """Absolute dotted names of everything that a file imports, relative imports resolved."""
    package = [*OURS.split("."), *Path(place).parent.parts]
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            origin = ".".join([*base, *(node.module or "").split(".")]).strip(".")
            yield from (f"{origin}.{alias.name}" for alias in node.names)


def import_offences(place: str, text: str) -> list[str]:
    offences = []
    kind, *rest = Path(place).relative_to("plugins").parts
    home = rest[0] if kind == "module_utils" else kind
    for name in imported_names(place, text):
        top = name.split(".")[0]
        if name.startswith(UTILS):
            package = name[len(UTILS) :].split(".")[0]
            if home not in ("modules", package) and package not in {"_engine", *FRIENDS.get(home, ())}:
                offences.append(f"{home} may not import {package} ({name})")
        elif name.startswith("ansible_collections."):
            offences.append(f"imports {name}, which is no module_utils package of ours")
        elif top == "ansible":
            if place != RUNNER:
                offences.append(f"only _engine/runner.py may import Ansible ({name})")
        elif top not in STANDARD_LIBRARY | DRIVERS.get(place, set()):
            offences.append(f"{top} is not in the standard library of every supported Python")
    return offences


def hidden_import_offences(text: str) -> list[str]:
    """Imports that Ansible's module packer or a reader does not see at the top of the file."""
    tree = ast.parse(text)
    nested = [
        f"line {node.lineno}: imports inside {scope.name}"
        for scope in ast.walk(tree)
        if isinstance(scope, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
        for node in ast.walk(scope)
        if isinstance(node, (ast.Import, ast.ImportFrom))
    ]
    dynamic = [
        f"line {node.lineno}: imports dynamically"
        for node in ast.walk(tree)
        if (isinstance(node, ast.Name) and node.id == "__import__")
        or (isinstance(node, ast.Attribute) and node.attr == "import_module")
    ]
    return nested + dynamic


@pytest.mark.parametrize("place", TARGET_SIDE)
def test_imports_keep_to_the_layers(place):
    assert import_offences(place, source(place)) == []


@pytest.mark.parametrize("place", TARGET_SIDE)
def test_imports_stand_at_the_top(place):
    assert hidden_import_offences(source(place)) == []


@pytest.mark.parametrize("path", sorted((ROOT / "plugins").rglob("*.py")), ids=lambda path: path.stem)
def test_nothing_imports_a_module(path):
    place = path.relative_to(ROOT).as_posix()
    names = imported_names(place, path.read_text(encoding="utf-8"))
    assert [name for name in names if name.startswith(f"{OURS}.plugins.modules")] == []


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("plugins/module_utils/_engine/plan.py", "from .._postfix.main_cf import parse"),
        ("plugins/module_utils/_engine/plan.py", f"import {UTILS}_accounts.model"),
        ("plugins/module_utils/_engine/plan.py", "from ansible.module_utils.basic import AnsibleModule"),
        ("plugins/module_utils/_postfix/main_cf.py", "from .._dovecot.syntax import parse"),
        ("plugins/module_utils/_postfix/main_cf.py", "from .. import _dovecot"),
        ("plugins/module_utils/_postfix/main_cf.py", "from .._directory import entries"),
        ("plugins/module_utils/_accounts/deep/store.py", "from ..._postfix import main_cf"),
        ("plugins/module_utils/_postfix/main_cf.py", f"from {OURS}.plugins.modules.mailbox import main"),
        ("plugins/module_utils/_postfix/main_cf.py", "import ldap3"),
        ("plugins/module_utils/_postfix/main_cf.py", "import yaml"),
        ("plugins/module_utils/_accounts/sqlite_store.py", "import psycopg2"),
        ("plugins/module_utils/_accounts/passwords.py", "import crypt"),
        ("plugins/modules/mailbox.py", "from ansible.module_utils.basic import AnsibleModule"),
        ("plugins/modules/mailbox.py", "from ansible_collections.community.general.plugins.module_utils import x"),
        ("plugins/modules/mailbox.py", "from .mailboxes import main"),
    ],
)
def test_a_wrong_import_is_found(place, line):
    assert import_offences(place, line)


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("plugins/module_utils/_accounts/ldap_store.py", "from .._directory.entries import Entry"),
        ("plugins/module_utils/_postfix/main_cf.py", "from .values import render"),
        ("plugins/module_utils/_accounts/deep/store.py", "from ..._engine.errors import Error"),
        ("plugins/modules/mailbox.py", f"from {UTILS}_accounts.model import Mailbox"),
        (RUNNER, "from ansible.module_utils.basic import AnsibleModule"),
    ],
)
def test_a_right_import_passes(place, line):
    assert import_offences(place, line) == []


@pytest.mark.parametrize(
    "text", ["def f():\n    import os\n", "__import__('os')\n", "import importlib\nimportlib.import_module('os')\n"]
)
def test_a_hidden_import_is_found(text):
    assert hidden_import_offences(text)


# --- one home for check mode and for commands ------------------------------------------------------------------------


def check_mode_offences(text: str) -> list[str]:
    """Every identifier and exact string that speaks of check mode; prose in documentation does not count."""
    offences = []
    for node in ast.walk(ast.parse(text)):
        word = (
            getattr(node, "id", None)
            or getattr(node, "attr", None)
            or getattr(node, "arg", None)
            or getattr(node, "name", None)
            or (node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None)
        )
        if isinstance(word, str) and re.fullmatch(r"\w*check_mode", word):
            offences.append(f"line {getattr(node, 'lineno', '?')}: {word}")
    return offences


def command_offences(text: str) -> list[str]:
    offences = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            names = [f"{node.value.id}.{node.attr}"]
        else:
            continue
        runs = r"(subprocess|pty)\b.*|os\.(system|popen|fork|forkpty|exec\w+|spawn\w+|posix_spawn\w*)"
        offences += [f"line {node.lineno}: {name}" for name in names if re.fullmatch(runs, name)]
    return offences


@pytest.mark.parametrize("place", [place for place in TARGET_SIDE if place != RUNNER])
def test_check_mode_is_known_to_the_runner_alone(place):
    assert check_mode_offences(source(place)) == []


@pytest.mark.parametrize("place", [place for place in TARGET_SIDE if place != COMMANDS])
def test_commands_are_run_in_one_place(place):
    assert command_offences(source(place)) == []


def test_the_two_homes_are_where_these_tests_think():
    assert check_mode_offences(source(RUNNER))
    assert command_offences(source(COMMANDS))


@pytest.mark.parametrize(
    "text", ["if module.check_mode: pass", "f(supports_check_mode=True)", "p['_ansible_check_mode']"]
)
def test_a_look_at_check_mode_is_found(text):
    assert check_mode_offences(text)


@pytest.mark.parametrize(
    "text", ["import subprocess", "from subprocess import run", "from os import system", "os.popen('x')", "import pty"]
)
def test_a_command_is_found(text):
    assert command_offences(text)


# --- size ------------------------------------------------------------------------------------------------------------


def code_lines(text: str) -> int:
    """Lines that are neither blank nor comment nor part of DOCUMENTATION, EXAMPLES or RETURN."""
    documented: set[int] = set()
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in BLOCKS:
            documented.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    lines = enumerate(text.splitlines(), start=1)
    return sum(
        1 for number, line in lines if number not in documented and line.strip() and not line.strip().startswith("#")
    )


@pytest.mark.parametrize("place", TARGET_SIDE)
def test_files_stay_small(place):
    limit = MODULE_CODE_LINES if place.startswith("plugins/modules/") else FILE_CODE_LINES
    assert code_lines(source(place)) <= limit


def test_code_lines_are_counted():
    text = '# comment\n\nDOCUMENTATION = r"""\na\nb\n"""\nEXAMPLES = ""\nx = 1\n\n\ndef f():\n    return x\n'
    assert code_lines(text) == 3


# --- these tests look at something -----------------------------------------------------------------------------------


def test_there_is_something_to_hold_to_the_rules():
    assert MODULES
    assert DOMAINS
    assert all(name.startswith("_") for name in DOMAINS), "every folder in module_utils is private"


# --- event sources ---------------------------------------------------------------------------------------------------


def event_source_offences(text: str) -> list[str]:
    """An event source is as thin as a module: its options, and a loop over what the collection does."""
    tops = {name.split(".")[0] for name in imported_names("extensions/eda/plugins/event_source/name.py", text)}
    offences = [f"{top} is not in the standard library" for top in sorted(tops - STANDARD_LIBRARY)]
    if code_lines(text) > MODULE_CODE_LINES:
        offences.append(f"{code_lines(text)} lines of code")
    if not any(isinstance(node, ast.AsyncFunctionDef) and node.name == "main" for node in ast.parse(text).body):
        offences.append("has no async main")
    return offences + command_offences(text) + check_mode_offences(text)


@pytest.mark.parametrize("place", EVENT_SOURCES)
def test_event_sources_are_thin(place):
    assert event_source_offences(source(place)) == []


def test_the_event_sources_are_where_these_tests_think():
    assert EVENT_SOURCES


@pytest.mark.parametrize(
    "line", ["import aiohttp", "import subprocess", "check_mode = 1", "x = [\n" + "1,\n" * MODULE_CODE_LINES + "]"]
)
def test_an_event_source_that_is_not_thin_is_found(line):
    assert len(event_source_offences(f"{line}\nasync def main(queue, args): ...\n")) == 1
    assert event_source_offences("async def main(queue, args): ...\n") == []
    assert event_source_offences("def main(queue, args): ...\n") == ["has no async main"]
