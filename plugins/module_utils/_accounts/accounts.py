# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the options of a module to its plan: read the store whole, decide, and say what each step does."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Callable, Optional

from .._engine.errors import Error, refuse
from .._engine.items import checked_items
from .._engine.plan import Plan, Step
from .._engine.secrets import HIDDEN
from . import mail_files, passwords, show
from .aliases import reconcile_aliases
from .arguments import ALIAS, DOMAIN, MAILBOX, Spec
from .decision import Decision, Purge, dangling
from .domains import reconcile_domains
from .mailboxes import PENDING, reconcile_mailboxes
from .model import Changes, Effect, State
from .stores import Params, Store, open_store
from .wanted import Reader, WantedMailbox

# Something done to a file, and what does it.
FileStep = tuple[Effect, Callable[[], None]]


def plan_domains(params: Params) -> Plan:
    """The plan of ``virtual_domain`` and ``virtual_domains``."""
    reader = Reader()
    wanted = reader.domains(*_items(reader, params, "domains", DOMAIN))
    refuse(reader.problems)
    present = _store, state = _open(params)
    decision = reconcile_domains(wanted, state, _purge(reader, params), params["recursive"])
    left = _folders(params, decision.changes, ())
    result = {kind: show.summary(changes) for kind, changes in decision.changes._asdict().items()}
    where = {domain.name: domain.where for domain in wanted}
    return _plan(params, present, decision, where, {**result, "mail_left": left})


def plan_mailboxes(params: Params) -> Plan:
    """The plan of ``mailbox`` and ``mailboxes``."""
    reader = Reader()
    items, option = _items(reader, params, "mailboxes", MAILBOX)
    wanted = reader.mailboxes(items, params["password_scheme"], params["update_password"], option)
    purge = _purge(reader, params)
    clear = _clear_passwords(reader, wanted, params["password_scheme"])
    refuse(reader.problems)
    present = store, state = _open(params)
    unchanged = _unchanged(wanted, store, state, clear)
    decision = reconcile_mailboxes(wanted, state, purge, unchanged)
    result = {
        "mailboxes": show.summary(decision.changes.mailboxes),
        "mail_left": _folders(params, decision.changes, {box.address for box in wanted if box.delete_mail}),
    }
    files = list(_password_file_steps(wanted, clear, decision.changes))
    mail = list(_mail_steps(params, wanted, state))
    where = {box.address: box.where for box in wanted}
    return _plan(params, present, decision, where, result, clear=clear, first=files, last=mail)


def plan_aliases(params: Params) -> Plan:
    """The plan of ``mail_alias`` and ``mail_aliases``."""
    reader = Reader()
    wanted = reader.aliases(*_items(reader, params, "aliases", ALIAS))
    purge = _purge(reader, params)
    refuse(reader.problems)
    present = _store, state = _open(params)
    decision = reconcile_aliases(wanted, state, purge)
    where = {alias.address: alias.where for alias in wanted}
    return _plan(params, present, decision, where, {"aliases": show.summary(decision.changes.aliases)})


def _items(reader: Reader, params: Params, option: str, spec: Spec) -> tuple[Sequence[Mapping[str, Any]], str]:
    """The items of a plural module, or the options of a singular one as the only item; and the option they are in."""
    if option not in params:
        return [params], ""
    items, problems = checked_items(option, params[option], spec)
    reader.problems += problems
    return items, option


def _purge(reader: Reader, params: Params) -> Purge:
    domains = reader.domain_names("purge_domains", params.get("purge_domains"))
    return Purge(params.get("purge", False), domains)


def _open(params: Params) -> tuple[Store, State]:
    store = open_store(params)
    return store, store.read()


def _plan(
    params: Params,
    present: tuple[Store, State],
    decision: Decision,
    where: Mapping[str, str],
    result: Mapping[str, Any],
    *,
    clear: Optional[Mapping[str, str]] = None,
    first: Sequence[FileStep] = (),
    last: Sequence[FileStep] = (),
) -> Plan:
    """``where`` says what comes before an option in a message, by address or domain.

    ``clear`` are passwords to hash, by address; steps ``first`` and ``last`` go around the write to the store.
    """
    store, state = present
    changes = decision.changes
    refuse([*decision.problems, *store.problems(changes, where)])
    _cap(params, changes)
    faults = store.faults()
    said = [*(fault.summary for fault in faults), *filter(None, [show.action(changes)])]

    def write() -> None:
        store.write(_with_hashes(changes, clear or {}, params.get("password_scheme", "")))

    steps = [Step("; ".join(said), write)] if said else []
    steps = [*(Step(effect.summary, run) for effect, run in first), *steps]
    steps = [*steps, *(Step(effect.summary, run) for effect, run in last)]
    unmet = [*decision.unmet, *store.unmet(changes, where)]
    if unmet:
        steps = [Step("see that what is needed exists", partial(refuse, unmet), changes=False), *steps]
    effects = [*(effect for effect, _run in first), *faults, *(effect for effect, _run in last)]
    before, after = show.Diff(changes, effects, show.BEFORE), show.Diff(changes, effects, show.AFTER)
    return Plan(before, after, steps, result, [*show.unmet(unmet), *store.warnings, *dangling(changes, state)])


