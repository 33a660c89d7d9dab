# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may relay."""

import pytest

MASTER = "smtp inet n - y - - smtpd\n"
RELAY, RECIPIENT = "smtpd_relay_restrictions", "smtpd_recipient_restrictions"
GUARDED = f"{RELAY} = permit_mynetworks, reject_unauth_destination\n"


def relay(catalogue, main, master=MASTER):
    codes = ("open_relay", "no_relay_control")
    found = catalogue.findings(main, master, guard="")
    assert {one.severity for one in found if one.code in codes} <= {"error"}
    return [one.code for one in found if one.code in codes]


@pytest.mark.parametrize(
    ("main", "master", "code"),
    [
        (f"{RELAY} = permit", MASTER, "open_relay"),
        (f"{RELAY} = permit, reject_unauth_destination", MASTER, "open_relay"),
        (f"{RELAY} = permit_mynetworks, permit\n{RECIPIENT} = permit", MASTER, "open_relay"),
        (f"{RELAY} =", MASTER, "no_relay_control"),
        (f"{RELAY} = permit_mynetworks", MASTER, "no_relay_control"),
        (f"{RELAY} = warn_if_reject reject_unauth_destination", MASTER, "no_relay_control"),
        (f"{RELAY} = check_client_access reject", MASTER, "no_relay_control"),
        (GUARDED, MASTER + f"587 inet n - y - - smtpd -o {RELAY}=permit\n", "open_relay"),
        (GUARDED, "smtp inet n - y - - postscreen\n" + f"smtpd pass - - y - - smtpd -o {RELAY}=permit\n", "open_relay"),
        (f"{RELAY} =\n{RECIPIENT} = $mua\nmua = permit_mynetworks", MASTER, "no_relay_control"),
        (GUARDED + "mynetworks = 0.0.0.0/0\n", MASTER, "open_relay"),
        (GUARDED + "mynetworks = 127.0.0.0/8 [::]/0\n", MASTER, "open_relay"),
        (GUARDED + "mynetworks = static:all\n", MASTER, "open_relay"),
        (GUARDED + "mynetworks = cidr:{{0.0.0.0/0 x}}\n", MASTER, "open_relay"),
        (GUARDED, MASTER + "587 inet n - y - - smtpd -o mynetworks=0.0.0.0/0\n", "open_relay"),
        (GUARDED + "relay_domains = static:all\n", MASTER, "open_relay"),
        (GUARDED + "relay_domains = regexp:/any\n", MASTER, "open_relay"),
        (f"{RELAY} = permit_auth_destination, reject\nrelay_domains = static:x", MASTER, "open_relay"),
        (f"{RELAY} = permit_tls_clientcerts, reject\nrelay_clientcerts = static:x", MASTER, "open_relay"),
        (f"smtpd_restriction_classes = x\nx = permit\n{RELAY} = x, reject", MASTER, "open_relay"),
    ],
)
def test_open_relays(catalogue, main, master, code):
    catalogue.files["/any"] = "# all of them\n/./ OK\n"
    assert relay(catalogue, f"{main}\n", master) == [code]


@pytest.mark.parametrize(
    ("main", "master"),
    [
        ("", MASTER),
        (GUARDED, MASTER),
        (f"{RELAY} =\n{RECIPIENT} = permit_mynetworks, reject", MASTER),
        (f"{RELAY} = permit\n{RECIPIENT} = reject_unauth_destination", MASTER),
        (f"{RELAY} = defer_if_permit", MASTER),
        (f"{RELAY} = check_policy_service {{ inet:127.0.0.1:9, default_action=reject }}, reject", MASTER),
        (f"{RELAY} = reject_rbl_client permit, reject", MASTER),
        (f"smtpd_restriction_classes = x\nx = reject\n{RELAY} = permit_mynetworks, x", MASTER),
        (GUARDED, MASTER + f"x inet n - y - - smtpd -o {RELAY}= -o {RECIPIENT}=reject\n"),
        (f"r = reject\n{RELAY} = $r", MASTER),
        (f"{RELAY} = permit", "pickup unix n - y 60 1 pickup\n"),
        (f"{RELAY} = ${{x?permit}}", MASTER),
        (f"smtpd_restriction_classes = x\nx = x\n{RELAY} = x", MASTER),
        (f"{RELAY} = reject_unauth_destination, reject\nrelay_domains = static:all", MASTER),
        (f"{RELAY} = permit_sasl_authenticated, reject\nmynetworks = 0.0.0.0/0", MASTER),
        (GUARDED + "mynetworks = 0.0.0.0/0\n", MASTER.replace("smtpd", f"smtpd -o {RELAY}=reject")),
        (GUARDED + "relay_domains = regexp:/some, hash:/more\n", MASTER),
    ],
)
def test_no_open_relay(catalogue, main, master):
    catalogue.files["/some"] = "/^example\\.test$/ OK\n"
    assert relay(catalogue, f"{main}\n", master) == []


