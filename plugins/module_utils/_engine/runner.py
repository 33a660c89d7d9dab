# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one file that knows AnsibleModule: parameters in, plan, apply unless in check mode, report out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Callable, Optional

from ansible.module_utils.basic import AnsibleModule

from .errors import Error
from .locks import locked
from .plan import Plan
from .text import printable


def run_module(
    spec: Mapping[str, Any],
    make_plan: Callable[[dict[str, Any]], Plan],
    lock: Optional[Callable[[dict[str, Any]], str]] = None,
) -> None:
    """Run one module from its argument spec and its planning function.

    ``spec`` holds the keyword arguments of AnsibleModule (see ``arguments.module_spec``). ``make_plan`` reads the
    host and decides, without changing anything. ``lock`` names the directory that no second run may change between
    reading and writing.
    """
    module = AnsibleModule(supports_check_mode=True, **spec)
    try:
        with locked(lock(module.params) if lock else None):
            plan = make_plan(module.params)
            applied = {} if module.check_mode else plan.apply()
    except Error as error:
        module.fail_json(msg=printable(error.message), **printable(error.details))
    except OSError as error:
        module.fail_json(msg=f"{error.filename or 'the host'}: {error.strerror or error}", exception=error)
    for warning in plan.warnings:
        module.warn(printable(warning))
    result = {"changed": plan.changed, "actions": plan.actions, **plan.result, **applied}
    # Ansible's own private switch: there is no public one, and a diff of thousands of rows is not free.
    if module._diff:
        result["diff"] = plan.diff()
    module.exit_json(**printable(result))
