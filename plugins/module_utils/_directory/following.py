# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Follow the changes of a directory without end: a session after the other, each where the last one ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from .._engine.arguments import SHARED
from .._engine.errors import Error, Problem, refuse
from .._engine.items import checked_items
from . import options
from .changes import Content
from .errors import BUSY, UNAVAILABLE, ConnectionLostError, DirectoryError, UnreachableError
from .filters import EVERYTHING, FilterError, encode
from .watching import Watch

SPEC: Mapping[str, Mapping[str, Any]] = {
    **SHARED["directory"],
    "base": {"type": "str", "required": True},
    "scope": {"type": "str", "choices": ["base", "one", "sub"], "default": "sub"},
    "filter": {"type": "str", "default": EVERYTHING},
    "attributes": {"type": "list", "default": ["*"]},
    "initial": {"type": "bool", "default": False},
    "max_delay": {"type": "int", "default": 60},
}
# The server has forgotten what a cookie stands for (RFC 4533).
REFRESH_REQUIRED = 4096
# How often something is said when nothing happens.
IDLE = 1.0
FIRST_DELAY = 1.0


class Told(NamedTuple):
    """Changes; or why the session ended, and how many seconds to wait before the next one is tried."""

    changes: Sequence[Mapping[str, Any]] = ()
    fault: str = ""
    pause: float = 0.0


def read_options(given: Mapping[str, Any]) -> dict[str, Any]:
    """The options with their defaults; everything wrong with them is refused at once."""
    items, found = checked_items("source", [given], SPEC)
    params = {**dict.fromkeys(SPEC), **items[0]}
    problems = [
        Problem(problem.option.partition("].")[2], problem.message, problem.cure, problem.value) for problem in found
    ]
    if not problems:
        problems += options.problems(params)
        try:
            encode(params["filter"])
        except FilterError as error:
            problems.append(Problem("filter", str(error), "write it as RFC 4515 says", params["filter"]))
        if not 1 <= params["max_delay"] <= options.LONGEST:
            cure = f"give 1 to {options.LONGEST} seconds"
            problems.append(Problem("max_delay", "is no time to wait", cure, params["max_delay"]))
    refuse(problems)
    return params


def follow(params: Mapping[str, Any]) -> Iterator[Told]:
    """What happens, without end; nothing in particular when it was quiet for a while.

    Raises the error of a first session that the server refuses: later ones are tried again.
    """
    content, delay = Content(), FIRST_DELAY
    while True:
        fault = ""
        content.begin()
        try:
            for told in _session(params, content):
                yield told
                if content.complete:
                    delay = FIRST_DELAY
        except Error as error:
            if not content.complete and not _passes(error):
                raise
            if isinstance(error, DirectoryError) and error.code == REFRESH_REQUIRED:
                content.cookie = b""
            fault = error.message
        yield Told(fault=fault, pause=delay)
        delay = min(delay * 2, float(params["max_delay"]))


def _session(params: Mapping[str, Any], content: Content) -> Iterator[Told]:
    server = Watch.begun(params)
    try:
        for answer in server.told(params, content.cookie, IDLE):
            # All that is there at the beginning is told as added only to those who want it.
            tells = params["initial"] or content.complete
            changes = [] if answer is None else content.take(answer)
            if answer is None or (changes and tells):
                yield Told(changes)
    finally:
        server.close()


def _passes(error: Error) -> bool:
    """Whether a fault is of the kind that passes."""
    if isinstance(error, DirectoryError):
        return error.code in (BUSY, UNAVAILABLE, REFRESH_REQUIRED)
    return isinstance(error, (UnreachableError, ConnectionLostError))
