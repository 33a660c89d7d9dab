# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections to a real slapd: certificates that are good and not, StartTLS, several servers, who we are."""

from __future__ import annotations

import pytest

SUFFIX = "dc=example,dc=test"
TLS = "/etc/ldap/tls"
PKI = f"""
rm -rf {TLS} && mkdir -p {TLS} && cd {TLS}
openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=Test-CA -keyout ca.key -out ca.pem 2>/dev/null
openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=Other-CA -keyout other.key -out other.pem 2>/dev/null
touch index.txt
cat >ca.cnf <<'END'
[ca]
default_ca = authority
[authority]
dir = .
new_certs_dir = .
database = index.txt
rand_serial = yes
default_md = sha256
policy = names
unique_subject = no
copy_extensions = copy
[names]
commonName = supplied
END
issue() {{
    openssl req -newkey rsa:2048 -nodes -subj "/CN=$2" -addext "subjectAltName=DNS:$2" \\
        -keyout $1.key -out $1.csr 2>/dev/null
    openssl ca -batch -config ca.cnf -cert ca.pem -keyfile ca.key -in $1.csr -out $1.pem -notext \\
        -startdate $3 -enddate $4 2>/dev/null
}}
issue good localhost 20250101000000Z 20440101000000Z
issue expired localhost 20240101000000Z 20250101000000Z
issue stranger ldap.example.org 20250101000000Z 20440101000000Z
issue client root 20250101000000Z 20440101000000Z
chown -R openldap {TLS}
chmod 600 {TLS}/*.key
"""


@pytest.fixture(scope="module")
def served(directory):
    """Serve one certificate at ldaps://localhost and by StartTLS."""
    directory.sh(PKI)
    directory.sh("""sed -i 's|^SLAPD_SERVICES=.*|SLAPD_SERVICES="ldap:/// ldaps:/// ldapi:///"|' /etc/default/slapd""")

    def serve(name):
        said = directory(
            "ldap_entry",
            dn="cn=config",
            bind_dn=None,
            bind_password=None,
            attributes={
                "olcTLSCACertificateFile": f"{TLS}/ca.pem",
                "olcTLSCertificateFile": f"{TLS}/{name}.pem",
                "olcTLSCertificateKeyFile": f"{TLS}/{name}.key",
                "olcTLSVerifyClient": "allow",
            },
        )
        assert "failed" not in said, said
        directory.sh("systemctl restart slapd")

    return serve


def test_without_tls_on_offer(directory):
    said = directory("ldap_search_info", server_uri=["ldap://localhost"], start_tls=True)
    assert "start_tls: the server does not offer StartTLS" in said["msg"]


def test_certificates(directory, served):
    served("good")
    encrypted = {"server_uri": ["ldaps://localhost"]}
    started = {"server_uri": ["ldap://localhost"], "start_tls": True}
    for way in (encrypted, started):
        said = directory("ldap_search_info", **way, ca_path=f"{TLS}/ca.pem")
        assert said.get("count", 0) > 1, said
        said = directory("ldap_search_info", **way)
        assert "the certificate of the server is not good" in said["msg"]
        said = directory("ldap_search_info", **way, ca_path=f"{TLS}/other.pem")
        assert "the certificate of the server is not good" in said["msg"]
        assert "count" in directory("ldap_search_info", **way, validate_certs=False)
    who = {"ca_path": f"{TLS}/ca.pem", "bind_dn": None, "bind_password": None}
    certificate = {"client_cert": f"{TLS}/client.pem", "client_key": f"{TLS}/client.key"}
    said = directory("ldap_search_info", **encrypted, **who, **certificate, base=SUFFIX, scope="base")
    assert "count" in said, said
    said = directory(
        "ldap_search_info", **encrypted, **who, client_cert=f"{TLS}/client.pem", client_key=f"{TLS}/ca.key"
    )
    assert "cannot be used" in said["msg"]


@pytest.mark.parametrize(("name", "why"), [("expired", "expired"), ("stranger", "ostname mismatch")])
def test_a_bad_certificate_is_an_error_and_no_other_server_is_asked(directory, served, name, why):
    served(name)
    servers = ["ldaps://localhost", "ldapi:///"]
    said = directory("ldap_search_info", server_uri=servers, ca_path=f"{TLS}/ca.pem")
    assert said["failed"] is True
    assert why in said["msg"]
    assert "server_uri ldaps://localhost" in said["msg"]


def test_servers_are_tried_in_order(directory):
    said = directory(
        "ldap_search_info", server_uri=["ldap://192.0.2.1", "ldap://localhost:3", "ldapi:///"], connect_timeout=1
    )
    assert "count" in said, said
    said = directory("ldap_search_info", server_uri=["ldap://192.0.2.1", "ldap://localhost:3"], connect_timeout=1)
    assert "ldap://192.0.2.1" in said["msg"]
    assert "ldap://localhost:3: Connection refused" in said["msg"]


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"bind_password": "wrong"}, "invalid credentials (49); check bind_dn and bind_password"),
        ({"bind_dn": "nonsense"}, "invalid DN syntax (34)"),
        ({"base": "ou=nowhere,dc=example,dc=test"}, "no such object (32), the nearest entry is dc=example,dc=test"),
        ({"base": "dc=elsewhere"}, "no such object (32)"),
        ({"server_uri": ["ldaps://localhost:389"], "ca_path": f"{TLS}/ca.pem"}, "server_uri ldaps://localhost:389"),
    ],
)
def test_an_error_names_what_is_wrong(directory, options, why):
    said = directory("ldap_search_info", **options)
    assert said["failed"] is True
    assert why in said["msg"]


def test_a_referral_and_a_size_limit_are_said(directory):
    root = {"bind_dn": None, "bind_password": None}
    database = {"dn": "olcDatabase={1}mdb,cn=config", **root}
    directory("ldap_entry", **database, attributes={"olcReadOnly": True, "olcSizeLimit": 3})
    try:
        said = directory("ldap_entry", dn=f"ou=new,{SUFFIX}", attributes={"objectClass": "organizationalUnit"})
        assert said["failed"] is True
        assert "unwilling to perform (53)" in said["msg"]
        said = directory("ldap_search_info", base=SUFFIX, **root)
        assert "size limit exceeded (4)" in said["msg"]
    finally:
        directory("ldap_entry", **database, attributes={"olcReadOnly": [], "olcSizeLimit": []})


def test_a_search_in_three_forms(directory):
    said = directory("ldap_search_info", filter="(uid=alice)")
    assert said["entries"][0]["attributes"]["userPassword"] == ["(secret)"]
    assert said["entries"][0]["binary_attributes"] == ["jpegPhoto"]
    said = directory("ldap_search_info", filter="(uid=alice)", output="ldif", show_secrets=True)
    assert "userPassword: {CRYPT}$6$" in said["ldif"]
    assert "(secret)" not in said["ldif"]
    said = directory("ldap_search_info", output="tree", filter="(|(objectClass=organization)(ou=people)(uid=alice))")
    person = said["tree"][0]["children"][0]["children"][0]
    assert (person["name"], person["children"]) == ("uid=alice", [])
    said = directory("ldap_search_info", scope="one", size_limit=2)
    assert (said["count"], said["complete"]) == (2, False)
