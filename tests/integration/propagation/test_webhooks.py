"""Partners are told of changes, by messages that they can prove to be ours."""

import base64
import datetime as dt
import importlib
import itertools
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from content_api.aws import clients
from content_api.content.article import Article
from content_api.names.quotas import MESSAGE_BYTES
from content_store.articles import ArticleStore
from content_store.stream import Change
from gateway.pump import Pump
from gateway.stack import Stack
from propagation.deployed import Deployed
from propagation.posting import DeliveryFailed, NotPublic, Poster, public_addresses
from propagation.webhooks import Endpoint, Endpoints, Sender, announcements, signed
from simulated_partner import Partner, endpoints

type AnArticle = Callable[..., Article]

SECRETS = [f"whsec_{base64.b64encode(bytes([number]) * 32).decode()}" for number in range(3)]
MESSAGE = {"endpoint": "partner", "id": "msg_1", "body": '{"type":"articles.changed"}'}

_numbers = itertools.count()


def sender(partner: Partner, **endpoint: Any) -> Sender:
    stated = {"id": "partner", "url": partner.url, "secrets": SECRETS[:2], **endpoint}
    return Sender(endpoints(stated), partner.poster(), clock=time.time)


def test_a_partner_can_prove_a_message_with_either_secret_during_a_rotation(partner: Partner) -> None:
    sender(partner).send(MESSAGE)
    ((path, headers, body),) = partner.received
    assert (path, headers["host"]) == ("/hooks?for=us", partner.url.split("/")[2])
    for secret in SECRETS[:2]:
        assert Webhook(secret).verify(body, headers) == {"type": "articles.changed"}
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRETS[2]).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRETS[0]).verify(body + b" ", headers)


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 404, 429, 500, 503])
def test_what_is_no_success_is_sent_again_and_no_redirect_is_followed(partner: Partner, status: int) -> None:
    partner.status = status
    with pytest.raises(DeliveryFailed, match=str(status)):
        sender(partner).send(MESSAGE)
    assert len(partner.received) == 1


def test_to_a_partner_that_is_gone_nothing_is_sent_again(partner: Partner) -> None:
    partner.status = 410
    sender(partner).send(MESSAGE)
    sender(partner).send(MESSAGE | {"endpoint": "nobody"})
    assert len(partner.received) == 1


