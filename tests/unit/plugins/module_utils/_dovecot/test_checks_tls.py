# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates and keys, made and read with the real openssl."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any, Callable

import pytest

Found = Callable[..., list[tuple[Any, ...]]]
Pair = dict[str, bytes]


def openssl(*arguments: str, stdin: bytes = b"") -> bytes:
    return subprocess.run(["openssl", *arguments], input=stdin, capture_output=True, check=True).stdout


@pytest.fixture(scope="module")
def key() -> bytes:
    return openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:prime256v1")


@pytest.fixture(scope="module")
def pair(key: bytes, tmp_path_factory: pytest.TempPathFactory) -> Pair:
    """A certificate and its key, by path."""
    return {"/c.pem": certified(key, tmp_path_factory.mktemp("tls")), "/k.pem": key}


@pytest.fixture(scope="module")
def expired(key: bytes, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("tls")
    (folder / "index.txt").touch()
    (folder / "ca.cnf").write_text(
        f"[ca]\ndefault_ca = x\n[x]\ndatabase = {folder}/index.txt\nnew_certs_dir = {folder}\n"
        "rand_serial = yes\ndefault_md = sha256\npolicy = p\n[p]\ncommonName = supplied\n"
    )
    (folder / "key.pem").write_bytes(key)
    (folder / "request.pem").write_bytes(openssl("req", "-new", "-key", f"{folder}/key.pem", "-subj", "/CN=a.example"))
    return openssl(
        *("ca", "-config", f"{folder}/ca.cnf", "-selfsign", "-keyfile", f"{folder}/key.pem", "-batch", "-notext"),
        *("-in", f"{folder}/request.pem", "-startdate", "20200101000000Z", "-enddate", "20210101000000Z"),
    )


def certified(key: bytes, folder: Path) -> bytes:
    (folder / "key.pem").write_bytes(key)
    return openssl("req", "-x509", "-key", f"{folder}/key.pem", "-subj", "/CN=a.example", "-days", "9")


NEW = "ssl_server_cert_file = /c.pem\nssl_server_key_file = /k.pem\n"
OLD = "ssl_cert = </c.pem\nssl_key = </k.pem\n"
SECTION = "ssl_server {\n  cert_file = /c.pem\n  key_file = /k.pem\n}\n"


@pytest.mark.parametrize(("syntax", "text"), [("2.3", OLD), ("2.4", NEW), ("2.4", SECTION)])
def test_a_pair(found: Found, pair: Pair, syntax: str, text: str) -> None:
    assert found(syntax, text, contents=pair) == []
    both = pair["/c.pem"] + pair["/k.pem"]
    assert found(syntax, text, contents={"/c.pem": both, "/k.pem": both}) == []


@pytest.mark.parametrize(("syntax", "text", "line"), [("2.3", OLD, 2), ("2.4", NEW, 2), ("2.4", SECTION, 3)])
def test_a_key_of_another_certificate(found: Found, pair: Pair, syntax: str, text: str, line: int) -> None:
    other = openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:prime256v1")
    message = "does not belong to the certificate /c.pem"
    assert found(syntax, text, contents={**pair, "/k.pem": other}) == [("certificate", "error", line, message)]


def test_a_name_with_a_certificate_of_its_own(found: Found, pair: Pair, tmp_path: Path) -> None:
    other = openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:prime256v1")
    contents = {**pair, "/own.pem": certified(other, tmp_path), "/own.key": other}
    own = "local_name a.example {\n  ssl_server_cert_file = /own.pem\n%s}\n"
    assert found("2.4", NEW + own % "  ssl_server_key_file = /own.key\n", contents=contents) == []
    # Without a key of its own it goes with that of all.
    message = "does not belong to the certificate /own.pem"
    assert found("2.4", NEW + own % "", contents=contents) == [("certificate", "error", 2, message)]


def test_an_expired_certificate(found: Found, key: bytes, expired: bytes) -> None:
    contents = {"/c.pem": expired, "/k.pem": key}
    assert found("2.4", NEW, contents=contents) == [("certificate", "warning", 1, "expired on 2021-01-01")]


@pytest.mark.parametrize(
    ("name", "line", "message"),
    [("/c.pem", 1, "is not a certificate in PEM form"), ("/k.pem", 2, "is not a key in PEM form")],
)
def test_no_pem(found: Found, pair: Pair, name: str, line: int, message: str) -> None:
    assert found("2.4", NEW, contents={**pair, name: b"nothing\n"}) == [("certificate", "error", line, message)]


def test_a_key_with_a_password(found: Found, pair: Pair) -> None:
    protected = openssl("pkcs8", "-topk8", "-v2", "aes256", "-passout", "pass:hush", stdin=pair["/k.pem"])
    contents = {**pair, "/k.pem": protected}
    assert found("2.4", NEW, contents=contents) == [("certificate", "error", 2, "is protected by a password")]
    assert found("2.4", f"{NEW}ssl_server_key_password = hush\n", contents=contents) == []


@pytest.mark.parametrize(
    ("syntax", "text", "findings"),
    [
        ("2.3", "ssl_cert = /c.pem\n", [("certificate", "error", 1, "is taken for the content of the file")]),
        ("2.3", "ssl_dh = </c.pem\n", []),
        (
            "2.4",
            "ssl_server_cert_file = </c.pem\n",
            [("certificate", "error", 1, "Dovecot takes the content of the file for its name")],
        ),
        (
            "2.4",
            "ssl_server {\n  ca_file = </c.pem\n}\n",
            [("certificate", "error", 2, "Dovecot takes the content of the file for its name")],
        ),
        ("2.4", "ssl_server_ca_file = /c.pem\n", []),
        ("2.4", "doveadm_password = </c.pem\n", []),
        (
            "2.4",
            "protocols = imap\npassdb pam {\n}\nmail_uid = 5000\n",
            [("certificate", "warning", 1, "there is no certificate for TLS")],
        ),
        (
            "2.3",
            "protocols = imap\npassdb {\n}\nssl_cert = </c.pem\n",
            [("certificate", "warning", 1, "there is no key for TLS")],
        ),
        ("2.4", "protocols = imap\npassdb pam {\n}\nssl = no\nmail_uid = 5000\n", []),
        ("2.4", "protocols = lmtp\n", []),
        ("2.3", "protocols = imap\npassdb {\n}\nssl_cert_file = /c.pem\nssl_key_file = /c.pem\n", []),
        (
            "2.4",
            "ssl_min_protocol = SSLv3\n",
            [("tls_protocol", "error", 1, "is not a version of TLS that Dovecot knows")],
        ),
        ("2.3", "ssl_min_protocol = SSLv3\n", []),
    ],
)
def test_settings(found: Found, syntax: str, text: str, findings: list[Any]) -> None:
    assert found(syntax, text, files=["/c.pem"], programs=["imap", "imap-login", "lmtp"]) == findings
