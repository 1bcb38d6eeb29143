"""Whether the libraries of a deployment have known vulnerabilities. It is a failure, too, if that could not be looked
up.
"""
