#!/usr/bin/env bash
# Brings the library by which `make chaos` lets clocks jump, where that is possible.
set -euo pipefail

if [ "${1:-}" = --help ] || [ "${1:-}" = -h ]; then
  cat <<'TEXT'
usage: scripts/ensure-faketime.sh [--dry-run]

Installs the Debian package `faketime` as root where it is missing. Elsewhere it does nothing: `make chaos` then says that
clocks do not jump in its run.
TEXT
  exit 0
fi

if compgen -G '/usr/lib/*/faketime/libfaketimeMT.so.1' >/dev/null; then
  exit 0
fi
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
  exit 0
fi
if [ "${1:-}" = --dry-run ]; then
  echo 'would run: apt-get install --yes --no-install-recommends faketime'
  exit 0
fi
apt-get -qq -o DPkg::Lock::Timeout=300 update
DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 install --yes --no-install-recommends faketime >/dev/null
