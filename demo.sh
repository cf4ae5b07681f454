#!/bin/sh
# The main job on the sample: files in, pairing lists per industry chain out, for an organiser. Everything that it
# writes goes to build/ and demo-out/.
set -eu
cd "$(dirname "$0")"
.ci/install build
cmake --preset release >/dev/null
cmake --build --preset release --target duijie

workspace=$PWD/demo-out/workspace
lists=$PWD/demo-out/lists
rm -rf "$workspace" "$lists"

# The sample's legal facts are set against this day.
now=2026-11-01
duijie() {
    echo "\$ duijie -w $workspace $* --now $now"
    ./build/release/app/duijie -w "$workspace" "$@" --now $now
}
# The sample holds a few rows that must be rejected: exit code 3.
import() {
    duijie import "$@" || [ $? -eq 3 ]
}

mkdir -p demo-out
duijie init
# What offices send: CSV in GB18030 and UTF-8, TSV, JSON, workbooks, and the official form that one enterprise filled in.
import enterprises datasets/sample/enterprises.csv
import needs datasets/sample/needs-* datasets/sample/form-1.xlsx
import patents datasets/sample/patents-*
duijie chains
duijie train
duijie index
duijie match --out "$lists" --audience organiser

echo
echo "Workspace: $workspace"
echo "Lists: $lists"
