# The page for people who write programs.
api-title = Open data (API)
api-lead = Everything the site does exists in JSON too, with the same rights.
api-auth = A key in the header:
api-once = To send twice with a single effect:
api-errors = Errors have a stable code:
api-machine = Description for machines:
api-federation = Public announcements can also be read at their own address:
api-address = Address
api-does = What it does
api-scope = Right
api-everybody = open
