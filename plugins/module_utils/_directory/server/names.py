# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What slapd calls its parts: classes of backends and overlays, the modules that bring them, kinds of indices."""

from __future__ import annotations

from typing import Optional

# Databases of which there is one, without a suffix.
SPECIAL = {"frontend", "config", "monitor"}
BACKENDS = {
    "ldap": "olcLDAPConfig",
    "mdb": "olcMdbConfig",
    "monitor": "olcMonitorConfig",
    "null": "olcNullConfig",
    "relay": "olcRelayConfig",
}
# Overlays that are not here have no class of their own, such as otp.
OVERLAYS = {
    "accesslog": "olcAccessLogConfig",
    "auditlog": "olcAuditlogConfig",
    "autogroup": "olcAutomaticGroups",
    "chain": "olcChainConfig",
    "collect": "olcCollectConfig",
    "constraint": "olcConstraintConfig",
    "dds": "olcDDSConfig",
    "dynlist": "olcDynListConfig",
    "homedir": "olcHomedirConfig",
    "lastbind": "olcLastBindConfig",
    "memberof": "olcMemberOfConfig",
    "nestgroup": "olcNestGroupConfig",
    "pcache": "olcPcacheConfig",
    "ppolicy": "olcPPolicyConfig",
    "refint": "olcRefintConfig",
    "remoteauth": "olcRemoteAuthCfg",
    "rwm": "olcRwmConfig",
    "sssvlv": "olcSssVlvConfig",
    "syncprov": "olcSyncProvConfig",
    "translucent": "olcTranslucentConfig",
    "unique": "olcUniqueConfig",
    "valsort": "olcValSortConfig",
}
INDEX_TYPES = {"pres", "eq", "approx", "sub", "subinitial", "subany", "subfinal", "nolang", "nosubtypes"}


def module_of_backend(backend: str) -> Optional[str]:
    """The module that brings a backend; nothing for what is built in."""
    return None if backend in SPECIAL else f"back_{backend}"


def module_of_overlay(overlay: str) -> str:
    return "back_ldap" if overlay == "chain" else overlay
