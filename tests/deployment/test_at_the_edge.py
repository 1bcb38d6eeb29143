"""A newsroom's day with a production stack, through CloudFront; what only a production stack has."""

import gzip
import io
import json
import zipfile
from collections import Counter
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.imaging.sounds import recorded

from canary.edge import ACCESS, NOBODY, PLACES, ZONE
from content_api.aws import clients
from content_api.http.response import KEPT_FOR_GOOD
from content_api.law.zone import OWN
from emulated_aws import stacks
from emulated_aws.newsroom import Newsroom, eventually, run
from gateway import template
from gateway.pictures import drawn
from zone.measure import networks_of

if TYPE_CHECKING:
    from mypy_boto3_cloudfront.client import CloudFrontClient

_ARTICLE = "en-2026-11-20-night-trains-return"


@dataclass(frozen=True)
class Launch:
    """What came of each step from a fresh stack to one that readers use."""

    counted_when_fresh: dict[str, int]
    refused: str
    counted_when_launched: dict[str, int]


@pytest.fixture(scope="module", autouse=True)
def launch(edge: Newsroom) -> Launch:
    """The order of a launch; the first article is there from then on."""
    counted = canary(edge)
    early = run("deploying", "launched", "--environment", "production")
    loaded = run("zone.keyvalues", "--store", edge.deployed.outputs["NoticeZoneStoreArn"])
    assert loaded.returncode == 0, loaded.stdout + loaded.stderr
    edge.done("import", str(edge.article("night-trains-return")))
    launched = run("deploying", "launched", "--environment", "production")
    assert (early.returncode, launched.returncode) == (1, 0), early.stdout + launched.stdout + launched.stderr
    return Launch(counted, early.stderr, canary(edge))


def canary(edge: Newsroom) -> dict[str, int]:
    functions: Any = clients.client("lambda")
    called = functions.invoke(FunctionName=edge.deployed.physical["CanaryFunction"], Qualifier="live")
    return json.loads(called["Payload"].read())


def reader(country: str | None, region: str = "", address: str = NOBODY, system: str = ACCESS) -> dict[str, str]:
    """What CloudFront sets of a reader, which the emulator leaves to whoever asks."""
    stated = {
        "CloudFront-Viewer-Country": country,
        "CloudFront-Viewer-Country-Region": region,
        "CloudFront-Viewer-ASN": system,
    }
    return {name: value for name, value in stated.items() if value} | {"x-emulated-address": address}


def test_every_resource_of_the_template_came_up_and_no_other(edge: Newsroom) -> None:
    assert edge.deployed.status in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}
    assert edge.deployed.types == stacks.expected_types(edge.deployed)


def test_every_route_of_the_template_came_up_and_no_other(edge: Newsroom) -> None:
    for api in ("HttpApi", "EditorialApi"):
        assert stacks.routes(edge.deployed, api) == stacks.expected_routes(edge.deployed, api) != set()


def test_a_fresh_stack_raises_no_alarm_and_is_launched_once_all_is_there(edge: Newsroom, launch: Launch) -> None:
    # Which network a viewer is in, CloudFront says; the emulator does not, and the canary sees that nobody does.
    assert launch.counted_when_fresh == {"Failures": 0, "NoticesMissing": 0, "PlacesWrong": 1}
    assert "there is no article in en" in launch.refused
    assert str(next(place for place in PLACES if place.needs == ZONE)) in launch.refused
    assert launch.counted_when_launched == {"Failures": 0, "NoticesMissing": 0, "PlacesWrong": 1}
    assert stacks.describe(edge.deployed.name).parameters["Launched"] == "true"


def test_the_table_is_protected_once_it_is_there(edge: Newsroom) -> None:
    table = clients.dynamodb().describe_table(TableName=edge.deployed.outputs["ContentTable"])["Table"]
    assert table.get("DeletionProtectionEnabled")


def test_a_candidate_of_the_edge_function_is_asked_and_leaves_nothing(edge: Newsroom) -> None:
    asked = run("deploying.candidate", edge.deployed.name)
    assert asked.returncode == 0, asked.stdout + asked.stderr
    cloudfront: CloudFrontClient = clients.client("cloudfront")
    listed = cloudfront.list_functions(Stage="DEVELOPMENT")["FunctionList"].get("Items", [])
    names = {f"{edge.deployed.name}-viewer-{each}" for each in ("request", "response")}
    assert {each["Name"] for each in listed} == names


