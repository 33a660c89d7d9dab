# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Look for secrets wherever this user may look, again and again, until a line comes on standard input.

    watch_secrets.py SECRET...

Besides the given secrets whatever begins with the mark of the tests counts. Run it as somebody without rights. What
was found is printed as JSON, with the number of rounds. A file and a command line that hold a control show that it
sees.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator

# Taken apart, so that neither this file nor a command line holds it.
MARK = "marked" + "-"
CONTROL = "control" + "-4711"
FOLDERS = ("/etc", "/run", "/srv", "/tmp", "/usr/local", "/var")
LARGEST = 1_000_000


def command_lines() -> Iterator[tuple[str, bytes]]:
    for entry in os.listdir("/proc"):
        # This process has the secrets among its own arguments.
        if entry.isdigit() and int(entry) not in (os.getpid(), os.getppid()):
            for name in ("cmdline", "environ"):
                yield "command line", read(f"/proc/{entry}/{name}")


def files() -> Iterator[tuple[str, bytes]]:
    for folder in FOLDERS:
        for place, _folders, names in os.walk(folder):
            for name in names:
                path = os.path.join(place, name)
                if os.path.isfile(path):
                    yield f"file {path}", read(path)


def read(path: str) -> bytes:
    try:
        with open(path, "rb") as handle:
            return handle.read(LARGEST)
    except OSError:
        return b""


def main(secrets: list[str]) -> None:
    wanted = [secret.encode() for secret in (MARK, *secrets)]
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.readline(), ended.set()), daemon=True).start()
    places: set[str] = set()
    control: set[str] = set()
    rounds = 0
    sleeper = [sys.executable, "-c", f"import time; time.sleep(600)  # {CONTROL}"]
    with tempfile.NamedTemporaryFile() as file, subprocess.Popen(sleeper) as process:
        file.write(CONTROL.encode())
        file.flush()
        print("watching", flush=True)
        while not ended.is_set():
            rounds += 1
            # Command lines last for an instant, files longer.
            for place, content in [*command_lines(), *(files() if rounds % 10 == 1 else ())]:
                if any(secret in content for secret in wanted):
                    places.add(place)
                if CONTROL.encode() in content:
                    control.add(place.split(" /")[0])
        process.kill()
    print(json.dumps({"rounds": rounds, "control": sorted(control), "places": sorted(places)}))


if __name__ == "__main__":
    main(sys.argv[1:])
