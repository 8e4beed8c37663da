#!/bin/sh
# As the official image starts: the scripts of /docker-entrypoint.d first, in order, when nginx is to run.
set -e
if [ "$1" = nginx ]; then
  for script in /docker-entrypoint.d/*.sh; do
    if [ -x "$script" ]; then "$script"; fi
  done
fi
exec "$@"
