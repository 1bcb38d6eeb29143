"""Who may do what at the editorial API: the policies of template.yaml that allow it, from the least to the most.

IAM decides by method and path, before any of our code runs, and answers "Forbidden" alone. So the newsdesk's command
looks here what would have been needed. `tests/unit/test_roles.py` holds the table to the template.
"""

import re

# For each role, the output of the stack that names its policy, and what it allows beside what the roles before it do:
# a method and a path, in which `*` stands for any text, as in IAM.
ROLES: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "reader": ("EditorialReaderPolicyArn", (("GET", "/v1/editorial/*"),)),
    "writer": (
        "EditorialWriterPolicyArn",
        (
            ("PUT", "/v1/editorial/drafts/*"),
            ("PATCH", "/v1/editorial/drafts/*"),
            ("DELETE", "/v1/editorial/drafts/*"),
            ("POST", "/v1/editorial/drafts/*/previews"),
            ("POST", "/v1/editorial/media"),
        ),
    ),
    "editor": (
        "EditorialEditorPolicyArn",
        (
            ("PUT", "/v1/editorial/articles/*"),
            ("PATCH", "/v1/editorial/articles/*"),
            ("DELETE", "/v1/editorial/articles/*"),
            ("POST", "/v1/editorial/articles/*"),
            ("PUT", "/v1/editorial/fronts/*"),
            ("PUT", "/v1/editorial/topics/*"),
            ("PUT", "/v1/editorial/authors/*"),
            ("PUT", "/v1/editorial/shows/*"),
        ),
    ),
    "administrator": ("EditorialAdministratorPolicyArn", (("*", "/v1/editorial/*"),)),
}


def role_for(method: str, path: str) -> str:
    """The least role that may do it. Empty if it is no path of the editorial API."""
    for role, (_, statements) in ROLES.items():
        if any(_fits(verb, method) and _fits(pattern, path) for verb, pattern in statements):
            return role
    return ""


def _fits(pattern: str, text: str) -> bool:
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), text) is not None
