#!/usr/bin/env bash
# Makes the bundled weights again: docs/bundled-models.md. Usage: train-bundled.sh [FOLDER TO WORK IN]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=${1:-$(mktemp -d)}
mkdir -p "$work"

# The commit is left out of the program's version, which a model file names: another commit gives the same bytes.
dotnet publish "$here/.." -c Release -o "$work/program" -p:IncludeSourceRevisionInInformationalVersion=false -v quiet
sessions=()
for seed in 101 102 103 104 105 106 107 108; do
  "$work/program/rtdecode" simulate-session "$work/hd-$seed" --kind head-direction --units 40 --minutes 10 --seed "$seed" --force
  sessions+=("$work/hd-$seed")
done
for kind in possm poyo; do
  "$work/program/rtdecode" train "${sessions[@]}" --config "demo_$kind" --restart -o "$work/$kind-head-direction.rtmodel"
  cp "$work/$kind-head-direction.rtmodel" "$here/"
done
echo "Reports of the trainings: $work/*.report/report.html"
