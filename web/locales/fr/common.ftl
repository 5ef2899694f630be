# Ce que toutes les pages partagent.
skip = Aller au contenu
colon = { " : " }
hub-named = KPA { $hub }
hub-of-network = membre du réseau { $network }
nav-label = Navigation principale
nav-home = Accueil
nav-exchange = Entraide
nav-publish = Publier
nav-notifications = Notifications
nav-unread = non lues
nav-me = Moi
nav-hubs = Les KPA
nav-sign-in = Se connecter
nav-help = Aide
demo-line = Démonstration : les personnes et les lieux sont inventés.
signed-in-as = Connecté :
sign-out = Se déconnecter
footer-label = Informations
footer-phone = Accueil au téléphone :
footer-accessibility = Accessibilité : non conforme
footer-legal = Mentions légales
footer-privacy = Vie privée
footer-source = Code source
footer-api = Données ouvertes (API)
title-error = Erreur — { $title }
form-optional = facultatif
form-errors = { $n ->
    [one] Il y a 1 chose à corriger
   *[other] Il y a { $n } choses à corriger
}
form-too-late = La page est restée ouverte trop longtemps. Vérifiez puis appuyez encore sur le bouton.
save = Enregistrer
cancel = Annuler
unit-euro = €
draft-kept = Votre brouillon est gardé sur ce téléphone.
see-other-hubs = Voir les autres KPA
time-now = à l’instant
time-minutes-ago = il y a { $n } { $n ->
    [one] minute
   *[other] minutes
}
time-in-minutes = dans { $n } { $n ->
    [one] minute
   *[other] minutes
}
time-hours-ago = il y a { $n } { $n ->
    [one] heure
   *[other] heures
}
time-in-hours = dans { $n } { $n ->
    [one] heure
   *[other] heures
}
time-days-ago = { $n ->
    [one] il y a { $n } jour
   *[other] il y a { $n } jours
}
time-in-days = { $n ->
    [one] dans { $n } jour
   *[other] dans { $n } jours
}
list-more = La suite
see-proposals = Voir les annonces
print = Imprimer
copy = Copier
choose = Choisissez
actions = Actions
never = Jamais
none = Aucune
field-name = Nom
field-handle = Nom de compte
field-consent = Accord de la personne
demo-label = Démonstration
