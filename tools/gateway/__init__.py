"""The API on a developer's machine: the routes of the template, the handlers that Lambda runs, and moto for AWS."""
