"""The autonomous systems that hide their readers: networks of hosting, VPN and Tor. An address there says where a
machine is, and not where the reader is.

`hiding_systems.txt` has their numbers, one in each line. `python -m zone.hiding` makes the file, and records the reason
for each system. The edge looks the numbers up in its store. Only a developer's machine reads the file.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

SYSTEMS = Path(__file__).with_name("hiding_systems.txt")


@cache
def hiding_systems() -> frozenset[str]:
    return frozenset(SYSTEMS.read_text(encoding="ascii").split())
