"""Names of jurisdictions. A reader's place is in a jurisdiction that a notice names (`ru`, `ua-occupied`), or is one of
these two.
"""

from __future__ import annotations

# No notice is due there.
ELSEWHERE = "elsewhere"
# Nobody knows the place. The notices for unknown places are due.
UNKNOWN = "unknown"
