"""The API on one's own machine: the template's routes, the handlers that Lambda runs, moto for AWS."""
