"""AWS on this machine: ministack, which nobody here wrote, with its gaps bridged, for tests of whole deployments.

Gaps that are not bridged, so that no test here may rely on them: metrics (nothing is made of the functions' EMF, and no
alarm begins), `iam:PassRole` and functions' resource policies (not evaluated), CodeDeploy (an alias moves at once),
OPTIONS (never reaches `$default`), CloudFront's cache and firewall, and the country of a reader
(whoever asks says it, as CloudFront would).
"""
