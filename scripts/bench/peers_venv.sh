#!/usr/bin/env bash
# Makes a throw-away virtual environment with Python peers that `PEERS=1 make bench-causal` measures in
# the same run, and prints the path of its interpreter. Running it again is free.
set -euo pipefail

readonly CAUSAL=("dowhy==0.14" "statsmodels==0.15.0" "doubleml==0.11.4" "lightgbm==4.7.0" "pandas" "numpy")
# Apart from those above, whose dependencies are others.
readonly PANEL=("linearmodels==7.1" "pyfixest==0.60.0" "csdid==0.4.3")

usage() {
  cat <<'TEXT'
usage: peers_venv.sh [--dry-run] [--help] SET [FOLDER]

Creates FOLDER (default: $TMPDIR/e2i-peers-SET-venv) as a Python virtual environment with the peers of SET
and prints the path of its python. Delete FOLDER to be rid of it.
  causal      DoWhy, statsmodels, DoubleML, LightGBM and pandas
  panel       linearmodels, pyfixest and csdid
  --dry-run   say what would be done, change nothing
TEXT
}

dry_run=0
arguments=()
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
    *) arguments+=("$argument") ;;
  esac
done

case "${arguments[0]:-}" in
  causal) packages=("${CAUSAL[@]}") ;;
  panel) packages=("${PANEL[@]}") ;;
  *)
    usage >&2
    exit 64
    ;;
esac
folder="${arguments[1]:-${TMPDIR:-/tmp}/e2i-peers-${arguments[0]}-venv}"

readonly python="$folder/bin/python"
readonly stamp="$folder/.complete"
wanted="$(printf '%s\n' "${packages[@]}")"

if [[ -f "$stamp" && "$(cat "$stamp")" == "$wanted" ]]; then
  echo "$python"
  exit 0
fi
if ((dry_run)); then
  echo "pre-flight: no impact yet; would create $folder with: ${packages[*]}" >&2
  exit 0
fi

echo "peers_venv.sh: making $folder (about a minute, once)" >&2
python3 -m venv --clear "$folder" >&2
"$python" -m pip install --quiet --disable-pip-version-check "${packages[@]}" >&2
printf '%s' "$wanted" >"$stamp"
echo "$python"
