# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""master.cf as text and as services (master(5)): parse, edit, render. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Optional

from . import logical_lines

TYPES = ("inet", "unix", "unix-dgram", "fifo", "pass")
FLAGS = ("private", "unpriv", "chroot")
UNSET = "-"
OVERRIDE = "-o"


@dataclass(frozen=True)
class Service:
    """One service. Fields are as written in the file, ``-`` for the built-in default.

    ``options`` are its overrides of main.cf (``-o name=value``), ``arguments`` everything after them, with braces kept.
    ``line`` counts from 1 and is no part of what the service is.
    """

    name: str
    type: str
    private: str = UNSET
    unpriv: str = UNSET
    chroot: str = UNSET
    wakeup: str = UNSET
    maxproc: str = UNSET
    command: str = UNSET
    options: Mapping[str, str] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()
    line: int = field(default=0, compare=False)

    @property
    def key(self) -> str:
        return f"{self.name}/{self.type}"


def parse(text: str) -> list[Service]:
    """All services in order. Lines with too few fields are left out: Postfix itself reports them."""
    found = []
    for chunk in logical_lines.split(text):
        fields = split_arguments(chunk.text or "")
        if len(fields) >= 8:
            options, arguments = _options(fields[8:])
            name, kind, private, unpriv, chroot, wakeup, maxproc, command = fields[:8]
            found.append(
                Service(name, kind, private, unpriv, chroot, wakeup, maxproc, command, options, arguments, chunk.number)
            )
    return found


def services(text: str) -> dict[str, Service]:
    """The services that count by ``name/type``: of several definitions, the last (master(5))."""
    return {service.key: service for service in parse(text)}


def edit(text: str, wanted: Mapping[str, Optional[Service]]) -> str:
    """``text`` with the ``wanted`` services by ``name/type``, ``None`` to remove one; an equal one stays as written."""
    present = services(text)
    replacements = {
        key: None if service is None else render(service)
        for key, service in wanted.items()
        if present.get(key) != service
    }
    return logical_lines.edit(text, _key, replacements)


def render(service: Service) -> Sequence[str]:
    """The lines of one service in the columns of the file that Debian ships, an option on each line."""
    head = (
        f"{service.name:<9} {service.type:<5} {service.private:<7} {service.unpriv:<7} {service.chroot:<7} "
        f"{service.wakeup:<7} {service.maxproc:<7} {service.command}"
    )
    options = [f"  -o {_option(name, value)}" for name, value in service.options.items()]
    return [head, *options, *([f"  {' '.join(service.arguments)}"] if service.arguments else [])]


def split_arguments(text: str) -> list[str]:
    """Split at white space that no braces protect; the braces stay (master(5), "Command name + arguments")."""
    found: list[str] = []
    word, level = "", 0
    for character in text:
        if character in logical_lines.WHITESPACE and level == 0:
            found, word = [*found, *([word] if word else [])], ""
            continue
        word += character
        level = max(0, level + {"{": 1, "}": -1}.get(character, 0))
    return [*found, *([word] if word else [])]


def quote(argument: str) -> str:
    """An argument as it has to be written to arrive as it is given."""
    # A leading # would turn the line into a comment.
    bare = argument and not argument.startswith(("{", "#")) and not set(argument) & set(logical_lines.WHITESPACE)
    return argument if bare else f"{{{argument}}}"


def is_balanced(text: str) -> bool:
    """Whether every brace has its partner: master(8) stops at one that has not (measured with 3.7 and 3.10)."""
    level = 0
    for character in text:
        level += {"{": 1, "}": -1}.get(character, 0)
        if level < 0:
            return False
    return level == 0


def is_group(word: str) -> bool:
    """Whether braces stand around all of it."""
    return word.startswith("{") and word.endswith("}") and is_balanced(word[1:-1]) and is_balanced(word)


def _key(logical_line: str) -> Optional[str]:
    fields = split_arguments(logical_line)
    return f"{fields[0]}/{fields[1]}" if len(fields) >= 8 else None


def _options(words: Sequence[str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Split what follows the command: options end at the first argument that is none, as with getopt(3).

    As there, ``-oname=value`` and ``-vo name=value`` are overrides, too. What is no override, such as the beginning of
    ``-o name = value``, is left among the arguments: the program stops at it.
    """
    options: dict[str, str] = {}
    arguments: list[str] = []
    rest = list(words)
    while rest and rest[0].startswith("-") and rest[0] not in ("-", "--"):
        flags, override, setting = rest.pop(0).partition("o")
        if not override or not (setting or rest):
            arguments.append(f"{flags}{override}")
            continue
        arguments += [flags] if flags != "-" else []
        setting = setting or rest.pop(0)
        name, equals, value = (setting[1:-1] if is_group(setting) else setting).partition("=")
        name = name.strip(logical_lines.WHITESPACE)
        if equals and name and not set(name) & set(f"{{{logical_lines.WHITESPACE}"):
            options[name] = logical_lines.meaning(value)
        else:
            arguments += [OVERRIDE, setting]
    return options, (*arguments, *rest)


def _option(name: str, value: str) -> str:
    short = f"{name}={value}"
    return short if split_arguments(short) == [short] else f"{{ {name} = {value} }}"
