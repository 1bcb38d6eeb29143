"""Whether what is deployed stands on libraries of known vulnerabilities, or nobody can tell."""
