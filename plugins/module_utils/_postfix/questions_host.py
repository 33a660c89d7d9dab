# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks the lookup tables of a configuration as Postfix would, each server behind them by itself. Changes nothing."""

from __future__ import annotations

import concurrent.futures
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Optional

from .._engine import commands
from .._engine.errors import Error, Problem, refuse
from .._engine.files import private_directory, read_text
from .._engine.plan import Plan
from . import questions
from .instance_host import configuration_directory
from .questions import Answer, Table
from .references import references
from .request import MAIN, MASTER
from .staging_host import built_in_defaults

# Look-ups at once.
AT_ONCE = 8


class Place(NamedTuple):
    """A table, or one of the servers behind it: what to hand to postmap, and the text of its configuration file."""

    table: Table
    server: Optional[str]
    target: str
    text: str


def plan_lookups(params: Mapping[str, Any]) -> Plan:
    """A plan without steps, whose result are the answers of ``mail_lookup_info``."""
    refuse(_problems(params))
    directory = configuration_directory(params)
    known, unknown = params["known"], params["unknown"]
    if commands.find("postmap") is None:
        return _report(False, [], [], "Postfix is not installed.")
    main = read_text(os.path.join(directory, MAIN))
    if main is None:
        raise Error(f"{directory} has no {MAIN}; name the directory of a configuration")
    master = read_text(os.path.join(directory, MASTER)) or ""
    found = questions.tables(references(main, master, built_in_defaults(), directory), params["maps"])
    if params["maps"] and not found:
        raise Error(f"maps: no table of {directory} fits {', '.join(params['maps'])}; name a parameter or type:path")
    with private_directory() as folder:
        places = list(_places(found, folder))
        asked = [(place, key) for place in places for key in _keys(place.table, [*known, *unknown])]
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            answers = list(pool.map(lambda one: _ask(one[0], one[1], directory, params["timeout"]), asked))
    wrong = questions.problems(answers, known, unknown)
    return _report(True, answers, wrong, questions.summary(answers, wrong))


def _problems(params: Mapping[str, Any]) -> list[Problem]:
    cure = "write name@domain"
    found = [
        Problem(f"{option}[{index}]", "is not an address", cure, address)
        for option in ("known", "unknown")
        for index, address in enumerate(params[option])
        if not all(address.rpartition("@")[::2]) or not address.isprintable() or " " in address
    ]
    if params["timeout"] <= 0:
        found.append(Problem("timeout", "is not a time", "give seconds, such as 10", params["timeout"]))
    return found


def _report(installed: bool, answers: Sequence[Answer], wrong: Sequence[str], words: str) -> Plan:
    return Plan(
        result={
            "installed": installed,
            "lookups": [one.as_dict() for one in answers],
            "problems": list(wrong),
            "ok": installed and not wrong,
            "summary": words,
        }
    )


def _keys(table: Table, addresses: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(key for address in addresses for key in questions.keys(table, address)))


def _places(found: Sequence[Table], folder: str) -> Iterator[Place]:
    """Each table, or each server behind it through a copy of its configuration file that names no other."""
    for number, table in enumerate(found):
        text = (read_text(table.path) or "") if table.kind in questions.ASKED_ALWAYS and _is_file(table.path) else ""
        listed = questions.servers(table.kind, text)
        if not listed:
            yield Place(table, None, table.label, text)
        for place, server in enumerate(listed):
            copy = os.path.join(folder, f"{number}-{place}.cf")
            with open(copy, "w", encoding="utf-8", errors="surrogateescape", opener=_private) as handle:
                handle.write(questions.with_server(table.kind, text, server))
            yield Place(table, server, f"{table.kind}:{copy}", text)


def _is_file(path: str) -> bool:
    return os.path.isabs(path) and os.path.isfile(path)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_EXCL, 0o600)


def _ask(place: Place, key: str, directory: str, timeout: float) -> Answer:
    """One look-up by postmap(1): exit code 0 and the value, 1 without a word when there is none, else a complaint."""
    status, answer, message, seconds = questions.FAILED, None, None, timeout
    try:
        said = commands.run(["postmap", "-c", directory, "-q", key, place.target], timeout=timeout, accept=None)
        seconds = said.seconds
        complaint = said.stderr.strip()
        if said.rc == 0:
            status, answer = questions.FOUND, said.stdout.rstrip("\n")
        elif not complaint:
            status = questions.ABSENT
        else:
            message = complaint
    except commands.CommandError:
        message = f"no answer within {timeout:g} seconds"
    if message is not None:
        readable = message.replace(place.target, place.table.label)
        message = questions.without_secrets(" ".join(readable.split()), place.text)
    if answer is not None and place.table.holds_secrets():
        answer = questions.SECRET
    label, names = place.table.label, place.table.parameters
    return Answer(label, names, place.server, key, status, answer, message, round(seconds, 3))
