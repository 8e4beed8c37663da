#!/usr/bin/env bash
# The small platform's services.
set -euo pipefail

if [ "${1:-}" = --help ]; then
  echo 'usage: serve gateway|frontend|worker|deployer [COMMAND]; e2i-worker healthcheck|load'
  exit 0
fi

answer() { # READY-PORT PORT
  cat >/tmp/nginx.conf <<CONF
worker_processes 1;
pid /tmp/nginx.pid;
events { worker_connections 512; }
http {
    default_type application/json;
    access_log off;
    keepalive_timeout 75s;
    server {
        listen $2;
        location /api/v1/broken { return 500 '{}'; }
        location / { add_header X-E2I-Revision $E2I_REVISION; return 200 '{"revision":"$E2I_REVISION"}'; }
    }
    server {
        listen $1;
        location = /readyz {
            if (-f /tmp/ill) { return 503 '{"status":"fail","revision":"$E2I_REVISION","draining":false,"checks":{"database":"away"}}'; }
            if (-f /tmp/moved) { return 301 http://127.0.0.1/; }
            return 200 '{"status":"pass","revision":"$E2I_REVISION","draining":false,"checks":{}}';
        }
    }
}
CONF
  exec nginx -c /tmp/nginx.conf -e stderr -g 'daemon off;'
}

# Tells which signals came; ends with its job when it is told to, and without it when it is told again, as a worker does.
work() {
  trap 'echo rest >>/tmp/heard' USR1
  trap 'echo wake >>/tmp/heard' USR2
  trap 'echo terminate >>/tmp/heard; [ "$ending" = 0 ] || rm -f /tmp/job; ending=1' TERM
  ending=0
  until [ "$ending" = 1 ] && [ ! -e /tmp/job ]; do
    [ ! -e /tmp/crash ] || { rm /tmp/crash; exit 1; }
    sleep 0.1
  done
}

case ${0##*/} in
  e2i-worker)
    large=0 draining=false
    ! grep --quiet terminate /tmp/heard 2>/dev/null || draining=true
    [ ! -e /tmp/large ] || large=1
    case $1 in
      healthcheck) echo "{\"status\":\"pass\",\"revision\":\"$E2I_REVISION\",\"draining\":false,\"checks\":{}}" ;;
      load) echo "{\"resting\":false,\"draining\":$draining,\"small\":{\"places\":2,\"running\":0},\"large\":{\"places\":1,\"running\":$large}}" ;;
    esac
    exit
    ;;
esac
case $1 in
  gateway)
    case ${2:-run} in
      setup | migrate)
        echo "migrated by $E2I_REVISION"
        [ ! -e /services/no-migration ] || { echo 'the migration failed' >&2; exit 1; }
        ;;
      *) echo "${TELL:-}"; answer 9000 8000 ;;
    esac
    ;;
  frontend) answer 9081 3000 ;;
  worker) work ;;
  deployer)
    [ ! -e /services/broken ] || { echo 'this deployer is broken' >&2; exit 1; }
    state=$(sed -n 's#.* \(/[^ ]*e2i-adapters-[^ ]*/state\) .*#\1#p' /proc/self/mountinfo | head -1)
    exec 9>"$state/lock"
    until flock -n 9; do sleep 0.2; done
    touch /tmp/well
    trap 'exit 0' TERM
    while :; do sleep 0.2; done
    ;;
  is-well) [ -e /tmp/well ] ;;
esac
