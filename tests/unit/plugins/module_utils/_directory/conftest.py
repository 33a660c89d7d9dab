# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small schema in the form that servers publish."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.schema import Schema

TEXT, NAME, OCTETS = "1.3.6.1.4.1.1466.115.121.1.15", "1.3.6.1.4.1.1466.115.121.1.12", "1.3.6.1.4.1.1466.115.121.1.40"
ATTRIBUTES = [
    "( 2.5.4.0 NAME 'objectClass' EQUALITY objectIdentifierMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.38 )",
    f"( 2.5.4.41 NAME 'name' DESC 'it\\27s (a) $ name' EQUALITY caseIgnoreMatch SYNTAX {TEXT}{{32768}} )",
    "( 2.5.4.3 NAME ( 'cn' 'commonName' ) SUP name )",
    "( 2.5.4.4 NAME ( 'sn' 'surname' ) SUP name )",
    "( 2.5.4.11 NAME ( 'ou' 'organizationalUnitName' ) SUP name )",
    f"( 0.9.2342.19200300.100.1.1 NAME ( 'uid' 'userid' ) EQUALITY caseIgnoreMatch SYNTAX {TEXT} )",
    f"( 0.9.2342.19200300.100.1.25 NAME 'dc' EQUALITY caseIgnoreMatch SYNTAX {TEXT} SINGLE-VALUE )",
    f"( 2.16.840.1.113730.3.1.39 NAME 'preferredLanguage' EQUALITY caseIgnoreMatch SYNTAX {TEXT} SINGLE-VALUE )",
    "( 2.5.4.20 NAME 'telephoneNumber' EQUALITY telephoneNumberMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.50{32} )",
    f"( 2.5.4.49 NAME 'distinguishedName' EQUALITY distinguishedNameMatch SYNTAX {NAME} )",
    "( 2.5.4.31 NAME 'member' SUP distinguishedName )",
    f"( 2.5.4.35 NAME 'userPassword' EQUALITY octetStringMatch SYNTAX {OCTETS}{{128}} )",
    "( 0.9.2342.19200300.100.1.60 NAME 'jpegPhoto' SYNTAX 1.3.6.1.4.1.1466.115.121.1.28 )",
    "( 1.3.6.1.1.1.1.0 NAME 'uidNumber' EQUALITY integerMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )",
    f"( 1.2.3.1 NAME 'olcAccess' EQUALITY caseIgnoreMatch SYNTAX {TEXT} X-ORDERED 'VALUES' )",
    "( 2.5.4.11.1 NAME 'c-ou' SUP ou COLLECTIVE )",
    "( 1.3.6.1.1.16.4 NAME 'entryUUID' EQUALITY UUIDMatch SYNTAX 1.3.6.1.1.16.1 SINGLE-VALUE"
    " NO-USER-MODIFICATION USAGE directoryOperation )",
]
CLASSES = [
    "( 2.5.6.0 NAME 'top' ABSTRACT MUST objectClass )",
    "( 2.5.6.6 NAME 'person' SUP top STRUCTURAL MUST ( sn $ cn ) MAY ( userPassword $ telephoneNumber ) )",
    "( 2.16.840.1.113730.3.2.2 NAME 'inetOrgPerson' SUP person STRUCTURAL"
    " MAY ( uid $ preferredLanguage $ jpegPhoto ) )",
    "( 2.5.6.5 NAME 'organizationalUnit' SUP top STRUCTURAL MUST ou )",
    "( 2.5.6.9 NAME 'groupOfNames' SUP top STRUCTURAL MUST ( member $ cn ) )",
    "( 1.3.6.1.1.1.2.0 NAME 'posixAccount' SUP top AUXILIARY MUST uidNumber )",
    "( 1.3.6.1.4.1.1466.101.120.111 NAME 'extensibleObject' SUP top AUXILIARY )",
]


@pytest.fixture(scope="session")
def schema():
    return Schema(ATTRIBUTES, CLASSES)
