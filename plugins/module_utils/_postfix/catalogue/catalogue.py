# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The catalogue of findings about a Postfix configuration: a list of checks, each from what is staged to findings.

To add one, write a generator in the file of its subject, put it into CHECKS and its code into docs/findings.md.
"""

from __future__ import annotations

from ..._engine.findings import Finding
from . import domains, layout, maps, messages, relay, restrictions, services, sources, tls, values
from .staged import Check, Staged

CHECKS: tuple[Check, ...] = (
    messages.refused_by_postfix,
    messages.unknown_parameter,
    messages.undefined_name,
    messages.deprecated_parameter,
    messages.warned_by_postfix,
    layout.defined_twice,
    layout.comment_in_value,
    layout.recursive_name,
    values.not_boolean,
    values.bad_time,
    values.bad_number,
    values.unknown_word,
    values.unknown_protocol,
    restrictions.unknown_restriction,
    restrictions.unreachable_rule,
    relay.open_relay,
    relay.permits_strangers,
    relay.wide_networks,
    relay.every_domain,
    relay.unbracketed_address,
    relay.pointless_pattern,
    domains.domain_in_two_classes,
    maps.unsupported_map_type,
    maps.missing_map,
    maps.stale_index,
    maps.unreadable_table,
    sources.bad_map_source,
    sources.public_secret,
    sources.public_password,
    sources.databases,
    tls.certificates,
    tls.missing_authorities,
    tls.public_key_file,
    tls.no_certificate,
    tls.cleartext_passwords,
    services.unknown_daemon,
    services.missing_directory,
    services.unusable_listener,
    services.empty_jail,
    services.bad_argument,
    services.unknown_transport,
    services.missing_socket,
)


def check(staged: Staged) -> list[Finding]:
    """Everything that all checks find, each once."""
    return list(dict.fromkeys(finding for function in CHECKS for finding in function(staged)))
