"""What a reader's place comes to: a jurisdiction that a notice names (`ru`, `ua-occupied`), or one of these two."""

from __future__ import annotations

# No notice is due there.
ELSEWHERE = "elsewhere"
# Nobody knows the place, so a notice that is for unknown places is due.
UNKNOWN = "unknown"