@pytest.mark.parametrize(
    ("country", "region", "reason"),
    [
        ("DE", "", None),
        ("UA", "30", None),
        ("RU", "", "jurisdiction"),
        ("UA", "43", "jurisdiction"),
        ("XX", "", "unknown_location"),
        (None, "", "unknown_location"),
    ],
)
def test_the_edge_function_decides_by_country_and_region(
    edge: Newsroom, country: str | None, region: str, reason: str | None
) -> None:
    read = edge.get(f"/v1/articles/{_ARTICLE}", reader(country, region) | {"x-viewer-jurisdiction": "elsewhere"})
    assert read.status == 200, read.body
    assert [each["reason"] for each in json.loads(read.body)["legal_notices"]] == ([reason] if reason else [])


def test_networks_of_the_store_are_asked_for_readers_in_ukraine(edge: Newsroom) -> None:
    found = [network for some in networks_of(OWN).values() for network in some if network.version == 4]
    read = edge.get(f"/v1/articles/{_ARTICLE}", reader("UA", "30", str(found[0][1])))
    assert [each["reason"] for each in json.loads(read.body)["legal_notices"]] == ["jurisdiction"]


def test_only_the_edge_is_answered(edge: Newsroom) -> None:
    api = f"{edge.deployed.outputs['ApiUrl']}/v1/articles/{_ARTICLE}"
    assert edge.aws.ask("GET", api).status == 403
    assert edge.aws.ask("GET", api, {"x-origin-secret": "wrong", "x-viewer-jurisdiction": "elsewhere"}).status == 403


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("/feeds/en.atom", 200, "application/atom+xml"),
        ("/feeds/en.json", 200, "application/feed+json"),
        (f"/v1/articles/{_ARTICLE}?format=jsonld", 200, "application/ld+json"),
        ("/v1/articles?limit=none", 400, "application/problem+json"),
    ],
)
def test_what_cloudfront_does_not_compress_comes_gzipped_through_it(
    edge: Newsroom, path: str, status: int, kind: str
) -> None:
    asked = reader("DE")
    plain = edge.get(path, asked)
    packed = edge.get(path, asked | {"accept-encoding": "deflate, gzip;q=1.0, *;q=0.5"})
    for each, encoding in ((plain, None), (packed, "gzip")):
        assert (each.status, each.headers["content-type"].split(";")[0]) == (status, kind)
        assert each.headers.get("content-encoding") == encoding
        assert each.headers["vary"] == "accept-encoding"
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body)
    if status == 200:
        assert packed.headers["etag"] != plain.headers["etag"]
    head = edge.get(path, asked | {"accept-encoding": "gzip"}, method="HEAD")
    assert (head.status, head.body) == (status, b"")
    assert head.headers.get("etag") == packed.headers.get("etag")


def test_a_withdrawn_article_is_gone_from_the_edge_and_purged(edge: Newsroom) -> None:
    article = "en-2026-11-20-a-wrong-date"
    edge.done("import", str(edge.article("a-wrong-date")))
    assert edge.get(f"/v1/articles/{article}", reader("DE")).status == 200
    before = len(_invalidations(edge))
    edge.done("withdraw", article, "--reason", "A wrong date.")
    assert edge.status_becomes(f"/v1/articles/{article}", 410, reader("DE")).status == 410
    eventually(lambda: len(_invalidations(edge)) > before)
    edge.done("reinstate", article)
    assert edge.status_becomes(f"/v1/articles/{article}", 200, reader("DE")).status == 200


