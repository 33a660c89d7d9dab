# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Domains in two classes."""

import pytest


def test_a_domain_in_two_classes(catalogue):
    main = (
        "mydestination = localhost, A.test\nvirtual_alias_domains = b.test\nvirtual_mailbox_domains = a.test b.test\n"
    )
    assert (
        catalogue(main, asked=["virtual_mailbox_domains"])
        == [("domain_in_two_classes", "warning", 3, "virtual_mailbox_domains")] * 2
    )


def test_domains_apart(catalogue):
    catalogue.files["/x.db"] = ""
    assert catalogue("relay_domains = $mydestination\nvirtual_alias_domains = a.test\n") == []
    assert catalogue("mydestination = a.test hash:/x\nvirtual_alias_domains = b.test hash:/x\n") == []


@pytest.mark.parametrize(
    ("main", "second"),
    [
        ("virtual_mailbox_domains = hash:/x\nmydestination = a.test\n", "virtual_mailbox_domains"),
        ("virtual_mailbox_domains = /list\nmydestination = a.test\n", "virtual_mailbox_domains"),
        ("virtual_alias_maps = hash:/x\nmydestination = /list\n", "virtual_alias_domains"),
        ("virtual_mailbox_domains = hash:/x\nrelay_domains = texthash:/x\n", "relay_domains"),
    ],
)
def test_domains_inside_files(catalogue, main, second):
    catalogue.files.update(
        {"/x": "A.test  anything\npostmaster@c.test me\n", "/list": "# domains\nb.test, a.test # c.test\n"}
    )
    assert [(one.code, one.name) for one in catalogue.findings(main)] == [("domain_in_two_classes", second)]
    catalogue.files.update({"/x": "c.test anything\n", "/list": "b.test\n"})
    assert catalogue(main.replace("texthash:/x", "d.test")) == []


def test_users_and_addresses_in_tables_are_no_domains(catalogue):
    catalogue.files["/x"] = "root admin\nuser@localhost x\n@a.test b\n"
    assert catalogue("virtual_alias_maps = hash:/x\nmydestination = root, a.test, localhost\n") == []
