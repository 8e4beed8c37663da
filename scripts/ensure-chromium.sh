#!/usr/bin/env bash
# Brings the browser in which the web app is tested.
set -euo pipefail

if [ "${1:-}" = --help ] || [ "${1:-}" = -h ]; then
  cat <<'TEXT'
usage: scripts/ensure-chromium.sh [--dry-run]

Installs the Debian package `chromium` as root where it is missing; elsewhere says what to install. CHROMIUM names another
program.
TEXT
  exit 0
fi

if [ -x "${CHROMIUM:-/usr/bin/chromium}" ]; then
  exit 0
fi
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
  echo "ensure-chromium.sh: there is no ${CHROMIUM:-/usr/bin/chromium}. Install Chromium, or name it by CHROMIUM." >&2
  exit 1
fi
if [ "${1:-}" = --dry-run ]; then
  echo 'would run: apt-get install --yes --no-install-recommends chromium'
  exit 0
fi
apt-get -qq -o DPkg::Lock::Timeout=300 update
DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 install --yes --no-install-recommends \
  chromium fonts-liberation >/dev/null
