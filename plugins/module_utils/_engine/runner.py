# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one file that knows AnsibleModule: parameters in, plan, apply unless in check mode, report out."""

from __future__ import annotations

import errno
import gc
import json
from collections.abc import Mapping, Sequence
from typing import Any, Callable, Optional, Union

from ansible.module_utils import basic

from . import given
from .errors import Error, InputError
from .locks import locked
from .plan import Plan
from .text import printable, shortened


class _Module(basic.AnsibleModule):
    """AnsibleModule that takes null for not given, refuses what no host can take, and never sees the options ``bulk``.

    Those are lists or dictionaries of any length.
    Ansible copies each item twice, and looks for each text of a ``no_log`` option in each text that it logs or returns:
    minutes for ten thousand mailboxes, and their addresses hidden in the end. So the items are taken out of the text
    that Ansible reads the parameters from. Should it keep that elsewhere one day, they are taken out after it has read
    them, and the option is ``no_log`` in any case.
    """

    def __init__(self, bulk: Sequence[str], **spec: Any) -> None:
        self.bulk = bulk
        self.items: dict[str, Union[list[Any], dict[str, Any]]] = {}
        self.counts: dict[str, str] = {}
        super().__init__(**spec)  # type: ignore[no-untyped-call]
        self.params.update(self.items)

    def _load_params(self) -> None:
        text = getattr(basic, "_ANSIBLE_ARGS", None)
        if self.bulk and text is not None:
            arguments = json.loads(text)
            self._take_items(arguments["ANSIBLE_MODULE_ARGS"])
            basic._ANSIBLE_ARGS = json.dumps(arguments).encode()
        super()._load_params()  # type: ignore[no-untyped-call]
        self.params = given.without_nulls(self.params, self.argument_spec)
        if not self.items:
            self._take_items(self.params)

    def _take_items(self, parameters: dict[str, Any]) -> None:
        for name in self.bulk:
            items = parameters.get(name)
            if isinstance(items, (list, dict)):
                self.items[name], parameters[name] = items, type(items)()
                self.counts[name] = f"({len(items)} items)"

    def _log_invocation(self) -> None:
        # The first use of the options that Ansible itself makes, which breaks on a text that no log can hold.
        self.refuse_problems()
        super()._log_invocation()  # type: ignore[no-untyped-call]

    def refuse_problems(self) -> None:
        problems = given.problems(self.params, self.argument_spec)
        if problems:
            self.fail(InputError(problems))

    def fail(self, error: Error) -> None:
        message = shortened(self._with_option(error.message))
        self.fail_json(msg=printable(message), **self.invocation(), **printable(error.details))

    def _with_option(self, message: str) -> str:
        """The message, with the option in front when it begins with the path that the option holds."""
        paths = {
            self.params[name]: name
            for name, option in self.argument_spec.items()
            if option.get("type") == "path" and self.params.get(name)
        }
        for path in sorted(paths, key=len, reverse=True):
            if message.startswith(path):
                return f"{paths[path]}: {message}"
        return message

    def invocation(self) -> dict[str, Any]:
        """The return value that Ansible would fill with all parameters."""
        if not self.items:
            return {}
        return {"invocation": {"module_args": {**self.params, **self.counts}}}


def run_module(
    spec: Mapping[str, Any],
    make_plan: Callable[[dict[str, Any]], Plan],
    lock: Optional[Callable[[dict[str, Any]], Optional[str]]] = None,
    bulk: Union[str, Sequence[str]] = (),
) -> None:
    """Run one module from its argument spec and its planning function.

    ``spec`` holds the keyword arguments of AnsibleModule (see ``arguments.module_spec``). ``make_plan`` reads the
    host and decides, without changing anything. ``lock`` names the directory that no second run may change between
    reading and writing, or none. ``bulk`` names an option, or several, with a list or dictionary of any length: the
    planning function checks its items, and masks the secrets in them.
    """
    # The process ends soon: what the collector could free is not worth its search through ten thousand items.
    gc.disable()
    try:
        _run(_Module([bulk] if isinstance(bulk, str) else bulk, supports_check_mode=True, **spec), make_plan, lock)
    finally:
        gc.enable()


def _run(
    module: _Module,
    make_plan: Callable[[dict[str, Any]], Plan],
    lock: Optional[Callable[[dict[str, Any]], Optional[str]]],
) -> None:
    module.refuse_problems()
    try:
        with locked(lock(module.params) if lock else None):
            plan = make_plan(module.params)
            applied = {} if module.check_mode else plan.apply()
    except Error as error:
        module.fail(error)
    except OSError as error:
        cure = "; make room on its file systems" if error.errno in (errno.ENOSPC, errno.EDQUOT) else ""
        module.fail(Error(f"{error.filename or 'the host'}: {error.strerror or error}{cure}"))
    for warning in plan.warnings:
        module.warn(printable(warning))
    result = {"changed": plan.changed, "actions": plan.actions, **plan.result, **applied}
    # Ansible's own private switch: there is no public one, and a diff of thousands of rows is not free.
    if module._diff:
        result["diff"] = plan.diff()
    module.exit_json(**module.invocation(), **printable(result))
