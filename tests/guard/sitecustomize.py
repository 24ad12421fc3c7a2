"""Nothing leaves this machine: every Python program that the tests start finds this file by PYTHONPATH, and may reach local sockets only.

The interpreter itself tells what is asked of sockets, whichever library asks; who catches the error is found in the file all the same.
"""

import os
import sys

LOG = "TESTS_NETWORK_LOG"
"""Variable that names the file in which attempts are written."""

HERE = ("127.0.0.1", "::1", "0.0.0.0", "::", "localhost", "", None)  # noqa: S104 - this machine, whichever way it is named
ADDRESS = {"socket.connect": 1, "socket.sendto": 1, "socket.getaddrinfo": 0, "socket.gethostbyname": 0}
"""What is asked, and which argument says of whom."""

allowed: list[str] = []
"""Tests that may, now."""


def guard(event, arguments) -> None:
    place = ADDRESS.get(event)
    if place is None or allowed or arguments[place] is None:
        return
    if event in ("socket.connect", "socket.sendto") and arguments[0].family.name == "AF_UNIX":
        return
    host = arguments[place] if place == 0 else arguments[place][0]
    host = host.decode() if isinstance(host, bytes) else host
    if host not in HERE:
        if os.environ.get(LOG):
            with open(os.environ[LOG], "a", encoding="utf-8") as stream:
                stream.write(f"{event} {host} {sys.argv[:4]}\n")
        raise AssertionError(f"network access to {host} ({event})")


sys.addaudithook(guard)
