"""Tells whether an IP address is public, for the connections of readers and for the hosts that partners name."""

import ipaddress

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052, section 2.1
# RFC 9637; the standard library knows it since Python 3.13.1, and Lambda says of no patch version that it stays.
_DOCUMENTATION = ipaddress.IPv6Network("3fff::/20")
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")  # all that IANA hands out (RFC 4291, section 2.4)

type Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def public_address(text: str) -> Address | None:
    """The address in the text. None if it is not a public address. An IPv4 address inside an IPv6 address (mapped, RFC
    4291; NAT64, RFC 6052) is returned as IPv4. The edge function has the same rule in JavaScript; a test compares both.
    """
    try:
        address: Address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id is not None:
            return None
        if address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        elif address in _NAT64:
            address = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        elif address not in _GLOBAL_UNICAST or address in _DOCUMENTATION:
            return None
    return address if address.is_global and not address.is_multicast else None
