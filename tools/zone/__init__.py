"""Builds the zone database: the networks in places where a notice is due. Its sources and figures are in
`layers/places/networks/notice_zone.json`, beside the database.
"""
