"""If a cache policy enables gzip and Brotli, CloudFront sends `Accept-Encoding` to the origin: `br,gzip`, or the one of
the two that the reader accepts (developer guide, "Cache compressed objects settings"). ministack sends it only if a
policy names the header, which CloudFront advises against.
"""

from ministack.services import cloudfront

_NAME = "accept-encoding"
_MANAGED = {"cache_policy_id": "658327ea-f89d-4fab-a63d-7e88639e58f6"}  # CachingOptimized, which enables both
_predicates, _headers = cloudfront._policy_predicates, cloudfront._origin_request_headers


def is_missing():
    is_header_sent_on, _, _ = _predicates(_MANAGED)
    return not is_header_sent_on(_NAME)


def bridge():
    cloudfront._policy_predicates, cloudfront._origin_request_headers = _sent_on, _normalised


def _sent_on(behavior):
    header, cookie, query = _predicates(behavior)
    policy = cloudfront.cache_policy_params(behavior.get("cache_policy_id")) or {}
    is_enabled = all(policy.get(f"EnableAcceptEncoding{name}") for name in ("Brotli", "Gzip"))
    return (lambda name: (is_enabled and name.lower() == _NAME) or header(name)), cookie, query


def _normalised(origin, headers, *more):
    accepted = {each.split(";")[0].strip().lower() for each in headers.get(_NAME, "").split(",")}
    named = ",".join(each for each in ("br", "gzip") if each in accepted)
    others = {name: value for name, value in headers.items() if name != _NAME}
    return _headers(origin, others | ({_NAME: named} if named else {}), *more)
