# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import importlib

import pytest
import yaml
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.arguments import SHARED, module_spec

FRAGMENTS = "ansible_collections.postfix_manager.mail.plugins.doc_fragments"


def test_a_spec_is_made_of_shared_and_own_options_and_constraints():
    spec = module_spec("backup", "purge", options={"path": {"type": "path"}}, required_if=[("a", "b", ["c"])])
    assert set(spec) == {"argument_spec", "required_if"}
    assert set(spec["argument_spec"]) == {
        *("backup", "backup_count", "backup_directory", "purge", "max_deletions", "path")
    }


def test_an_own_option_wins():
    assert module_spec("backup", options={"backup": {"type": "str"}})["argument_spec"]["backup"] == {"type": "str"}


@pytest.mark.parametrize("name", sorted(SHARED))
def test_each_shared_spec_has_a_fragment_that_says_the_same(name):
    fragment = importlib.import_module(f"{FRAGMENTS}.{name}").ModuleDocFragment
    documented = yaml.safe_load(fragment.DOCUMENTATION)["options"]
    assert set(documented) == set(SHARED[name])
    for option, spec in SHARED[name].items():
        # What is nested is held against each other in tests/unit/test_every_module.py.
        said = {key: value for key, value in documented[option].items() if key not in ("description", "suboptions")}
        # Secrecy is no matter of documentation.
        assert said == {key: value for key, value in spec.items() if key not in ("no_log", "options")}
