"""Builds the zone database: which networks are in the places where a notice is due. Sources and figures stand in
`layers/places/networks/notice_zone.json`, beside the database.
"""