def test_a_picture_is_uploaded_made_when_asked_for_and_kept_on_devices_elsewhere_alone(
    edge: Newsroom, tmp_path: Path
) -> None:
    file = tmp_path / "bridge.jpg"
    file.write_bytes(drawn("bridge", 700, "JPEG"))
    picture: dict[str, Any] = json.loads(edge.done("upload", str(file), "--alt", "A bridge").splitlines()[1])
    edge.done("import", str(edge.article("a-bridge", lead_image=picture)))
    article = edge.status_becomes("/v1/articles/en-2026-11-20-a-bridge", 200, reader("US")).body.decode()
    # One was made at the upload; the other is made now.
    for name in ("original/320.avif", "1x1/160.jpg"):
        path = f"/media/{picture['media']}/{name}"
        assert path in article
        answers = {each: edge.status_becomes(path, 200, reader(each)) for each in ("US", "RU", None)}
        kept = {each: answer.headers["cache-control"] for each, answer in answers.items()}
        assert kept == {"US": KEPT_FOR_GOOD, "RU": "private, no-store", None: "private, no-store"}
    claimed = reader("RU") | {"x-viewer-jurisdiction": "elsewhere"}
    answer = edge.get(f"/media/{picture['media']}/original/320.avif", claimed)
    assert answer.headers["cache-control"] == "private, no-store"
    edge.done("withdraw", "en-2026-11-20-a-bridge", "--reason", "A test.")
    edge.status_becomes(f"/media/{picture['media']}/original/320.avif", 410, reader("US"))


def test_a_recording_comes_from_s3_through_the_edge_in_parts_and_is_gone_with_its_article(
    edge: Newsroom, tmp_path: Path
) -> None:
    file = tmp_path / "noon.mp3"
    file.write_bytes(recorded("audio/mpeg", seconds=2))
    block: dict[str, Any] = json.loads(edge.done("upload", str(file)).splitlines()[1])
    text = {"type": "paragraph", "html": "Listen."}
    path = f"/media/{block['media']}/recording.mp3"
    assert edge.get(path, reader("US")).status == 404
    edge.done("import", str(edge.article("the-news-at-noon", body=[text, block])))
    key = f"published{path}"
    s3, bucket = clients.s3(), edge.deployed.outputs["ContentBucket"]
    eventually(lambda: s3.list_objects_v2(Bucket=bucket, Prefix=key)["KeyCount"] == 1)
    whole = edge.get(path, reader("US"))
    assert (whole.status, whole.headers["content-type"]) == (200, "audio/mpeg")
    # S3 answered, and not the function, which names another tag of the content.
    assert block["media"][:32] not in whole.headers["etag"]
    assert whole.headers["x-amz-meta-cache-tags"] == f"media:{block['media']}"
    for country, kept in (("US", KEPT_FOR_GOOD), ("RU", "private, no-store"), (None, "private, no-store")):
        part = edge.get(path, reader(country) | {"range": "bytes=100-199"})
        assert (part.status, part.body) == (206, whole.body[100:200])
        assert part.headers["cache-control"] == kept
    edge.done("withdraw", "en-2026-11-20-the-news-at-noon", "--reason", "A test.")
    gone = edge.status_becomes(path, 410, reader("US"))
    assert json.loads(gone.body)["code"] == "recording-withdrawn"


def test_a_show_and_a_live_blog_reach_readers_and_the_newsroom_finds_both(edge: Newsroom, tmp_path: Path) -> None:
    show = tmp_path / "show.json"
    show.write_text(json.dumps({"names": [{"language": "en", "name": "Night Radio"}]}), encoding="utf-8")
    assert "is at version 1" in edge.done("shows", "put", "night-radio", str(show))
    file = {"url": "https://media.example.org/a.mp3", "media_type": "audio/mpeg"}
    sound = {"type": "audio", "renditions": [file], "chapters": [{"starts_at": 0, "title": "The lamp"}]}
    edge.done("import", str(edge.article("night-radio-one", body=[sound], episode={"show": "night-radio"})))
    article = "en-2026-11-20-night-radio-one"
    feed = edge.status_becomes("/feeds/en/shows/night-radio.rss", 200, reader("DE"))
    eventually(
        lambda: file["url"] in edge.get("/feeds/en/shows/night-radio.rss?notice=always", reader("DE")).body.decode()
    )
    assert feed.headers["content-type"].startswith("application/rss+xml")
    assert b'declared an "undesirable organization"' in feed.body
    assert b"The lamp" in edge.get(f"/v1/articles/{article}/chapters", reader("DE")).body
    assert edge.get("/v1/shows/night-radio", reader("RU")).status == 200

    blog = "en-2026-11-20-the-storm"
    edge.done("import", str(edge.article("the-storm", type="live")))
    assert f"post 1 of {blog} is at version 1" in edge.done("posts", "add", blog, "The wind turns.", "--pin")
    path = f"/v1/articles/{blog}/posts"
    eventually(lambda: json.loads(edge.get(path, reader("DE")).body)["count"] == 1)
    edge.done("posts", "correct", blog, "1", "The wind has turned.")
    eventually(lambda: b"The wind has turned." in edge.get(path, reader("DE")).body)
    assert b"The wind has turned." in edge.status_becomes(f"/embed/articles/{blog}", 200, reader("DE")).body
    assert blog in edge.done("list", "storm", "--language", "en")
    eventually(lambda: f"add        post {blog}/1" in edge.done("log"))
    edge.done("withdraw", blog, "--reason", "A test.")
    edge.status_becomes(path, 410, reader("DE"))


