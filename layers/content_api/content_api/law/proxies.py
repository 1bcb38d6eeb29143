"""Whether the headers of a request hint at a proxy, a content delivery network or a browser that fetches through its
maker's servers: the connection's address is theirs then, and not the reader's.

No list of such headers is complete, so most are recognised by a part of their name. A false hint shows a notice to a
reader who need not see it. A missed hint hides the notice from a reader in danger, which is worse. Names are taken from
the documentation of Envoy, Cloudflare, Fastly, Fly, Netlify, Vercel, Azure, App Engine, Akamai, Sucuri, Imperva, Bunny,
Alibaba and CloudFront, of Squid, Varnish, WebLogic and Blue Coat, and of Opera Mini, UC Browser, Skyfire and Bolt.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

# API Gateway sets these itself, at every request; what the first of them says is compared elsewhere.
_OF_API_GATEWAY = frozenset(("x-forwarded-for", "x-forwarded-port", "x-forwarded-proto", "x-amzn-trace-id"))
_WHOLE = frozenset(
    "via x-via age x-host x-real-host x-cache x-cache-lookup x-varnish x-iinfo x-bluecoat-via x-imforwards x-msisdn "
    "x-wap-profile x-nokia-gateway-id x-up-subno x-device-user-agent device-stock-ua x-scanner x-cloud-trace-context "
    "x-country-code x-geo-country remote-addr coming-from x-coming-from".split()
)
# In the middle of a name: what says whose connection it was, whoever says so.
_PART = re.compile(
    "forwarded|prox[iy]|xroxy|client-?ip|real-?ip|remote-?(ip|addr)|connecting-?ip|connection-?ip|source-?ip|src-?ip|user-?ip"
    "|origin(al|ating)-(ip|url|host|user-agent)|external-address|viewer-(address|country)|edgescape|-via$"
)
# At its beginning: what a provider or a maker adds to a request on its way.
_BEGINNING = re.compile(
    "akamai-|ali-|cdn-|cf-|cloudfront-|fastly-|fly-|incap-|surrogate-|x-akamai-|x-amz-cf-|x-appengine-|x-arr-|x-azure-"
    "|x-bolt-|x-cdn|x-cluster-|x-ec-|x-envoy-|x-fastly-|x-fd-|x-incap-|x-nf-|x-operamini-|x-original-|x-puffin-"
    "|x-skyfire-|x-squid-|x-sucuri-|x-tinyproxy|x-ucbrowser-|x-vercel-|x-zscaler-"
)


def hints_at_a_proxy(names: Iterable[str]) -> bool:
    """Whether one of a request's header names, in lower case, is one that proxies add."""
    return any(
        name in _WHOLE or _BEGINNING.match(name) or _PART.search(name) for name in names if name not in _OF_API_GATEWAY
    )
