#!/bin/sh
# Runs inside dbus-run-session on a screen of its own: an unlocked keyring, a window manager, the accessibility bus, then
# the driver. $1 is the driver, $2 its task.
printf 'pw\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
openbox >/dev/null 2>&1 &
manager=$!
/usr/libexec/at-spi-bus-launcher --launch-immediately >/dev/null 2>&1 &
bus=$!
/usr/bin/python3 "$1" "$2"
code=$?
kill "$manager" "$bus" 2>/dev/null
exit "$code"
