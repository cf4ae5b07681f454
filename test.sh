#!/bin/sh
# Installs what is missing, builds with all warnings as errors, and runs every test. Ends with ctest's summary.
# ./test.sh [PRESET] takes another preset, such as asan-ubsan.
set -eu
cd "$(dirname "$0")"
preset=${1:-debug}
.ci/install build test
cmake --preset "$preset"
cmake --build --preset "$preset"
exec ctest --preset "$preset"
