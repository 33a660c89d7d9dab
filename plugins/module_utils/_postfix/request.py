# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the options of postfix_config ask for, checked as far as that goes without looking at the host. Pure."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Optional

from .._engine.errors import Problem, refuse
from .._engine.given import path_fault
from . import main_cf, map_file, master_cf
from .main_cf import Value
from .values import read_scalar, read_values

MAIN, MASTER = "main.cf", "master.cf"
SERVICE_FLAGS = {"true": "y", "yes": "y", "y": "y", "false": "n", "no": "n", "n": "n", "-": "-"}
# Syntax of the fields that hold text, and what it is called. master(5).
SERVICE_FIELDS = {
    "wakeup": (re.compile(r"-|\d+\??"), "give a number of seconds, with ? behind it if you like, or -"),
    "maxproc": (re.compile(r"-|\d+"), "give a number of processes, 0 for no limit, or -"),
    "command": (re.compile(r"[^\s#{}-][^\s{}]*"), "give the name of a daemon such as smtpd; arguments belong in args"),
}
SERVICE_NAME = re.compile(r"[^\s#{}/][^\s{}/]*")
MAP_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*(?:/[A-Za-z0-9_][A-Za-z0-9._-]*)*")


@dataclass(frozen=True)
class DeclaredService:
    """A service as declared: only what was given. ``present`` is false for one that shall not be."""

    name: str
    type: str
    option: str
    present: bool = True
    fields: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Optional[str]] = field(default_factory=dict)
    arguments: Optional[tuple[str, ...]] = None

    @property
    def key(self) -> str:
        return f"{self.name}/{self.type}"


@dataclass(frozen=True)
class DeclaredMap:
    """A lookup table file: its whole ``content``, ``None`` when it shall not be, and which parameters are secret."""

    name: str
    content: Optional[str]
    secrets: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Request:
    """All of it. ``parameters`` and ``services`` are ``None`` when they were not given: purging leaves them alone."""

    directory: str
    parameters: Optional[Mapping[str, Optional[Value]]] = None
    services: Optional[Sequence[DeclaredService]] = None
    map_files: Sequence[DeclaredMap] = ()
    purge: bool = False
    purge_ignore: Sequence[str] = ()

    def purges(self, name: str) -> bool:
        """Whether an undeclared parameter, or service ``name/type``, has to go."""
        return self.purge and not any(fnmatch.fnmatchcase(name, pattern) for pattern in self.purge_ignore)


def read_request(params: Mapping[str, Any]) -> Request:
    """The request in the module's options; raises InputError with every problem that there is."""
    problems: list[Problem] = []
    parameters, services = params["parameters"], params["services"]
    request = Request(
        directory=params["config_directory"],
        parameters=None if parameters is None else read_values("parameters", parameters, problems),
        services=None if services is None else _services(services, problems),
        map_files=_maps(params["map_files"] or [], problems),
        purge=params["purge"],
        purge_ignore=params["purge_ignore"] or [],
    )
    refuse(problems)
    return request


def _services(given: Sequence[Mapping[str, Any]], problems: list[Problem]) -> list[DeclaredService]:
    declared = [_service(f"services[{index}]", service, problems) for index, service in enumerate(given)]
    _refuse_twins("services", [service.key for service in declared], problems)
    return declared


def _service(option: str, given: Mapping[str, Any], problems: list[Problem]) -> DeclaredService:
    name, kind = given["name"], given["type"]
    if not SERVICE_NAME.fullmatch(name):
        cure = "give a name without white space, braces and slashes, that does not begin with #"
        problems.append(Problem(f"{option}.name", "is not the name of a service", cure, name))
    fields = _flags(option, given, problems)
    for key, (syntax, cure) in SERVICE_FIELDS.items():
        if given.get(key) is not None:
            fields[key] = given[key]
            if not syntax.fullmatch(given[key]):
                problems.append(Problem(f"{option}.{key}", "is not understood by Postfix", cure, given[key]))
    if kind == "inet" and fields.get("private") in ("y", master_cf.UNSET):
        message = "is what Postfix stops at: a service of the type inet cannot be private"
        problems.append(Problem(f"{option}.private", message, "give false, or leave it out", given["private"]))
    return DeclaredService(
        name=name,
        type=kind,
        option=option,
        present=given.get("state") != "absent",
        fields=fields,
        options=_service_options(f"{option}.options", given.get("options") or {}, problems),
        arguments=_arguments(f"{option}.args", given.get("args"), problems),
    )


