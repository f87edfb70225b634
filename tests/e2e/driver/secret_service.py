"""Reads what the desktop's secret service holds, over the message bus."""

from __future__ import annotations

from gi.repository import Gio, GLib

NAME, PATH, INTERFACE = "org.freedesktop.secrets", "/org/freedesktop/secrets", "org.freedesktop.Secret."


class _Bus:
    """One connection: the service's session ends with it."""

    def __init__(self) -> None:
        self._bus = Gio.bus_get_sync(Gio.BusType.SESSION)

    def call(self, path: str, interface: str, method: str, arguments: GLib.Variant | None = None) -> tuple:
        flags = Gio.DBusCallFlags.NONE
        return self._bus.call_sync(NAME, path, interface, method, arguments, None, flags, 10_000, None).unpack()


def items() -> dict[tuple[str, str], str]:
    """Return every secret by (service, user name)."""
    bus = _Bus()
    plain = GLib.Variant("(sv)", ("plain", GLib.Variant("s", "")))
    _, session = bus.call(PATH, f"{INTERFACE}Service", "OpenSession", plain)
    unlocked, locked = bus.call(PATH, f"{INTERFACE}Service", "SearchItems", GLib.Variant("(a{ss})", ({},)))
    assert not locked, "the keyring is locked"
    found = {}
    for path in unlocked:
        wanted = GLib.Variant("(ss)", (f"{INTERFACE}Item", "Attributes"))
        (attributes,) = bus.call(path, "org.freedesktop.DBus.Properties", "Get", wanted)
        ((_, _, value, _),) = bus.call(path, f"{INTERFACE}Item", "GetSecret", GLib.Variant("(o)", (session,)))
        found[attributes.get("service", ""), attributes.get("username", "")] = bytes(value).decode()
    return found
