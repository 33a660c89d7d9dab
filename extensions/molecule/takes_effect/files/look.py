# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a client or an administrator sees of the running daemons, and what becomes of it.

look.py before
    Each change of the JSON on standard input must show its `before`.
look.py follow DAEMON reload|restart CHANGES
    Do that, and wait until each change (JSON) shows its `after`. Before a restart, reload: that must not be enough.

A change says what to `look` at, in one word:

port [ADDRESS] PORT      open or closed; the address `outside` is the first of the host
certificate PORT [smtp]  the name in the certificate that is shown
banner PORT              the first line that the server says
login USER               yes or no, over IMAP
capability WORD          yes or no, in an IMAP session
mailbox PATH             yes or no, whether a folder exists after a session
owner PROCESS            the user that a process of Dovecot runs as
group FILE               its group
zone FILE                hours by which the clock of Dovecot's log is ahead of the host's
log FILE                 yes or no, whether a session leaves a line there
instance NAME            yes or no, whether doveadm lists one of this name
file PATH                yes or no
"""

import contextlib
import imaplib
import json
import os
import pathlib
import re
import smtplib
import socket
import ssl
import subprocess
import sys
import time


def session(user="first"):
    """The capabilities in a session over IMAP, nothing without one."""
    try:
        client = imaplib.IMAP4("127.0.0.1", timeout=5)
        client.login(user, "secret")
    except (OSError, imaplib.IMAP4.error):
        return None
    client.select()
    words = client.capability()[1][0].decode().split()
    client.logout()
    return words


def processes(name):
    """The numbers of the processes of a program of Dovecot."""
    for entry in os.listdir("/proc"):
        try:
            if entry.isdigit() and os.readlink(f"/proc/{entry}/exe") == f"/usr/lib/dovecot/{name}":
                yield entry
        except OSError:
            pass


@contextlib.contextmanager
def connection():
    """A login, and a client that has not logged in yet: so the processes for both are there."""
    if session() is None:
        raise OSError("nobody can log in")
    with socket.create_connection(("127.0.0.1", 143), timeout=5) as client:
        client.recv(1000)
        yield


def owner(name):
    with connection():
        return " ".join(sorted({pathlib.Path(f"/proc/{number}").owner() for number in processes(name)})) or "none"


def port(*place):
    address, number = place if len(place) == 2 else ("127.0.0.1", place[0])
    address = socket.gethostbyname(socket.gethostname()) if address == "outside" else address
    try:
        with socket.create_connection((address, int(number)), timeout=5):
            return "open"
    except OSError:
        return "closed"


def certificate(number, protocol=None):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if protocol == "smtp":
        with smtplib.SMTP("127.0.0.1", int(number), timeout=10) as client:
            client.starttls(context=context)
            shown = client.sock.getpeercert(binary_form=True)
    else:
        with (
            socket.create_connection(("127.0.0.1", int(number)), timeout=10) as plain,
            context.wrap_socket(plain) as secured,
        ):
            shown = secured.getpeercert(binary_form=True)
    said = subprocess.run(
        ["openssl", "x509", "-inform", "DER", "-noout", "-subject", "-nameopt", "multiline"],
        input=shown,
        capture_output=True,
        check=True,
    ).stdout.decode()
    return re.search(r"commonName\s*= (.*)", said)[1]


def banner(number):
    with socket.create_connection(("127.0.0.1", int(number)), timeout=10) as client:
        return client.makefile().readline().strip().partition("] ")[2 if number == "143" else 0]


def zone(file):
    """Hours by which the clock of the log is ahead of the host's."""
    session()
    time.sleep(0.2)
    stamp = re.match(r"\w+ +\d+ (\d+):", pathlib.Path(file).read_text().splitlines()[-1])
    return str((int(stamp[1]) - time.localtime().tm_hour) % 24)


def log(file, pattern):
    session()
    if port("25") == "open":
        banner("25")
    try:
        with open(file, encoding="utf-8") as handle:
            return said(re.search(pattern, handle.read()))
    except FileNotFoundError:
        return "no"


def instance(name):
    session()
    shown = subprocess.run(["doveadm", "instance", "list"], capture_output=True, text=True, check=True).stdout
    return said(re.search(rf"\b{name}\b", shown))


def said(thing):
    return "yes" if thing else "no"


KINDS = {
    "port": port,
    "certificate": certificate,
    "banner": banner,
    "login": lambda user: said(session(user)),
    "capability": lambda word: said(word in (session() or ())),
    "mailbox": lambda path: said(session() is not None and os.path.isdir(path)),
    "owner": owner,
    "group": lambda path: pathlib.Path(path).group(),
    "zone": zone,
    "log": log,
    "instance": instance,
    "file": lambda path: said(session() is not None and os.path.exists(path)),
}


def seen(change):
    kind, *arguments = change["look"].split()
    try:
        return KINDS[kind](*arguments)
    except OSError as error:
        return str(error)


def systemctl(action, daemon):
    subprocess.run(["systemctl", action, daemon], check=True)


def before(changes):
    for change in changes:
        shown = seen(change)
        if shown != change["before"]:
            sys.exit(f"{change['name']}: {change['look']} shows {shown} before the change")


def follow(daemon, action, changes):
    if action == "restart" and all(change.get("reload", True) for change in changes):
        systemctl("reload", daemon)
        time.sleep(0.5)
        for change in changes:
            if seen(change) == change["after"]:
                sys.exit(f"{change['name']}: a reload is enough")
    systemctl(action, daemon)
    ends = time.monotonic() + 20
    for change in changes:
        while seen(change) != change["after"]:
            if time.monotonic() > ends:
                sys.exit(f"{change['name']}: {change['look']} shows {seen(change)} after the {action}")
            time.sleep(0.1)


if sys.argv[1] == "before":
    before(json.load(sys.stdin))
else:
    follow(*sys.argv[2:4], json.loads(sys.argv[4]))
