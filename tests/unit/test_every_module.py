# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every module must bring: documentation, examples that use its options, a unit test, its action groups.

That the documented options equal the argument spec is the business of ``ansible-test sanity``.
"""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path
from typing import Any, Optional

import pytest
import yaml
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.arguments import SHARED

ROOT = Path(__file__).resolve().parents[2]
COLLECTION = "postfix_manager.mail"
FRAGMENTS = "ansible_collections.postfix_manager.mail.plugins.doc_fragments"
MODULES = {path.stem: path for path in sorted((ROOT / "plugins/modules").glob("*.py"))}
GROUPS: dict[str, list[str]] = yaml.safe_load((ROOT / "meta/runtime.yml").read_text(encoding="utf-8"))["action_groups"]


def blocks(text: str) -> dict[str, Any]:
    """The parsed documentation blocks of a module."""
    found = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if name in ("DOCUMENTATION", "EXAMPLES", "RETURN"):
                found[name] = yaml.safe_load(ast.literal_eval(node.value))
    return found


def fragment(name: str) -> dict[str, Any]:
    """A documentation fragment such as ``store`` or ``attributes.mail``, without the collection's name."""
    file, _dot, part = name.partition(".")
    text = getattr(importlib.import_module(f"{FRAGMENTS}.{file}").ModuleDocFragment, (part or "documentation").upper())
    return yaml.safe_load(text)


def fragments_of(documentation: dict[str, Any]) -> list[dict[str, Any]]:
    names = documentation.get("extends_documentation_fragment", [])
    return [fragment(name.removeprefix(f"{COLLECTION}.")) for name in ([names] if isinstance(names, str) else names)]


def documentation_offences(name: str, text: str) -> list[str]:
    found = blocks(text)
    missing = [block for block in ("DOCUMENTATION", "EXAMPLES", "RETURN") if not found.get(block)]
    if missing:
        return [f"has no {block}" for block in missing]
    documentation = found["DOCUMENTATION"]
    wanted = {"module": name, "version_added": None, "author": None, "short_description": None, "description": None}
    offences = [f"DOCUMENTATION lacks {key}" for key in wanted if not documentation.get(key)]
    if documentation.get("module") != name:
        offences.append(f"is documented as {documentation.get('module')}")
    own = documentation.get("options") or {}
    options = {**own, **{key: value for part in fragments_of(documentation) for key, value in part["options"].items()}}
    attributes = {key for part in fragments_of(documentation) for key in part.get("attributes", {})}
    attributes |= set(documentation.get("attributes") or {})
    offences += [
        f"does not state the attribute {attribute}"
        for attribute in ("action_group", "check_mode", "diff_mode", "idempotent", "platform")
        if attribute not in attributes
    ]
    return offences + example_offences(name, found["EXAMPLES"], options)


def example_offences(name: str, examples: list[dict[str, Any]], options: dict[str, Any]) -> list[str]:
    known = set(options).union(*(option.get("aliases", []) for option in options.values()))
    calls = [task[f"{COLLECTION}.{name}"] or {} for task in examples if f"{COLLECTION}.{name}" in task]
    offences = [f"an example uses {key}, which is no option" for call in calls for key in call if key not in known]
    if not calls:
        offences.append(f"no example calls {COLLECTION}.{name}")
    if not all(task.get("name") for task in examples):
        offences.append("an example has no name")
    return offences


@pytest.mark.parametrize("name", MODULES)
def test_it_is_documented_with_examples(name):
    assert documentation_offences(name, MODULES[name].read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("name", MODULES)
def test_it_has_a_unit_test(name):
    test = ROOT / f"tests/unit/plugins/modules/test_{name}.py"
    assert test.is_file()
    assert re.search(r"^\s*def test_", test.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("name", MODULES)
def test_its_action_groups_are_those_it_documents(name):
    documented: Optional[list[str]] = None
    for part in fragments_of(blocks(MODULES[name].read_text(encoding="utf-8"))["DOCUMENTATION"]):
        group = part.get("attributes", {}).get("action_group")
        documented = group["membership"] if group else documented
    members = [f"{COLLECTION}.{group}" for group, modules in GROUPS.items() if name in modules]
    assert members, f"add {name} to an action group in meta/runtime.yml"
    assert sorted(documented or []) == sorted(members)


@pytest.mark.parametrize("group", GROUPS)
def test_an_action_group_lists_modules_in_order(group):
    assert GROUPS[group] == sorted(set(GROUPS[group]))
    assert [name for name in GROUPS[group] if name not in MODULES] == []


def shared_offences(spec: dict[str, Any], documented: dict[str, Any]) -> list[str]:
    """Where a shared argument spec and its documentation fragment differ."""
    offences = [f"{name} is not in both" for name in sorted(set(spec) ^ set(documented))]
    for name in sorted(set(spec) & set(documented)):
        for key in ("type", "default", "choices", "aliases", "elements", "required"):
            if spec[name].get(key) != documented[name].get(key):
                offences.append(f"{name}: {key} is {spec[name].get(key)!r}, documented {documented[name].get(key)!r}")
        offences += shared_offences(spec[name].get("options", {}), documented[name].get("suboptions", {}))
    return offences


@pytest.mark.parametrize("name", SHARED)
def test_a_shared_spec_equals_its_fragment(name):
    assert shared_offences(SHARED[name], fragment(name)["options"]) == []


def test_every_fragment_belongs_to_a_shared_spec():
    fragments = {path.stem for path in (ROOT / "plugins/doc_fragments").glob("*.py")} - {"attributes"}
    assert fragments == set(SHARED)


# --- these tests can fail --------------------------------------------------------------------------------------------


def test_there_are_modules():
    assert MODULES
    assert SHARED


DOCUMENTED = """
DOCUMENTATION = '''
module: sample
short_description: S
description: D
version_added: 0.1.0
author: A (@a)
extends_documentation_fragment: [postfix_manager.mail.attributes, postfix_manager.mail.attributes.mail]
options:
  path: {description: P, type: path, aliases: [dest]}
'''
EXAMPLES = '''
- name: Call it
  postfix_manager.mail.sample:
    dest: /x
'''
RETURN = '''
x: {description: X, type: str, returned: always}
'''
"""


def test_a_documented_module_passes():
    assert documentation_offences("sample", DOCUMENTED) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("RETURN", "RETURNS"),
        ("module: sample", "module: other"),
        ("version_added: 0.1.0", ""),
        ("postfix_manager.mail.attributes, ", ""),
        ("dest: /x", "destination: /x"),
        ("  postfix_manager.mail.sample:", "  sample:"),
        ("- name: Call it\n ", "-"),
    ],
)
def test_a_gap_in_the_documentation_is_found(right, wrong):
    assert DOCUMENTED.count(right) == 1
    assert documentation_offences("sample", DOCUMENTED.replace(right, wrong))


@pytest.mark.parametrize(
    "documented",
    [{}, {"a": {"type": "str"}}, {"a": {"type": "int", "default": 1}}, {"a": {"type": "int"}, "b": {"type": "int"}}],
)
def test_a_difference_between_spec_and_fragment_is_found(documented):
    assert shared_offences({"a": {"type": "int"}}, documented)
