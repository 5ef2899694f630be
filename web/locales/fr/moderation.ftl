# Signalements.
moderation-title = Signalements
moderation-explain = Regardez, décidez, dites pourquoi. Tout est noté dans le journal.
moderation-open = { $n ->
    [0] À traiter
    [one] 1 à traiter
   *[other] { $n } à traiter
}
moderation-none = Rien à traiter.
moderation-count = { $n ->
    [one] 1 signalement
   *[other] { $n } signalements
}
moderation-closed = Déjà traités
report-page-title = Signalement : { $title }
report-appeal = L’auteur demande un deuxième avis.
report-see = Voir à sa place
report-complaints = Ce qui est signalé
report-earlier = Décisions passées sur cette personne
report-decide = Décider
report-decision = Décision
report-decision-reason = Raison
report-decision-reason-hint = Elle est envoyée à l’auteur, qui peut demander un deuxième avis.
report-decision-go = Enregistrer la décision
report-own-case = C’est votre affaire : une autre personne doit décider.
decision-nothing = Rien à faire
report-decision-forward-hint = Elle est transmise sans aucun nom, si vous transmettez.
decision-forward = Transmettre au KPA d’origine
decision-hide = Masquer ici
