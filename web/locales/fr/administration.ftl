# Réglages du KPA, pour les personnes qui l'administrent.
admin-title = Réglages du KPA
admin-state = État
admin-health = Comment va le site
admin-health-fine = Tout va bien.
admin-figures = Accès rapides
admin-audit-hint = Qui a fait quoi
admin-silent = { $n ->
    [0] Tous répondent
    [one] 1 ne répond pas
   *[other] { $n } ne répondent pas
}
admin-failed = { $n ->
    [0] Aucun envoi perdu
    [one] 1 envoi perdu
   *[other] { $n } envois perdus
}
admin-open-invitations = { $n ->
    [0] Aucune en attente
    [one] 1 en attente
   *[other] { $n } en attente
}
health-good = Bien
health-warn = À voir
health-bad = À réparer
admin-peers-title = Les autres KPA
admin-peers-none = Aucun autre KPA n’est connu.
peer-name = KPA
peer-trust = Confiance
peer-success = Dernier envoi reçu
peer-lag = Retard
peer-no-lag = Aucun retard
peer-waiting = { $n ->
    [one] 1 envoi attend
   *[other] { $n } envois attendent
}
peer-error = Dernière erreur
peer-next = prochain essai
retry-now = Réessayer maintenant
peer-allow = Autoriser
peer-block = Bloquer
peer-block-reason = Pourquoi
peer-block-go = Bloquer ce site
peer-allow-title = Autoriser un KPA
peer-allow-hint = Comparez d’abord ses mots de contrôle au téléphone.
admin-deliveries-title = Envois
deliveries-today = { $n ->
    [0] Aucun envoi reçu par les autres depuis 24 heures.
    [one] 1 envoi reçu par les autres depuis 24 heures.
   *[other] { $n } envois reçus par les autres depuis 24 heures.
}
deliveries-failed = Pas arrivés
deliveries-failed-none = Aucun envoi perdu.
deliveries-waiting = En attente
deliveries-waiting-none = Rien n’attend.
delivery-to = vers KPA { $hub }
delivery-attempts = { $n ->
    [one] 1 essai
   *[other] { $n } essais
}
delivery-drop = Abandonner
admin-invitations-title = Invitations
invitations-none = Aucune invitation.
invitation-open = En attente
invitation-used = Utilisée
invitation-expired = Trop ancienne
invitation-cancelled = Annulée
invitation-by = invitation de { $name }
invitation-cancel = Annuler
admin-members-title = Membres et rôles
members-search = Chercher un membre
members-total = { $n } membres en tout
members-none = Personne de ce nom.
members-me = C’est vous. Une autre personne change vos rôles.
members-roles = Rôles
members-permissions = Droits en plus
member-active = Actif
member-suspended = Suspendu
member-deleted = Supprimé
member-suspend = Suspendre le compte
member-reopen = Rouvrir le compte
never-seen = jamais venu
admin-audit-title = Journal
audit-who = Qui
audit-what = Quoi
audit-when = Quand
audit-reason = Raison
audit-for = pour { $name }
audit-show = Afficher
audit-empty = Rien dans le journal avec ces choix.
# Pourquoi un envoi n’est pas arrivé.
trouble-unreachable = Nous n’arrivons pas à joindre ce site.
trouble-timeout = Ce site met trop de temps à répondre.
trouble-tls = La connexion sûre avec ce site ne marche pas.
trouble-broken = La connexion s’est coupée.
trouble-failed = Ce site a un problème de son côté.
trouble-slow-down = Ce site demande d’attendre.
trouble-signature = Ce site ne reconnaît pas notre signature.
trouble-sender = Ce site ne veut rien recevoir de nous.
trouble-gone = L’adresse n’existe plus là-bas.
trouble-refused = Ce site a refusé cet envoi.
trouble-given-up = Nous avons essayé trop longtemps sans réponse.
trouble-given-up-here = Une personne de l’équipe a abandonné cet envoi.
trouble-blocked = Ce site est bloqué ici.
trouble-not-sendable = Cet envoi est abîmé et ne peut pas partir.
trouble-ours = Le problème vient de notre site.
trouble-other = L’envoi n’est pas arrivé.
