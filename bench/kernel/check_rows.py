# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks the rows that `bench_kernel --json` wrote against bench/README.md.

usage: check_rows.py FILE    prints one line per workload; ends with 1 and a message where a row is not as described
"""
import json
import sys

FIELDS = {"workload": str, "name": str, "variant": str, "threads": int, "mpairs_per_s": float, "seconds": float,
          "hash": str, "peer": bool, "rounds": int, "clock": str}
VARIANTS = ["scalar", "avx2", "avxvnni", "vnni", "amx"]
WORKLOADS = ["sparse-all", "sparse-chain", "dense", "fused", "single-1m"]


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        rows = json.load(file)
    hashes, measured = {}, {}
    for row in rows:
        for field, kind in FIELDS.items():
            if not isinstance(row.get(field), kind):
                sys.exit(f"{field} is {row.get(field)!r}: {row}")
        if row["mpairs_per_s"] <= 0 or row["threads"] < 1 or row["clock"] not in ("wall", "cpu"):
            sys.exit(f"not a measurement: {row}")
        if row["peer"] != (row["variant"] == "") or row["peer"] != (row["hash"] == ""):
            sys.exit(f"a peer has neither variant nor hash, all others have both: {row}")
        if row["workload"].startswith("single") != ("p50_ms" in row):
            sys.exit(f"p50_ms belongs to single needs: {row}")
        if not row["peer"]:
            if row["variant"] not in VARIANTS:
                sys.exit(f"no such variant: {row}")
            hashes.setdefault(row["workload"], set()).add(row["hash"])
            measured.setdefault(row["workload"], set()).add((row["variant"], row["threads"]))
    for workload in WORKLOADS:
        if ("scalar", 1) not in measured.get(workload, ()):
            sys.exit(f"{workload}: no row of the scalar variant")
    for workload, seen in hashes.items():
        if len(seen) != 1:
            sys.exit(f"{workload}: {len(seen)} hashes: {sorted(seen)}")
        print(f"{workload}: {len(measured[workload])} rows of the kernel, hash {seen.pop()}")


main()
