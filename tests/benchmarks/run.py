# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the benchmarks and write build/benchmarks.json; with a name, run that one and keep the figures of the others."""

from __future__ import annotations

import json
import sys
import time

import account_cases
import directory_cases
import log_cases
import postfix_cases
import site_cases
import sync_cases
from bed import ROOT, Bed

SUBJECTS = (account_cases, postfix_cases, site_cases, log_cases, directory_cases, sync_cases)
CASES = {name: case for subject in SUBJECTS for name, case in subject.CASES.items()}
FILE = ROOT / "build/benchmarks.json"
ROW = "{:<24} {:>9} {:>9} {:>9} {:>8}  {:<14} {}"


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in CASES]
    if unknown:
        print(f"There is no benchmark {unknown[0]}; there are: {', '.join(CASES)}", file=sys.stderr)
        return 64
    results = json.loads(FILE.read_text()) if names and FILE.exists() else {}
    with Bed() as bed:
        for name in names or CASES:
            started = time.monotonic()
            results[name] = CASES[name](bed).as_dict()
            print(f"{name}: measured in {time.monotonic() - started:.0f} s", flush=True)
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(results, indent=2) + "\n")
    print_table(results)
    return 0 if all(results[name]["met"] for name in names or CASES) else 1


def print_table(results: dict[str, dict[str, object]]) -> None:
    print("\n" + ROW.format("benchmark", "ours", "empty", "peer", "ratio", "goal", "peer is"))
    for name, result in results.items():
        goal = f"{result['goal_is_for']} <= {result['goal']}"
        met = "" if result["met"] else "   NOT MET"
        figures = [result["ours"], result.get("empty_module"), result["peer"]]
        cells = [*("" if figure is None else f"{figure} {result['unit']}" for figure in figures), result["ratio"]]
        print(ROW.format(name, *cells, goal, f"{result['peer_name']}{met}"))
    print(f"\nWritten to {FILE.relative_to(ROOT)}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
