home-title = Accueil
home-hello = Ici, on se rend service
home-hello-name = Bonjour { $name }
home-offer-hint = Un savoir-faire, un prêt, un don
home-request-hint = De l’aide, du matériel, un lieu
home-see = Je regarde
home-see-hint = Les annonces d’ici et du réseau
home-waiting = Ce qui vous attend
waiting-confirm = Dites si c’est fait avec { $who } : « { $what } »
waiting-do = À faire avec { $who } : « { $what } »
home-nothing-waits = Rien ne vous attend. Tout est à jour.
home-latest = Les dernières annonces
home-all = Tout voir
home-news = Nouvelles des KPA suivis
home-visit = Venir nous voir
home-hubs = { $n ->
    [one] 1 KPA dans le réseau
   *[other] { $n } KPA dans le réseau
}