def _cap(params: Params, changes: Changes) -> None:
    limit = params.get("max_deletions")
    deletions = [change.key for of_kind in changes for change in of_kind if change.after is None]
    if limit is not None and len(deletions) > limit:
        raise Error(
            f"{len(deletions)} objects would be deleted, more than max_deletions={limit}; nothing was changed. "
            "Declare what shall stay, or raise max_deletions",
            deletions=deletions,
        )


# --- passwords -------------------------------------------------------------------------------------------------------


def _clear_passwords(reader: Reader, wanted: Sequence[WantedMailbox], scheme: str) -> dict[str, str]:
    """Clear passwords by address; for a password file that does not exist yet a random one."""
    clear = {}
    for box in wanted:
        if not box.present:
            continue
        if box.password is not None:
            clear[box.address] = box.password
        elif box.password_file is not None:
            found = mail_files.read_password(box.password_file)
            clear[box.address] = passwords.random_password() if found is None else found
            fault = passwords.clear_password_fault(clear[box.address], scheme)
            if fault is not None:
                reader.refuse(f"{box.where}password_file", f"names a file whose content {fault[0]}", fault[1])
    return clear


def _unchanged(
    wanted: Sequence[WantedMailbox], store: Store, state: State, clear: Mapping[str, str]
) -> Collection[str]:
    pairs = {
        box.address: (clear[box.address], state.mailboxes[box.address].password)
        for box in wanted
        if box.address in clear and not box.on_create and box.address in state.mailboxes
    }
    same = passwords.verify_all(pairs) if pairs else {}
    return {
        address for address, fits in same.items() if fits or (fits is None and store.accepts(address, clear[address]))
    }


def _with_hashes(changes: Changes, clear: Mapping[str, str], scheme: str) -> Changes:
    """The changes with the hashes of new passwords in them."""
    pending = {
        change.key: clear[change.key]
        for change in changes.mailboxes
        if change.after is not None and change.after.password == PENDING
    }
    if not pending:
        return changes
    hashes = passwords.hash_all(pending, scheme)
    mailboxes = [
        change._replace(after=change.after._replace(password=hashes[change.key]))
        if change.after is not None and change.key in hashes
        else change
        for change in changes.mailboxes
    ]
    return changes._replace(mailboxes=mailboxes)


def _password_file_steps(
    wanted: Sequence[WantedMailbox], clear: Mapping[str, str], changes: Changes
) -> Iterator[FileStep]:
    """A file is written before the database: after a crash between the two the next run takes the password from it."""
    pending = {change.key for change in changes.mailboxes if change.after and change.after.password == PENDING}
    for box in wanted:
        path = box.password_file
        if path is None or not box.present:
            continue
        if not os.path.lexists(path) and box.address in pending:
            effect = Effect(f"write a random password to {path}", path, "absent", HIDDEN)
            yield effect, partial(mail_files.write_password, path, clear[box.address])
        elif os.path.lexists(path) and mail_files.is_exposed(path):
            effect = Effect(f"make {path} readable by root alone", path, "readable by others", "readable by root alone")
            yield effect, partial(mail_files.protect, path)


# --- mail ------------------------------------------------------------------------------------------------------------


def _folders(params: Params, changes: Changes, emptied: Collection[str]) -> list[str]:
    """Where the mail of deleted mailboxes stays; a mailbox that never got mail has no folder."""
    folders = [
        mail_files.mail_folder(params["mail_directory"], change.before.maildir)
        for change in changes.mailboxes
        if change.after is None and change.before is not None and change.key not in emptied
    ]
    return [folder for folder in folders if os.path.lexists(folder)]


def _mail_steps(params: Params, wanted: Sequence[WantedMailbox], state: State) -> Iterator[FileStep]:
    """The removal of mail; a mailbox that is gone already may have left its mail at first."""
    for box in wanted:
        if not box.delete_mail:
            continue
        present = state.mailboxes.get(box.address)
        local, _at, domain = box.address.rpartition("@")
        maildir = present.maildir if present is not None else f"{domain}/{local}/"
        folder = mail_files.mail_folder(params["mail_directory"], maildir)
        if os.path.lexists(folder):
            effect = Effect(f"delete the mail in {folder}", folder, "present", "absent")
            yield effect, partial(mail_files.remove_mail, params["mail_directory"], maildir)