def test_what_is_written_is_found_by_its_words_until_it_is_withdrawn(edge: Newsroom) -> None:
    article = "en-2026-11-20-the-lighthouse-keepers"
    edge.done("import", str(edge.article("the-lighthouse-keepers")))

    def found() -> list[str]:
        answer = edge.get("/v1/search?language=en&q=lighthouses", reader("DE"))
        return [each["id"] for each in json.loads(answer.body)["articles"]] if answer.status == HTTPStatus.OK else []

    assert eventually(found) == [article]
    edge.done("withdraw", article, "--reason", "A test.")
    # The edge keeps a page of search for 30 seconds, unless it is purged.
    assert eventually(lambda: not found())


def test_the_mirror_has_what_is_written_until_it_is_withdrawn(edge: Newsroom) -> None:
    article = "en-2026-11-20-the-beekeepers-of-the-hill"
    edge.done("import", str(edge.article("the-beekeepers-of-the-hill")))
    page = f"/mirror/en.2026-11/{article}.html"
    edge.status_becomes(page, HTTPStatus.OK, reader("DE"))
    answer = edge.get(page, reader("DE"))
    assert answer.headers["cache-control"].startswith("private, no-store")
    text = answer.body.decode()
    assert 0 < text.index("undesirable organization") < text.index("<h1")
    for address in ("/mirror", "/mirror/"):
        moved = edge.get(address, reader("RU"))
        assert (moved.status, moved.headers["location"]) == (HTTPStatus.PERMANENT_REDIRECT, "/mirror/index.html")
    assert "undesirable organization" in edge.get("/mirror/index.html", reader("RU")).body.decode()
    functions: Any = clients.client("lambda")
    functions.invoke(FunctionName=edge.deployed.physical["MirroringFunction"], Qualifier="live")  # as every hour
    bundle = "/v1/bundles/en/week"
    edge.status_becomes(bundle, HTTPStatus.OK, reader("DE"))
    assert json.loads(edge.get(bundle, reader("DE")).body)["legal_notices"]
    moved = edge.get(f"{bundle}?save=accepted", reader("DE"))
    assert moved.status == HTTPStatus.PERMANENT_REDIRECT
    assert zipfile.is_zipfile(io.BytesIO(edge.get(moved.headers["location"], reader("DE")).body))
    edge.done("withdraw", article, "--reason", "A test.")
    assert eventually(lambda: "nobody may miss" not in edge.get(page, reader("DE")).body.decode())
    assert edge.get(page, reader("DE")).status == HTTPStatus.OK  # a page that says so


def test_a_newsletters_digest_has_the_notice_before_what_it_had(edge: Newsroom) -> None:
    said = [{"type": "paragraph", "html": "Boats."}, {"type": "promotion", "name": "Harbour Letter"}]
    edge.done("import", str(edge.article("boats-come-home", body=said)))
    digest = "/v1/newsletters/Harbour%20Letter/digest?language=en&since=2026-11-01"
    page = edge.status_becomes(digest, HTTPStatus.OK, reader("DE")).body.decode()
    assert 0 < page.index("undesirable organization") < page.index("Boats Come Home")
    text = edge.get(f"{digest}&as=text", reader("DE")).body.decode()
    assert 0 < text.index("undesirable organization") < text.index("Boats Come Home")


