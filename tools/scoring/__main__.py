"""`make score-importing COLLECTIONS="folder …"`: prints a table with the scores for both halves of each collection. The
rules of the importer were made on one half; the other is unseen.
"""

import argparse
import logging
import time
from collections import defaultdict
from pathlib import Path

from scoring.collections import pages_in
from scoring.extractors import ours, readability_lxml, trafilatura
from scoring.measures import Score, average, score

_EXTRACTORS = {"ours": ours, "trafilatura": trafilatura, "readability-lxml": readability_lxml}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="+", type=Path, help="a checkout of one of the collections")
    folders: list[Path] = parser.parse_args().folder
    logging.disable(logging.ERROR)  # the libraries log what they cannot read; such a page scores 0
    scores: defaultdict[tuple[str, bool, str], list[Score]] = defaultdict(list)
    seconds: defaultdict[str, float] = defaultdict(float)
    for page in (page for folder in folders for page in pages_in(folder)):
        for name, extract in _EXTRACTORS.items():
            began = time.process_time()
            try:
                text = extract(page.content)
            except Exception:  # noqa: BLE001 - whatever a peer raises, it has found nothing
                text = ""
            seconds[name] += time.process_time() - began
            scores[page.collection, page.is_tuned_on, name].append(score(text, page.truth))
    print("| collection | half | pages | extractor | precision | recall | F1 |\n|---|---|---|---|---|---|---|")
    for (collection, is_tuned_on, name), each in sorted(scores.items()):
        half = "tuned on" if is_tuned_on else "unseen"
        precision, recall, f1 = average(each)
        print(f"| {collection} | {half} | {len(each)} | {name} | {precision:.3f} | {recall:.3f} | {f1:.3f} |")
    pages = sum(map(len, scores.values())) / len(_EXTRACTORS)
    print("CPU a page:", ", ".join(f"{name} {1000 * spent / pages:.0f} ms" for name, spent in seconds.items()))


if __name__ == "__main__":
    main()
