#!/usr/bin/env bash
# The entrypoint of the nginx in front of the platform: puts the configuration together, tests it, and becomes nginx.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: e2i-nginx COMMAND
  run            publish, switch if that is this image's to do, and become nginx (the container's default)
  publish        write this image's configuration, with the variables below, to conf/<version>/ on the volume, test it, and
                 print <version>; nothing is switched
  switch VERSION test conf/VERSION, let `current` name it, and reload nginx if it runs here
  route          read from standard input where new requests go, test that with the configuration it names, switch to both,
                 reload, and wait until new connections meet it; whatever fails, what was before stays, byte for byte:
                   generation NAME         what /-/generation says then
                   configuration VERSION   which conf/VERSION is current then
                   to SERVICE CONTAINER    gateway, frontend or health, and the container that is asked
                   backup SERVICE CONTAINER   asked when that one does not answer at all
  routed         the services that a route may name
  old-workers    how many nginx workers of an earlier configuration are left
  maintenance on|off   answer everything with 503, or no longer
  healthcheck    whether nginx answers
  check          test what `current` names

<version> is the image's revision and a digest of the files, so what it names never changes.

  DOMAIN           the server's name; others are refused. Empty: any name and address
  PLAIN_HTTP       serve (default): the same over plain HTTP. redirect: pages are sent to https, programs are refused
  HTTPS_PORT       where https is reached from outside (443), for redirects
  HSTS             on: browsers never come back without TLS. off (default)
  TRUSTED_PROXIES  load balancers whose X-Forwarded-For is believed: addresses or CIDRs, separated by commas

Volumes: /etc/e2i/nginx (conf/<version>, current, maintenance), /etc/e2i/upstreams, /etc/e2i/certificates and /var/www/acme
(both read). While /etc/e2i/nginx/maintenance exists everything is answered 503.
TEXT
}

readonly image=/usr/share/e2i/nginx volume=/etc/e2i/nginx upstreams=/etc/e2i/upstreams
readonly certificate=/etc/e2i/certificates/live/fullchain.pem key=/etc/e2i/certificates/live/privkey.pem
readonly revision=${E2I_REVISION:-dev}
# What this image switched to last, and which image that was.
readonly record=$volume/.switched
readonly kept_versions=5 watch_interval_s=${CERTIFICATE_WATCH_INTERVAL_S:-5}

say() { printf 'e2i-nginx: %s\n' "$*" >&2; }
loud() { printf 'e2i-nginx: ERROR: %s\n' "$*" >&2; }

# --- Variables ----------------------------------------------------------------------------------------------------------
# Each becomes part of a configuration file: only what is plainly one of these gets there.

wrong() { loud "$*"; return 1; }

check_variables() {
  local proxy
  domain=${DOMAIN:-} plain_http=${PLAIN_HTTP:-serve} https_port=${HTTPS_PORT:-443} hsts=${HSTS:-off}
  domain=${domain,,}
  [[ -z $domain || $domain =~ ^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$ ]] ||
    wrong "DOMAIN is '$domain'; say one host name and nothing else, like e2i.example.org" || return
  [[ $plain_http = serve || $plain_http = redirect ]] || wrong "PLAIN_HTTP is '$plain_http'; say serve or redirect" || return
  [[ $https_port =~ ^[0-9]{1,5}$ && $https_port -ge 1 && $https_port -le 65535 ]] ||
    wrong "HTTPS_PORT is '$https_port'; say a port, like 443" || return
  [[ $hsts = on || $hsts = off ]] || wrong "HSTS is '$hsts'; say on or off" || return
  trusted=()
  IFS=', ' read -r -a trusted <<<"${TRUSTED_PROXIES:-}"
  for proxy in ${trusted[@]+"${trusted[@]}"}; do
    [[ $proxy =~ ^([0-9]{1,3}(\.[0-9]{1,3}){3}|[0-9a-fA-F:]*:[0-9a-fA-F:.]*)(/[0-9]{1,3})?$ ]] ||
      wrong "TRUSTED_PROXIES has '$proxy'; say addresses or CIDRs, like 203.0.113.0/24" || return
    [[ $proxy != */0 ]] || wrong "TRUSTED_PROXIES has '$proxy': then anybody could claim any address" || return
  done
}

# --- Publishing ---------------------------------------------------------------------------------------------------------

