"""Compares the words of a text with the words of the true text. Each word counts as often as it occurs."""

import re
from collections import Counter
from statistics import mean
from typing import NamedTuple

_WORD = re.compile(r"\w+")


class Score(NamedTuple):
    precision: float
    recall: float
    f1: float


def score(text: str, truth: str) -> Score:
    """The score of a page. A page in which nothing is found scores 0."""
    found, due = Counter(_WORD.findall(text)), Counter(_WORD.findall(truth))
    common = (found & due).total()
    precision = common / found.total() if found else 0.0
    recall = common / due.total() if due else float(not found)
    both = precision + recall
    return Score(precision, recall, 2 * precision * recall / both if both else 0.0)


def average(scores: list[Score]) -> Score:
    """The average of the scores, in which each page counts the same."""
    return Score(*(mean(values) for values in zip(*scores, strict=True)))
