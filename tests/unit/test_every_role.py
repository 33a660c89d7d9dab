# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every role and playbook must keep: described variables under its own name, no logic, nothing hidden."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
ROLES = {path.name: path for path in sorted(ROOT.glob("roles/*")) if path.is_dir()}
PLAYBOOKS = {path.stem: path for path in sorted(ROOT.glob("playbooks/*.yml"))}
PLAYBOOK_LINES = 45

# Owned by postfix_config and dovecot_config, which stage, check and diff them.
DAEMON_FILES = re.compile(r"(main\.cf|master\.cf|dovecot\.conf)$")
FILE_MODULES = {"blockinfile", "copy", "lineinfile", "replace", "template"}


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else None


def tasks_in(data: Any) -> Iterator[dict[str, Any]]:
    """Every task in a task file or playbook, blocks opened."""
    for item in data or []:
        if not isinstance(item, dict):
            continue
        yield item
        for key in ("block", "rescue", "always", "pre_tasks", "tasks", "post_tasks", "handlers"):
            yield from tasks_in(item.get(key))


def task_files(role: Path) -> list[Path]:
    return sorted([*role.glob("tasks/**/*.yml"), *role.glob("handlers/**/*.yml")])


# --- variables -------------------------------------------------------------------------------------------------------


def variable_offences(role: str, defaults: dict[str, Any], options: dict[str, Any]) -> list[str]:
    """A required option needs no default; every other one stands in both files with the same value."""
    offences = []
    for name in sorted(set(defaults) | set(options)):
        option = options.get(name)
        if not name.startswith(f"{role}_"):
            offences.append(f"{name} does not start with {role}_")
        if option is None:
            offences.append(f"{name} is not in meta/argument_specs.yml")
        elif not option.get("description"):
            offences.append(f"{name} has no description")
        if option is not None and (name in defaults) == bool(option.get("required")):
            offences.append(f"{name} must be either required or in defaults/main.yml")
        if option is not None and "default" in option and option["default"] != defaults.get(name):
            offences.append(f"{name} is documented with another default than defaults/main.yml gives")
    return offences


def private_offences(role: str, names: list[str]) -> list[str]:
    return [f"{name} does not start with __{role}_" for name in names if not name.startswith(f"__{role}_")]


def private_names(role: Path) -> list[str]:
    """Variables that a role makes for itself: its vars, what it registers, the facts it sets."""
    names = [name for path in sorted(role.glob("vars/**/*.yml")) for name in load(path) or {}]
    for path in task_files(role):
        for task in tasks_in(load(path)):
            names += [task["register"]] if "register" in task else []
            for key in ("set_fact", "ansible.builtin.set_fact"):
                names += [name for name in task.get(key, {}) if name != "cacheable"]
    return names


@pytest.mark.parametrize("role", ROLES)
def test_its_variables_are_described_and_its_own(role):
    defaults = load(ROLES[role] / "defaults/main.yml")
    specs = load(ROLES[role] / "meta/argument_specs.yml")
    assert defaults
    assert specs
    main = specs["argument_specs"]["main"]
    assert main.get("short_description")
    assert main.get("description")
    assert variable_offences(role, defaults, main["options"]) == []


@pytest.mark.parametrize("role", ROLES)
def test_it_has_the_page_that_galaxy_asks_for(role):
    assert f"ansible-doc -t role postfix_manager.mail.{role}" in (ROLES[role] / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("role", ROLES)
def test_its_private_variables_look_private(role):
    assert private_offences(role, private_names(ROLES[role])) == []


# --- tasks -----------------------------------------------------------------------------------------------------------


def task_offences(task: dict[str, Any]) -> list[str]:
    offences = []
    if task.get("ignore_errors"):
        offences.append("ignores errors")
    offences += [f"{key}: false hides the truth" for key in ("failed_when", "changed_when") if task.get(key) is False]
    for key, arguments in task.items():
        module = key.removeprefix("ansible.builtin.")
        if module in ("shell", "raw", "script"):
            offences.append(f"runs {module}")
        if module in FILE_MODULES and isinstance(arguments, dict):
            target = str(arguments.get("path") or arguments.get("dest") or "")
            if DAEMON_FILES.search(target):
                offences.append(f"writes {target} past our module")
    return [f"{task.get('name', 'a task without name')}: {offence}" for offence in offences]


@pytest.mark.parametrize("role", ROLES)
def test_its_tasks_hide_nothing_and_leave_logic_to_modules(role):
    files = task_files(ROLES[role])
    assert files
    assert [offence for path in files for task in tasks_in(load(path)) for offence in task_offences(task)] == []


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_a_playbook_is_a_page_and_hides_nothing(name):
    text = PLAYBOOKS[name].read_text(encoding="utf-8")
    assert len(text.splitlines()) <= PLAYBOOK_LINES
    plays = yaml.safe_load(text)
    assert plays
    assert [play for play in plays if not play.get("name")] == []
    assert [offence for task in tasks_in(plays) for offence in task_offences(task)] == []


# --- these tests can fail --------------------------------------------------------------------------------------------


def test_there_are_roles_and_playbooks():
    assert ROLES
    assert PLAYBOOKS


GOOD_OPTION = {"mail_a": {"type": "int", "default": 1, "description": "A."}}


@pytest.mark.parametrize(
    ("defaults", "options"),
    [
        ({}, GOOD_OPTION),
        ({"mail_a": 2}, GOOD_OPTION),
        ({"mail_a": 1}, {}),
        ({"mail_a": 1}, {"mail_a": {"type": "int"}}),
        ({"mail_a": 1}, {"mail_a": {"description": "A.", "required": True}}),
        ({"other_a": 1}, {"other_a": {"description": "A."}}),
    ],
)
def test_a_wrong_variable_is_found(defaults, options):
    assert variable_offences("mail", defaults, options)


@pytest.mark.parametrize(
    ("defaults", "options"),
    [({"mail_a": 1}, GOOD_OPTION), ({}, {"mail_a": {"description": "A.", "required": True}})],
)
def test_a_right_variable_passes(defaults, options):
    assert variable_offences("mail", defaults, options) == []


def test_a_public_looking_private_variable_is_found():
    assert private_offences("mail", ["__mail_a", "_mail_b", "result"]) == [
        "_mail_b does not start with __mail_",
        "result does not start with __mail_",
    ]


@pytest.mark.parametrize(
    "task",
    [
        "ignore_errors: true",
        "failed_when: false",
        "changed_when: false",
        "ansible.builtin.shell: postconf -e a=b",
        "shell: x",
        "ansible.builtin.lineinfile: {path: /etc/postfix/main.cf, line: a = b}",
        "ansible.builtin.template: {src: x.j2, dest: '/etc/dovecot/dovecot.conf'}",
        "block: [{name: inner, copy: {src: x, dest: /etc/postfix/master.cf}}]",
        "block: []\nrescue: [{name: inner, ignore_errors: true}]",
    ],
)
def test_a_hiding_task_is_found(task):
    assert [offence for inner in tasks_in([yaml.safe_load(task)]) for offence in task_offences(inner)]
