"""What a shard is made of: `meta.json`, which names its segments, and their files, which never change.

Under `search/<language>/`:

    shards.json                  the names of the language's shards
    <shard>/meta.json            the engine's own list of segments; whoever replaces it must have read it before
    <shard>/<segment>.<kind>     a file of a segment
    <shard>/<segment>.<n>.del    which of its articles are gone
"""

import json
from typing import Any

_KINDS = ("idx", "pos", "term", "store", "fast", "fieldnorm")
META = "meta.json"
SHARDS = "shards.json"


def files_of(meta: bytes) -> set[str]:
    """The names of the files that a meta.json names. Raises ValueError, KeyError or TypeError if it is damaged."""
    found: set[str] = set()
    segments: list[dict[str, Any]] = json.loads(meta)["segments"]
    for segment in segments:
        name = segment["segment_id"].replace("-", "")
        found |= {f"{name}.{kind}" for kind in _KINDS}
        if segment["deletes"]:
            found.add(f"{name}.{segment['deletes']['opstamp']}.del")
    return found
