#!/usr/bin/env bash
# Watches the watcher: is the health service there, and does it still look? For cron or a timer, best on another machine:
# it stands alone, so it can be copied there.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: scripts/health-check.sh --watch [--url URL] [--env-file FILE] [--state FILE] [--max-age SECONDS]
                                       [--tries N] [--pause SECONDS] [--timeout SECONDS] [--dry-run]
  Asks URL/health as anybody may. Whether the platform is well is health's to tell people; that health itself is silent
  (no answer, an answer of somebody else, nothing looked at for --max-age) is told here: once when it falls silent, once
  when it answers again, to Slack and by mail. What could not be told is tried again at the next run, with the same event.
  --url        where the platform is; else PUBLIC_URL, else https://DOMAIN
  --env-file   where variables stand that are not set (such as .env.prod); nothing in it is executed
  --state      what was told last (default: ~/.local/state/e2i-health-watch)
  --max-age    how old the newest look may be, in seconds (default 90)
  --tries      how often it is asked before it counts as silent (default 3), with --pause seconds between (default 5)
  --timeout    how long an answer may take, in seconds (default 10)
  --dry-run    ask; tell nobody and keep nothing

Variables, as the services read them, each secret also as NAME_FILE: SLACK_WEBHOOK_URL; MAIL_FROM, MAIL_TO with
MAIL_SMTP_HOST, MAIL_SMTP_PORT, MAIL_SMTP_TLS, MAIL_SMTP_USER, MAIL_SMTP_PASSWORD, MAIL_SMTP_CA_FILE, or with MAIL_API,
MAIL_API_KEY, MAIL_API_URL; PUBLIC_CA_FILE for a certificate that not everybody believes.

Exit codes: 0 health answers and the platform works; 1 health answers that something critical is down; 2 wrong arguments;
3 health is silent; 4 what had to be told could not be told to all.
TEXT
}

url='' env_file='' state='' max_age=90 tries=3 pause=5 timeout=10 dry_run=no
whole() { case $2 in '' | *[!0-9]*) echo "health-watch: $1 is $2, which is no whole number" >&2 && exit 2 ;; esac; }
while [ $# -gt 0 ]; do
  case $1 in
    --help | -h) usage && exit 0 ;;
    --dry-run) dry_run=yes && shift && continue ;;
    --url | --env-file | --state | --max-age | --tries | --pause | --timeout)
      [ $# -ge 2 ] || { usage >&2; exit 2; } ;;
    *) usage >&2 && exit 2 ;;
  esac
  case $1 in
    --url) url=$2 ;;
    --env-file) env_file=$2 ;;
    --state) state=$2 ;;
    --max-age) whole "$1" "$2" && max_age=$2 ;;
    --tries) whole "$1" "$2" && tries=$2 ;;
    --pause) whole "$1" "$2" && pause=$2 ;;
    --timeout) whole "$1" "$2" && timeout=$2 ;;
  esac
  shift 2
done
[ -z "$env_file" ] || [ -r "$env_file" ] || { echo "health-watch: $env_file cannot be read" >&2; exit 2; }

# A variable: of the environment, of the file it names, or of the file of variables, in this order.
variable() { # NAME
  local name=$1 from=${1}_FILE value=''
  value=${!name:-}
  if [ -z "$value" ] && [ -n "${!from:-}" ]; then value=$(cat "${!from}"); fi
  if [ -z "$value" ] && [ -n "$env_file" ]; then
    value=$(sed -n "s/^$name=//p" "$env_file" | tail -n 1)
    case $value in \"*\") value=${value#\"} value=${value%\"} ;; \'*\') value=${value#\'} value=${value%\'} ;; esac
    if [ -z "$value" ]; then
      from=$(sed -n "s/^${name}_FILE=//p" "$env_file" | tail -n 1)
      if [ -n "$from" ] && [ -r "$from" ]; then value=$(cat "$from"); fi
    fi
  fi
  printf '%s' "$value"
}

# A secret that cannot be read must not look like one that is not set: then nobody would be told.
for name in SLACK_WEBHOOK_URL MAIL_SMTP_PASSWORD MAIL_API_KEY; do
  from=${name}_FILE
  [ -z "${!from:-}" ] || [ -r "${!from}" ] || { echo "health-watch: $from: ${!from} cannot be read" >&2; exit 2; }
done

[ -n "$url" ] || url=$(variable PUBLIC_URL)
if [ -z "$url" ]; then
  url=$(variable DOMAIN)
  [ -z "$url" ] || url=https://$url
