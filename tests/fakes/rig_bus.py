"""A private D-Bus session, with the system's secret store on it where a test wants one."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fakes.rig_processes import private_folder, started

_CONFIGURATION = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={folder}/bus</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
  </policy>
</busconfig>
"""


class Bus:
    """``env``: what programs need to find it, and only it. ``folder`` is removed with the bus."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder, self.address = folder, address
        self.env = {
            "DBUS_SESSION_BUS_ADDRESS": address,
            "XDG_RUNTIME_DIR": str(folder),
            "XDG_DATA_HOME": str(folder / "data"),
            "HOME": str(folder),
        }


@contextmanager
def bus() -> Iterator[Bus]:
    """A session bus that starts no service by itself."""
    with private_folder() as folder:
        configuration = folder / "bus.conf"
        configuration.write_text(_CONFIGURATION.format(folder=folder), encoding="utf-8")
        command = ["dbus-daemon", f"--config-file={configuration}", "--nofork", "--nopidfile", "--print-address=1"]
        with started(command, os.environ, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            address = process.stdout.readline().decode().strip()
            if not address:
                raise RuntimeError("dbus-daemon did not start")
            yield Bus(folder, address)


@contextmanager
def keyring(on: Bus, *, unlock: bool = True) -> Iterator[None]:
    """GNOME's secret store, unlocked with an empty password, or locked with nobody to ask for one; it lives and dies
    with the block."""
    from jeepney import DBusAddress, HeaderFields, MatchRule, MessageType, message_bus, new_method_call
    from jeepney.io.blocking import open_dbus_connection

    name = "org.freedesktop.secrets"
    environ = {**os.environ, **on.env, "GNOME_KEYRING_CONTROL": str(on.folder)}
    with open_dbus_connection(on.address) as connection:
        rule = MatchRule(type="signal", interface="org.freedesktop.DBus", member="NameOwnerChanged")
        rule.add_arg_condition(0, name)
        connection.send_and_get_reply(message_bus.AddMatch(rule), timeout=5)
        way = ["--unlock"] if unlock else []
        command = ["gnome-keyring-daemon", *way, "--components=secrets", "--foreground"]
        with started(command, environ, stdin=subprocess.PIPE) as process:
            assert process.stdin is not None
            process.stdin.write(b"\n")
            process.stdin.close()
            while True:
                message = connection.receive(timeout=10)
                if (
                    message.header.message_type is MessageType.signal
                    and message.header.fields.get(HeaderFields.member) == "NameOwnerChanged"
                    and message.body[2]
                ):
                    break
            # it owns the name before it has unlocked; an answered call comes after
            service = DBusAddress("/org/freedesktop/secrets", bus_name=name, interface="org.freedesktop.DBus.Peer")
            connection.send_and_get_reply(new_method_call(service, "Ping"), timeout=10)
            yield
