# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every check of a configuration: add a function to :data:`CHECKS` and it counts.

A check takes the configuration and the installed Dovecot and returns its findings. doveconf lets much through that
stops Dovecot at its start, or mail later. What each of them means is in docs/findings-dovecot.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Callable

from .._engine.findings import Finding
from . import (
    checks_access,
    checks_drivers,
    checks_host,
    checks_listeners,
    checks_lookups,
    checks_mail,
    checks_namespaces,
    checks_plugins,
    checks_sieve,
    checks_tls,
)
from .configuration import Configuration
from .doveconf import errors_of
from .host import Installation

Check = Callable[[Configuration, Installation], Iterable[Finding]]


def doveconf(configuration: Configuration, host: Installation) -> Iterable[Finding]:
    """What doveconf refuses."""
    main = configuration.main
    return errors_of(main.lines, main.path, host, main.option or None)


CHECKS: Sequence[Check] = (
    doveconf,
    checks_host.named_files,
    checks_tls.certificate_paths,
    checks_tls.certificate_pairs,
    checks_tls.no_certificate,
    checks_tls.oldest_protocol,
    checks_plugins.plugins,
    checks_plugins.plugin_lists,
    checks_plugins.misspelt,
    checks_host.programs,
    checks_host.accounts,
    checks_host.mail_users,
    checks_host.listeners,
    checks_listeners.colliding,
    checks_drivers.drivers,
    checks_drivers.mechanisms,
    checks_drivers.sql,
    checks_lookups.names_in_files,
    checks_lookups.no_passdb,
    checks_lookups.no_userdb,
    checks_lookups.old_fields,
    checks_lookups.password_with_bind,
    checks_lookups.quota_override,
    checks_mail.variables_of_2_3,
    checks_mail.variables_of_2_4,
    checks_mail.lost_domain,
    checks_mail.inbox_of_mbox,
    checks_mail.no_protocols,
    checks_mail.twice,
    checks_namespaces.namespaces,
    checks_access.cleartext,
    checks_access.readable_secrets,
    checks_sieve.sieve_scripts,
)


def check(configuration: Configuration, host: Installation) -> list[Finding]:
    """The findings of all checks, each once."""
    return list(dict.fromkeys(finding for function in CHECKS for finding in function(configuration, host)))
