"""CloudFront answers requests to the aliases of a distribution. ministack answers only to its own name."""

import ministack.app
from ministack.services import cloudfront

_label = ministack.app._parse_cloudfront_dataplane_host


def is_missing():
    return _label("content.example.org") is None


def bridge():
    ministack.app._parse_cloudfront_dataplane_host = _labelled


def _labelled(host):
    name = host.split(":")[0].lower()
    if name.endswith(".example.org"):
        for distribution in cloudfront._distributions.values():
            if name in str(distribution):
                return distribution["DomainName"].split(".")[0]
    return _label(host)
