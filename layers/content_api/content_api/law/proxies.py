"""Whether the headers of a request hint at a proxy, a content delivery network, or a browser that loads pages through
servers of its maker. The connection's address is then theirs, and not the reader's.

No list of such headers is complete, so most are recognised by a part of their name. A false hint shows a notice to a
reader who need not see it. A missed hint hides the notice from a reader in danger, which is worse. So any name that
promises an address, a country or a subscriber's number hints at a proxy, whoever adds it. The names are from the
documentation of Envoy, Cloudflare, Fastly, Fly, Netlify, Vercel, Azure, App Engine, Google's load balancers, Akamai,
Sucuri, Imperva, Bunny, Alibaba, EdgeOne, Huawei and CloudFront, of Squid, Varnish, WebLogic and Blue Coat, of Opera
Mini, UC Browser, Skyfire and Bolt, from lists of programs that look for open proxies, and from other known requests.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

# API Gateway adds these to every request. The value of the first is checked elsewhere.
_OF_API_GATEWAY = frozenset(("x-forwarded-for", "x-forwarded-port", "x-forwarded-proto", "x-amzn-trace-id"))
_WHOLE = frozenset(
    "via x-via qvia age x-host x-real-host x-host-override x-originalhost disguised-host was-default-hostname fwd "
    "x-cache x-cache-lookup cache-info x-varnish x-iinfo x-imforwards x-loop x-hw max-forwards x-request-start rndr-id "
    "x-network-info x-acr x-uidh device-stock-ua x-device-user-agent x-scanner x-cloud-trace-context x-orig-client "
    "x-locking xonnection x-htx-agent ps-capabilitylist sp-host sp-client remote-host-wp x-server-hostname".split()
)
# Parts of a name that promise whose connection it was, or where.
_PART = re.compile(
    "forwarded|prox[iy]|xroxy|fwd-|coming-from|client-?(ip|addr)|true-client|real-?ip|remote-?(ip|addr|host)"
    "|connecting-?ip|connection-?ip|source-?ip|src-?ip|user-?ip|(^|-)ips?($|-)|-addr(ess)?$"
    "|orig(in(al|ating)?)?-(ip|url|host|user-agent|remote)|external-address|viewer-(address|country)|edgescape"
    "|geo-?ip|(^|-)geo-|(^|-)country($|-)|client-(geo|region|city)|msisdn|imsi$|subno|calling-line|bluecoat|-via$"
)
# Beginnings of names that providers and makers add to a request on its way.
_BEGINNING = re.compile(
    "akamai-|ali-|bunny-|cdn-|cf-|cloudfront-|ddg-|eagleeye-|edge-|eo-|fastly-|fly-|hwwaf|incap-|surrogate-|wscdn|xxx-"
    "|xcache|x-77-|x-ak-|x-akamai-|x-amobee-|x-amz-cf-|x-amzn-|x-appengine-|x-appgw-|x-arr-|x-azure-|x-bolt-|x-ccdn-"
    "|x-cdn|x-cluster-|x-ec-|x-edge|x-envoy-|x-fastly-|x-fd-|x-forefront|x-gfe|x-goog-|x-google-|x-heroku-|x-incap-"
    "|x-koyeb-|x-nf-|x-nokia-|x-nws-|x-opera-|x-operamini-|x-original-|x-psa-|x-puffin-|x-railway-|x-render-|x-sigsci-"
    "|x-skyfire-|x-sp-|x-squid-|x-sucuri-|x-swift-|x-teamsite-|x-tinyproxy|x-ucbrowser-|x-up-|x-vercel-|x-vf-"
    "|x-vodafone-|x-wap-|x-waws-|x-ws-|x-wscdn|x-yandex-|x-zscaler-"
)


def hints_at_a_proxy(names: Iterable[str]) -> bool:
    """Whether one of a request's header names, in lower case, is one that proxies add."""
    written = (name.replace("_", "-") for name in names if name not in _OF_API_GATEWAY)
    return any(name in _WHOLE or _BEGINNING.match(name) or _PART.search(name) for name in written)
