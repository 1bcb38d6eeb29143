"""AWS on this machine, for tests of whole deployments: ministack, an emulator that nobody here wrote, with its gaps
bridged.

These gaps are not bridged, so no test may rely on them: metrics (ministack makes none from the functions' EMF, and no
alarm is ever raised), `iam:PassRole` and the functions' resource policies (not evaluated), CodeDeploy (an alias moves
at once), OPTIONS (never reaches `$default`), CloudFront's cache and firewall, and the country of a reader (the request
states it, in the header that CloudFront would add).
"""
