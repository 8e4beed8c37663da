#!/usr/bin/env bash
# Makes a throw-away virtual environment with the Python peers of the panel bench (apart from those of
# peers_venv.sh, whose dependencies are others), and prints the path of its interpreter.
set -euo pipefail

readonly PACKAGES=("linearmodels==7.1" "pyfixest==0.60.0" "csdid==0.4.3")

usage() {
  cat <<'TEXT'
usage: peers_panel_venv.sh [--dry-run] [--help] [FOLDER]

Creates FOLDER (default: $TMPDIR/e2i-peers-panel-venv) as a Python virtual environment with linearmodels,
pyfixest and csdid, and prints the path of its python. Delete FOLDER to be rid of it.
  --dry-run   say what would be done, change nothing
TEXT
}

dry_run=0
folder="${TMPDIR:-/tmp}/e2i-peers-panel-venv"
for argument in "$@"; do
  case "$argument" in
    --help | -h)
      usage
      exit 0
      ;;
    --dry-run) dry_run=1 ;;
    -*)
      echo "peers_panel_venv.sh: unknown option '$argument' (see --help)" >&2
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

echo "peers_panel_venv.sh: making $folder (about a minute, once)" >&2
python3 -m venv --clear "$folder" >&2
"$python" -m pip install --quiet --disable-pip-version-check "${PACKAGES[@]}" >&2
printf '%s' "$wanted" >"$stamp"
echo "$python"
