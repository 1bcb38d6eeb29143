"""Pictures of other hosts become the publisher's own: what is fetched, and what becomes of the articles."""

import json
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, ClassVar
from urllib.parse import urlsplit

import pytest
from PIL import Image
from tests.unit.imaging.files import as_file, drawn

from content_api.content.article import Article
from content_store.versions import Source
from gateway import local
from gateway.pump import Pump
from gateway.server import Gateway, in_a_thread, serving
from gateway.stack import Stack
from newsdesk.client import EditorialClient, Refused, article_path
from newsdesk.fetching import Fetcher, NotFetched
from newsdesk.foreign_pictures import Fetched, ForeignPictures
from propagation.posting import public_addresses

AT_HOST = "pictures.example.org"


class Host(BaseHTTPRequestHandler):
    """Ten pages' pictures, and what a hostile host would send."""

    files: ClassVar[dict[str, tuple[int, dict[str, str], bytes]]] = {}
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        status, headers, content = self.files.get(self.path, (404, {}, b""))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        with suppress(OSError):  # who asked has gone
            if self.path.startswith("/drip"):
                for at in range(len(content)):
                    self.wfile.write(content[at : at + 1])
                    time.sleep(0.05)
            else:
                self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Says nothing."""


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Host)
    with server, in_a_thread(server):
        yield f"http://{AT_HOST}:{server.server_port}"


def resolve(name: str, port: int) -> list[str]:
    """The test's own host is on this machine; of all others the truth counts."""
    return ["127.0.0.1"] if name == AT_HOST else public_addresses(name, port)


@pytest.fixture(scope="module")
def client(own_stack: Stack) -> Iterator[EditorialClient]:
    stop, pump = Event(), Pump(own_stack)
    pumping = Thread(target=pump.run, args=[stop])
    pumping.start()
    with serving(Gateway(local.handlers(own_stack))) as address:
        yield EditorialClient(address)
    stop.set()
    pumping.join()


def article(article_id: str, *urls: str, **members: Any) -> Article:
    pictures = [{"alt": "", "renditions": [{"url": url, "media_type": "image/jpeg"}]} for url in urls]
    body = [{"type": "paragraph", "html": "Text."}, *({"type": "image", **each} for each in pictures[1:])]
    stated = {"id": article_id, "language": "en", "headline": article_id, "body": body, **members}
    return Article.model_validate(stated | {"lead_image": pictures[0] | {"caption": "A bridge"}})


def fetched(
    client: EditorialClient, *ids: str, drops_missing: bool = False, hosts: tuple[str, ...] = ()
) -> list[Fetched]:
    made = ForeignPictures(client, fetcher=Fetcher(resolve), media_hosts=hosts, drops_missing=drops_missing)
    return list(made.run(iter(ids)))


def test_ten_pages_of_pictures_become_the_publishers_own(
    client: EditorialClient, own_stack: Stack, host: str, now: Any
) -> None:
    store = own_stack.store()
    ids = [f"en-page-{number}" for number in range(10)]
    for number, article_id in enumerate(ids):
        Host.files[f"/{number}.jpg"] = (200, {}, as_file("jpeg", drawn(330 + number, 200)))
        # The second picture is on every page, as a logo is.
        made = article(article_id, f"{host}/{number}.jpg", f"{host}/0.jpg", published_at="2025-11-01T08:00:00Z")
        store.take_in(made, Source(f"{number}.html", "1"), by="a test", at=now)
    done = fetched(client, *ids)
    assert [(each.article_id, each.pictures, each.missing, each.refused) for each in done] == [
        (article_id, 2, [], "") for article_id in ids
    ]
    assert sorted(Host.asked) == [f"/{number}.jpg" for number in range(10)]  # each once
    for article_id in ids:
        found = client.ask("GET", article_path(article_id))
        shown = found.content["article"]
        assert (found.version, shown["updated_at"], shown["lead_image"]["caption"]) == (2, None, "A bridge")
        assert len(shown["lead_image"]["media"]) == len(shown["body"][1]["media"]) == 64
        assert host not in json.dumps(shown)
        (newest, *_) = client.ask("GET", f"{article_path(article_id)}/versions").content["versions"]
        assert newest["action"] == "fetch-pictures"
    assert fetched(client, *ids) == []
    # Nobody has edited it: a corrected file still replaces it.
    assert not store.records.current(ids[0]).is_edited


