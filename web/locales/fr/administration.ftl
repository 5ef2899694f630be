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
delivery-to = vers { $hub }
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
trouble-not-heard = Ce KPA ne nous a pas encore autorisés. Demandez-le à son équipe ; dès qu’elle le fait, l’envoi repart.
trouble-gone = L’adresse n’existe plus là-bas.
trouble-refused = Ce site a refusé cet envoi.
trouble-given-up = Nous avons essayé trop longtemps sans réponse.
trouble-given-up-here = Une personne de l’équipe a abandonné cet envoi.
trouble-blocked = Ce site est bloqué ici.
trouble-not-sendable = Cet envoi est abîmé et ne peut pas partir.
trouble-ours = Le problème vient de notre site.
trouble-other = L’envoi n’est pas arrivé.
# Le journal : ce que quelqu’un a fait.
action-member-invite = invite quelqu’un
action-member-join = ouvre son compte
action-member-create = crée un compte
action-member-suspend = suspend un compte
action-member-reopen = rouvre un compte
action-member-recover = redonne un accès
action-member-recover-approve = approuve un accès redonné
action-member-recover-refuse = refuse un accès redonné
action-member-recovered = retrouve son compte
action-invitation-cancel = annule une invitation
action-role-give = donne un rôle
action-role-take = retire un rôle
action-password-change = change son mot de passe
action-profile-save = change son profil
action-public-actor-open = ouvre sa page aux autres sites
action-public-actor-close = ferme sa page aux autres sites
action-device-sign-out = déconnecte un appareil
action-device-sign-out-others = déconnecte ses autres appareils
action-token-make = crée une clé
action-token-revoke = supprime une clé
action-peer-allow = autorise un KPA
action-peer-block = bloque un site
action-peer-forget = oublie une décision sur un site
action-delivery-retry = relance un envoi
action-delivery-give-up = abandonne un envoi
action-report-decide = décide d’un signalement
action-reply-decide = décide d’une question
action-notification-tell = prévient quelqu’un
action-follow-ask = suit un KPA ou une personne
action-follow-leave = ne suit plus
action-proposal-publish = publie une annonce
action-proposal-edit = change une annonce
action-proposal-withdraw = retire une annonce
action-proposal-fulfil = marque « Trouvé »
action-proposal-suspend = met une annonce en pause
action-proposal-resume = reprend une annonce
action-proposal-widen = montre une annonce à plus de monde
action-proposal-expire = termine une annonce à sa date
action-proposal-keep-back = cache une annonce
action-proposal-show-again = montre de nouveau une annonce
action-proposal-ask = pose une question
action-response-send = répond à une annonce
action-response-take-back = reprend sa réponse
action-response-accept = accepte une réponse
action-response-refuse = refuse une réponse
action-response-expire = termine une réponse sans suite
action-agreement-say = dit qu’un accord est fait
action-agreement-contest = conteste un accord
action-agreement-cancel = annule un accord
action-agreement-settle = règle un désaccord
action-agreement-silence = confirme par le silence
action-hub-restore = reprend une sauvegarde
# Ce qui part vers les autres KPA.
letter-create = Annonce ou message
letter-update = Mise à jour
letter-delete = Retrait
letter-announce = Partage
letter-follow = Demande de suivi
letter-undo = Annulation
letter-accept = Accord
letter-reject = Refus
letter-offer = Réponse
letter-flag = Signalement
letter-other = Autre envoi
audit-left = une personne partie
audit-operator = depuis la machine
audit-system = le site
admin-legal-missing = Les mentions légales ne sont pas complètes.
