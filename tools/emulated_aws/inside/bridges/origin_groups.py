"""A cache behaviour may name a group of two origins: if the first answers with one of the group's statuses, CloudFront
asks the second (developer guide, "Optimize high availability with CloudFront origin failover"). ministack knows no
groups, and answers 502.
"""

import inspect

from ministack.services import cloudfront

_parsed, _fetched = cloudfront.parse_distribution_dataplane_config, cloudfront._fetch_from_origin


def is_missing():
    return "OriginGroup" not in inspect.getsource(_parsed)


def bridge():
    cloudfront.parse_distribution_dataplane_config = _with_groups
    cloudfront._fetch_from_origin = _from_either


def _with_groups(dist):
    config = _parsed(dist)
    groups = cloudfront._find(cloudfront._dist_config_el(dist), "OriginGroups")
    listed = cloudfront._find(groups, "Items") if groups is not None else None
    for group in listed if listed is not None else ():
        statuses = {int(each.text) for each in group.iter() if cloudfront._local_tag_name(each) == "StatusCode"}
        names = [each.text for each in group.iter() if cloudfront._local_tag_name(each) == "OriginId"]
        first, second = (config["origins"][each] for each in names)
        config["origins"][cloudfront._text(group, "Id")] = first | {"else": (statuses, second)}
    return config


async def _from_either(origin, *asked):
    answer = await _fetched(origin, *asked)
    statuses, second = origin.get("else", ((), None))
    return await _fetched(second, *asked) if answer[0] in statuses else answer
