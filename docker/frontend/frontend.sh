#!/usr/bin/env bash
# The entrypoint of the web app's container: shares this build's files with the tabs of other builds, and becomes nginx.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: e2i-frontend COMMAND
  run           add this build's hashed files to the volume /srv/web-assets, and become nginx (the container's default)
  healthcheck   whether nginx answers

The files stay on the volume for 7 days after their build was replaced: a tab that is open loads late.

  WEB_CONNECT_SRC   what the web app may talk to besides its own address: origins, separated by spaces
TEXT
}

readonly conf=/tmp/nginx assets=/srv/web-assets

fail() { printf 'e2i-frontend: ERROR: %s\n' "$*" >&2; exit 1; }

run() {
  local origin text connect=()
  read -r -a connect <<<"${WEB_CONNECT_SRC:-}"
  for origin in ${connect[@]+"${connect[@]}"}; do
    [[ $origin =~ ^(https?|wss?)://[A-Za-z0-9.-]+(:[0-9]{1,5})?/?$ ]] ||
      fail "WEB_CONNECT_SRC has '$origin'; say origins, like https://abcdefgh.supabase.co"
  done
  publish-web-app.sh --assets-only /srv/build "$assets" ||
    fail "this build's files could not be put on the volume $assets; is there room, and does it belong to 101:101?"
  mkdir -p "$conf" /var/cache/nginx/{body,proxy,fastcgi,scgi,uwsgi}
  cp /usr/share/e2i/nginx/* "$conf/"
  text=$(<"$conf/frontend.conf")
  text=${text//'{{web_connect_src}}'/"${connect[*]}"}
  printf '%s\n' "${text//'{{revision}}'/"${E2I_REVISION:-dev}"}" >"$conf/nginx.conf"
  exec nginx -e stderr -c "$conf/nginx.conf" -g 'daemon off;'
}

healthcheck() {
  local line=''
  exec 3<>/dev/tcp/127.0.0.1/9081
  printf 'GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
  read -r -t 3 line <&3 || true
  [[ $line = 'HTTP/1.1 200'* ]] || fail "nginx answered '${line%$'\r'}'"
}

case ${1:-} in
  run) run ;;
  healthcheck) healthcheck ;;
  --help | -h | help) usage ;;
  *) usage >&2; exit 64 ;;
esac
