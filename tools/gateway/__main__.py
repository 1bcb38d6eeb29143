"""`make run`: the API with articles on 127.0.0.1. It starts again when the code changes."""

import argparse
import socket
import sys
from pathlib import Path

from watchfiles import PythonFilter, run_process

from gateway.restarted import serve_until_interrupted

_ROOT = Path(__file__).parents[2]
WATCHED = ("functions", "layers", "tools", "template.yaml")
CHANGES = PythonFilter(extra_extensions=(".html", ".json", ".yaml", ".js", ".mmdb"))


def main() -> None:
    parser = argparse.ArgumentParser(prog="make run", description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--import", dest="pages", type=Path, help="a page of text, or a folder of them")
    parser.add_argument("--reader-location", choices=["developer", "connection"], default="developer")
    parser.add_argument("--stories", type=int, default=50, help="how many to make up, each in every language")
    parser.add_argument("--keep-code", action="store_true", help="do not start anew when the code changes")
    arguments = parser.parse_args()
    if arguments.pages and not arguments.pages.exists():
        sys.exit(f"There is no file or folder {arguments.pages}: give IMPORT= a path that exists.")
    if complaint := _why_not(arguments.port):
        sys.exit(complaint)
    serving = (arguments.port, arguments.pages, arguments.reader_location, arguments.stories)
    if arguments.keep_code:
        serve_until_interrupted(*serving)
    watched = (_ROOT / path for path in WATCHED)
    run_process(*watched, target=serve_until_interrupted, args=serving, watch_filter=CHANGES)


def _why_not(port: int) -> str | None:
    """Why the server cannot listen on a port, as a sentence. None if it can."""
    try:
        with socket.create_server(("127.0.0.1", port)):
            return None
    except OverflowError:
        return f"Port {port} is not a port: choose one from 1 to 65535, such as make run PORT=8001."
    except OSError as error:
        return (
            f"Port {port} cannot be had ({error.strerror}): choose another, such as make run PORT={port % 65535 + 1}."
        )


if __name__ == "__main__":
    main()