def _flags(option: str, given: Mapping[str, Any], problems: list[Problem]) -> dict[str, str]:
    fields = {}
    for key in master_cf.FLAGS:
        raw = given.get(key)
        if raw is not None:
            fields[key] = SERVICE_FLAGS.get(str(raw).lower(), "")
            if not fields[key]:
                problems.append(Problem(f"{option}.{key}", "is not a boolean", "give true, false or -", raw))
    return fields


def _service_options(option: str, given: Mapping[str, Any], problems: list[Problem]) -> dict[str, Optional[str]]:
    found = {}
    for name, value in read_values(option, given, problems).items():
        found[name] = None if value is None else main_cf.text_of(value)
        if not master_cf.is_balanced(found[name] or ""):
            problems.append(_unbalanced(f"{option}.{name}", given[name]))
    return found


def _arguments(option: str, given: Any, problems: list[Problem]) -> Optional[tuple[str, ...]]:
    if given is None:
        return None
    if isinstance(given, list):
        items = [read_scalar(f"{option}[{index}]", item, problems) for index, item in enumerate(given)]
        words = [master_cf.quote(item) for item in items]
    else:
        words = master_cf.split_arguments(read_scalar(option, given, problems))
    if not all(map(master_cf.is_balanced, words)):
        problems.append(_unbalanced(option, given))
    if words and words[0].startswith("#"):
        problems.append(Problem(option, "would begin a comment", "put braces around the first argument", given))
    for word in words:
        if not word.startswith("-"):
            break
        if word.startswith("-o"):
            problems.append(Problem(option, "overrides a parameter", "give -o settings under options", given))
    return tuple(words)


def _unbalanced(option: str, value: Any) -> Problem:
    return Problem(option, "has a brace without its partner, at which Postfix stops", "close every brace", value)


def _maps(given: Sequence[Mapping[str, Any]], problems: list[Problem]) -> list[DeclaredMap]:
    declared = [_map(f"map_files[{index}]", entry, problems) for index, entry in enumerate(given)]
    _refuse_twins("map_files", [entry.name for entry in declared], problems)
    return declared


def _map(option: str, given: Mapping[str, Any], problems: list[Problem]) -> DeclaredMap:
    name = given["name"]
    if not MAP_NAME.fullmatch(name) or name in (MAIN, MASTER) or path_fault(f"/{name}"):
        cure = "give a path below config_directory such as sqlite/mailboxes.cf, of letters, digits and . _ -"
        problems.append(Problem(f"{option}.name", "is not the name of a lookup table file", cure, name))
    public = read_values(f"{option}.parameters", given.get("parameters") or {}, problems)
    secret = read_values(f"{option}.secrets", given.get("secrets") or {}, problems, secret=True)
    for key, value in public.items():
        if key in secret:
            problems.append(Problem(f"{option}.secrets.{key}", "is among parameters too", "give it once"))
        if value is not None and map_file.looks_secret(key, main_cf.text_of(value)):
            message = "looks like a secret, and Ansible logs what stands here"
            problems.append(Problem(f"{option}.parameters.{key}", message, f"give it under {option}.secrets"))
    texts = {key: main_cf.text_of(value) for key, value in {**public, **secret}.items() if value is not None}
    absent = given.get("state") == "absent"
    if not absent and not texts:
        problems.append(Problem(f"{option}.parameters", "is empty", "give parameters, or state absent"))
    return DeclaredMap(name, None if absent else map_file.render(texts), frozenset(secret))


def _refuse_twins(option: str, names: Sequence[str], problems: list[Problem]) -> None:
    for index, name in enumerate(names):
        if name in names[:index]:
            first = f"{option}[{names.index(name)}]"
            problems.append(Problem(f"{option}[{index}]", f"declares what {first} declares", "declare it once", name))