def test_what_cannot_be_had_is_said_and_its_caption_stays(
    client: EditorialClient, own_stack: Stack, host: str, now: Any
) -> None:
    Host.files |= {
        "/page.jpg": (200, {"content-type": "image/jpeg"}, b"<!DOCTYPE html><p>Log in</p>"),
        "/cut.jpg": (200, {}, as_file("jpeg", Image.effect_noise((400, 300), 90))[:5000]),
    }
    addresses = [f"{host}/absent.jpg", f"{host}/page.jpg", f"{host}/cut.jpg", "http://127.0.0.1:9/a.jpg"]
    own_stack.store().save(article("en-missing", *addresses), expected_version=0, at=now)
    (done,) = fetched(client, "en-missing")
    assert (done.pictures, [each["url"] for each in done.missing]) == (0, addresses)
    said = [each["reason"] for each in done.missing]
    assert said[0] == "its host answers 404"
    assert said[3] == "its host is in no public network"
    assert client.ask("GET", article_path("en-missing")).version == 1
    assert fetched(client, "en-missing", hosts=(AT_HOST, "127.0.0.1")) == []
    (done,) = fetched(client, "en-missing", drops_missing=True)
    found = client.ask("GET", article_path("en-missing"))
    assert (found.version, len(done.missing)) == (2, 4)
    assert found.content["article"]["lead_image"]["caption"] == "A bridge"
    assert 'renditions": [{' not in json.dumps(found.content["article"])


def test_an_edit_beside_the_pictures_is_an_edit(client: EditorialClient, own_stack: Stack, host: str, now: Any) -> None:
    own_stack.store().save(article("en-edited", f"{host}/0.jpg"), expected_version=0, at=now)
    found = client.ask("GET", article_path("en-edited")).content["article"]
    uploaded = client.ask("GET", article_path("en-page-0")).content["article"]["lead_image"]["media"]
    change = {"lead_image": {"media": uploaded, "caption": "A bridge"}, "headline": "Another"}
    with pytest.raises(Refused) as refused:  # nobody has described it
        client.ask("PUT", article_path("en-edited"), found | change, version=1)
    assert [each["field"] for each in refused.value.members["errors"]] == ["lead_image.alt"]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ((302, {"location": "http://169.254.169.254/latest/meta-data"}, b""), "in no public network"),
        ((302, {"location": "http://localhost/"}, b""), "in no public network"),
        ((302, {"location": "file:///etc/passwd"}, b""), "no address of the web"),
        ((302, {"location": "/again"}, b""), "leads on more than 3 times"),
        ((200, {"content-length": "5"}, b"ab"), "does not answer"),
        ((200, {"content-encoding": "gzip"}, b"no gzip"), "does not answer"),
    ],
)
def test_a_hostile_host_leads_nowhere(host: str, answer: tuple[int, dict[str, str], bytes], why: str) -> None:
    Host.files["/again"] = answer
    with pytest.raises(NotFetched, match=why):
        Fetcher(resolve).fetch(f"{host}/again")


def test_a_picture_has_bounds(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    Host.files["/large"] = (200, {}, bytes(3000))
    Host.files["/led"] = (301, {"location": f"{urlsplit(host).path}/large"}, b"")
    assert Fetcher(resolve).fetch(f"{host}/led") == bytes(3000)
    monkeypatch.setattr("newsdesk.fetching.MOST_BYTES", 2999)
    with pytest.raises(NotFetched, match="more than"):
        Fetcher(resolve).fetch(f"{host}/large")


def test_a_host_that_sends_a_byte_now_and_then_is_left_in_time(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    Host.files["/drip.jpg"] = (200, {"content-length": "200"}, bytes(200))
    monkeypatch.setattr("newsdesk.fetching._LONGEST", 0.5)
    began = time.monotonic()
    with pytest.raises(NotFetched, match="takes more than"):
        Fetcher(resolve).fetch(f"{host}/drip.jpg")
    assert time.monotonic() - began < 5  # the whole would take ten seconds
