#!/bin/sh
# Runs one program for an owner and lets it outlive nobody.
#
# usage: guardian.sh STOP_SIGNAL LAST_SIGNAL GRACE_SECONDS FOLDER COMMAND [ARGUMENT...]
#
# Standard input is a pipe whose other end only the owner holds. The kernel closes it however the owner ends,
# `kill -9` included, so end-of-file means "the owner is gone": the server is stopped and FOLDER, when it is not
# empty, removed. The word `stop` means "stop the server, keep the folder"; the owner sends it twice, because either
# of the two readers below may be the one that is listening, and the first may be ended while it reads.
# Standard output tells the owner `pid N` and `exited CODE`; the server writes to standard error.
set -u
stop_signal=$1
last_signal=$2
grace_seconds=$3
folder=$4
shift 4

trap '' PIPE # telling a dead owner must not end us before the clean-up
exec 3<&0 </dev/null

"$@" 3<&- >&2 &
server=$!
echo "pid $server"

(
  word=''
  read -r word <&3
  kill -s "$stop_signal" "$server"
  tenths=$((grace_seconds * 10))
  while [ "$tenths" -gt 0 ] && kill -0 "$server"; do
    sleep 0.1
    tenths=$((tenths - 1))
  done
  kill -s "$last_signal" "$server"
  [ "$word" = stop ] && exit 3
  exit 0
) >/dev/null 2>&1 &
watcher=$!

wait "$server"
code=$?
# What it started must not outlive it: the workers of a killed nginx would keep its port. They are asked first; whoever
# cannot hear it (a worker of nginx that was just forked loses the signal) goes with this script.
trap '' TERM
trap 'kill -s KILL 0' EXIT
kill -s TERM 0
echo "exited $code"

# The server ended, asked or not. Its number may soon be somebody else's, so the watcher must not outlive it.
kill "$watcher" 2>/dev/null
wait "$watcher" 2>/dev/null
case $? in
  3) exit 0 ;;
  0) ;;
  *)
    [ -z "$folder" ] && exit 0
    # The watcher may have been ended in the middle of the first word: the second is whole.
    while read -r word; do
      [ "$word" = stop ] && exit 0
    done <&3
    ;;
esac
[ -z "$folder" ] || rm -rf -- "$folder"
