# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of the wrong kind. That the right ones pass is in test_catalogue.py."""

import pytest

WRONG = [
    ("biff = maybe", "not_boolean"),
    ("biff = 1", "not_boolean"),
    ("biff =", "not_boolean"),
    ("biff = $other\nother = x", "not_boolean"),
    ("smtpd_error_sleep_time = 1x", "bad_time"),
    ("smtpd_error_sleep_time = 1 s", "bad_time"),
    ("smtpd_error_sleep_time = 1H", "bad_time"),
    ("smtpd_timeout = five minutes", "bad_time"),
    ("slow_destination_rate_delay = 3 s", "bad_time"),
    ("slow_time_limit = soon", "bad_time"),
    ("message_size_limit = 50M", "bad_number"),
    ("message_size_limit = 0x10", "bad_number"),
    ("smtpd_hard_error_limit = few", "bad_number"),
    ("slow_destination_concurrency_limit = 3s", "bad_number"),
    ("smtp_tls_security_level = mayy", "unknown_word"),
    ("smtpd_tls_security_level = dane", "unknown_word"),
    ("inet_protocols = ipv4, ipv5", "unknown_word"),
    ("milter_default_action = acept", "unknown_word"),
    ("unverified_recipient_tempfail_action = permit", "unknown_word"),
    ("smtpd_sasl_security_options = noanonymous, noplain", "unknown_word"),
    ("smtpd_forbid_bare_newline = maybe", "unknown_word"),
    ("smtpd_tls_ciphers = hihg", "unknown_word"),
    ("smtpd_tls_protocols = TLSv1.4", "unknown_word"),
    ("smtp_tls_mandatory_protocols = >=TLS1.2", "unknown_word"),
]


@pytest.mark.parametrize(("main", "code"), WRONG)
def test_a_wrong_value_that_was_there_is_a_warning(catalogue, main, code):
    name = main.partition(" ")[0]
    assert catalogue(f"{main}\n") == [(code, "warning", 1, name)]


@pytest.mark.parametrize(("main", "code"), WRONG)
def test_a_wrong_value_that_is_asked_for_is_an_error(catalogue, main, code):
    name = main.partition(" ")[0]
    assert catalogue(f"{main}\n", asked=[name]) == [(code, "error", 1, name)]


def test_a_wrong_value_of_a_service(catalogue):
    master = "smtp inet n - y - - smtpd -o biff=1 -o smtpd_error_sleep_time=3s\n"
    assert catalogue("", master) == [("not_boolean", "warning", 1, "biff")]
    asked = [("smtp", "inet", {"biff": "1"})]
    assert catalogue("", master, asked=asked) == [("not_boolean", "error", 1, "biff")]


def test_the_nearest_word_is_named(catalogue):
    (found,) = catalogue.findings("milter_default_action = acept\n")
    assert found.cure == "did you mean accept?"
    (found,) = catalogue.findings("smtpd_tls_security_level = dane\n")
    assert found.cure == "give none, may or encrypt"
