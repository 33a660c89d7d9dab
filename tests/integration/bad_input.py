# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Spoil one option after the other in a good call of every module, and see what the module says and touches.

    bad_input.py CALLS.json N [MODULE...]

Runs as root on a mail server. CALLS.json holds the documented ``options`` of each module, a ``good`` call of each, and
``odd`` states of the host. Each N-th case is made, in a room of its own (see ``rooms``): a check, a run, and a check
after it; each third one as a check on a host without daemons, too. A module may refuse, or do what a person would
expect. It never breaks; when it fails it names the option and leaves no trace; a check leaves none ever and says what
the run will; after a run there is nothing left to do. What is not so is printed, and the exit code is 1.
"""

from __future__ import annotations

import copy
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from rooms import Room, call, imported, in_a_room

HUGE = "x" * 200_000
ANY = {"null": None, "list": ["listed"], "mapping": {"mapped": 4711}, "negative": -7, "true": True, "empty": ""}
TEXTS = {
    "blank": " ",
    "huge": HUGE,
    "newline": "one\ntwo",
    "NUL": "a\0b",
    "control character": "a\x1b[31mb",
    "not UTF-8": "caf\udce9",
    "Unicode": "n\u00e4\u2603\U0001f4a9",
    "leading dash": "-rf",
    "comment": "#a",
    "unclosed brace": "{ a",
    "unclosed reference": "${a",
}
PATHS = {
    "relative": "relative/file",
    "nowhere": "/nonexistent/folder/file",
    "a directory": "/etc",
    "a device": "/dev/null",
    "too long a name": f"/etc/{'x' * 300}",
}
VALUES: dict[str, dict[str, Any]] = {
    "bool": {"word": "maybe", "two": 2},
    "dict": {
        "no items": {},
        **{f"key {title}": {text: "sample"} for title, text in TEXTS.items()},
        **{f"value {title}": {"sample": text} for title, text in {**ANY, **TEXTS}.items()},
        "nested": {"a": {"b": [{"c": [None]}]}},
    },
    "float": {"text": "abc"},
    "int": {"text": "abc", "zero": 0, "huge": 10**30, "fraction": 1.5},
    "path": {**TEXTS, **PATHS},
    "raw": TEXTS,
    "str": TEXTS,
}
BARE = "rm -rf /etc/postfix /etc/dovecot /var/lib/postfix_manager /usr/*bin/post* /usr/*bin/dove*"
# Systemd answers nobody in a room, and a probe takes seconds: these are called in check mode alone.
CHECKED_ALONE = ("ha_config", "mail_job", "mail_probe", "mail_service")
# Without the name of the option: what Ansible itself says of an item that is no mapping, and that a database which is
# not there yet knows no domain.
NAMELESS = ("dictionary requested, could not parse JSON or key=value", "is in a domain that does not exist")


class Case(NamedTuple):
    """``says`` is what the module must answer to an ``odd`` state, that ``prepare`` makes; nothing when it works."""

    title: str
    module: str
    arguments: Mapping[str, Any]
    names: tuple[str, ...] = ()
    prepare: str = ""
    odd: bool = False
    says: str = ""


def bad_values(option: Mapping[str, Any]) -> dict[str, Any]:
    kind = option.get("type", "str")
    if kind == "dict" and option.get("suboptions"):
        # Ansible itself breaks when it looks for the suboptions of a number.
        return {title: value for title, value in {**ANY, **TEXTS}.items() if not isinstance(value, int)}
    if kind == "list":
        element = {**option, "type": option.get("elements", "str")}
        texts = {} if element["type"] == "dict" else bad_values(element)
        items = {f"item {title}": [value] for title, value in {"word": "a", **texts}.items()}
        return {**ANY, "no items": [], **items, "unknown suboption": [{"nonsense": 1}]}
    if option.get("choices"):
        return {**ANY, "no choice": "nonsense"}
    return {**ANY, **VALUES[kind]}


def options_of(
    options: Mapping[str, Any], good: Any, path: tuple[Any, ...] = ()
) -> Iterator[tuple[tuple[Any, ...], Mapping[str, Any]]]:
    """Every option by its path in a call; suboptions are those of the first item that the good call has."""
    for name, option in options.items():
        yield (*path, name), option
        given = good.get(name)
        if option.get("suboptions") and given:
            listed = isinstance(given, list)
            inner = (*path, name, 0) if listed else (*path, name)
            yield from options_of(option["suboptions"], given[0] if listed else given, inner)


def spoilt_calls(module: str, options: Mapping[str, Any], good: Mapping[str, Any]) -> Iterator[Case]:
    for path, option in options_of(options, good):
        for title, value in bad_values(option).items():
            where = ".".join(map(str, path))
            inner = map(str, value) if isinstance(value, dict) else ()
            names = (str(path[-1]), str(value)[:90], *(key[:90] for key in inner))
            yield Case(f"{module} {where}: {title}", module, replaced(good, path, value), names)
        if option.get("suboptions") and option["type"] == "list" and len(path) == 1 and path[0] in good:
            twice = replaced(good, path, [*good[path[0]], *good[path[0]]])
            yield Case(f"{module} {path[0]}: twice the same", module, twice, (path[0],))
    yield Case(f"{module}: unknown option", module, {**good, "nonsense": 1}, ("nonsense",))


def replaced(good: Mapping[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    changed: Any = copy.deepcopy(dict(good))
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return changed


def offences(case: Case) -> list[str]:
    try:
        found = in_a_room(lambda room: list(_offences(room, case)))
    except RuntimeError as error:
        found = [f"breaks: {error}"]
    return [f"{case.title}: {said}" for said in found]


def _offences(room: Room, case: Case) -> Iterator[str]:
    subprocess.run(["bash", "-c", case.prepare], check=True)
    before = room.contents()
    checked, printed = call(case.module, case.arguments, check=True)
    yield from _judged("check", case, checked, printed, room.touched(before))
    if case.prepare == BARE or case.module in CHECKED_ALONE:
        return
    done, printed = call(case.module, case.arguments, check=False)
    yield from _judged("run", case, done, printed, room.touched(before) if done.get("failed") else [])
    # On a host that lacks what an earlier task may bring, a check goes on with a warning.
    if not checked.get("failed") and done.get("failed") and not checked.get("warnings"):
        yield f"the check announced success, the run says {done['msg'][:500]}"
    if not checked.get("failed") and not done.get("failed"):
        again, _printed = call(case.module, case.arguments, check=True)
        if (checked.get("changed"), again.get("changed")) != (done.get("changed"), False):
            yield f"changed is {checked.get('changed')}, {done.get('changed')} and then {again.get('changed')}: {again}"


def _judged(mode: str, case: Case, result: Mapping[str, Any], printed: str, touched: list[str]) -> Iterator[str]:
    message = str(result.get("msg", ""))
    if not result or printed or "Traceback" in f"{message}{result.get('exception')}":
        yield f"{mode}: breaks: {printed[-1000:]}{message[-1000:]}"
    if touched:
        yield f"{mode}: touches {touched} and says {message[:500]}"
    if len(message) > 20_000:
        yield f"{mode}: a message of {len(message)} characters"
    if case.odd and (bool(result.get("failed")) != bool(case.says) or not re.search(case.says, message)):
        yield f"{mode}: says {message[:500]!r}"
    if not case.odd and result.get("failed") and not any(name in message for name in (*case.names, *NAMELESS)):
        yield f"{mode}: names none of {[name for name in case.names if len(name) < 40]}: {message[:500]}"


def all_cases(given: Mapping[str, Any], every: int, modules: list[str]) -> Iterator[Case]:
    """The cases that were asked for."""
    good = {name: arguments for name, arguments in given["good"].items() if name in modules or not modules}
    spoilt = [case for name in good for case in spoilt_calls(name, given["options"][name], good[name])]
    yield from spoilt[::every]
    yield from (case._replace(title=f"{case.title}, no daemons", prepare=BARE) for case in spoilt[:: 3 * every])
    for state in given["odd"]:
        if state["module"] in good:
            arguments = {**good[state["module"]], **state.get("change", {})}
            says = state.get("says", "")
            yield Case(state["title"], state["module"], arguments, (), state["prepare"], odd=True, says=says)


def main(path: str, every: str, *modules: str) -> int:
    given = json.loads(Path(path).read_text(encoding="utf-8"))
    for module in given["good"]:
        imported(module)
    cases = list(all_cases(given, int(every), list(modules)))
    with ProcessPoolExecutor() as pool:
        found = [line for said in pool.map(offences, cases, chunksize=4) for line in said]
    print(json.dumps({"cases": len(cases), "offences": found}, indent=1))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
