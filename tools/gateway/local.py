"""The whole API in one process: moto, the stack of template.yaml, articles, and the gateway."""

import datetime as dt
import json
import logging
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import newsroom
from content_api.content.addresses import NotAnAddress
from content_api.content.article import Article
from content_api.content.document import ArticleTooLarge
from content_api.content.front import Front
from content_api.content.post import Post
from content_api.content.subject import Subject
from content_api.names.subjects import AUTHOR, SHOW, TOPIC
from content_store.articles import ArticleStore
from content_store.errors import StoreError
from content_store.versions import Source
from gateway import stack, template
from gateway.playground import playground
from gateway.pump import Pump
from gateway.server import Gateway, LambdaHandler, listening
from gateway.uploads import Uploads
from importing.files import Found, articles_in
from importing.refused import FileRefused
from newsdesk.archive import files_under
from newsroom.loading import load

_SAMPLES = Path(__file__).with_name("samples")
_SUBJECTS = _SAMPLES / "subjects"
_POSTS = _SAMPLES / "posts"
_STORIES = 50  # each in every language
_LONGEST_TURN = 1.0  # seconds that the server waits for a turn of the pump when it stops; memory is lost anyway
_BREAKING = dt.timedelta(hours=6)
_TOP = ("en-2025-10-14-the-librarians-who-lend-seeds", "en-2025-10-28-night-trains-return-to-the-mountain-line")
_WITHDRAWN = "en-2025-11-03-quiz-night-cancelled"


def serve(port: int, pages: Path | None, reader_location: str, stories: int = _STORIES) -> None:
    """Serves until it is interrupted. It imports the samples, and then the pages. A page that is refused is printed
    with the reason.
    """
    with stack.moto_server() as aws:
        made = stack.create(stack.parameters(f"http://127.0.0.1:{port}", reader_location))
        pump = Pump(made, is_indexing=True, is_mirroring=True)
        for article in import_all(made, pages, stories=stories):
            print(f"imported {article.id}  {article.headline}", flush=True)
        print(f"and {stories} stories in {len(newsroom.LANGUAGES)} languages", flush=True)
        gateway = Gateway(handlers(made), playground(reader_location))
        with pumping(pump), listening(gateway, port) as server:
            address = f"http://127.0.0.1:{port}"
            print(f"\nlistening on {address}\n\nplayground  {address}/\npartner     {address}/partner")
            print(f"newsdesk    export CONTENT_API_URL={address}, then .venv/bin/content-api")
            print(f"AWS (moto)  {_drop_line(aws, made.bucket)}\n")
            print(f"{_curl_lines(port, reader_location)}\n")
            print("search answers 503 until its index is made, some seconds from now\n", flush=True)
            server.serve_forever()


def _drop_line(aws: str, bucket: str) -> str:
    """A command that drops a file into the bucket. moto accepts any credentials, but the aws command needs some, and a
    region.
    """
    keys = "AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_DEFAULT_REGION=us-east-1"
    return f"{keys} aws --endpoint-url {aws} s3 cp page.html s3://{bucket}/incoming/en/ imports a page"


@contextmanager
def pumping(pump: Pump) -> Generator[None]:
    """Runs the stream, the queues, dropped files and schedules beside the server."""
    stop = Event()
    pumping = Thread(target=_pump, args=[pump, stop], daemon=True)
    pumping.start()
    try:
        yield
    finally:
        stop.set()
        pumping.join(_LONGEST_TURN)


def _pump(pump: Pump, stop: Event) -> None:
    """Turns the pump until it is told to stop. Prints what the edge would purge (except for the articles made at the
    start), and what became of dropped files.
    """
    pump.turn()
    pump.forget_purges()
    for name in ("propagation.purges", "importing.intake"):
        told = logging.getLogger(name)
        told.setLevel(logging.INFO)
        told.addHandler(logging.StreamHandler())
    pump.run(stop)


def handlers(made: stack.Stack) -> dict[str, dict[str, LambdaHandler]]:
    """For each API, the handlers that template.yaml names, by route key. They are imported as Lambda imports them, with
    their environment.
    """
    routes = template.routes(template.load())
    loaded = {name: made.functions[name].load() for name in sorted({route.function for route in routes})}
    found: dict[str, dict[str, LambdaHandler]] = {}
    for route in routes:
        found.setdefault(route.api, {})[route.key] = loaded[route.function]
    return found


