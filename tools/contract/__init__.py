"""Makes the contract (OpenAPI) of the reading API from the models, the routes and CLDR. The reading function serves it
as a file.
"""
