import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_api.law.jurisdiction import UNKNOWN
from content_api.law.reader_location import NotThroughTheEdge, jurisdiction_of_reader

CURRENT = b"current-secret-of-the-edge-0123456789abcdef"
NEXT = b"next-secret-of-the-edge-0123456789abcdefghi"

NAMES = st.sampled_from(
    [
        "x-viewer-jurisdiction",
        "cloudfront-viewer-country",
        "cloudfront-viewer-country-region",
        "cloudfront-viewer-address",
        "x-forwarded-for",
        "forwarded",
        "cf-ipcountry",
        "x-real-ip",
        "true-client-ip",
        "x-country",
    ]
)
HEADERS = st.dictionaries(
    NAMES, st.sampled_from(["elsewhere", "US", "46", "RU", "198.51.100.1"]) | st.text(max_size=30)
)


@pytest.mark.parametrize("secret", [CURRENT, NEXT])
def test_either_secret_proves_the_edge_during_a_rotation(secret: bytes) -> None:
    headers = {"x-origin-secret": secret.decode(), "x-viewer-jurisdiction": "elsewhere"}
    assert jurisdiction_of_reader("edge", headers, (CURRENT, NEXT)) == "elsewhere"


@given(HEADERS, st.text(max_size=60))
def test_whatever_is_not_proven_is_refused(headers: dict[str, str], presented: str) -> None:
    with pytest.raises(NotThroughTheEdge):
        jurisdiction_of_reader("edge", headers | {"x-origin-secret": presented}, (CURRENT, NEXT))


@pytest.mark.parametrize("presented", ["", "\ud800", CURRENT.decode()[:-1], CURRENT.decode() + "," + CURRENT.decode()])
def test_no_part_or_repetition_of_a_secret_proves_the_edge(presented: str) -> None:
    with pytest.raises(NotThroughTheEdge):
        jurisdiction_of_reader("edge", {"x-origin-secret": presented}, (CURRENT, b""))


def test_an_empty_secret_proves_nothing() -> None:
    with pytest.raises(NotThroughTheEdge):
        jurisdiction_of_reader("edge", {"x-origin-secret": ""}, (b"", b""))


def test_an_edge_that_states_no_jurisdiction_leaves_the_place_unknown() -> None:
    assert jurisdiction_of_reader("edge", {"x-origin-secret": CURRENT.decode()}, (CURRENT,)) == UNKNOWN


@given(HEADERS, st.sampled_from(["ru", "elsewhere", UNKNOWN]))
def test_without_an_edge_no_header_takes_the_notice_away(headers: dict[str, str], held: str) -> None:
    said = jurisdiction_of_reader("connection", headers, (), source_ip="203.0.113.7", of_address=lambda _address: held)
    plain = jurisdiction_of_reader("connection", {}, (), source_ip="203.0.113.7", of_address=lambda _address: held)
    assert plain == held
    assert said in {plain, UNKNOWN}


@pytest.mark.parametrize("hops", ["203.0.113.7", " 203.0.113.7 "])
def test_the_one_hop_that_api_gateway_itself_states_is_no_proxy(hops: str) -> None:
    headers = {"x-forwarded-for": hops, "x-forwarded-proto": "https", "x-forwarded-port": "443", "host": "a"}
    said = jurisdiction_of_reader(
        "connection", headers, (), source_ip="203.0.113.7", of_address=lambda _address: "elsewhere"
    )
    assert said == "elsewhere"


@pytest.mark.parametrize(
    "hint",
    [
        {"x-forwarded-for": "198.51.100.1, 203.0.113.7"},
        {"x-forwarded-for": "198.51.100.1"},
        {"x-forwarded-for": ""},
        {"via": "1.1 proxy"},
        {"forwarded": "for=203.0.113.7"},
        {"cf-connecting-ip": "203.0.113.7"},
        {"true-client-ip": ""},
        {"x-amz-cf-id": "a"},
    ],
)
def test_behind_a_proxy_nobody_knows_where_the_reader_is(hint: dict[str, str]) -> None:
    said = jurisdiction_of_reader(
        "connection", hint, (), source_ip="203.0.113.7", of_address=lambda _address: "elsewhere"
    )
    assert said == UNKNOWN


