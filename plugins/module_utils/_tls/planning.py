# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the options of ``tls_certificate`` to a plan."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Optional

from .._engine import backups
from .._engine.backups import Keep
from .._engine.certificates import Certificate, inspect
from .._engine.errors import Error, Problem, refuse
from .._engine.files import FileChange, ownership_differs, read, replace_files
from .._engine.plan import Plan, Step
from .._engine.secrets import masked_pair
from . import openssl
from .certificate import Wanted, describe, describe_signed, problems, reason_to_sign

CERTIFICATE_MODE = 0o644
# The names that groupadd(8) gives.
GROUP = re.compile(r"[a-zA-Z_][a-zA-Z0-9_.-]{0,31}\$?")
# With a group of its own the key is for that group, too.
KEY_MODE, SHARED_KEY_MODE = 0o600, 0o640


def plan_certificate(params: Mapping[str, Any]) -> Plan:
    """Decide from the module's options and what is on the host."""
    wanted = Wanted(
        certificate_file=params["certificate_file"],
        key_file=params["key_file"],
        names=tuple(name.lower() for name in params["names"]),
        days=params["days"],
        renew_before_days=params["renew_before_days"],
    )
    content, key_content = params["content"], params["key_content"]
    refuse([*problems(wanted, content, key_content), *_group_problems(params["key_group"])])
    if content is not None and key_content is not None:
        plan = _plan_given(params, wanted, content.strip() + "\n", key_content.strip() + "\n")
    else:
        plan = _plan_kept(params, wanted)
    pruning = backups.prune_steps(params, wanted.certificate_file, more=plan.changed)
    return replace(plan, steps=[*plan.steps, *pruning])


def _group_problems(group: str) -> list[Problem]:
    if GROUP.fullmatch(group):
        return []
    return [Problem("key_group", "is no name of a group", "name a group of the host, such as root", group)]


def _plan_given(params: Mapping[str, Any], wanted: Wanted, content: str, key_content: str) -> Plan:
    given = inspect(content.encode(), key_content.encode(), "content", "key_content")
    _refuse_mismatch(given, "content", "key_content")
    if given.days_left < 0:
        raise Error(f"content: the certificate ended on {given.expires}; give one that is valid")
    changes = _changes(params, wanted, content.encode(), key_content.encode())
    if read(wanted.certificate_file) == changes[0].content and read(wanted.key_file) == changes[1].content:
        return _plan_modes(params, wanted, given)
    before, after = masked_pair(_text(wanted.key_file), key_content)
    summary = f"put the given certificate into {wanted.certificate_file}"
    return Plan(
        before={wanted.certificate_file: _text(wanted.certificate_file) or "", wanted.key_file: before or ""},
        after={wanted.certificate_file: content, wanted.key_file: after},
        steps=[Step(summary, lambda: _put(wanted, changes, _keep(params, wanted, summary)))],
        result={"certificate": given.as_dict(), "reload_required": True},
    )


def _plan_kept(params: Mapping[str, Any], wanted: Wanted) -> Plan:
    present = openssl.present(wanted.certificate_file, wanted.key_file)
    if present is not None:
        _refuse_mismatch(present, wanted.certificate_file, wanted.key_file)
    reason = reason_to_sign(wanted, present)
    if reason is None and present is not None:
        return _plan_modes(params, wanted, present)
    before, after = masked_pair(None if present is None else "old", "new")
    summary = f"sign a certificate in {wanted.certificate_file}: {reason}"

    def sign() -> Optional[Mapping[str, Any]]:
        return _put(wanted, _changes(params, wanted, *openssl.sign(wanted)), _keep(params, wanted, summary))

    return Plan(
        before={wanted.certificate_file: describe(present), wanted.key_file: before or ""},
        after={wanted.certificate_file: describe_signed(wanted), wanted.key_file: after},
        steps=[Step(summary, sign)],
        result={"reload_required": True},
    )


def _plan_modes(params: Mapping[str, Any], wanted: Wanted, present: Certificate) -> Plan:
    changes = _changes(params, wanted, read(wanted.certificate_file), read(wanted.key_file))
    astray = [change for change in changes if ownership_differs(change)]
    summary = f"set owner and mode of {', '.join(change.path for change in astray)}"
    return Plan(
        before={change.path: "owner or mode differs" for change in astray},
        after={change.path: f"root:{change.group}, mode {change.mode:04o}" for change in astray},
        steps=[Step(summary, lambda: _put(wanted, astray, _keep(params, wanted, summary)))] if astray else [],
        result={"certificate": present.as_dict(), "reload_required": False},
    )


def _refuse_mismatch(certificate: Certificate, name: str, key_name: str) -> None:
    if not certificate.matches_key:
        raise Error(f"{key_name} is not the key of {name}; give the two that belong together, nothing was changed")


def _changes(
    params: Mapping[str, Any], wanted: Wanted, certificate: Optional[bytes], key: Optional[bytes]
) -> list[FileChange]:
    group = params["key_group"]
    return [
        FileChange(wanted.certificate_file, certificate, CERTIFICATE_MODE, "root", "root"),
        FileChange(wanted.key_file, key, KEY_MODE if group == "root" else SHARED_KEY_MODE, "root", group),
    ]


def _keep(params: Mapping[str, Any], wanted: Wanted, reason: str) -> Optional[Keep]:
    return backups.keeping(params, wanted.certificate_file, reason)


def _put(wanted: Wanted, changes: list[FileChange], keep: Optional[Keep]) -> Mapping[str, Any]:
    folders = [os.path.dirname(wanted.certificate_file), os.path.dirname(wanted.key_file)]
    for folder in folders:
        os.makedirs(folder, mode=0o755, exist_ok=True)
    return backups.returned(replace_files(os.path.commonpath(folders), changes, keep))


def _text(path: str) -> Optional[str]:
    content = read(path)
    return None if content is None else content.decode("utf-8", "replace")
