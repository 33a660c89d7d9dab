# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what is and what is asked for to new files, what changes in them, and what Postfix must do about it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Optional

from .._engine.errors import Problem, refuse
from . import main_cf, map_file, master_cf
from .attributes import AS_IT_IS, Attributes
from .main_cf import Value
from .master_cf import UNSET, Service
from .request import MAIN, MASTER, DeclaredService, Request
from .restart import needs_restart


@dataclass(frozen=True)
class FileState:
    """``live`` is the text that Postfix reads now, ``text`` the one to build upon: they differ when a crash interrupted
    a change that was committed already. Both are ``None`` for no file."""

    live: Optional[str] = None
    text: Optional[str] = None
    attributes: Attributes = AS_IT_IS


@dataclass(frozen=True)
class HostState:
    """What is on the host: ``files`` by their name below the directory, and what the package brought."""

    files: Mapping[str, FileState]
    packaged_master: str = ""
    group: Optional[str] = None
    interrupted: bool = False


@dataclass(frozen=True)
class PlannedFile:
    """One file that changes. ``secrets`` are the names of parameters in it that nobody may see."""

    name: str
    state: FileState
    text: Optional[str]
    attributes: Attributes
    secrets: Optional[frozenset[str]] = None

    @property
    def differs(self) -> bool:
        return self.text != self.state.text or self.drifted

    @property
    def drifted(self) -> bool:
        """Whether a file that exists has another owner or mode than it should."""
        return None not in (self.state.text, self.text) and self.state.attributes != self.wanted

    @property
    def wanted(self) -> Attributes:
        """Without a group of its own the file keeps the one it has."""
        return replace(self.attributes, group=self.attributes.group or self.state.attributes.group)

    def shown(self) -> tuple[Optional[str], Optional[str]]:
        """The text before and after, for a diff."""
        if self.secrets is None:
            return self.state.live, self.text
        return map_file.masked(self.state.live, self.text, self.secrets)


@dataclass(frozen=True)
class Decision:
    """All files as they shall be, the names of what changes in them, and what that means for a running Postfix."""

    planned: Sequence[PlannedFile]
    texts: Mapping[str, Optional[str]]
    parameters: Sequence[str]
    services: Sequence[str]
    map_files: Sequence[str]
    reload_required: bool
    restart_required: bool

    @property
    def files(self) -> Sequence[PlannedFile]:
        """The files that have to be written or removed."""
        return [file for file in self.planned if file.differs]


def decide(request: Request, state: HostState) -> Decision:
    """Raises InputError for a request that does not fit the host."""
    main, master = state.files[MAIN], state.files[MASTER]
    texts = {MAIN: _new_main(request, main.text), MASTER: _new_master(request, master.text, state.packaged_master)}
    texts.update((declared.name, declared.content) for declared in request.map_files)
    return _decision(state, texts, _planned_files(request, state, texts))


def decide_rollback(state: HostState, restored: Mapping[str, tuple[Optional[str], Attributes]]) -> Decision:
    """For files as they were, by their name: text, owner and mode.

    Which parameters of a lookup table are secret was declared at that time, so none is shown.
    """
    texts = {name: state.files[name].text for name in (MAIN, MASTER)}
    texts.update((name, text) for name, (text, _attributes) in restored.items())
    planned = []
    for name, (text, attributes) in restored.items():
        present = state.files[name]
        known = frozenset([*main_cf.values(present.live or ""), *main_cf.values(text or "")])
        planned.append(PlannedFile(name, present, text, attributes, None if name in (MAIN, MASTER) else known))
    return _decision(state, texts, planned)


def _decision(state: HostState, texts: Mapping[str, Optional[str]], planned: Sequence[PlannedFile]) -> Decision:
    main, master = state.files[MAIN], state.files[MASTER]
    parameters = _differences(main_cf.values(main.live or ""), main_cf.values(texts[MAIN] or ""))
    before, after = master_cf.services(master.live or ""), master_cf.services(texts[MASTER] or "")
    services = _differences(before, after)
    maps = [name for name, text in texts.items() if name not in (MAIN, MASTER) and text != state.files[name].live]
    # Of an interrupted change nobody knows what it had put into place already.
    restart = state.interrupted or needs_restart(parameters, before, after)
    reload = bool(restart or parameters or services or maps)
    return Decision(planned, texts, parameters, services, maps, reload, restart)


def _planned_files(request: Request, state: HostState, texts: Mapping[str, Optional[str]]) -> list[PlannedFile]:
    public, private = Attributes(0o644, "root", "root"), Attributes(0o640, "root", state.group)
    return [
        *(PlannedFile(name, state.files[name], texts[name], public) for name in (MAIN, MASTER)),
        *(
            PlannedFile(declared.name, state.files[declared.name], declared.content, private, declared.secrets)
            for declared in request.map_files
        ),
    ]


def _new_main(request: Request, present: Optional[str]) -> Optional[str]:
    if request.parameters is None:
        return present
    wanted: dict[str, Optional[Value]] = {}
    for name in main_cf.values(present or ""):
        if name not in request.parameters and request.purges(name):
            wanted[name] = None
    return _text(main_cf.edit(present or "", {**wanted, **request.parameters}), present)


def _new_master(request: Request, present: Optional[str], packaged_text: str) -> Optional[str]:
    if request.services is None:
        return present
    live, packaged = master_cf.services(present or ""), master_cf.services(packaged_text)
    declared = {service.key: service for service in request.services}
    wanted: dict[str, Optional[Service]] = {}
    problems: list[Problem] = []
    for key in [*live, *packaged]:
        if key not in declared and request.purges(key):
            wanted[key] = packaged.get(key)
    for key, service in declared.items():
        base = packaged.get(key) if request.purge else live.get(key)
        wanted[key] = _merged(service, base) if service.present else None
        merged = wanted[key]
        # Without a file the package that brings it is not installed yet, and with it may come this very service.
        if merged is not None and merged.command == UNSET and present is not None:
            message = f"declares {key}, which does not exist yet, without the daemon to run"
            problems.append(Problem(service.option, message, "give command, such as smtpd"))
    refuse(problems)
    return _text(master_cf.edit(present or "", wanted), present)


def _merged(declared: DeclaredService, base: Optional[Service]) -> Service:
    """What was declared over what is there; master(8) stops at a service of the type inet that may be private."""
    start = base or Service(declared.name, declared.type, private="n" if declared.type == "inet" else UNSET)
    fields: dict[str, Any] = {**declared.fields}
    options = dict(start.options)
    for name, value in declared.options.items():
        if value is None:
            options.pop(name, None)
        else:
            options[name] = value
    arguments = start.arguments if declared.arguments is None else declared.arguments
    return replace(start, **fields, options=options, arguments=arguments)


def _text(text: str, present: Optional[str]) -> Optional[str]:
    """Nothing to write into a file that does not exist does not make it exist."""
    return None if present is None and not text else text


def _differences(before: Mapping[str, object], after: Mapping[str, object]) -> list[str]:
    return sorted(name for name in {**before, **after} if before.get(name) != after.get(name))
