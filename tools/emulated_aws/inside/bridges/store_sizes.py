"""The answer to each change of a KeyValueStore has the size of all keys and values. ministack encodes them one by one
for that: 89,000 for the zone, at each of the 1,782 changes that load them. Here they are encoded together.
"""

import inspect

from ministack.services import cloudfront_keyvaluestore as stores


def is_missing():
    return "for k, v in items.items()" in inspect.getsource(stores._compute_size)


def bridge():
    stores._compute_size = lambda items: sum(len("".join(each).encode()) for each in (items, items.values()))
