"""Turns text into the words that are compared: pure, without clock, network or index.

`words` finds the words of a text and folds each; `stemming` gives the form that inflected forms share; `question` reads
what a reader typed. The index sees only what comes out here, separated by spaces, since its own tokenizer splits п'ять
and o'zbek, and makes two characters of İ.
"""
