# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail programs that Debian packages. ``host`` has them, and they talk to the server of the other host."""

from __future__ import annotations

import re
import shlex

import pytest
from clients import new_subject

NAME = "mail.example.test"
CA = "/srv/peer.pem"
ALICE = ("alice@example.test", "alice-test-password")
BOB = ("bob@example.test", "bob-test-password")
CAROL = ("carol@example.test", "carol-test-password")
DAVE = ("dave@example.test", "dave-test-password")


def run(host, *argv, stdin=None, expect=0):
    """Run a client; return all that it said. Its password may stand in the command: these are test accounts."""
    command = shlex.join(argv)
    if stdin is not None:
        command = f"printf %s {shlex.quote(stdin)} | {command}"
    ran = host.run(f"timeout 60 sh -c {shlex.quote(command)}")
    said = ran.stdout + ran.stderr
    assert (ran.rc == 0) == (expect == 0), f"{command} ended with {ran.rc}:\n{said}"
    return said


def write(host, path, text):
    run(host, "tee", path, stdin=text)
    run(host, "chmod", "600", path)


def message(subject, recipient, sender=ALICE[0]):
    return f"From: {sender}\nTo: {recipient}\nSubject: {subject}\n\nHello.\n"


# --- swaks ---


def swaks(host, *options, sender=ALICE[0], recipient=BOB[0], subject="none", expect=0):
    return run(
        host,
        *("swaks", "--server", NAME, "--helo", "client.example.net", "--from", sender, "--to", recipient),
        *("--header", f"Subject: {subject}", *options),
        expect=expect,
    )


SUBMISSION = ("--port", "587", "--tls", "--tls-verify", "--tls-ca-path", CA)
SUBMISSIONS = ("--port", "465", "--tls-on-connect", "--tls-verify", "--tls-ca-path", CA)


def login(user, password, mechanism="PLAIN"):
    return ("--auth", mechanism, "--auth-user", user, "--auth-password", password)


# Asks the mailbox again until the message has come: one call of podman, however long it takes.
FETCH = """
for attempt in $(seq 40); do
    found=$(curl -sS --cacert "$CA" --user "$1" "$2" --request "SEARCH SUBJECT \\"$3\\"")
    number=$(echo "$found" | tr -dc '0-9 ' | cut -d' ' -f3)
    [ -z "$number" ] || exec curl -sS --cacert "$CA" --user "$1" "$2;MAILINDEX=$number"
    sleep 0.25
done
echo "no message $3 came to $2 of $1" >&2
exit 1
"""


def fetched(host, user, password, subject, folder="INBOX"):
    """The message with that subject, read by curl over IMAPS."""
    url = f"imaps://{NAME}/{folder}"
    return run(host, "env", f"CA={CA}", "sh", "-c", FETCH, "sh", f"{user}:{password}", url, subject)


@pytest.mark.parametrize("port", [SUBMISSION, SUBMISSIONS], ids=["587", "465"])
@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
def test_swaks_submits(host, port, mechanism):
    subject = new_subject()
    swaks(host, *port, *login(*ALICE, mechanism), subject=subject)
    assert "ESMTPSA" in fetched(host, *BOB, subject)


@pytest.mark.parametrize(
    ("options", "envelope", "answer"),
    [
        pytest.param(("--port", "587", *login(*ALICE)), {}, "Host did not advertise authentication", id="clear"),
        pytest.param(
            (*SUBMISSION, *login(ALICE[0], "wrong"), "--auth-hide-password"), {}, r"535 5\.7\.8", id="password"
        ),
        pytest.param((*SUBMISSION,), {}, r"(530|554) 5\.7\.[01]", id="no login"),
        pytest.param(
            ("--port", "25"), {"sender": "x@example.net", "recipient": "y@example.org"}, r"554 5\.7\.1", id="relay"
        ),
        pytest.param((*SUBMISSION, *login(*ALICE)), {"sender": BOB[0]}, r"553 5\.7\.1", id="forged"),
        pytest.param(("--port", "25"), {}, r"553 5\.7\.1", id="own domain without login"),
        pytest.param(
            ("--port", "25"),
            {"sender": "x@example.net", "recipient": "nobody@example.test"},
            r"550 5\.1\.1",
            id="unknown recipient",
        ),
        pytest.param(
            (*SUBMISSION, *login(*ALICE)), {"recipient": "nobody@example.test"}, r"550 5\.1\.1", id="unknown at 587"
        ),
    ],
)
def test_swaks_is_refused(host, options, envelope, answer):
    assert re.search(answer, swaks(host, *options, **envelope, expect=1))


def test_swaks_may_send_a_bounce_and_mail_from_elsewhere(host):
    for sender in ("<>", "somebody@example.net"):
        subject = new_subject()
        swaks(host, "--port", "25", sender=sender, subject=subject)
        assert fetched(host, *BOB, subject)


def test_swaks_is_refused_a_message_over_the_limit(host):
    run(host, "dd", "if=/dev/zero", "of=/srv/large", "bs=1k", "count=1100")
    said = swaks(host, *SUBMISSION, *login(*ALICE), "--attach", "@/srv/large", expect=1)
    assert re.search(r"552 5\.3\.4", said)


