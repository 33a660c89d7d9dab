# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small configuration as slapcat writes it, and options laid over it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.server import dump, tree
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.server.declared import Declared, wanted
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.server.tree import Node

SUFFIX = "dc=garden,dc=test"


@pytest.fixture
def text() -> str:
    return (Path(__file__).parent / "golden/slapcat.ldif").read_text(encoding="utf-8")


@pytest.fixture
def present(text: str) -> Node:
    return tree.parse(dump.read(text)[0])


@pytest.fixture
def declare(present: Node) -> Callable[..., tuple[Node, Declared]]:
    """The configuration that options ask for, and what is wrong with them. ``database`` is that of the garden."""

    def run(database: Any = None, **options: Any) -> tuple[Node, Declared]:
        databases = [{"backend": "mdb", "state": "present", **given} for given in options.pop("databases", [])]
        if database is not None:
            databases.insert(0, {"suffix": SUFFIX, "backend": "mdb", "state": "present", **database})
        schemas = [{"state": "present", **schema} for schema in options.pop("schemas", [])]
        params = {"settings": {}, "modules": [], **options, "databases": databases, "schemas": schemas}
        declared = Declared(params, {}, {})
        return wanted(present, declared), declared

    return run
