# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of items: sanity tests do not see them, for the modules check items themselves."""

import pytest
import yaml
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.arguments import ALIAS, DOMAIN, MAILBOX
from ansible_collections.postfix_manager.mail.plugins.modules import (
    mail_alias,
    mail_aliases,
    mailbox,
    mailboxes,
    virtual_domain,
    virtual_domains,
)

KINDS = [
    (virtual_domain, virtual_domains, "domains", DOMAIN),
    (mailbox, mailboxes, "mailboxes", MAILBOX),
    (mail_alias, mail_aliases, "aliases", ALIAS),
]


def text_of(documented):
    """The description, however it is broken into lines."""
    text = documented["description"]
    return text if isinstance(text, str) else " ".join(text)


@pytest.mark.parametrize(("one", "many", "option", "spec"), KINDS)
def test_an_item_is_documented_as_the_singular_module(one, many, option, spec):
    items = yaml.safe_load(many.DOCUMENTATION)["options"][option]["suboptions"]
    single = yaml.safe_load(one.DOCUMENTATION)["options"]
    assert list(items) == list(spec)
    for name, entry in spec.items():
        keys = ("type", "choices", "default", "elements", "required")
        assert {key: items[name].get(key) for key in keys} == {key: entry.get(key) for key in keys}, name
        assert text_of(items[name]).replace(f"O({option}[].", "O(") == text_of(single[name]), name


def test_secrets_are_kept_from_logs():
    single = mailbox.SPEC["argument_spec"]
    assert single["password"]["no_log"] is True
    assert single["password_hash"]["no_log"] is True
    assert mailboxes.SPEC["argument_spec"]["mailboxes"]["no_log"] is True
