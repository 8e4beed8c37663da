#!/usr/bin/env bash
# A Docker engine for this machine: the one that answers, else one that is installed and run by hand.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: scripts/engine.sh start [--dry-run] | stop | status
  start    nothing when an engine with Compose v2 answers. Else, as root on Debian 12 or newer: installs Debian 13's
           docker.io, docker-cli, docker-compose, docker-buildx and iptables where they are missing, and runs dockerd
           with its log in /var/log/e2i-dockerd.log. Where systemd runs, it starts Docker's own service instead.
  stop     stops the engine that `start` has run by hand, and no other
  status   says which engine answers; code 1 when none does
  --dry-run  say what would be done
TEXT
}

readonly pid_file=/run/e2i-dockerd.pid log=/var/log/e2i-dockerd.log
readonly pin=/etc/apt/preferences.d/e2i-docker list=/etc/apt/sources.list.d/e2i-docker.list
readonly packages=(docker.io docker-cli docker-compose docker-buildx iptables)

say() { printf 'engine: %s\n' "$*"; }
fail() { printf 'engine: %s\n' "$*" >&2; exit 1; }
answers() { docker info >/dev/null 2>&1; }
has_compose() { docker compose version >/dev/null 2>&1 && docker buildx version >/dev/null 2>&1; }

command=${1:-} dry_run=0
case ${2:-} in
  '') ;;
  --dry-run) dry_run=1 ;;
  *) usage >&2; exit 2 ;;
esac

install_engine() {
  local mirror
  [ -f /etc/debian_version ] || fail "no engine answers, and only Debian's is known here; install Docker and come back"
  [ "$(id -u)" = 0 ] || fail "no engine answers, and only root can install one: sudo scripts/engine.sh start"
  if [ "$dry_run" = 1 ]; then say "would install ${packages[*]} of Debian 13"; return; fi
  # What apt knows, and not what the system calls itself: this very installation renames a Debian 12.
  if ! apt-cache policy | grep -q 'n=trixie'; then
    # Not all of these are there.
    mirror=$({ cat /etc/apt/sources.list /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list 2>/dev/null || true; } |
      awk '/^URIs:/ { print $2 } /^deb / { print ($2 ~ /^\[/) ? $3 : $2 }' | awk '/\/debian\/?$/ && !seen++')
    printf 'deb %s trixie main\n' "${mirror:-http://deb.debian.org/debian}" >"$list"
    # Nothing else of this system is taken from there.
    printf 'Package: *\nPin: release n=trixie\nPin-Priority: 100\n' >"$pin"
  fi
  apt-get update -qq
  local plan
  plan=$(apt-get install --simulate -t trixie --no-install-recommends "${packages[@]}")
  if grep -q '^Inst libc6 \[' <<<"$plan"; then
    say "this also upgrades libc6 of this machine to Debian 13's: $(grep '^Inst libc6 \[' <<<"$plan")"
  fi
  say "installing ${packages[*]}"
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq -t trixie --no-install-recommends "${packages[@]}" >/dev/null
}

run_engine() {
  if [ -d /run/systemd/system ]; then
    if [ "$dry_run" = 1 ]; then say "would start docker.service"; return; fi
    systemctl start docker
  else
    if [ "$dry_run" = 1 ]; then say "would run dockerd"; return; fi
    # Out of this terminal's reach, and of this script's end.
    setsid dockerd >>"$log" 2>&1 </dev/null &
    printf '%s\n' $! >"$pid_file"
  fi
  local deadline=$((SECONDS + 60))
  until answers; do
    if [ "$SECONDS" -ge "$deadline" ]; then
      tail -n 20 "$log" >&2 2>/dev/null || true
      fail "the engine does not answer after 60 s; its log is $log"
    fi
    sleep 0.2
  done
  say "$(docker version --format 'Docker {{.Server.Version}} answers')"
}

ours() {
  [ -f "$pid_file" ] && [ "$(cat "/proc/$(<"$pid_file")/comm" 2>/dev/null)" = dockerd ]
}

case $command in
  --help | -h) usage ;;
  start)
    if answers && has_compose; then exit 0; fi
    if answers && ! has_compose; then
      fail "the engine answers, but \`docker compose\` or \`docker buildx\` is missing; install Compose v2 and buildx"
    fi
    if ! command -v dockerd >/dev/null || ! has_compose; then install_engine; fi
    [ "$(id -u)" = 0 ] || fail "no engine answers, and only root can run one: sudo scripts/engine.sh start"
    run_engine
    ;;
  stop)
    if ! ours; then say "none was run by this script"; exit 0; fi
    kill -TERM "$(<"$pid_file")"
    deadline=$((SECONDS + 60))
    while ours; do
      [ "$SECONDS" -lt "$deadline" ] || fail "dockerd $(<"$pid_file") has not ended after 60 s"
      sleep 0.2
    done
    rm -f "$pid_file"
    say "stopped"
    ;;
  status)
    answers || fail "no engine answers"
    say "$(docker version --format 'Docker {{.Server.Version}}'), Compose $(docker compose version --short)"
    if ours; then say "run by this script"; fi
    ;;
  *) usage >&2; exit 2 ;;
esac