# fill NAME VALUE: in all files of $draft.
fill() {
  local file text
  for file in "$draft"/*.conf; do
    text=$(<"$file")
    case $text in *"{{$1}}"*) printf '%s\n' "${text//"{{$1}}"/"$2"}" >"$file" ;; esac
  done
}

workers() {
  local processors
  processors=$(nproc)
  echo $((processors < 4 ? processors : 4))
}

render() {
  local proxy from='' peers='' named='' ipv6=yes
  cp -r "$image"/*.conf "$image/upstreams" "$draft/" && mv "$draft/container.conf" "$draft/nginx.conf" || return
  [ -e /proc/net/if_inet6 ] || ipv6=no
  for proxy in ${trusted[@]+"${trusted[@]}"}; do
    from+="set_real_ip_from $proxy;"$'\n'
    peers+="    $proxy proxy;"$'\n'
  done
  [ -n "$domain" ] || named=' default_server'
  fill workers "$(workers)"
  fill real_ip_from "${from%$'\n'}"
  fill trusted_peers "${peers%$'\n'}"
  fill hsts "$([ "$hsts" = off ] || echo max-age=63072000)"
  fill default_server "$named"
  fill server_name "${domain:-_}"
  fill https_port "$([ "$https_port" = 443 ] || echo ":$https_port")"
  fill plain_server "$([ "$plain_http" = serve ] || echo 'include plain-redirect.conf;')"
  fill unknown_hosts "$([ -z "$domain" ] || echo 'include unknown-hosts.conf;')"
  fill plain_listen "$([ "$plain_http" = redirect ] || echo "listen 80$named backlog=4096;")"
  fill plain_listen_ipv6 "$([ "$plain_http" = redirect ] || echo "listen [::]:80$named backlog=4096;")"
  fill revision "$revision"
  [ "$ipv6" = yes ] || sed -i '/listen \[::\]/d' "$draft"/*.conf
  # With a name these ports are opened by unknown-hosts.conf, and their queue is said once.
  if [ -n "$domain" ]; then sed -i '/listen/s/ backlog=4096;/;/' "$draft"/public.conf "$draft"/plain-redirect.conf; fi
}

test_configuration() { nginx -t -q -e stderr -c "$1/nginx.conf"; }

# Leaves the name in $version. Called where its failure is looked at, so each step says for itself that it failed.
publish() {
  mkdir -p "$volume/conf" || return
  rm -rf "$volume"/conf/.draft.*
  check_variables || return
  draft=$(mktemp -d "$volume/conf/.draft.XXXXXX") && chmod 0755 "$draft" || return
  render || { rm -rf "$draft"; return 1; }
  version=$revision-$(cat "$draft"/*.conf "$draft"/upstreams/*.conf | sha256sum | cut -c 1-8)
  fill configuration "$version"
  if ! test_configuration "$draft"; then
    loud "the configuration of this image, $version, does not pass nginx's own test"
    rm -rf "$draft"
    return 1
  fi
  if [ -d "$volume/conf/$version" ]; then rm -rf "$draft"; else mv "$draft" "$volume/conf/$version"; fi
}

# What a release or an older image never got to use is no help to anybody.
forget_old_versions() {
  local current folder kept=0
  current=$(readlink "$volume/current")
  while read -r folder; do
    [ "conf/$folder" != "$current" ] || continue
    kept=$((kept + 1))
    [ "$kept" -lt "$kept_versions" ] || rm -rf "$volume/conf/$folder"
  done < <(cd "$volume/conf" && ls -1t)
}

point_current_at() {
  ln -sfn "conf/$1" "$volume/.current.new"
  mv -fT "$volume/.current.new" "$volume/current"
  touch "$volume/conf/$1"
}

seed_upstreams() {
  local file name
  for file in "$image"/upstreams/*.conf; do
    name=${file##*/}
    [ -e "$upstreams/$name" ] && continue
    cp "$file" "$upstreams/.$name.new"
    mv -n "$upstreams/.$name.new" "$upstreams/$name"
    say "wrote $upstreams/$name"
  done
}

wait_for_certificate() {
  local waited=0
  until [ -s "$certificate" ] && [ -s "$key" ]; do
    [ $((waited % 10)) != 0 ] || say "waiting for $certificate, which the certificates service writes"
    [ "$waited" -lt 60 ] || { loud "there is no certificate after 60 s; look at: docker compose logs certificates"; exit 1; }
    sleep 1
    waited=$((waited + 1))
  done
}

