"""A KeyValueStore's answer to each change tells the size of all that it holds. ministack encodes every key and value
for that, one by one: the zone's 89,000, at each of the 1,782 changes that load them. Here they are encoded together.
"""

import inspect

from ministack.services import cloudfront_keyvaluestore as stores


def is_missing():
    return "for k, v in items.items()" in inspect.getsource(stores._compute_size)


def bridge():
    stores._compute_size = lambda items: sum(len("".join(each).encode()) for each in (items, items.values()))
