# Suivre un KPA ou une personne.
follow = Suivre
unfollow = Ne plus suivre
follow-from-mine = Suivre depuis mon compte
follow-followed = Suivi
follow-asked = Demande envoyée
follow-not = Pas suivi
follow-address-title = Suivre un autre KPA
follow-address = Adresse du KPA
follow-address-hint = Par exemple @bobinette@bobinette.fr, ou l’adresse de son site.
