"""How well articles are taken out of pages, beside peers, on public collections that the person has fetched."""