def test_a_server_that_is_not_the_partners_gets_nothing(partner: Partner) -> None:
    with pytest.raises(DeliveryFailed, match="SSLError"):
        sender(partner, url=partner.url.replace("partner.example", "other.example")).send(MESSAGE)
    assert partner.received == []


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.9.9", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.1", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1", "fd00:ec2::254", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe",
        "2002:a9fe:a9fe::1", "ff02::1", "2001:db8::1", "fec0::1", "::169.254.169.254", "2001:0:1::1", "3fff::1",
    ],
)  # fmt: skip
def test_no_private_address_is_asked(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def resolved(*_: object, **__: object) -> Any:
        return [(0, 0, 0, "", (each, 443)) for each in ("93.184.215.14", address)]

    monkeypatch.setattr("socket.getaddrinfo", resolved)
    with pytest.raises(NotPublic):
        public_addresses("partner.example", 443)


def test_a_name_that_leads_to_this_machine_is_refused(partner: Partner, monkeypatch: pytest.MonkeyPatch) -> None:
    def resolved(*_: object, **__: object) -> Any:
        return [(0, 0, 0, "", ("127.0.0.1", 443))]

    monkeypatch.setattr("socket.getaddrinfo", resolved)
    stated = {"id": "partner", "url": "https://partner.example/hooks", "secrets": SECRETS[:1]}
    with pytest.raises(DeliveryFailed):
        Sender(endpoints(stated), Poster(authorities=str(partner.authorities)), clock=time.time).send(MESSAGE)


@pytest.mark.parametrize(
    "url",
    [
        "http://partner.example/",
        "https://user@partner.example/",
        "ftp://a/",
        "https://",
        "https://a b/",
        "//a/",
        "",
        "https://partner.example:99999/",
        "https://partner.example:0/",
        "https://partner.example:a/",
        "https://:443/",
        "https://[::1/",
        "https://[a]/",
        f"https://{'a' * 64}.example/",
        "https://a..example/",
        "https://127.0.0.1/",
        "https://10.0.0.1:8443/",
        "https://169.254.169.254/",
        "https://[::1]/",
        "https://[fec0::1]/",
        "https://[::10.0.0.1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[fe80::1%25eth0]/",
        "https://0.0.0.0/",
        "https://0/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://0177.0.0.1/",
        "https://127.0.0.1./",
        "https://localhost/",
        "https://hooks.localhost/",
        "https://printer/",
        "https://printer.local/",
        "https://hooks.corp.internal/",
        "https://hooks.home.arpa/",
        "https://hooks.invalid/",
        "https://hooks.onion/",
        "https://partner.example./",
        "https://-a.example/",
        "https://a_b.example/",
        "https://a%2eexample/",
        f"https://{'a.' * 130}example/",
        "https://\uff11\uff12\uff17.0.0.1/",
        "https://\u043f\u0440\u0438\u043c\u0435\u0440.example/",
        "https://partner.example/\u00e9",
        "https://partner.example/\x7f",
    ],
)
def test_an_endpoint_that_is_not_as_it_should_be_is_not_told_and_holds_up_nobody(
    url: str, caplog: pytest.LogCaptureFixture
) -> None:
    good = {"id": "good", "url": "https://partner.example/", "secrets": SECRETS[:1]}
    assert [each.id for each in endpoints({**good, "id": "bad", "url": url}, good).listed()] == ["good"]
    assert "endpoint 0 is not told: url" in caplog.text
    assert SECRETS[0] not in caplog.text


@pytest.mark.parametrize("language", ["EN", "english", "en_US", "", "sr-latn", "en "])
def test_an_endpoint_for_a_language_that_no_article_has_is_said(
    language: str, caplog: pytest.LogCaptureFixture
) -> None:
    good = {"id": "good", "url": "https://partner.example/", "secrets": SECRETS[:1], "languages": ["en", "sr-Latn"]}
    assert [each.id for each in endpoints({**good, "id": "bad", "languages": [language]}, good).listed()] == ["good"]
    assert "endpoint 0 is not told: languages.0 is not as it should be" in caplog.text


def test_of_two_endpoints_with_one_id_the_second_is_said(caplog: pytest.LogCaptureFixture) -> None:
    """Every message names its endpoint by its id, so the first would be told twice, and the second never."""
    first = {"id": "a", "url": "https://a.example/", "secrets": SECRETS[:1]}
    assert [each.url for each in endpoints(first, {**first, "url": "https://b.example/"}).listed()] == [first["url"]]
    assert "endpoint 1 is not told: another has its id" in caplog.text


def test_a_secret_signs_with_its_padding_and_without() -> None:
    key = "whsec_" + base64.b64encode(bytes(32)).decode()
    stated = {"id": "good", "url": "https://partner.example/"}
    assert [each.id for each in endpoints({**stated, "secrets": [key, key.rstrip("=")]}).listed()] == ["good"]
    marks = signed("msg_1", 0, "{}", [key, key.rstrip("=")])["webhook-signature"].split()
    assert marks[0] == marks[1]


@pytest.mark.parametrize(
    "encoded", ["A" * 33, "A" * 30 + "=A", "A" * 32 + "=", "A" * 28, "A" * 92, "", "Ä" * 32, "A" * 32 + "\n"]
)
def test_a_secret_that_can_sign_nothing_is_said_and_not_quoted(encoded: str, caplog: pytest.LogCaptureFixture) -> None:
    stated = {"id": "bad", "url": "https://partner.example/", "secrets": [f"whsec_{encoded}"]}
    assert endpoints(stated).listed() == []
    assert "endpoint 0 is not told: " in caplog.text
    assert "secrets.0 is not as it should be" in caplog.text
    assert not encoded or encoded not in caplog.text


@pytest.mark.parametrize("secret", ["", "no JSON", "[]", "{}", '{"endpoints": 1}', "null"])
def test_a_secret_that_is_not_as_it_should_be_holds_up_nothing(
    secret: str, stack: Stack, caplog: pytest.LogCaptureFixture
) -> None:
    assert stack
    name = f"webhooks-{next(_numbers)}"
    clients.client("secretsmanager").create_secret(Name=name, SecretString=secret or " ")
    assert Endpoints(name).listed() == []
    assert "nobody is told" in caplog.text


def test_each_partner_gets_its_languages_ids_only_and_the_same_message_for_the_same_changes() -> None:
    entry = {"change": "withdraw", "id": "a", "version": 2, "at": "2025-11-20T12:00:00Z"}
    changes = [Change("ru", 2, entry), Change("en", 5, entry), Change("en", 4, entry)]
    every = Endpoint(id="all", url="https://a.example/", secrets=(SECRETS[0],))
    russian = Endpoint(id="ru", url="https://a.example/", secrets=(SECRETS[0],), languages=frozenset({"ru"}))
    sent = announcements(changes, [every, russian], "https://content.example.org")
    told = [(each["endpoint"], json.loads(each["body"])["data"]["language"]) for each in sent]
    assert told == [("all", "en"), ("all", "ru"), ("ru", "ru")]
    assert announcements(changes, [every, russian], "https://content.example.org") == sent
    assert len({each["id"] for each in sent}) == 3
    body = json.loads(sent[0]["body"])
    assert body == {
        "type": "articles.changed",
        "timestamp": "2025-11-20T12:00:00Z",
        "data": {"language": "en", "changes": [entry | {"language": "en", "href": None}] * 2},
    }


def test_messages_with_long_tags_each_fit_into_a_queue() -> None:
    entry = {
        "change": "upsert",
        "id": "a",
        "version": 2,
        "at": "2025-11-20T12:00:00Z",
        "tags": ["\U0001f600" * 500] * 15,
    }
    changes = [Change("en", number, entry) for number in range(5)]
    partner = Endpoint(id="all", url="https://a.example/", secrets=(SECRETS[0],))
    sent = announcements(changes, [partner], "https://content.example.org")
    assert all(len(json.dumps(each)) < MESSAGE_BYTES for each in sent)
    assert sum(len(json.loads(each["body"])["data"]["changes"]) for each in sent) == 5
    assert len({each["id"] for each in sent}) == len(sent)


def test_a_published_article_reaches_a_partner_and_a_failed_message_comes_later(
    pump: Pump,
    partner: Partner,
    store: ArticleStore,
    an_article: AnArticle,
    now: dt.datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app, delivering = (importlib.import_module(f"propagation.{name}") for name in ("app", "delivering"))
    told = endpoints({"id": "partner", "url": partner.url, "secrets": SECRETS[:1]})
    monkeypatch.setattr(app, "_deployed", Deployed("https://content.example.org", "", told))
    monkeypatch.setattr(delivering, "_sender", sender(partner))
    paused: list[int] = []

    class Queue:
        def change_message_visibility(self, *, VisibilityTimeout: int, **_: str) -> None:  # noqa: N803 - AWS's names
            paused.append(VisibilityTimeout)

    monkeypatch.setattr(delivering, "_sqs", Queue())
    article = an_article()
    store.save(article, expected_version=0, at=now)
    partner.status = 503
    pump.turn()
    partner.status = 200
    ((_, headers, body),) = partner.received
    data = Webhook(SECRETS[0]).verify(body, headers)
    assert data["data"]["changes"] == [
        {
            "change": "upsert",
            "id": article.id,
            "version": 1,
            "at": "2025-11-20T12:00:00Z",
            "type": "article",
            "section": None,
            "tags": [],
            "topics": [],
            "language": "en",
            "href": f"https://content.example.org/v1/articles/{article.id}?version=1",
        }
    ]
    assert article.headline not in body.decode()
    (pause,) = paused
    assert 12 <= pause <= 18


def test_the_signature_is_that_of_the_standards_own_example() -> None:
    # standardwebhooks.com, "Verifying webhooks": its library's test vector.
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    at = dt.datetime.fromtimestamp(1614265330, dt.UTC)
    body = '{"test": 2432232314}'
    headers = signed("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body, [secret])
    assert headers["webhook-signature"] == Webhook(secret).sign("msg_p5jXN8AQM9LWM0D4loKWxJek", at, body)
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
