#!/usr/bin/env bash
# Builds everything, checks the formatting and runs all tests. Installs what the interop tests need where it can
# (Debian or Ubuntu with root or sudo), and says what it skips where it can't. With CI=true nothing may be skipped.
set -uo pipefail
cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

say() { printf '%s\n' "$*" >&2; }

python_ready() { for p in /usr/bin/python3 python3; do "$p" -c 'import zmq, msgpack, numpy, scipy' 2>/dev/null && return 0; done; return 1; }
if ! python_ready; then
  as_root=""; [ "$(id -u)" = 0 ] || as_root="sudo -n"
  if command -v apt-get >/dev/null; then
    say "Installing the interop tests' peers: python3-zmq python3-msgpack python3-numpy python3-scipy"
    $as_root apt-get update -qq >/dev/null 2>&1
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq python3 python3-zmq python3-msgpack python3-numpy python3-scipy >/dev/null 2>&1
  fi
  python_ready || say "Skipping the Python peers: install pyzmq, msgpack, numpy and scipy for python3 to run them."
fi

torch_ready() { for p in /usr/bin/python3 python3; do "$p" -c 'import torch' 2>/dev/null && return 0; done; return 1; }
if ! torch_ready; then
  as_root=""; [ "$(id -u)" = 0 ] || as_root="sudo -n"
  if command -v apt-get >/dev/null; then
    say "Installing PyTorch for the tests of its checkpoints: python3-torch (about 250 MB)"
    $as_root apt-get update -qq >/dev/null 2>&1
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends python3-torch >/dev/null 2>&1
  fi
  torch_ready || say "Skipping the checkpoints that PyTorch writes: install torch for python3 to run them."
fi

npm_folder=tests/Realtime.Interop.Tests/MessagePack
if command -v npm >/dev/null; then
  (cd "$npm_folder" && npm ci --silent --no-audit --no-fund >/dev/null 2>&1) || say "Skipping the npm peer: 'npm ci' failed in $npm_folder."
else
  say "Skipping the npm peer: Node.js is not installed."
fi

dotnet build RealtimeDecoder.sln -c Release -v quiet || exit 1
# What analyzers see is an error of the build already; left are white space and the order of usings.
dotnet format RealtimeDecoder.sln --verify-no-changes --no-restore --diagnostics IMPORTS || { say "Formatting differs: run 'dotnet format'."; exit 1; }

results=$(mktemp -d)
# One project after the other: live runs keep a schedule, and must not compete with another project's tests.
dotnet test RealtimeDecoder.sln -m:1 -c Release --no-build --logger trx --logger "console;verbosity=minimal" --results-directory "$results" -v quiet
status=$?

# One line of totals over all projects, for people and for scripts.
count() { cat "$results"/*.trx 2>/dev/null | grep -o "<Counters [^>]*>" | grep -o " $1=\"[0-9]*\"" | grep -o '[0-9]*' | awk '{s+=$1} END {print s+0}'; }
passed=$(count passed); failed=$(count failed); total=$(count total); executed=$(count executed)
rm -rf "$results"
skipped=$((total - executed))
printf '%s passed, %s failed, %s skipped\n' "$passed" "$failed" "$skipped"
[ "$passed" -gt 0 ] || exit 1
if [ "${CI:-}" = true ] && [ "$skipped" -gt 0 ]; then say "CI may skip nothing."; exit 1; fi
exit $status
