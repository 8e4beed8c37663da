#!/usr/bin/env bash
# Brings the tools that the checks need and the machine lacks.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: scripts/ensure-tools.sh [--dry-run] FOLDER TOOL...

Tools: shellcheck   from Debian's package (needs root; otherwise the message says what to type)
       wrk          the same
       rsyslogd     from Debian's packages rsyslog and rsyslog-openssl, the same way
       cargo-deny   built into FOLDER/bin, in the version the project was checked with
       cargo-fuzz   the same
       prometheus   prometheus and promtool, out of Debian's package into FOLDER/bin; needs no root, and starts nothing
       alertmanager the same of alertmanager and amtool; its templates go to /usr/share, where Debian's program looks for
                    them, which needs root once
       node-exporter the same of node_exporter
       --dry-run    say what would be done
TEXT
}

cargo_deny_version=0.20.2
cargo_fuzz_version=0.13.2
dry_run=no
case "${1:-}" in
  --help | -h) usage && exit 0 ;;
  --dry-run) dry_run=yes && shift ;;
esac
if [ $# -lt 2 ]; then
  usage >&2
  exit 2
fi
folder=$1
shift

run() {
  if [ "$dry_run" = yes ]; then
    echo "would run: $*"
  else
    "$@"
  fi
}

ensure_package() { # PROGRAM [PACKAGE...], which are called after it where none is named
  local program=$1
  shift
  local packages=("${@:-$program}")
  if command -v "$program" >/dev/null; then
    return
  fi
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "$program is missing. On Debian or Ubuntu type: sudo apt-get install -y ${packages[*]}" >&2
    exit 1
  fi
  echo "Installing ${packages[*]} from Debian's packages ..."
  run apt-get -qq -o DPkg::Lock::Timeout=300 update
  DEBIAN_FRONTEND=noninteractive run apt-get -qq -o DPkg::Lock::Timeout=300 install --yes --no-install-recommends "${packages[@]}" >/dev/null
}

ensure_cargo_tool() { # NAME VERSION
  if [ "$("$folder/bin/$1" --version 2>/dev/null)" = "$1 $2" ]; then
    return
  fi
  echo "Building $1 $2 into $folder (once; takes a minute or two) ..."
  # Unoptimised: it runs for a second, and is built three times as fast. A target folder of its own keeps it from
  # rebuilding what the project shares with it.
  CARGO_PROFILE_DEV_DEBUG=0 run cargo install --quiet --locked --debug --root "$folder" --target-dir "$folder/target" \
    --force "$1@$2"
  run rm -rf "$folder/target"
}

# What a package carries, without its service: installed, it would begin to scrape this machine on a fixed port.
unpack_package() { # PACKAGE INSTALLED-NAME=NAME ...
  local package=$1 pair missing=no work
  shift
  for pair in "$@"; do
    [ -x "$folder/bin/${pair#*=}" ] || missing=yes
  done
  [ "$package" != prometheus-alertmanager ] || [ -f /usr/share/prometheus/alertmanager/default.tmpl ] || missing=yes
  if [ "$missing" = no ]; then
    return
  fi
  if ! command -v apt-get >/dev/null; then
    echo "$package is missing, and is taken from Debian's packages: put $* into $folder/bin by hand" >&2
    exit 1
  fi
  echo "Unpacking Debian's package $package into $folder ..."
  if [ "$dry_run" = yes ]; then
    echo "would run: apt-get download $package"
    return
  fi
  work=$(mktemp -d)
  # Its lists may be older than the archive, or missing; only root may renew them.
  if ! (cd "$work" && apt-get -qq download "$package" 2>/dev/null); then
    [ "$(id -u)" != 0 ] || apt-get -qq -o DPkg::Lock::Timeout=300 update
    (cd "$work" && apt-get -qq download "$package")
  fi
  dpkg-deb --extract "$work"/*.deb "$work/tree"
  mkdir -p "$folder/bin"
  for pair in "$@"; do
    # Whoever comes at the same time finds the old file or the new one.
    cp "$work/tree/usr/bin/${pair%=*}" "$folder/bin/.${pair#*=}.$$"
    mv "$folder/bin/.${pair#*=}.$$" "$folder/bin/${pair#*=}"
  done
  keep_templates "$work/tree"
  rm -rf "$work"
}

# Debian's Alertmanager does not start without them.
keep_templates() { # TREE
  local templates=usr/share/prometheus/alertmanager
  if [ ! -d "$1/$templates" ] || [ -f "/$templates/default.tmpl" ]; then
    return
  fi
  if ! { mkdir -p "/$templates" && cp "$1/$templates/"*.tmpl "/$templates/"; }; then
    rm -f "$folder/bin/alertmanager"
    echo "Alertmanager needs /$templates. On Debian or Ubuntu type: sudo apt-get install -y prometheus-alertmanager" >&2
    exit 1
  fi
}

for tool in "$@"; do
  case "$tool" in
    shellcheck | wrk) ensure_package "$tool" ;;
    # Not on the PATH of everybody.
    rsyslogd) PATH=$PATH:/usr/sbin ensure_package rsyslogd rsyslog rsyslog-openssl ;;
    cargo-deny) ensure_cargo_tool cargo-deny "$cargo_deny_version" ;;
    prometheus) unpack_package prometheus prometheus=prometheus promtool=promtool ;;
    alertmanager) unpack_package prometheus-alertmanager prometheus-alertmanager=alertmanager amtool=amtool ;;
    node-exporter) unpack_package prometheus-node-exporter prometheus-node-exporter=node_exporter ;;
    cargo-fuzz) ensure_cargo_tool cargo-fuzz "$cargo_fuzz_version" ;;
    *)
      echo "scripts/ensure-tools.sh: no tool called \`$tool\`" >&2
      usage >&2
      exit 2
      ;;
  esac
done