def test_a_topic_and_its_articles_follow_its_editors(edge: Newsroom, tmp_path: Path) -> None:
    topic = tmp_path / "seeds.json"
    topic.write_text('{"names": [{"language": "en", "name": "Seeds"}]}', encoding="utf-8")
    edge.done("topics", "put", "seeds", str(topic))
    edge.done("import", str(edge.article("a-bank-of-seeds", topics=["seeds"])))

    def listed(path: str) -> bool:
        answer = edge.get(path, reader("DE"))
        return answer.status == HTTPStatus.OK and "a-bank-of-seeds" in answer.body.decode()

    assert eventually(lambda: listed("/v1/articles?language=en&topic=seeds"))
    assert eventually(lambda: listed("/feeds/en.rss?topic=seeds"))
    (name,) = json.loads(edge.get("/v1/topics/seeds", reader("DE")).body)["names"]
    assert (name["language"], name["name"]) == ("en", "Seeds")


def test_the_secret_is_rotated_without_a_refused_request(edge: Newsroom) -> None:
    statuses: Counter[int] = Counter()
    is_over = Event()

    def ask_on() -> None:
        while not is_over.is_set():
            answer = edge.get(f"/v1/articles/{_ARTICLE}", reader("DE"))
            # 503 with Retry-After refuses nobody: on a busy machine the table is slower than a reader waits for.
            if answer.status != 503 or "retry-after" not in answer.headers:
                statuses[answer.status] += 1

    secrets: Any = clients.client("secretsmanager")

    def current() -> str:
        value = secrets.get_secret_value(SecretId=edge.deployed.outputs["OriginSecretArn"])["SecretString"]
        return json.loads(value)["current"]

    old = current()
    asking = Thread(target=ask_on)
    asking.start()
    try:
        rotated = run("origin_secret", edge.deployed.name)
    finally:
        is_over.set()
        asking.join()
    assert rotated.returncode == 0, rotated.stdout + rotated.stderr
    assert set(statuses) == {200}, statuses
    assert statuses[200] >= 3  # some during each of the three steps, on however busy a machine
    api, new = f"{edge.deployed.outputs['ApiUrl']}/v1/articles/{_ARTICLE}", current()
    assert new != old
    assert edge.aws.ask("GET", api, {"x-origin-secret": old}).status == 403
    assert edge.aws.ask("GET", api, {"x-origin-secret": new}).status == 200
    functions: Any = clients.client("lambda")
    for name, kind in edge.deployed.types.items():
        if (
            kind == "AWS::Lambda::Function"
        ):  # no version from before is left, which would refuse what the edge sends now
            function = edge.deployed.physical[name]
            served = functions.get_alias(FunctionName=function, Name="live")["FunctionVersion"]
            listed = functions.list_versions_by_function(FunctionName=function)["Versions"]
            assert [each["Version"] for each in listed] == ["$LATEST", served], name


def _invalidations(edge: Newsroom) -> list[str]:
    cloudfront: CloudFrontClient = clients.client("cloudfront")
    listed = cloudfront.list_invalidations(DistributionId=edge.deployed.outputs["DistributionId"])
    return [each["Id"] for each in listed["InvalidationList"].get("Items", [])]


def test_no_secret_stands_in_an_environment_but_the_edges_where_readers_wait(edge: Newsroom) -> None:
    secrets: Any = clients.client("secretsmanager")
    functions: Any = clients.client("lambda")
    told = secrets.get_secret_value(SecretId=edge.deployed.physical["PreviewSecret"])["SecretString"]
    values = {value for value in json.loads(told).values() if value != "unset"}
    for name, kind in edge.deployed.types.items():
        if kind == "AWS::Lambda::Function":
            listed = functions.list_versions_by_function(FunctionName=edge.deployed.physical[name])["Versions"]
            assert len(listed) <= 5, name  # $LATEST, what is served, and three to go back to
            for each in listed:
                environment = each.get("Environment", {}).get("Variables", {})
                assert not values & set(environment.values()), name
                assert ("ORIGIN_SECRET_CURRENT" in environment) == (name in template.FOR_READERS)