fi
[ -n "$url" ] || { echo "health-watch: say where the platform is: --url https://e2i.example.org" >&2; exit 2; }
url=${url%/}
state=${state:-${XDG_STATE_HOME:-${HOME:-/var/lib/e2i}/.local/state}/e2i-health-watch}

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# What curl is told by its standard input, since arguments can be read by everybody on the machine.
quoted() { # NAME VALUE
  local value=${2//\\/\\\\}
  printf '%s = "%s"\n' "$1" "${value//\"/\\\"}"
}

# Sets `status` (pass, warn, fail, silent) and `words`.
ask() {
  local answer code media age authority
  authority=$(variable PUBLIC_CA_FILE)
  if ! answer=$({
    quoted url "$url/health"
    [ -z "$authority" ] || quoted cacert "$authority"
  } | curl --silent --show-error --max-time "$timeout" --output "$folder/answer" --write-out '%{http_code} %{content_type}' \
    --config - 2>"$folder/why"); then
    status=silent words="$url/health does not answer: $(tail -n 1 "$folder/why")"
    return
  fi
  code=${answer%% *} media=${answer#* }
  if [ "$media" != application/health+json ]; then
    status=silent words="$url/health is answered with $code by somebody else than the health service"
    return
  fi
  # The whole comes before its parts.
  status=$(grep -oE '"status":"(pass|warn|fail)"' "$folder/answer" | head -n 1 | cut -d '"' -f 4) || true
  age=$(grep -oE '"age_s":[0-9]+' "$folder/answer" | head -n 1 | cut -d : -f 2) || true
  if [ -z "$status" ] || [ -z "$age" ]; then
    status=silent words="$url/health answers with $code what cannot be understood"
  elif [ "$age" -gt "$max_age" ]; then
    status=silent words="the health service answers, and has looked at nothing for $age s: its checks hang"
  else
    words="$url/health says $status"
  fi
}

kept() { # NAME
  [ ! -f "$state" ] || sed -n "s/^$1=//p" "$state" | tail -n 1
}

json() { # TEXT
  local text=${1//\\/\\\\}
  text=${text//\"/\\\"}
  printf '"%s"' "${text//$'\n'/\\n}"
}

post() { # WHOM URL HEADER...; the body in $folder/body
  local whom=$1 to=$2 answer header
  shift 2
  if ! answer=$({
    quoted url "$to"
    quoted header 'Content-Type: application/json'
    for header in "$@"; do quoted header "$header"; done
  } | curl --silent --show-error --max-time 20 --data-binary "@$folder/body" --output "$folder/said" \
    --write-out '%{http_code}' --config - 2>"$folder/why"); then
    echo "health-watch: $whom cannot be reached: $(tail -n 1 "$folder/why" | sed 's|https\?://[^ ]*|(address)|g')" >&2
    return 1
  fi
  case $answer in 2??) return 0 ;; esac
  echo "health-watch: $whom answered $answer: $(head -c 200 "$folder/said")" >&2
  return 1
}

tell_slack() { # EVENT TITLE TEXT
  printf '{"text":%s}' "$(json "$2: $3 (event $1)")" >"$folder/body"
  post Slack "$(variable SLACK_WEBHOOK_URL)"
}

address() { sed 's/.*<\(.*\)>.*/\1/; s/^ *//; s/ *$//' <<<"$1"; }

receivers() { { variable MAIL_TO && echo; } | tr ',' '\n' | sed 's/^ *//; s/ *$//; /^$/d'; }

tell_mail() { # EVENT TITLE TEXT
  if [ -n "$(variable MAIL_API)" ]; then tell_mail_by_api "$@"; else tell_mail_by_smtp "$@"; fi
}

tell_mail_by_smtp() { # EVENT TITLE TEXT
  local from to tls host port user authority one
  from=$(variable MAIL_FROM) to=$(variable MAIL_TO) host=$(variable MAIL_SMTP_HOST) tls=$(variable MAIL_SMTP_TLS)
  port=$(variable MAIL_SMTP_PORT) user=$(variable MAIL_SMTP_USER) authority=$(variable MAIL_SMTP_CA_FILE)
  local scheme=smtp usual=587
  case ${tls:-starttls} in tls) scheme=smtps usual=465 ;; none) usual=25 ;; esac
  printf '%s\r\n' "From: $from" "To: $to" "Subject: [E2I] $2" "Date: $(date -R)" "X-E2I-Event: $1" \
    "Message-ID: <$1@$(address "$from" | cut -d @ -f 2)>" 'Content-Type: text/plain; charset=utf-8' '' \
    "$3" '' '--' "event $1" >"$folder/body"
  if ! {
    quoted url "$scheme://$host:${port:-$usual}"
    quoted mail-from "$(address "$from")"
    while IFS= read -r one; do quoted mail-rcpt "$(address "$one")"; done < <(receivers)
    [ "${tls:-starttls}" != starttls ] || echo ssl-reqd
    [ -z "$authority" ] || quoted cacert "$authority"
    [ -z "$user" ] || quoted user "$user:$(variable MAIL_SMTP_PASSWORD)"
  } | curl --silent --show-error --max-time 20 --upload-file "$folder/body" --output /dev/null --config - 2>"$folder/why"; then
    echo "health-watch: no mail by $host:${port:-$usual}: $(tail -n 1 "$folder/why"); many hosts let nothing out to the" \
      "ports 25, 465 and 587: use the provider's other port (often 2525) or its HTTPS API (MAIL_API)" >&2
    return 1
  fi
}

tell_mail_by_api() { # EVENT TITLE TEXT
  local from to key base subject text list='' one
  from=$(variable MAIL_FROM) to=$(variable MAIL_TO) key=$(variable MAIL_API_KEY) base=$(variable MAIL_API_URL)
  subject=$(json "[E2I] $2") text=$(json "$3"$'\n\n'"event $1")
  case $(variable MAIL_API) in
    postmark)
      printf '{"From":%s,"To":%s,"Subject":%s,"TextBody":%s,"MessageStream":"outbound"}' \
        "$(json "$from")" "$(json "$to")" "$subject" "$text" >"$folder/body"
      post Postmark "${base:-https://api.postmarkapp.com}/email" "X-Postmark-Server-Token: $key" 'Accept: application/json'
      ;;
    resend)
      while IFS= read -r one; do list+="${list:+,}$(json "$one")"; done < <(receivers)
      printf '{"from":%s,"to":[%s],"subject":%s,"text":%s}' "$(json "$from")" "$list" "$subject" "$text" >"$folder/body"
      post Resend "${base:-https://api.resend.com}/emails" "Authorization: Bearer $key" "Idempotency-Key: $1"
      ;;
    sendgrid)
      while IFS= read -r one; do list+="${list:+,}{\"email\":$(json "$(address "$one")")}"; done < <(receivers)
      printf '{"personalizations":[{"to":[%s]}],"from":{"email":%s},"subject":%s,"content":[{"type":"text/plain","value":%s}]}' \
        "$list" "$(json "$(address "$from")")" "$subject" "$text" >"$folder/body"
      post SendGrid "${base:-https://api.sendgrid.com}/v3/mail/send" "Authorization: Bearer $key"
      ;;
    *) echo "health-watch: MAIL_API is $(variable MAIL_API); it is postmark, resend or sendgrid" >&2 && return 1 ;;
  esac
}

