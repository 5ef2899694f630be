# Les KPA : le nôtre, les autres, suivre.
hubs-title = Les KPA du réseau
hubs-lead = { $n ->
    [one] 1 KPA dans le réseau { $network }. Voici où il en est.
   *[other] { $n } KPA dans le réseau { $network }. Voici où ils en sont.
}
hubs-empty = Ce KPA est encore seul. Les autres apparaîtront ici.
hub-mine = Mon KPA
hub-creating = En création : pas encore de voix
hub-active = Actif
hub-paused = En pause
hub-members = Les membres
hub-site = Voir son site
hub-qr = QR de l’adresse du KPA
reached-yes = Joignable
reached-silent = Pas de nouvelles ({ $since })
reached-unknown = Pas encore joint
remote-follow-title = Suivre KPA { $hub }
remote-follow-found = Votre compte est sur { $server }
remote-follow-found-hint = La suite se passe chez vous : appuyez, puis confirmez là-bas.
remote-follow-go = Continuer sur { $server }
remote-follow-network = J’ai un compte dans un KPA
remote-follow-elsewhere = J’ai un compte Mastodon, Mobilizon, PeerTube…
remote-follow-account = Votre adresse
remote-follow-account-hint = Par exemple @moi@mastodon.social, ou le nom du site.
remote-follow-remember = S’en souvenir sur cet appareil
remote-follow-find = Continuer
remote-follow-closed = Ce réseau est ouvert aux comptes des KPA.
remote-follow-by-hand = Ou copiez l’adresse
remote-follow-by-hand-hint = Collez-la dans la recherche de votre application.
remote-follow-feed = Flux Atom
interact-title = Venu de { $host }
interact-from = Cela vient de { $host }.
interact-open = Voir et répondre ici
interact-nothing = Rien à faire ici avec cette adresse.
