#!/bin/sh
# Starts Alertmanager with a configuration made of the variables that the deployer and the health service read for their
# own messages: SLACK_WEBHOOK_URL, MAIL_FROM, MAIL_TO, MAIL_SMTP_*, MAIL_API, MAIL_API_KEY (secrets also as NAME_FILE).
#   alertmanager.sh             writes it and becomes alertmanager
#   alertmanager.sh --print     prints it instead; where a secret would be read from a file, that file is named
# Plain sh: the official image has nothing else.
set -eu

fail() { echo "alertmanager: $*" >&2; exit 78; }

folder=${ALERTMANAGER_CONFIG_DIR:-/tmp/alertmanager}
print=no
[ "${1:-}" != --print ] || { print=yes; shift; }
umask 077
mkdir -p "$folder"

# In single quotes of YAML, where a quote is doubled and nothing else means anything.
quoted() {
  case $1 in *"
"*) fail "$2 has more than one line" ;; esac
  printf "'%s'" "$(printf %s "$1" | sed "s/'/''/g")"
}

# The file that holds the secret $1; the value of the variable goes into one of ours. Empty when it is not set.
secret_file() {
  eval "value=\${$1:-} file=\${${1}_FILE:-}"
  if [ -n "$value" ] && [ -n "$file" ]; then fail "both $1 and ${1}_FILE are set; unset one of the two"; fi
  if [ -n "$file" ]; then
    [ -r "$file" ] || fail "${1}_FILE=$file cannot be read by user $(id -u), group $(id -g)"
    printf %s "$file"
  elif [ -n "$value" ]; then
    printf %s "$value" >"$folder/$1"
    printf %s "$folder/$1"
  fi
}

slack() {
  file=$(secret_file SLACK_WEBHOOK_URL) || exit 78
  [ -n "$file" ] || return 0
  file=$(quoted "$file" SLACK_WEBHOOK_URL_FILE) || exit 78
  cat <<YAML
    slack_configs:
      - api_url_file: $file
        send_resolved: true
        title: '{{ template "e2i.title" . }}'
        text: '{{ template "e2i.text" . }}'
YAML
}

# Server, whether STARTTLS is insisted on, login, and the variable of the password.
mail_way() {
  server='' starttls=true login='' password=''
  case ${MAIL_API:-} in
    # Alertmanager knows SMTP alone. These ports of the providers' are not the ones that hosts block.
    postmark) server=smtp.postmarkapp.com:2525 password=MAIL_API_KEY login=key ;;
    resend) server=smtp.resend.com:2587 login=resend password=MAIL_API_KEY ;;
    sendgrid) server=smtp.sendgrid.net:2525 login=apikey password=MAIL_API_KEY ;;
    '')
      [ -n "${MAIL_SMTP_HOST:-}" ] || fail "MAIL_TO has no way out; set MAIL_SMTP_HOST, or MAIL_API"
      case ${MAIL_SMTP_TLS:-starttls} in
        starttls) port=${MAIL_SMTP_PORT:-587} ;;
        tls)
          port=${MAIL_SMTP_PORT:-465} starttls=false
          [ "$port" = 465 ] || fail "MAIL_SMTP_TLS=tls: Alertmanager speaks TLS from the start on port 465 alone, not on $port" ;;
        none) port=${MAIL_SMTP_PORT:-25} starttls=false ;;
        *) fail "MAIL_SMTP_TLS=$MAIL_SMTP_TLS is none of starttls, tls, none" ;;
      esac
      server=$MAIL_SMTP_HOST:$port login=${MAIL_SMTP_USER:-}
      [ -z "$login" ] || password=MAIL_SMTP_PASSWORD ;;
    *) fail "MAIL_API=$MAIL_API is none of postmark, resend, sendgrid" ;;
  esac
}

mail() {
  [ -n "${MAIL_FROM:-}${MAIL_TO:-}" ] || return 0
  if [ -z "${MAIL_FROM:-}" ] || [ -z "${MAIL_TO:-}" ]; then fail "one of MAIL_FROM and MAIL_TO is set; set both"; fi
  mail_way
  to=$(quoted "$MAIL_TO" MAIL_TO) && from=$(quoted "$MAIL_FROM" MAIL_FROM) && server=$(quoted "$server" MAIL_SMTP_HOST) || exit 78
  cat <<YAML
    email_configs:
      - to: $to
        from: $from
        smarthost: $server
        hello: e2i
        require_tls: $starttls
        send_resolved: true
        headers: { Subject: '{{ template "e2i.title" . }}' }
        html: ''
        text: '{{ template "e2i.text" . }}'
YAML
  [ -z "${MAIL_SMTP_CA_FILE:-}" ] || echo "        tls_config: { ca_file: $(quoted "$MAIL_SMTP_CA_FILE" MAIL_SMTP_CA_FILE) }"
  [ -n "$password" ] || return 0
  file=$(secret_file "$password") || exit 78
  [ -n "$file" ] || fail "$password is not set"
  # postmark's login is the key as well.
  [ "$login" != key ] || login=$(cat "$file")
  echo "        auth_username: $(quoted "$login" MAIL_SMTP_USER)"
  echo "        auth_password_file: $(quoted "$file" "${password}_FILE")"
}

configuration() {
  channels=$(slack) || exit 78
  mails=$(mail) || exit 78
  cat <<YAML
# Made by alertmanager.sh out of variables.
templates: ['$(dirname "$0")/messages.tmpl']
route:
  receiver: people
  # One message a service, however much of it is wrong.
  group_by: [service]
  group_wait: 30s
  group_interval: 5m
  repeat_interval: 4h
inhibit_rules:
  # What is gone fails in many ways: its warnings say nothing more.
  - source_matchers: [severity = critical]
    target_matchers: [severity = warning]
    equal: [service]
  # Nothing that stands behind nginx can be judged by its requests while nginx is gone.
  - source_matchers: [alertname = ServiceGone, service = nginx]
    target_matchers: [alertname =~ "RequestsFail|RequestsAreSlow|SignInsRefused"]
receivers:
  - name: people
$channels
$mails
YAML
}

text=$(configuration) || exit 78
if [ "$print" = yes ]; then
  printf '%s\n' "$text"
  exit 0
fi
case $text in
  *_configs:*) ;;
  *) echo "alertmanager: neither SLACK_WEBHOOK_URL nor MAIL_TO is set: alerts are shown on port 9093, and nobody is told" >&2 ;;
esac
printf '%s\n' "$text" >"$folder/alertmanager.yml"
exec alertmanager --config.file="$folder/alertmanager.yml" --storage.path=/alertmanager --cluster.listen-address= "$@"
