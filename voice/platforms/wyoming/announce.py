"""Tell the local network that we are here, so that Home Assistant offers to set us up."""

from __future__ import annotations

import asyncio
import logging
import socket
from typing import Final

from zeroconf import Error
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

from voice.ports import own_address

TYPE: Final = "_wyoming._tcp.local."
END_SECONDS: Final = 2.0  # for the farewell
_ANY: Final = ("0.0.0.0", "::")
_MAX_NAME_CHARS: Final = 60  # DNS takes 63 bytes
_LOG = logging.getLogger(__name__)


class Announcement:
    """What the network is told, until `end`."""

    def __init__(self, zeroconf: AsyncZeroconf) -> None:
        self._zeroconf = zeroconf

    @classmethod
    async def make(cls, listener: socket.socket) -> Announcement | None:
        """Announce a listening socket; None, and a line in the log, where that is not possible."""
        zeroconf: AsyncZeroconf | None = None
        try:
            zeroconf = AsyncZeroconf()
            await zeroconf.async_register_service(_service(listener), allow_name_change=True)
            return cls(zeroconf)
        except (OSError, Error) as error:
            _LOG.warning("Home Assistant must be given the address by hand: %s", error)
            if zeroconf is not None:
                await zeroconf.async_close()
            return None

    async def end(self) -> None:
        """Say goodbye."""
        try:
            await asyncio.wait_for(self._zeroconf.async_close(), END_SECONDS)
        except asyncio.TimeoutError:
            _LOG.debug("the network took no farewell")


def _service(listener: socket.socket) -> AsyncServiceInfo:
    host, port = listener.getsockname()[:2]
    if host in _ANY:
        host = own_address(socket.AddressFamily(listener.family))
        if host is None:
            raise OSError("this machine is in no network")
    name = f"faq-{socket.gethostname().partition('.')[0]}"[:_MAX_NAME_CHARS]
    return AsyncServiceInfo(TYPE, f"{name}.{TYPE}", port=port, parsed_addresses=[host])
