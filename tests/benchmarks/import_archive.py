"""`make bench-importing`: an archive dropped under `incoming/`, good files and damaged ones, in no order, some
delivered twice; says how many files a second one importer takes, and fails where one is lost.

The store is moto in this process, which takes most of the time: DynamoDB and S3 answer faster.
"""

import argparse
import random
import time

from tqdm import tqdm

from content_api.aws import clients
from content_api.aws.attributes import pair_of
from content_api.names.keys import ARTICLE
from content_api.names.parsing import key_of
from gateway import stack
from gateway.server import LambdaContext
from newsroom.archive import ArchiveFile, damaged_files, good_files
from newsroom.dropped import account, event, put

_BATCH = 5  # as the template has it
_TWICE = 0.05


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--good", type=int, default=10_000)
    parser.add_argument("--damaged", type=int, default=500)
    arguments = parser.parse_args()
    with stack.moto_server():
        made = stack.create(stack.parameters("http://127.0.0.1:8000"))
        handler = made.functions["ImportingFunction"].load()
        files: list[ArchiveFile] = [*good_files(arguments.good), *damaged_files(arguments.damaged)]
        s3 = clients.s3()
        dropped = [put(s3, made.bucket, file) for file in tqdm(files, "dropping", unit="file", mininterval=1)]
        deliveries = dropped + random.sample(dropped, round(len(dropped) * _TWICE))
        random.shuffle(deliveries)
        began, processor = time.perf_counter(), time.process_time()
        for start in tqdm(range(0, len(deliveries), _BATCH), "importing", unit="batch", mininterval=1):
            answer = handler(event(deliveries[start : start + _BATCH]), LambdaContext())
            assert answer == {"batchItemFailures": []}, answer
        took, used = time.perf_counter() - began, time.process_time() - processor
        found = account(s3, made.bucket, files)
        pages = clients.dynamodb().get_paginator("scan").paginate(TableName=made.table, ProjectionExpression="pk, sk")
        articles = sum(key_of(*pair_of(item)).kind == ARTICLE for page in pages for item in page["Items"])
        assert articles == arguments.good, f"{articles} articles of {arguments.good} files"
    print(f"{len(files):,} files dropped, {len(deliveries):,} deliveries: {found}")
    print(f"{len(files) / took:.0f} files/s; {1000 * used / len(files):.1f} ms of CPU a file, moto's included")


if __name__ == "__main__":
    main()
