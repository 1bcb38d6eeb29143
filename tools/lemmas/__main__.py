"""`python -m lemmas [language …]`: writes the tables of base forms for search. It takes some three minutes of CPU time,
so the tables are committed, as the databases of networks are; a test holds the smallest one to this code.

simplemma's dictionaries take 54 to 500 ms to load and up to 300 MB of memory, so the function that searches carries
tables that are mapped. A table has what rules cannot say: the rules are learnt from the same dictionary, and a word
that follows them needs no entry. They also serve the words that no dictionary has, such as names.
"""

import array
import json
import sys
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor

from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

from content_search.analysis.folding import folding_lines
from content_search.analysis.lemmas import LONGEST_ENDING, Change, by_rule, hashed, tables_folder
from content_search.analysis.stemming import DICTIONARIES

_RARE = 4  # words that must follow a rule, for it to be one
_LONGEST_CHANGE = 5  # letters that a rule cuts or adds
_LONGEST_WORD = 40
_SHORTEST = 2


def main() -> None:
    asked = sys.argv[1:] or list(DICTIONARIES)
    tables_folder().mkdir(exist_ok=True)
    with ProcessPoolExecutor() as processes:
        for line in processes.map(written, asked, [DICTIONARIES[language] for language in asked]):
            print(line)


def written(language: str, dictionary: str) -> str:
    """Writes the three files of a language. Returns a line that says how large they are."""
    forms, files = tables(language, dictionary)
    for name, content in files.items():
        (tables_folder() / name).write_bytes(content)
    return f"{language}: {forms:,} forms, {sum(map(len, files.values())):,} bytes"


def tables(language: str, dictionary: str) -> tuple[int, dict[str, bytes]]:
    """How many forms the dictionary has, and the files by their names."""
    base_forms = read(language, dictionary)
    rules = learnt(base_forms)
    changes: dict[Change, int] = {}
    entries = {
        hashed(form) | changes.setdefault(_change(form, base), len(changes))
        for form, base in base_forms.items()
        if by_rule(form, rules) != base
    }
    texts = {"rules": rules, "changes": list(changes)}
    files = {f"{language}.{name}": json.dumps(each, ensure_ascii=False).encode() for name, each in texts.items()}
    return len(base_forms), files | {f"{language}.words": array.array("Q", sorted(entries)).tobytes()}


def read(language: str, dictionary: str) -> dict[str, str]:
    """Folded forms and their base forms. Base forms are their own."""
    listed = DefaultDictionaryFactory().get_dictionary(dictionary)
    fold = folding_lines(language)
    forms = fold("\n".join(listed)).split("\n")
    bases = fold("\n".join([base.partition("|")[0] for base in listed.values()])).split("\n")
    found: dict[str, str] = {}
    for folded, folded_base in zip(forms, bases, strict=True):
        is_word = folded.isalpha() and folded_base.isalpha() and _SHORTEST <= len(folded) <= _LONGEST_WORD
        if is_word and (folded not in found or folded == folded_base):
            found[folded] = folded_base
    return {form: found.get(base, base) for form, base in found.items()}


def learnt(base_forms: dict[str, str]) -> dict[str, Change]:
    """For each ending, what most words with it change to their base form. An ending is left out where the shorter one
    that it ends in says the same.
    """
    counted: defaultdict[str, Counter[Change]] = defaultdict(Counter)
    for form, base in base_forms.items():
        change = _change(form, base)
        if change[0] <= _LONGEST_CHANGE and len(change[1]) <= _LONGEST_CHANGE and len(form) - change[0] >= _SHORTEST:
            for taken in range(min(LONGEST_ENDING, len(form) - 1) + 1):
                counted[form[len(form) - taken :]][change] += 1
    rules: dict[str, Change] = {}
    for ending in sorted(counted, key=len):
        ((change, times),) = counted[ending].most_common(1)
        shorter = next((ending[at:] for at in range(1, len(ending) + 1) if ending[at:] in rules), None)
        if times >= _RARE and (shorter is None or rules[shorter] != change):
            rules[ending] = change
    return rules


def _change(form: str, base: str) -> Change:
    same = 0
    for one, other in zip(form, base, strict=False):
        if one != other:
            break
        same += 1
    return len(form) - same, base[same:]


if __name__ == "__main__":
    main()