@pytest.mark.parametrize(
    ("rule", "is_open"),
    [
        ("check_client_access static:OK", True),
        ("check_client_access static:{permit}", True),
        ("check_sender_access regexp:/all", True),
        ("check_client_access cidr:/all4", True),
        ("check_client_access static:reject", False),
        ("check_client_access cidr:/some4", False),
        ("check_client_access hash:/x", False),
    ],
)
def test_tables_that_permit_everybody(catalogue, rule, is_open):
    catalogue.files.update({"/all": "/.*/  OK\n", "/all4": "0.0.0.0/0 permit\n", "/some4": "192.0.2.0/24 OK\n"})
    main = f"{RELAY} = {rule}, reject_unauth_destination\n"
    found = [(one.code, one.severity) for one in catalogue.findings(main, MASTER, guard="")]
    assert found == ([("permits_strangers", "warning")] if is_open else [])
    behind = f"{RELAY} = reject_unauth_destination, {rule}\n"
    assert catalogue.findings(behind, MASTER, guard="") == []


@pytest.mark.parametrize("networks", ["8.0.0.0/7", "[2000::]/3", "[::ffff:0.0.0.0]/96", "127.0.0.0/8, 4.0.0.0/6"])
def test_wide_networks(catalogue, networks):
    main = f"mynetworks = {networks}\n"
    assert ("wide_networks", "warning", 1, "mynetworks") in catalogue(main, asked=["mynetworks"])


def test_a_network_of_everybody_is_an_error_when_asked_for(catalogue):
    main = f"mynetworks = 0.0.0.0/0\n{RELAY} = reject\n"
    assert catalogue(main, guard="") == [("wide_networks", "warning", 1, "mynetworks")]
    assert catalogue(main, guard="", asked=["mynetworks"]) == [("wide_networks", "error", 1, "mynetworks")]


def test_the_style_class(catalogue):
    assert catalogue("mynetworks_style = class\n") == [("wide_networks", "warning", 1, "mynetworks_style")]
    assert catalogue("mynetworks_style = class\nmynetworks = 127.0.0.1\n") == []


def test_every_domain_as_ones_own(catalogue):
    assert catalogue("mydestination = static:all\n") == [("every_domain", "warning", 1, "mydestination")]
    assert catalogue("mydestination = localhost\n") == []


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("*", 1),
        ("*.example.test", 1),
        ("0.0.0.0/0, 192.0.2.0/24", 2),
        ("/list", 1),
        ("example.test, .example.test, [192.0.2.1], 192.0.2.1", 0),
        ("regexp:/r, hash:/x*", 0),
    ],
)
def test_patterns_that_match_no_domain(catalogue, value, found):
    catalogue.files.update({"/list": "a.test\n*\n", "/r": "/^a$/ x\n"})
    main = f"relay_domains = {value}\n"
    assert catalogue.codes(main) == ["pointless_pattern"] * found


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("cidr:/nets", "0.0.0.0/0\tOK\n"),
        ("cidr:/nets", "# all\n::/0\n  x\n"),
        ("proxy:cidr:/nets", "192.0.2.1 x\n0.0.0.0/0 x\n"),
        ("127.0.0.0/8, /nets", "# all\n0.0.0.0/0\n"),
    ],
)
def test_networks_of_everybody_in_files(catalogue, value, text):
    catalogue.files["/nets"] = text
    assert set(catalogue.codes(f"mynetworks = {value}\n")) == {"open_relay", "wide_networks"}


def test_wide_networks_in_files(catalogue):
    catalogue.files.update({"/nets": "192.0.2.1 x\n4.0.0.0/6\tx\n", "/list": "10.0.0.0/8\n4.0.0.0/6\n"})
    assert catalogue("mynetworks = cidr:/nets\n") == [("wide_networks", "warning", 1, "mynetworks")]
    assert catalogue("mynetworks = /list\n") == [("wide_networks", "warning", 1, "mynetworks")]
    catalogue.files.update({"/nets": "192.0.2.0/24 x\n", "/list": "10.0.0.0/8\n"})
    assert catalogue("mynetworks = cidr:/nets, /list\n") == []


def test_a_file_of_patterns_that_names_itself(catalogue):
    catalogue.files["/list"] = "192.0.2.1 /list\n"
    assert catalogue("mynetworks = /list\n") == []


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("127.0.0.1, 2001:db8::/32", 1),
        ("fd00::1 !fd00::2", 2),
        ("/list", 1),
        ("127.0.0.0/8 [::1]/128 [2001:db8::]/32 ![2001:db8::1]", 0),
        ("hash:/x, cidr:/nets", 0),
    ],
)
def test_addresses_without_brackets(catalogue, value, found):
    catalogue.files.update({"/list": "[::1]/128\n2001:db8::/32\n", "/nets": "2001:db8::/32 x\n"})
    assert catalogue.codes(f"mynetworks = {value}\n") == ["unbracketed_address"] * found
