# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Domains in two classes."""


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
