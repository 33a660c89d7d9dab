# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A staged configuration with a host that the test describes, and what the whole catalogue finds in it."""

from pathlib import Path

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.catalogue.catalogue import check
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.catalogue.staged import Entry, Host, Staged
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.request import DeclaredService, Request

MASTER = "smtp inet n - y - - smtpd\npickup unix n - y 60 1 pickup\n"
GUARD = "smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination\n"


def defaults():
    """What ``postconf -d`` of 3.10 says of the parameters that these tests need."""
    lines = (Path(__file__).parent / "golden/defaults.cf").read_text(encoding="utf-8").splitlines()
    pairs = (line.partition(" =") for line in lines if not line.startswith("#"))
    return {name: value.strip() for name, _equals, value in pairs}


class Catalogue:
    """Runs the catalogue. ``files`` are the host's by path: a text, or an Entry, or nothing for one that is not there;
    any other exists."""

    def __init__(self):
        self.files = {}
        self.pem = {}
        self.facts = {
            "map_types": frozenset(["btree", "cidr", "hash", "inline", "pcre", "proxy", "regexp", "static", "texthash"])
        }

    def entry(self, path):
        found = self.files.get(path, "")
        return found if found is None or isinstance(found, Entry) else Entry()

    def text(self, path):
        found = self.files.get(path)
        return found if isinstance(found, str) else None

    def findings(self, main="", master=MASTER, *, asked=(), version="3.10.13", guard=GUARD, map_files=(), **facts):
        """``asked`` names parameters of main.cf, or services as ``(name, type, options)``."""
        parameters = {name: ("x",) for name in asked if isinstance(name, str)}
        services = [DeclaredService(*one[:2], "", options=one[2]) for one in asked if not isinstance(one, str)]
        request = Request("/etc/postfix", parameters, services, map_files)
        host = Host(self.entry, self.text, self.pem.get, **self.facts)
        known = {**defaults(), "mail_version": version}
        return check(Staged(request, guard + main, master, known, host=host, **facts))

    def __call__(self, *texts, **options):
        """Code, severity and name of each finding. The line is that in the text that was given."""
        shift = {"/etc/postfix/main.cf": options.get("guard", GUARD).count("\n")}
        return [
            (one.code, one.severity, one.line and one.line - shift.get(one.file, 0), one.name)
            for one in self.findings(*texts, **options)
        ]

    def codes(self, *texts, **options):
        return [finding.code for finding in self.findings(*texts, **options)]


@pytest.fixture
def catalogue():
    return Catalogue()
