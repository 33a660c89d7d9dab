# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stores by name: each has all that the modules call, and is what the option ``store`` offers."""

import inspect

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.stores import STORES, Store
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.arguments import SHARED

CALLED = [name for name, value in vars(Store).items() if not name.startswith("_") and value is not None]


def test_the_option_offers_every_store():
    assert SHARED["store"]["store"]["choices"] == list(STORES)


@pytest.mark.parametrize("name", CALLED)
@pytest.mark.parametrize("store", STORES.values(), ids=list(STORES))
def test_a_store_has_what_the_modules_call(store, name):
    ours, theirs = getattr(store, name), getattr(Store, name)
    assert type(ours) is type(theirs)
    if callable(ours):
        assert list(inspect.signature(ours).parameters) == list(inspect.signature(theirs).parameters)
