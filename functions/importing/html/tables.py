"""Tells tables with data from tables that lay out a page, as pages used until about 2005."""

from importing.html.elements import INLINE
from importing.html.parsing import Element, name_of

_CELLS = frozenset({"td", "th"})
_LONGEST_CELL = 300  # characters; a text in a cell is longer
_FEWEST = 2  # rows, and cells of a row


def is_table_of_data(table: Element) -> bool:
    """Whether the table has a caption, head cells or a role that say so, or at least two rows and two columns with
    short cells.
    """
    role = table.get("role")
    if role in {"presentation", "none"}:
        return False
    cells = list(table.iter("td", "th"))
    if any(len(" ".join(str(cell.text_content()).split())) > _LONGEST_CELL or _is_laid_out(cell) for cell in cells):
        return False
    if role in {"table", "grid"} or any(True for _ in table.iter("th", "caption", "thead")):
        return bool(cells)
    rows = [sum(name_of(cell) in _CELLS for cell in row) for row in table.iter("tr")]
    return sum(count >= _FEWEST for count in rows) >= _FEWEST


def _is_laid_out(cell: Element) -> bool:
    """Whether a cell contains a table, a heading or several paragraphs."""
    blocks = [name_of(each) for each in cell.iter() if each is not cell and name_of(each) not in INLINE]
    return any(each in {"table", "h1", "h2", "iframe", "figure"} for each in blocks) or blocks.count("p") > 1
