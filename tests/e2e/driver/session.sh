#!/bin/sh
# Runs inside dbus-run-session on a screen of its own: an unlocked keyring, a window manager, the accessibility bus, then
# the driver. $1 is the driver, $2 its task.
printf 'pw\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
openbox >/dev/null 2>&1 &
manager=$!
# A window that is there before its manager never gets the focus.
for _ in $(seq 100); do
    xdotool get_desktop >/dev/null 2>&1 && break
    sleep 0.1
done
/usr/libexec/at-spi-bus-launcher --launch-immediately >/dev/null 2>&1 &
bus=$!
/usr/bin/python3 "$1" "$2"
code=$?
kill "$manager" "$bus" 2>/dev/null
exit "$code"
