"""Whether the headers of a request hint at a proxy, a content delivery network or a browser that fetches through its
maker's servers: the connection's address is theirs then, and not the reader's.

No list of such headers is complete, so most are recognised by a part of their name. A false hint shows a notice to a
reader who need not see it. A missed hint hides the notice from a reader in danger, which is worse: so a name that says
an address, a country or a subscriber's number hints at a proxy, whoever adds it. Names are taken from the documentation
of Envoy, Cloudflare, Fastly, Fly, Netlify, Vercel, Azure, App Engine, Google's load balancers, Akamai, Sucuri, Imperva,
Bunny, Alibaba, EdgeOne, Huawei and CloudFront, of Squid, Varnish, WebLogic and Blue Coat, of Opera Mini, UC Browser,
Skyfire and Bolt, from the lists of programs that look for open proxies, and from what else is known to be sent.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

# API Gateway sets these itself, at every request; what the first of them says is compared elsewhere.
_OF_API_GATEWAY = frozenset(("x-forwarded-for", "x-forwarded-port", "x-forwarded-proto", "x-amzn-trace-id"))
_WHOLE = frozenset(
    "via x-via qvia age x-host x-real-host x-host-override x-originalhost disguised-host was-default-hostname fwd "
    "x-cache x-cache-lookup cache-info x-varnish x-iinfo x-imforwards x-loop x-hw max-forwards x-request-start rndr-id "
    "x-network-info x-acr x-uidh device-stock-ua x-device-user-agent x-scanner x-cloud-trace-context x-orig-client "
    "x-locking xonnection x-htx-agent ps-capabilitylist sp-host sp-client remote-host-wp x-server-hostname".split()
)
# In the middle of a name: what says whose connection it was, or where, whoever says so.
_PART = re.compile(
    "forwarded|prox[iy]|xroxy|fwd-|coming-from|client-?(ip|addr)|true-client|real-?ip|remote-?(ip|addr|host)"
    "|connecting-?ip|connection-?ip|source-?ip|src-?ip|user-?ip|(^|-)ips?($|-)|-addr(ess)?$"
    "|orig(in(al|ating)?)?-(ip|url|host|user-agent|remote)|external-address|viewer-(address|country)|edgescape"
    "|geo-?ip|(^|-)geo-|(^|-)country($|-)|client-(geo|region|city)|msisdn|imsi$|subno|calling-line|bluecoat|-via$"
)
# At its beginning: what a provider or a maker adds to a request on its way.
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