channels() {
  [ -z "$(variable SLACK_WEBHOOK_URL)" ] || echo slack
  [ -z "$(variable MAIL_SMTP_HOST)$(variable MAIL_API)" ] || echo mail
}

if [ "$dry_run" = no ]; then
  mkdir -p "$(dirname "$state")"
  exec 9>"$state.lock"
  flock --nonblock 9 || { echo "health-watch: the run before still asks or tells" >&2; exit 0; }
fi

for ((try = 1; ; try++)); do
  ask
  if [ "$status" != silent ] || [ "$try" -ge "$tries" ]; then break; fi
  sleep "$pause"
done
echo "health-watch: $words"

condition=answers
[ "$status" != silent ] || condition=silent
# The moment of the change is in the event's id: who is told of it twice can tell.
since=$(kept since)
if [ "$(kept condition)" != "$condition" ] || [ -z "$since" ]; then since=$(date +%s); fi
event=health-$condition-$since
if [ "$condition" = silent ]; then
  title='Critical: nobody watches the platform'
  text="$words. Alerts of the platform do not come while this lasts. Look at the server: docs/health.md, \"Health itself is silent\"."
else
  title='OK: the health service answers again' text="$words."
fi

untold=no lines=''
if [ "$condition" = silent ] && [ -z "$(channels)" ]; then
  echo "health-watch: nobody is told: neither SLACK_WEBHOOK_URL nor a way for mail is set" >&2
fi
for channel in $(channels); do
  told=$(kept "told_$channel")
  if [ "${told:-answers}" != "$condition" ]; then
    if [ "$dry_run" = yes ]; then
      echo "would tell $channel: $title: $text"
    elif "tell_$channel" "$event" "$title" "$text"; then
      echo "health-watch: told $channel ($event)"
      told=$condition
    else
      untold=yes
    fi
  fi
  lines+="told_$channel=${told:-answers}"$'\n'
done
if [ "$dry_run" = no ]; then
  printf 'condition=%s\nsince=%s\n%s' "$condition" "$since" "$lines" >"$state.new"
  mv "$state.new" "$state"
fi

[ "$untold" = no ] || exit 4
case $status in silent) exit 3 ;; fail) exit 1 ;; esac