def import_all(made: stack.Stack, pages: Path | None, *, stories: int = _STORIES) -> Iterator[Article]:
    now = dt.datetime.now(dt.UTC)
    store = made.store()
    made_up = newsroom.articles(stories * len(newsroom.LANGUAGES), breaking_until=now + _BREAKING)
    uploads = Uploads(made, at=now)
    age = newsroom.age(now)
    load(
        [uploads.named_in(newsroom.moved(each, age)) for each in made_up], table=made.table, bucket=made.bucket, at=now
    )
    for kind, name in (
        (TOPIC, "libraries.json"),
        (AUTHOR, "mira-halvorsen.json"),
        (SHOW, "mountain-radio.json"),
    ):
        subject = Subject.model_validate_json((_SUBJECTS / name).read_text(encoding="utf-8"))
        made.subjects().save(kind, subject, expected_version=0)
    made.fronts().choose(Front(language="en", top=_TOP), expected_version=0)
    for path in sorted(_SAMPLES.glob("*.json")):
        sample = Article.model_validate_json(path.read_text(encoding="utf-8"))
        article = uploads.named_in(newsroom.moved(sample, age))
        store.save(article, expected_version=0, at=now)
        _add_posts(store, article.id, age)
        yield article
    store.withdraw(_WITHDRAWN, expected_version=1, at=now, note="Published by mistake.")
    for path in files_under([pages] if pages else []):
        yield from _import(store, path, now)


def _add_posts(store: ArticleStore, article_id: str, age: dt.timedelta) -> None:
    """The posts of a live blog, as much older or younger as its article is made."""
    path = _POSTS / f"{article_id}.json"
    for stated in json.loads(path.read_text(encoding="utf-8")) if path.exists() else ():
        post = Post.model_validate(stated)
        at = (post.at or dt.datetime.now(dt.UTC)) + age
        store.posts.add(article_id, post.model_copy(update={"at": at}), by="make run", at=at)


def _import(store: ArticleStore, path: Path, now: dt.datetime) -> Iterator[Article]:
    try:
        found = articles_in(path.read_bytes())
    except OSError as error:
        found = Found(refused=[FileRefused(f"cannot be read: {error.strerror}")])
    complaints: list[Exception] = [*found.refused]
    for article in found.articles:
        try:
            source = Source(str(path), now.isoformat(), by_title=article.id in found.by_title)
            store.take_in(article, source, by="make run", at=now)
            yield article
        except (StoreError, ArticleTooLarge, NotAnAddress) as error:
            complaints.append(error)
    for complaint in complaints:
        print(f"refused {path}: {complaint}", file=sys.stderr, flush=True)


def _curl_lines(port: int, reader_location: str) -> str:
    url = f"http://127.0.0.1:{port}/v1/articles"
    article = f"curl -s {url}/en-2025-10-14-the-librarians-who-lend-seeds"
    places = {
        "developer": [
            "# a reader whose place is unknown: the notice is due",
            article,
            "# in Russia, in Crimea: due",
            f"{article} -H 'CloudFront-Viewer-Country: RU'",
            f"{article} -H 'CloudFront-Viewer-Country: UA' -H 'CloudFront-Viewer-Country-Region: 43'",
            "# in Lviv, in the United States: none",
            f"{article} -H 'CloudFront-Viewer-Country: UA' -H 'CloudFront-Viewer-Country-Region: 46'",
            f"{article} -H 'CloudFront-Viewer-Country: US'",
        ],
        "connection": [
            "# your own address is a private one, which says nothing of a place: the notice is due",
            article,
            "# X-Source-Ip stands for the connection's address. In Russia: due; in the United States: none",
            f"{article} -H 'X-Source-Ip: 77.88.8.8'",
            f"{article} -H 'X-Source-Ip: 8.8.8.8'",
            "# through a proxy: due, since the address is the proxy's",
            f"{article} -H 'X-Source-Ip: 8.8.8.8' -H 'Via: 1.1 proxy'",
        ],
    }
    return "\n".join([*places[reader_location], "# withdrawn: 410", f"curl -si {url}/{_WITHDRAWN}"])
