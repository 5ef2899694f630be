# Entraide : liste, annonce, réponses, publier.
exchange-title = Entraide
exchange-title-search = Recherche « { $words } »
exchange-results = Annonces
exchange-empty = Personne n’a encore publié ici. Vous pouvez être la première personne.
search-label = Chercher dans les annonces
search-example = vélo, couture, papiers…
search-go = Chercher
search-empty = Rien trouvé pour « { $words } ». Essayez un autre mot, ou dites que vous cherchez.
search-empty-publish = Publier « Je cherche : { $words } »
filters = Plus de choix
filter-theme = Thème
filter-settlement = Règlement
filter-any = Tous
filter-apply = Voir les annonces
filter-purpose = Offres ou besoins
filter-reach = Jusqu’où
filter-all = Tout
filter-network = Tout le réseau
filter-hub = Mon KPA
filter-clear = Enlever les filtres
filter-empty = Aucune annonce avec ces choix.
more-proposals = Plus d’annonces
first-page = Revenir au début
list-end = C’est tout pour l’instant.
answers-waiting = { $n ->
    [one] 1 réponse
   *[other] { $n } réponses
}
places-left = { $n ->
    [0] Plus rien de libre
    [one] 1 disponible
   *[other] { $n } disponibles
}
changed = modifiée
entered-by = Écrite par { $name } pour quelqu’un, avec son accord
slip-code = Code du ticket : { $code }
copy-from = Cette annonce vient de KPA { $hub }
copy-of = copie faite
copy-original = voir l’original
listen = Écouter
listen-stop = Arrêter
sheet-when = Quand
sheet-place = Où
sheet-settlement = Règlement
sheet-places = Combien
sheet-theme = Thème
sheet-expires = Jusqu’au
sheet-audience = Visible par
share = Partager
share-now = Partager
share-whatsapp = WhatsApp
share-poster = QR et adresse à imprimer
share-poster-hint = Imprimez cette page : le QR mène à l’annonce.
share-qr = QR de cette annonce
copy-link = Copier le lien
copied = Copié
hide-for-me = Cacher pour moi
report = Signaler
manage = Votre annonce
spread = { $total ->
    [0] Elle reste dans votre KPA.
   *[other] Reçue par { $received } KPA sur { $total }
}
spread-waiting = En attente :
widening-first = D’abord votre KPA.
widening-next = Ensuite :
widen-now = Élargir maintenant
prolong-ask = Encore d’actualité ?
prolong = Prolonger de 60 jours
mark-found = Trouvé
edit = Modifier
suspend = Mettre en pause
resume = Remettre en ligne
withdraw = Retirer
answers-count = { $n ->
    [0] Réponses
    [one] 1 réponse
   *[other] { $n } réponses
}
answers-none = Pas encore de réponse. Nous vous préviendrons.
more-answers = Plus de réponses
response-to-decide = À décider
quantity = pour { $n }
accept = Accepter
accept-hint = Si vous acceptez, vous voyez chacun comment vous joindre.
refuse = Refuser
refuse-reason = Un mot d’explication
refuse-go = Refuser cette réponse
see-agreement = Voir l’accord
my-answer = Votre réponse
refused-because = Raison :
no-declined = L’autre personne n’a pas retenu cette réponse.
no-nothing-left = Il ne reste plus rien.
no-closed = L’annonce est terminée.
no-rule = Cette réponse ne convient pas à l’annonce.
answer-take-back = Annuler ma réponse
answer-need = Je peux aider
answer-offer = Ça m’intéresse
answer-message = Votre message
answer-message-hint = Dites quand vous êtes libre, et ce que vous savez faire.
answer-date = Un jour possible
answer-quantity = Combien
answer-send = Envoyer
share-contact = Montrer mon numéro à l’autre personne après l’accord ?
share-contact-hint = Sans cela, vous vous écrivez ici. Votre profil permet de changer d’avis.
answer-for = Pour qui répondez-vous ?
answer-for-hint = La personne doit être d’accord. Elle est prévenue.
answer-for-oneself = Pour moi
answer-privacy = Votre téléphone et votre adresse restent cachés jusqu’à l’accord.
answer-visitor = Répondre à cette annonce
answer-visitor-hint = Connectez-vous pour répondre. Pas de compte ? Passez nous voir, ou appelez.
answer-not-here = Vous pouvez lire cette annonce, mais pas y répondre.
proposal-closed = Cette annonce ne prend plus de réponse.
see-others = Voir les autres annonces
travel-unreachable = KPA { $hub } ne répond pas pour l’instant. Nous réessayons pendant 7 jours.
publish-title = Publier
edit-title = Modifier l’annonce
publish-visitor = Écrivez d’abord. Vous vous connecterez ensuite, rien n’est perdu.
publish-purpose = Offre ou besoin
publish-kind = De quoi s’agit-il ?
publish-kind-short = Genre
publish-what = En une ligne
publish-what-hint = Par exemple : « Révision de vélo » ou « Poser une étagère ».
publish-text = Plus de détails
publish-when = Quand
publish-when-example = le soir, les samedis…
publish-place = Où
publish-place-hint = Une ville ou un quartier. Jamais votre adresse.
publish-settlement = En échange de
publish-settlement-hint = Plusieurs réponses possibles. 1 heure = 1 heure.
publish-photo = Photo
publish-photo-hint = { $limit } au plus. Le lieu de la photo est effacé.
publish-photo-alt = Ce qu’on voit sur la photo
publish-photo-alt-hint = Demandé s’il y a une photo : certaines personnes ne voient pas.
publish-photo-2 = Deuxième photo
publish-photo-3 = Troisième photo
publish-photo-4 = Quatrième photo
publish-photo-alt-2 = Ce qu’on voit sur la deuxième photo
publish-photo-alt-3 = Ce qu’on voit sur la troisième photo
publish-photo-alt-4 = Ce qu’on voit sur la quatrième photo
publish-photo-alt-now = Ce qu’on voit sur cette photo
publish-photo-drop = Retirer cette photo
publish-photo-more = Ajouter d’autres photos
publish-photo-more-hint = { $max } photos en tout. { $limit } au plus à la fois : le reste s’ajoute après, avec Modifier.
publish-more = Prix, durée, thème, fin, langue
publish-price = Prix
publish-price-hint = Par exemple 12,50.
publish-minutes = Durée
publish-minutes-hint = Par exemple 1 h 30.
publish-quantity = Combien
publish-quantity-hint = Des places, des pièces… Vide : un seul.
publish-category = Thème
publish-category-guess = D’après les mots
publish-lang = Langue de l’annonce
publish-lang-none = Ma langue habituelle
publish-who = Qui peut la voir
publish-audience = Qui peut la voir
publish-first-hub = D’abord mon KPA
publish-first-hub-hint = Nos membres d’abord. Après un jour, les KPA suivis. Puis tout le réseau.
publish-expires = En ligne pendant
publish-days = { $n } jours
on-behalf-title = Publier pour quelqu’un
on-behalf-who = Pour qui
on-behalf-member = Un membre
on-behalf-no-account = Une personne sans compte
on-behalf-name = Son prénom
on-behalf-name-hint = Il reste dans ce KPA. Il n’est jamais envoyé ailleurs.
on-behalf-consent = La personne est d’accord pour que je publie à sa place
withdraw-title = Retirer « { $title } »
withdraw-explain = L’annonce disparaît d’ici et des autres KPA.
withdraw-answers = { $n ->
    [one] 1 personne attend une réponse : elle sera prévenue.
   *[other] { $n } personnes attendent une réponse : elles seront prévenues.
}
withdraw-reason = Un mot pour ces personnes
withdraw-go = Retirer l’annonce
keep-it = La garder
report-title = Signaler « { $title } »
report-explain = L’équipe du KPA regarde chaque signalement. Votre nom n’est pas donné.
report-reason = Pourquoi
report-spam = C’est de la publicité
report-unsafe = C’est dangereux ou interdit
report-hurtful = C’est blessant
report-personal-data = Il y a des informations privées
report-other = Autre chose
report-words = En quelques mots
report-forward = Prévenir aussi le KPA d’origine
report-forward-hint = L’équipe peut le transmettre au KPA { $hub }, sans votre nom.
report-go = Envoyer le signalement
remarks-count = { $n ->
    [0] Questions
    [one] 1 question ou remarque
   *[other] { $n } questions ou remarques
}
remark-outside = Réponse extérieure
remark-waiting = Pas encore visible
remark-ask = Poser une question
remark-label = Votre question
remark-hint = Elle se lit sous l’annonce. N’écrivez ni téléphone ni adresse.
remark-send = Envoyer la question
publish-expires-same = Comme maintenant