@pytest.mark.parametrize(
    "name",
    [
        "x-envoy-external-address", "x-operamini-phone-ua", "x-operamini-features", "x-nf-client-connection-ip",
        "x-forwarded", "x-forwarded-by", "x-original-forwarded-for", "wl-proxy-client-ip", "proxy-client-ip",
        "x-originating-ip", "x-remote-ip", "x-remote-addr", "do-connecting-ip", "cf-pseudo-ipv4", "cf-ew-via",
        "cf-visitor", "fastly-client", "fly-region", "x-vercel-ip-country", "x-azure-socketip", "x-azure-ref",
        "x-appengine-country", "x-sucuri-clientip", "incap-client-ip", "cdn-requestcountrycode", "ali-cdn-real-ip",
        "x-ucbrowser-device-ua", "x-skyfire-phone", "x-bolt-phone-ua", "x-arr-log-id", "x-cloud-trace-context",
        "cloudfront-viewer-asn", "x-real-host", "xroxy-connection", "mt-proxy-id", "x-bluecoat-via",
        "x-cluster-client-ip", "x-cdn-src-ip", "x-squid-error", "proxy-authorization",
        "x-msisdn", "surrogate-capability", "client_ip", "fwd", "x-fwd-ip-addr", "clientaddress", "client-address",
        "rlnclientipaddr", "x-cisco-bbsm-clientip", "x-azc-remote-addr", "remote-host-wp", "x-orig-client", "sp-client",
        "max-forwards", "cache-info", "xonnection", "xcache", "eo-connecting-ip", "eo-client-ipcountry", "edge-control",
        "x-client-geo-location", "client-region", "x-goog-iap-jwt-assertion", "x-amzn-oidc-data", "x-appgw-trace-id",
        "disguised-host", "x-waws-unencoded-url", "x-heroku-dynos", "x-railway-edge", "rndr-id", "x-request-start",
        "x-wap-msisdn", "x-up-calling-line-id", "x-nokia-ipaddress", "x-uidh", "x-vf-acr", "x-opera-info",
        "x-psa-client-options", "x-edge-location", "x-bunny-country", "geoip-country-code", "x-orig-ip", "x-true-ip",
        "x-visitor-ip", "x-device-ip", "x-qrator-ip-source", "x-nws-log-uuid", "eagleeye-traceid", "x-hw",
        "x-remote-host", "x-originalhost", "true-client-port", "ddg-connecting-ip", "x-yandex-internal-request",
    ],
)  # fmt: skip
def test_whatever_a_proxy_adds_leaves_the_place_unknown(name: str) -> None:
    said = jurisdiction_of_reader(
        "connection", {name: "a"}, (), source_ip="203.0.113.7", of_address=lambda _address: "elsewhere"
    )
    assert said == UNKNOWN


def test_what_browsers_apps_and_api_gateway_send_hints_at_no_proxy() -> None:
    sent = (
        "accept accept-encoding accept-language authorization cache-control connection content-length content-type "
        "cookie dnt host if-modified-since if-none-match origin pragma priority range referer save-data sec-ch-ua "
        "sec-ch-ua-mobile sec-ch-ua-platform sec-fetch-dest sec-fetch-mode sec-fetch-site sec-fetch-user sec-gpc te "
        "traceparent tracestate upgrade-insecure-requests user-agent x-amzn-trace-id x-forwarded-port "
        "x-forwarded-proto x-requested-with baggage b3 x-request-id x-csrf-token idempotency-key accept-charset from "
        "alt-used date expect if-range if-match keep-alive purpose sec-purpose x-purpose x-moz sec-ch-ua-arch "
        "sec-ch-viewport-width downlink ect rtt device-memory dpr viewport-width width sentry-trace newrelic x-api-key "
        "x-b3-traceid x-datadog-trace-id x-datadog-origin x-app-version x-device-id x-platform x-client-version "
        "x-client-name x-amz-date x-amz-security-token x-amz-content-sha256 x-correlation-id x-firebase-appcheck "
        "ua-cpu access-control-request-headers access-control-request-method transfer-encoding accept-datetime upgrade"
    )
    headers = dict.fromkeys(sent.split(), "a") | {"x-forwarded-for": "203.0.113.7"}
    said = jurisdiction_of_reader(
        "connection", headers, (), source_ip="203.0.113.7", of_address=lambda _address: "elsewhere"
    )
    assert said == "elsewhere"


def test_without_a_database_every_place_is_unknown() -> None:
    assert jurisdiction_of_reader("connection", {}, (), source_ip="203.0.113.7") == UNKNOWN


@given(HEADERS)
def test_at_the_edge_location_headers_of_a_client_count_for_nothing(headers: dict[str, str]) -> None:
    stated = {"x-origin-secret": CURRENT.decode(), "x-viewer-jurisdiction": "ru"}
    assert jurisdiction_of_reader("edge", headers | stated, (CURRENT,)) == "ru"