# Whether `current` was put there by somebody else than this image: a release, which a restart must not undo.
is_switched_by_release() {
  local by='' to=''
  [ -L "$volume/current" ] && [ -f "$record" ] || return 1
  read -r by to <"$record" || true
  [ "$by" = "$revision" ] && [ "conf/$to" != "$(readlink "$volume/current")" ]
}

use_the_best_version() {
  local folder
  if is_switched_by_release && test_configuration "$volume/current"; then
    say "a release switched to $(readlink "$volume/current"), which stays; a new image or e2i-nginx switch changes that"
    return
  fi
  if publish; then
    point_current_at "$version"
    printf '%s %s\n' "$revision" "$version" >"$record"
    say "the configuration is $version"
    forget_old_versions
    return
  fi
  while read -r folder; do
    if test_configuration "$volume/$folder"; then
      point_current_at "${folder#conf/}"
      loud "this image's configuration is NOT in use: nginx goes on with the last good one, $folder. Mend what is said above and restart"
      return
    fi
  done < <({ readlink "$volume/current" || true; cd "$volume" && ls -1dt conf/* 2>/dev/null; } | awk 'NF && !seen[$0]++')
  loud 'there is no older configuration to go on with'
  exit 1
}

# --- Certificate --------------------------------------------------------------------------------------------------------

fingerprint() { cksum "$certificate" "$key" 2>/dev/null || true; }
serial() { openssl x509 -in "$certificate" -noout -serial 2>/dev/null || true; }

# For as long as nginx runs: it is this process's parent.
watch_certificate() {
  local nginx_pid=$1 seen now
  seen=$(fingerprint)
  while sleep "$watch_interval_s"; do
    now=$(fingerprint)
    [ "$now" != "$seen" ] || continue
    seen=$now
    if test_configuration "$volume/current"; then
      kill -HUP "$nginx_pid"
      say "the certificate changed ($(serial)): nginx reloads"
    else
      loud "the certificate changed, and nginx finds fault with it: the one before is served on"
    fi
  done
}

# --- Commands -----------------------------------------------------------------------------------------------------------

run() {
  mkdir -p /var/cache/nginx/{body,proxy,fastcgi,scgi,uwsgi}
  seed_upstreams
  [ ! -L "$upstreams/.set" ] || remove_twins "$upstreams/.set"
  wait_for_certificate
  use_the_best_version
  watch_certificate $$ &
  exec nginx -e stderr -c "$volume/current/nginx.conf" -g 'daemon off;'
}

switch() {
  [ -f "$volume/conf/$1/nginx.conf" ] || { loud "there is no $volume/conf/$1; there are: $(cd "$volume/conf" && echo *)"; exit 1; }
  test_configuration "$volume/conf/$1" || { loud "$1 does not pass nginx's own test; nothing was changed"; exit 1; }
  point_current_at "$1"
  say "the configuration is $1"
  if [ -s /run/nginx.pid ]; then kill -HUP "$(cat /run/nginx.pid)"; fi
}

# --- Routes -------------------------------------------------------------------------------------------------------------
# What a release decides lies in one folder, `.sets/<name>`, that the link `.set` names: all of it changes in one step. The
# files that nginx includes are links into it.

readonly routed=(gateway frontend health) confirm_within_s=20
# A release from before there was one says nothing of health: then it is where this configuration says.
readonly has_to_be_said=(gateway frontend)

# Leaves what was read in $generation, $configuration, $to and $backup.
read_route() {
  local word first second rest service
  local name='^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$'
  generation='' configuration=''
  declare -gA to=() backup=()
  while read -r word first second rest || [ -n "$word" ]; do
    [ -z "$rest" ] || wrong "route: '$word $first $second $rest' says too much" || return
    case $word in
      generation | configuration)
        [[ $first =~ $name && -z $second ]] || wrong "route: '$first $second' names no $word" || return
        printf -v "$word" %s "$first"
        ;;
      to | backup)
        [[ " ${routed[*]} " = *" $first "* ]] || wrong "route: '$first' is none of ${routed[*]}" || return
        [[ $second =~ $name ]] || wrong "route: '$second' is no container's name" || return
        if [ "$word" = to ]; then to[$first]=$second; else backup[$first]=$second; fi
        ;;
      *) wrong "route: '$word' is not understood" || return ;;
    esac
  done
  [ -n "$generation" ] && [ -n "$configuration" ] || wrong 'route: generation and configuration have to be said' || return
  for service in "${has_to_be_said[@]}"; do
    [ -n "${to[$service]:-}" ] || wrong "route: it does not say where $service is" || return
  done
  [ -f "$volume/conf/$configuration/nginx.conf" ] ||
    wrong "route: there is no $volume/conf/$configuration; there are: $(cd "$volume/conf" && echo *)"
}

# One upstream, made of what the configuration brings for it: its `server` line gets another address.
upstream_of() {
  local service=$1 template=$volume/conf/$configuration/upstreams/$1.conf line done=no
  [ -f "$template" ] || template=$image/upstreams/$service.conf
  echo '# Written by a release.'
  while IFS= read -r line; do
    if [[ $line =~ ^([[:space:]]*)server\ ([^:\ ]+):([0-9]+)\ (.*)\;$ ]]; then
      echo "${BASH_REMATCH[1]}server ${to[$service]:-${BASH_REMATCH[2]}}:${BASH_REMATCH[3]} ${BASH_REMATCH[4]};"
      [ -z "${backup[$service]:-}" ] ||
        echo "${BASH_REMATCH[1]}server ${backup[$service]}:${BASH_REMATCH[3]} ${BASH_REMATCH[4]} backup;"
      done=yes
    elif [[ $line != '# Put here'* ]]; then
      printf '%s\n' "$line"
    fi
  done <"$template"
  [ "$done" = yes ] || wrong "$template has no line that says where $service is"
}

# write_set FOLDER
write_set() {
  local service
  for service in "${routed[@]}"; do
    upstream_of "$service" >"$1/$service.conf" || return
  done
  printf '# Written by a release.\nmap "" %s {\n    default "%s";\n}\n' "\$upstreams_generation" "$generation" >"$1/generation.conf"
}

# A server that is looked up again and again (`resolve`) has no address until nginx has loaded the configuration and asked:
# for that moment a request would meet 502. So each upstream gets a server that is looked up while the configuration loads,
# and asked for as long as the others have no address: a twin of the backup's, else of its own. It leaves the files when they
# are loaded (at a later start its container may be gone, which nginx would not stand), and nginx when it loads them again;
# then it takes the addresses over.
readonly twin='# until nginx has asked'
add_twins() {
  local file server found
  for file in "$1"/*.conf; do
    found=''
    # The backup's line is the last.
    while IFS=' :' read -r _ server _; do
      if getent hosts "$server" >/dev/null; then found=$server; fi
    done < <(grep -E '^ *server ' "$file")
    [ -n "$found" ] || continue
    sed -i -E "s/^( *server $found:[0-9]+) resolve ([^;]*)\\;\$/&\n\1 \2 backup; $twin/; s/ backup backup; / backup; /" "$file" || return
  done
}
# Writes only where there is one: on a full disk nothing else may fail by it.
remove_twins() {
  local file
  for file in "$1"/*.conf; do
    ! grep -q "$twin" "$file" || sed -i "/$twin/d" "$file" || loud "$file keeps a server of a switch; the next start takes it away"
  done
}

# The configuration with the set, as nginx would find them, without touching either.
test_route() {
  local set=$1 file tried
  tried=$(mktemp -d /tmp/route.XXXXXX) || return
  cp -r "$volume/conf/$configuration" "$tried/conf" && mkdir "$tried/upstreams" || return
  for file in "$upstreams"/*.conf; do cp -L "$file" "$tried/upstreams/" || return; done
  cp "$set"/*.conf "$tried/upstreams/" || return
  sed -i "s#$upstreams/#$tried/upstreams/#" "$tried/conf/nginx.conf"
  if test_configuration "$tried/conf"; then rm -rf "$tried"; else rm -rf "$tried"; return 1; fi
}

point() { ln -sfn "$2" "$1.new" && mv -fT "$1.new" "$1"; }

# Before the first route the files are files: they become links to what they were.
link_upstreams() {
  local file
  [ -L "$upstreams/.set" ] || {
    mkdir -p "$upstreams/.sets/first" &&
      for file in "${routed[@]}" generation; do cp -L "$upstreams/$file.conf" "$upstreams/.sets/first/" || return; done &&
      point "$upstreams/.set" .sets/first
  } || return
  for file in "${routed[@]}" generation; do
    [ -L "$upstreams/$file.conf" ] && continue
    # The set is from before this one was routed.
    [ -e "$upstreams/.set/$file.conf" ] || cp -L "$upstreams/$file.conf" "$upstreams/.set/" || return
    point "$upstreams/$file.conf" ".set/$file.conf" || return
  done
}

generation_of() { sed -n 's/^    default "\{0,1\}\([^";]*\)"\{0,1\};$/\1/p' "$1/generation.conf"; }

told_generation() {
  local line='' body=''
  exec 3<>/dev/tcp/127.0.0.1/9080 || return
  printf 'GET /-/generation HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
  while IFS= read -r -t 3 line <&3 || [ -n "$line" ]; do body=$line line=''; done
  exec 3<&- 3>&-
  printf %s "$body"
}

reload() { if [ -s /run/nginx.pid ]; then kill -HUP "$(cat /run/nginx.pid)"; fi; }

# A reload is not over when it is asked for, and may fail without a word: several new connections in a row have to say so.
confirm() {
  local wanted="{\"configuration\":\"$1\",\"upstreams\":\"$2\"}" seen=0 end=$((SECONDS + confirm_within_s))
  until [ "$seen" -ge 3 ]; do
    [ "$SECONDS" -lt "$end" ] || return 1
    if [ "$(told_generation 2>/dev/null)" = "$wanted" ]; then seen=$((seen + 1)); else seen=0; fi
    sleep 0.05
  done
}

route() {
  local set name set_before current_before folder
  read_route || exit 65
  exec 9>"$volume/.route-lock"
  flock -w 60 9 || { loud 'another route is being switched to'; exit 75; }
  link_upstreams || exit 1
  mkdir -p "$upstreams/.sets"
  set=$(mktemp -d "$upstreams/.sets/$generation.XXXXXX") && chmod 0755 "$set" || exit 1
  name=${set##*/}
  if ! write_set "$set" || ! add_twins "$set" || ! test_route "$set"; then
    rm -rf "$set"
    loud "the route $generation with $configuration does not pass nginx's own test; nothing was changed"
    exit 1
  fi
  set_before=$(readlink "$upstreams/.set") current_before=$(readlink "$volume/current")
  point "$upstreams/.set" ".sets/$name"
  point_current_at "$configuration"
  reload
  if ! confirm "$configuration" "$generation"; then
    # What was before comes back, with twins or without.
    add_twins "$upstreams/$set_before" || true
    point "$upstreams/.set" "$set_before"
    point_current_at "${current_before#conf/}"
    reload
    confirm "${current_before#conf/}" "$(generation_of "$upstreams/$set_before")" || true
    remove_twins "$upstreams/$set_before"
    rm -rf "$set"
    loud "after the reload new connections did not meet $generation within $confirm_within_s s; what was before stays"
    exit 1
  fi
  remove_twins "$set"
  for folder in "$upstreams"/.sets/*; do
    [ "${folder##*/}" = "$name" ] || [ ".sets/${folder##*/}" = "$set_before" ] || rm -rf "$folder"
  done
  forget_old_versions
  say "new connections meet $generation with $configuration"
}

old_workers() {
  local file title count=0
  for file in /proc/[0-9]*/cmdline; do
    title=$(tr '\0' ' ' <"$file" 2>/dev/null) || continue
    case $title in 'nginx: worker process is shutting down'*) count=$((count + 1)) ;; esac
  done
  echo "$count"
}

maintenance() {
  case $1 in
    on) : >"$volume/maintenance" ;;
    off) rm -f "$volume/maintenance" ;;
    *) usage >&2; exit 64 ;;
  esac
}

healthcheck() {
  local line=''
  exec 3<>/dev/tcp/127.0.0.1/9080
  printf 'GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
  read -r -t 3 line <&3 || true
  [[ $line = 'HTTP/1.1 200'* ]] || { loud "nginx answered '${line%$'\r'}'"; exit 1; }
}

case ${1:-} in
  run) run ;;
  publish) seed_upstreams; publish; echo "$version" ;;
  switch) [ $# = 2 ] || { usage >&2; exit 64; }; switch "$2" ;;
  route) route ;;
  routed) echo "${routed[*]}" ;;
  old-workers) old_workers ;;
  maintenance) [ $# = 2 ] || { usage >&2; exit 64; }; maintenance "$2" ;;
  healthcheck) healthcheck ;;
  check) test_configuration "$volume/current" ;;
  --help | -h | help) usage ;;
  *) usage >&2; exit 64 ;;
esac
