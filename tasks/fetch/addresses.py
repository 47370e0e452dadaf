"""A check of every network address before a fetch connects to it.

The text of a URL does not show where it leads: names can resolve to private addresses, a second DNS answer can differ
from the first (rebinding), a number can be written in many ways, and redirects can point into a private network.
Therefore the address is checked where its socket is made, after all names have been resolved. No connection is made to
an address that was not checked.
"""

import ipaddress
import socket
from collections.abc import Mapping
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import DefaultResolver

from tasks.fetch.settings import split_address

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# At these addresses clouds answer their own machines and give out secrets. They are refused even if private addresses
# are allowed. All other link-local addresses are refused anyway.
_CLOUD_SERVICES = tuple(
    map(
        ipaddress.ip_network,
        (
            "169.254.169.254",  # nearly all clouds
            "169.254.170.2",  # Amazon, containers
            "fd00:ec2::/32",  # Amazon
            "fd20:ce::254",  # Google
            "168.63.129.16",  # Azure
            "100.100.100.200",  # Alibaba
            "192.0.0.192",  # Oracle
            "fd00:c1::a9fe:a9fe",  # Oracle
            "fd00:a9fe:a9fe::1",  # Linode
            "fd00:42::42",  # Scaleway
        ),
    )
)
# The part of IPv6 that is assigned to the internet. Python counts every address as global that no registry excludes.
_V6_INTERNET = ipaddress.IPv6Network("2000::/3")
# For documentation, protocols and relays to 6to4; some versions of Python count these as global, others as private.
_SET_ASIDE = tuple(map(ipaddress.ip_network, ("3fff::/20", "192.0.0.0/24", "192.88.99.0/24")))
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_NAT64_LOCAL = ipaddress.IPv6Network("64:ff9b:1::/48")
_V4_COMPATIBLE = ipaddress.IPv6Network("::/96")


class UnsafeAddressError(OSError):
    """A connection was not made because its address is not allowed."""


class ConfiguredAddress(str):
    """An address that the configuration itself names for a host.

    aiohttp passes it unchanged from the resolver to the socket. Therefore the permission belongs to this one
    connection: if the same address is found for any other host name, it is an ordinary string and is refused.
    """

    __slots__ = ()


def why_unsafe(address: str, *, allow_loopback: bool = False, allow_private: bool = False) -> str | None:
    """Say why an IP address must not be connected to, or None if it is an address on the public internet.

    IPv4 addresses inside IPv6 addresses (mapped, 6to4, Teredo, NAT64, compatible) are judged as the IPv4 address.
    """
    ip = _unwrapped(ipaddress.ip_address(address.partition("%")[0]))
    if any(ip in network for network in _CLOUD_SERVICES):
        return f"{address} is a service of a cloud for its own machines"
    if ip.is_loopback:
        return None if allow_loopback else f"{address} is this machine (loopback)"
    for is_so, kind in (
        (ip.is_unspecified, "unspecified"),
        (ip.is_multicast, "a multicast address"),
        (ip.is_link_local, "a link-local address"),
        (ip in _NAT64_LOCAL if ip.version == 6 else False, "an address of a local translator"),
        (any(ip in network for network in _SET_ASIDE), "set aside for other ends than the internet"),
    ):
        if is_so:
            return f"{address} is {kind}"
    site_local = isinstance(ip, ipaddress.IPv6Address) and ip.is_site_local
    if site_local or (ip.is_private and not ip.is_reserved):
        return None if allow_private else f"{address} is a private address"
    if ip.is_global and (ip.version == 4 or ip in _V6_INTERNET):
        return None
    return f"{address} is not on the public internet"


def _unwrapped(ip: _Address) -> _Address:
    if isinstance(ip, ipaddress.IPv4Address):
        return ip
    if inner := ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None):
        return inner
    if ip in _NAT64 or (ip in _V4_COMPATIBLE and int(ip) > 0xFFFF):
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip


class AddressGuard:
    """A socket factory for aiohttp that opens sockets only for safe addresses."""

    def __init__(self, *, allow_loopback: bool = False, allow_private: bool = False) -> None:
        self._allow_loopback = allow_loopback
        self._allow_private = allow_private

    def __call__(self, addr_info: tuple[Any, ...]) -> socket.socket:
        """Open the socket for one resolved address (the five fields of :func:`socket.getaddrinfo`).

        Raises
        ------
        UnsafeAddressError
            When the address belongs to this machine or to a private network.
        """
        family, kind, protocol, _, address = addr_info
        if not isinstance(address[0], ConfiguredAddress):
            reason = why_unsafe(
                address[0], allow_loopback=self._allow_loopback, allow_private=self._allow_private
            )
            if reason:
                raise UnsafeAddressError(f"{reason}; only configured hosts are reached there")
        return socket.socket(family=family, type=kind, proto=protocol)


class ConfiguredResolver(AbstractResolver):
    """Gives hosts in ``connect_to`` their configured address and port, and looks up all other hosts in DNS."""

    def __init__(self, connect_to: Mapping[str, str]) -> None:
        self._configured = {host.lower(): split_address(address) for host, address in connect_to.items()}
        self._dns = DefaultResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Give the addresses of a host, in the form of aiohttp's resolvers."""
        configured = self._configured.get(host.rstrip(".").lower())
        if configured is None:
            return await self._dns.resolve(host, port, family)
        address, configured_port = configured
        return [
            ResolveResult(
                hostname=host,
                host=ConfiguredAddress(address),
                port=configured_port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST,
            )
        ]

    async def close(self) -> None:
        """Release the DNS resolver."""
        await self._dns.close()
