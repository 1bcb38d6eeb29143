"""Builds the zone database: which networks are in the places where a notice is due. Sources and figures stand in
`layers/content_api/content_api/law/notice_zone.json`, beside the database.
"""
