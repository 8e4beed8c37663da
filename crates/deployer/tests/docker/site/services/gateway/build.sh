#!/bin/sh
echo "gateway is built in $(grep -E ":memory:|^0::" /proc/self/cgroup | tail -1)"
