# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a synchronisation remembers between its runs, in a file that root alone can read."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

from ..._engine.errors import Error
from .model import Known, Memory

FOLDER = "/var/lib/postfix_manager/sync"
LISTS = ("forward", "send_as", "alias")


def folder(params: Mapping[str, Any]) -> str:
    return os.path.join(FOLDER, params["name"])


def path(params: Mapping[str, Any]) -> str:
    return os.path.join(folder(params), "memory.json")


def read(params: Mapping[str, Any]) -> Memory:
    """Nothing before the first run. A file that cannot be read stops all: without it everybody is a stranger."""
    try:
        with open(path(params), encoding="utf-8") as handle:
            found = json.load(handle)
        return {identity: _known(Known(*fields)) for identity, fields in found.items()}
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, AttributeError) as error:
        cure = "restore it from a backup, or remove it: then all accounts are adopted anew and none is deleted"
        raise Error(f"{path(params)} is damaged; {cure}") from error


def write(params: Mapping[str, Any], memory: Memory) -> None:
    os.makedirs(folder(params), mode=0o700, exist_ok=True)
    replace(path(params), json.dumps({identity: list(known) for identity, known in memory.items()}))


def replace(target: str, text: str) -> None:
    """Write a file whole, for root alone."""
    draft = f"{target}.new"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="utf-8") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    os.rename(draft, target)


def _known(read_back: Known) -> Known:
    """JSON has lists where there were tuples."""
    facts = {fact: tuple(value) if fact in LISTS else value for fact, value in read_back.facts.items()}
    return read_back._replace(facts=facts, former=tuple(read_back.former))
