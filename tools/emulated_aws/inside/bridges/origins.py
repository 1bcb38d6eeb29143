"""CloudFront asks its origin at API.execute-api.REGION.amazonaws.com. Here that is an API of the emulator. ministack
tries to connect to the real host, which it refuses.
"""

import os

from ministack.services import apigateway, cloudfront

_SUFFIX = f".execute-api.{os.environ['AWS_DEFAULT_REGION']}.amazonaws.com"
_PROBE = {
    "domain_name": f"0a1b2c3d{_SUFFIX}",
    "protocol_policy": "https-only",
    "http_port": 80,
    "https_port": 443,
}
_target, _headers = cloudfront._origin_connect_target, cloudfront._origin_request_headers


def is_missing():
    return _target(_PROBE, viewer_is_https=True)[0] == _PROBE["domain_name"]


def bridge():
    cloudfront._origin_connect_target, cloudfront._origin_request_headers = _targeted, _sent


def _here(host):
    api = host.removesuffix(_SUFFIX)
    return f"{api}.execute-api.localhost" if api != host and api in set(apigateway._apis) else None


def _targeted(origin, viewer_is_https):
    host, port, uses_https = _target(origin, viewer_is_https)
    here = _here(host)
    return (here, int(os.environ["GATEWAY_PORT"]), uses_https) if here else (host, port, uses_https)


def _sent(origin, *more):
    made = _headers(origin, *more)
    here = _here(made["Host"])
    return made | {"Host": here} if here else made
