# Following a KPA or a person.
follow = Follow
unfollow = Stop following
follow-from-mine = Follow from my account
follow-followed = Followed
follow-asked = Request sent
follow-not = Not followed
follow-address-title = Follow another KPA
follow-address = Address of the KPA
follow-address-hint = Such as @bobinette@bobinette.fr, or the address of its site.
