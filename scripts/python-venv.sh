#!/usr/bin/env bash
# Makes a Python environment that tests need, and prints the path of its interpreter.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

usage() {
  cat <<'TEXT'
usage: scripts/python-venv.sh [--dry-run] reproduce|mlflow [FOLDER]
  reproduce   the packages that reproduce.py says to install
  mlflow      the packages of the MLflow image (docker/mlflow)

Creates FOLDER (default: ~/.cache/e2i/NAME-venv) once and prints the path of its python. Running it again is free; who
comes while it is being made waits. Delete FOLDER to be rid of it. PYTHON chooses the interpreter (default: python3; 3.11
or later).
  --dry-run   say what would be done
TEXT
}

dry_run=no
case "${1:-}" in
  --help | -h) usage && exit 0 ;;
  --dry-run) dry_run=yes && shift ;;
esac
case "${1:-}" in
  reproduce) requirements=crates/domain/src/agents/causal_impact/reproduce/requirements.txt ;;
  mlflow) requirements=docker/mlflow/requirements.in ;;
  *)
    usage >&2
    exit 64
    ;;
esac
readonly name=$1 requirements="$here/$requirements"
folder="${2:-${XDG_CACHE_HOME:-$HOME/.cache}/e2i/$name-venv}"
interpreter="${PYTHON:-python3}"
readonly stamp="$folder/.complete"

is_complete() {
  cmp --silent "$stamp" "$requirements"
}

# As root on Debian the packages are installed; otherwise it is said what to type.
install_packages() {
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "python-venv.sh: $1. On Debian or Ubuntu type: sudo apt-get install -y python3 python3-venv" >&2
    exit 1
  fi
  echo "Installing python3 and python3-venv from Debian's packages ..." >&2
  apt-get -qq -o DPkg::Lock::Timeout=300 update >&2
  DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 install --yes --no-install-recommends \
    python3 python3-venv >/dev/null
}

ensure_python() {
  command -v "$interpreter" >/dev/null || install_packages "there is no $interpreter"
  "$interpreter" -c 'import ensurepip, venv' 2>/dev/null || install_packages "$interpreter cannot make environments"
  if ! "$interpreter" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "python-venv.sh: $("$interpreter" --version) is too old, 3.11 is needed; name another one in PYTHON" >&2
    exit 1
  fi
}

if ! is_complete; then
  if [ "$dry_run" = yes ]; then
    echo "would create $folder with: $(paste -sd ' ' "$requirements")" >&2
    exit 0
  fi
  mkdir -p "$(dirname "$folder")"
  exec 9>"$folder.lock"
  flock 9
  if ! is_complete; then
    ensure_python
    echo "Making the Python environment for $name in $folder (once; a minute or two) ..." >&2
    "$interpreter" -m venv --clear "$folder" >&2
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$requirements" >&2
    cp "$requirements" "$stamp"
  fi
fi
echo "$folder/bin/python"
