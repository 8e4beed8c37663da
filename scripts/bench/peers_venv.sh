#!/usr/bin/env bash
# Makes a throw-away virtual environment with the Python peers that `PEERS=1 make bench-causal`
# measures in the same run, and prints the path of its interpreter. Running it again is free.
set -euo pipefail

readonly PACKAGES=("dowhy==0.14" "statsmodels==0.15.0" "doubleml==0.11.4" "lightgbm==4.7.0" "pandas" "numpy")

usage() {
  cat <<'TEXT'
usage: peers_venv.sh [--dry-run] [--help] [FOLDER]

Creates FOLDER (default: $TMPDIR/e2i-peers-venv) as a Python virtual environment with DoWhy,
statsmodels, DoubleML, LightGBM and pandas, and prints the path of its python. Delete FOLDER to be rid of it.
  --dry-run   say what would be done, change nothing
TEXT
}

dry_run=0
folder="${TMPDIR:-/tmp}/e2i-peers-venv"
for argument in "$@"; do
  case "$argument" in
    --help | -h)
      usage
      exit 0
      ;;
    --dry-run) dry_run=1 ;;
    -*)
      echo "peers_venv.sh: unknown option '$argument' (see --help)" >&2
      exit 64
      ;;
    *) folder="$argument" ;;
  esac
done

readonly python="$folder/bin/python"
readonly stamp="$folder/.complete"
wanted="$(printf '%s\n' "${PACKAGES[@]}")"

if [[ -f "$stamp" && "$(cat "$stamp")" == "$wanted" ]]; then
  echo "$python"
  exit 0
fi
if ((dry_run)); then
  echo "pre-flight: no impact yet; would create $folder with: ${PACKAGES[*]}" >&2
  exit 0
fi

echo "peers_venv.sh: making $folder (about a minute, once)" >&2
python3 -m venv --clear "$folder" >&2
"$python" -m pip install --quiet --disable-pip-version-check "${PACKAGES[@]}" >&2
printf '%s' "$wanted" >"$stamp"
echo "$python"
