#!/bin/sh
# As the official image starts: an option or a configuration file alone is for redis-server; root becomes redis.
set -e
case "${1:-}" in -* | *.conf) set -- redis-server "$@" ;; esac
if [ "${1:-}" = redis-server ] && [ "$(id -u)" = 0 ]; then
  find . \! -user redis -exec chown redis '{}' +
  exec gosu redis "$@"
fi
umask 0077
exec "$@"