def test_vrfy_tells_nothing(host):
    said = run(host, "curl", "-sS", "--verbose", f"smtp://{NAME}", "--request", f"VRFY {BOB[0]}", expect=1)
    assert re.search(r"502 5\.5\.1", said)


# --- msmtp, curl ---


@pytest.mark.parametrize(("port", "starttls"), [("587", "on"), ("465", "off")])
def test_msmtp_submits(host, port, starttls):
    subject = new_subject()
    account = ("msmtp", "-C", "/dev/null", f"--host={NAME}", f"--port={port}", "--tls=on", f"--tls-starttls={starttls}")
    login_options = ("--auth=plain", f"--user={ALICE[0]}", f"--passwordeval=echo {ALICE[1]}")
    run(
        host,
        *(*account, f"--tls-trust-file={CA}", *login_options, f"--from={ALICE[0]}", BOB[0]),
        stdin=message(subject, BOB[0]),
    )
    assert fetched(host, *BOB, subject)


def test_curl_submits_and_reads_over_pop3s(host):
    subject = new_subject()
    curl = ("curl", "-sS", "--cacert", CA)
    run(
        host,
        *(*curl, "--user", ":".join(ALICE), f"smtps://{NAME}", "--mail-from", ALICE[0], "--mail-rcpt", DAVE[0]),
        *("--upload-file", "-"),
        stdin=message(subject, DAVE[0]),
    )
    fetched(host, *DAVE, subject)
    listing = run(host, *curl, "--user", ":".join(DAVE), f"pop3s://{NAME}/")
    last = listing.split("\n")[-2].split()[0] if listing.endswith("\n") else listing.split("\n")[-1].split()[0]
    assert subject in run(host, *curl, "--user", ":".join(DAVE), f"pop3s://{NAME}/{last}")


@pytest.mark.parametrize("url", [f"imaps://{NAME}/", f"pop3s://{NAME}/", f"smtps://{NAME}/"])
def test_curl_with_a_wrong_password_is_refused(host, url):
    said = run(host, "curl", "-sS", "--cacert", CA, "--user", f"{CAROL[0]}:wrong", url, expect=1)
    assert re.search(r"(?i)login denied|access denied", said)


@pytest.mark.parametrize("url", [f"imap://{NAME}/", f"pop3://{NAME}/"])
def test_curl_without_tls_cannot_log_in(host, url):
    said = run(host, "curl", "-sS", "--user", ":".join(CAROL), url, expect=1)
    assert re.search(r"(?i)login denied|access denied|authentication mechanism|encrypt", said)


# --- mbsync, fetchmail, sieve-connect ---

MBSYNC = f"""IMAPAccount server
Host {NAME}
User {CAROL[0]}
Pass {CAROL[1]}
{{tls}} IMAPS
CertificateFile {CA}

IMAPStore far
Account server

MaildirStore near
Path /srv/mbsync/
Inbox /srv/mbsync/INBOX
SubFolders Verbatim

Channel mail
Far :far:
Near :near:
Patterns *
Create Both
Expunge Both
SyncState *
"""


def test_mbsync_keeps_both_sides_the_same(host):
    version = re.search(r"isync (\d+)\.(\d+)", run(host, "mbsync", "--version"))
    tls = "TLSType" if (int(version[1]), int(version[2])) >= (1, 5) else "SSLType"
    write(host, "/srv/mbsyncrc", MBSYNC.format(tls=tls))
    run(host, "rm", "-rf", "/srv/mbsync")
    run(host, "mkdir", "-p", "/srv/mbsync")
    sync = ("mbsync", "-c", "/srv/mbsyncrc", "mail")
    come, made = new_subject(), new_subject()
    swaks(host, *SUBMISSION, *login(*ALICE), recipient=CAROL[0], subject=come)
    fetched(host, *CAROL, come)
    run(host, *sync)
    folders = run(host, "ls", "/srv/mbsync").split()
    assert {"INBOX", "Drafts", "Sent", "Junk", "Trash", "Archive"} <= set(folders)
    near = run(host, "grep", "-rl", come, "/srv/mbsync/INBOX").strip()
    # Here: the message is read and flagged, and there is a folder more with a message in it.
    name = near.rsplit("/", 1)[1].split(":")[0]
    run(host, "mv", near, f"/srv/mbsync/INBOX/cur/{name}:2,FS")
    run(host, "mkdir", "-p", *(f"/srv/mbsync/Projects/{part}" for part in ("cur", "new", "tmp")))
    write(host, "/srv/mbsync/Projects/cur/1.made.here:2,S", message(made, CAROL[0]))
    run(host, *sync)
    assert fetched(host, *CAROL, made, folder="Projects")
    imap = ("curl", "-sS", "--cacert", CA, "--user", ":".join(CAROL), f"imaps://{NAME}/INBOX", "--request")
    number = re.findall(r"\d+", run(host, *imap, f'SEARCH SUBJECT "{come}" FLAGGED SEEN'))[0]
    # There: it is no longer flagged, and answered.
    run(host, *imap, f"STORE {number} FLAGS (\\Seen \\Answered)")
    run(host, *sync)
    near = run(host, "grep", "-rl", come, "/srv/mbsync/INBOX").strip()
    assert set(near.rsplit(":2,", 1)[1]) == {"R", "S"}
    # Deleted here, it is gone there.
    run(host, "rm", near)
    run(host, *sync)
    assert re.findall(r"\d+", run(host, *imap, f'SEARCH SUBJECT "{come}"')) == []


