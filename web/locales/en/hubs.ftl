# KPAs: ours, the others, following.
hubs-title = The KPAs of the network
hubs-lead = { $n ->
    [one] 1 KPA in the { $network } network. Here is how it is doing.
   *[other] { $n } KPAs in the { $network } network. Here is how they are doing.
}
hubs-empty = This KPA is still alone. The others will appear here.
hub-mine = My KPA
hub-creating = Being created: no voice yet
hub-active = Active
hub-paused = Paused
hub-members = Members
hub-site = See its site
hub-qr = QR code of the KPA’s address
reached-yes = Reachable
reached-silent = No news ({ $since })
reached-unknown = Not reached yet
remote-follow-title = Follow KPA { $hub }
remote-follow-found = Your account is at { $server }
remote-follow-found-hint = The rest happens at yours: press, then confirm there.
remote-follow-go = Go on at { $server }
remote-follow-network = I have an account in a KPA
remote-follow-elsewhere = I have a Mastodon, Mobilizon, PeerTube… account
remote-follow-account = Your address
remote-follow-account-hint = Such as @me@mastodon.social, or the name of the site.
remote-follow-remember = Remember it on this device
remote-follow-find = Go on
remote-follow-closed = This network is open to accounts of the KPAs.
remote-follow-by-hand = Or copy the address
remote-follow-by-hand-hint = Paste it into the search of your application.
remote-follow-feed = Atom feed
interact-title = Coming from { $host }
interact-from = This comes from { $host }.
interact-open = See and answer here
interact-nothing = Nothing to do here with this address.