@pytest.mark.parametrize("protocol", ["imap", "pop3"])
def test_fetchmail_fetches(host, protocol):
    subject = new_subject()
    swaks(host, *SUBMISSION, *login(*ALICE), recipient=DAVE[0], subject=subject)
    fetched(host, *DAVE, subject)
    write(
        host,
        "/srv/fetchmailrc",
        f"poll {NAME} protocol {protocol} user '{DAVE[0]}' password '{DAVE[1]}' ssl sslcertck\n"
        f"  sslcertfile {CA} fetchall keep mda 'cat >>/srv/fetched-{protocol}'\n",
    )
    run(host, "fetchmail", "--nodetach", "--fetchmailrc", "/srv/fetchmailrc", "--pidfile", "/srv/fetchmail.pid")
    assert subject in host.file(f"/srv/fetched-{protocol}").content_string


SCRIPT = """require ["fileinto", "mailbox"];
if header :contains "Subject" "filed" {
  fileinto :create "Filed";
}
"""


def test_sieve_connect_uploads_a_script_that_then_files(host):
    write(host, "/srv/filed.sieve", SCRIPT)
    write(host, "/srv/password", DAVE[1])
    connect = ("sieve-connect", "--server", NAME, "--port", "4190", "--user", DAVE[0])
    options = ("--passwordfd", "0", "--tlscafile", CA)

    def sieve(*command):
        return run(host, *connect, *options, *command, stdin=DAVE[1] + "\n")

    sieve("--localsieve", "/srv/filed.sieve", "--remotesieve", "filed", "--upload")
    sieve("--remotesieve", "filed", "--activate")
    assert re.search(r'"?filed"? ACTIVE', sieve("--list"))
    subject = f"filed {new_subject()}"
    swaks(host, *SUBMISSION, *login(*ALICE), recipient=DAVE[0], subject=subject)
    assert fetched(host, *DAVE, subject, folder="Filed")


# --- TLS ---

PORTS = {"25": ("-starttls", "smtp"), "587": ("-starttls", "smtp"), "143": ("-starttls", "imap")}
PORTS |= {"110": ("-starttls", "pop3"), "4190": ("-starttls", "sieve"), "465": (), "993": (), "995": ()}


# The client's own OpenSSL must not be what refuses an old version.
HANDSHAKE = """openssl s_client -connect {name}:{port} {starttls} -{version} -cipher DEFAULT:@SECLEVEL=0 -CAfile {ca} \\
    -verify_return_error -verify_hostname {name} </dev/null >/tmp/tls-{port}-{version} 2>&1; \\
    echo "ended with $?" >>/tmp/tls-{port}-{version}"""


@pytest.fixture(scope="module")
def handshakes(host):
    """What openssl said to each port in each version, all asked in one go."""
    asked = [(port, version) for port in PORTS for version in ("tls1", "tls1_1", "tls1_2", "tls1_3")]
    commands = [
        HANDSHAKE.format(name=NAME, port=port, starttls=" ".join(PORTS[port]), version=version, ca=CA)
        for port, version in asked
    ]
    # Eight at a time, fewer than a client may hold open.
    for first in range(0, len(commands), 8):
        host.check_output("sh -c %s", " ".join(f"({command}) &" for command in commands[first : first + 8]) + " wait")
    said = host.check_output(
        "sh -c %s", "; ".join(f"cat /tmp/tls-{port}-{version}; printf '\\f'" for port, version in asked)
    )
    return dict(zip(asked, said.split("\f")[:-1], strict=True))


@pytest.mark.parametrize("port", PORTS)
@pytest.mark.parametrize("version", ["tls1_2", "tls1_3"])
def test_openssl_is_served_current_tls(handshakes, port, version):
    said = handshakes[port, version]
    assert "Verify return code: 0 (ok)" in said, said
    assert "ended with 0" in said, said


@pytest.mark.parametrize("port", PORTS)
@pytest.mark.parametrize("version", ["tls1", "tls1_1"])
def test_openssl_is_refused_old_tls(handshakes, port, version):
    # Dovecot 2.3 closes the connection, the others say why.
    said = handshakes[port, version]
    assert "ended with 0" not in said, said
    assert re.search(r"alert protocol version|unexpected eof|errno=104", said), said


def test_posttls_finger_trusts_the_certificate(host):
    # It asks the DNS for names and nothing else, so it gets the address, and the name to expect apart.
    address = run(host, "getent", "ahostsv4", NAME).split()[0]
    said = run(host, "posttls-finger", "-c", "-l", "secure", "-F", CA, f"[{address}]:25", NAME)
    assert "Verified TLS connection established" in said
