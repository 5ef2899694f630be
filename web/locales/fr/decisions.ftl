# Les votes du réseau et leurs pages.
votes-title = Décisions
votes-lead = Les KPA du réseau décident ensemble : un KPA, une voix.
votes-open-one = Ouvrir un vote
votes-no-network = Votre KPA n’a pas encore de voix. Le réseau l’accueille par un vote.
votes-open-now = En ce moment
votes-none-open = Aucune décision en cours.
votes-last = La dernière :
votes-closing = Le procès-verbal se prépare
votes-over = Déjà décidé
vote-stage-planned = Ouvre bientôt
vote-stage-open = Vote en cours
vote-stage-closing = Fermé, relecture
vote-stage-over = Résultat définitif
vote-stage-refuted = Résultat à vérifier
vote-title = Décision : { $title }
vote-title-short = Question
vote-asked-by = Demandé par KPA { $hub }
vote-closes = Fermeture :
vote-refuted-words = Ce résultat ne se recompte plus ici. Ne l’utilisez pas. Prévenez la personne qui administre votre KPA.
vote-result = Résultat
vote-sealed = Le vote est fermé
vote-reread = Le vote est fermé. Les KPA relisent le procès-verbal.
vote-signed-so-far = Signatures : { $n }. Il en faut { $needed }.
vote-expected = Résultat attendu avant :
vote-own = La voix de votre KPA
vote-own-none = Votre KPA n’a pas encore voté.
vote-own-missed = Votre KPA n’a pas voté.
vote-own-not-elector = Votre KPA n’a pas de voix dans ce vote.
vote-own-voted = Votre KPA a voté : { $choice }
vote-own-by = Déposé par { $name }.
vote-own-by-two = Préparé par { $name }, confirmé par { $second }.
vote-waits-second = { $name } a préparé une voix. Une autre personne doit confirmer :
vote-go-confirm = Relire et confirmer
vote-in-name = Voter au nom de KPA { $hub }
vote-change = Changer notre voix
vote-see-receipt = Voir le reçu
vote-see = Voir le vote
vote-see-all = Voir les décisions
vote-text = Ce qui est demandé
vote-text-elsewhere = Le texte se lit ici :
vote-options = Les choix possibles
vote-how = Comment on décide
vote-who = Qui vote
vote-voters =
    { $n ->
        [one] 1 KPA, une voix
        *[other] { $n } KPA, une voix chacun
    }
vote-kind = Question
vote-kind-approval = Pour ou contre
vote-kind-consent = Consentement : y a-t-il une objection ?
vote-kind-single = Un choix parmi plusieurs
vote-kind-multiple = Plusieurs choix possibles
vote-kind-ranked = Un classement des choix
vote-kind-score = Une note pour chaque choix
vote-rule = Règle
vote-rule-quorum = Au moins { $n } KPA sur { $all } doivent voter.
vote-rule-no-abstention = Une abstention ne compte pas dans ce nombre.
vote-rule-simple = Il faut plus de pour que de contre.
vote-rule-of-all = Il faut au moins { $n } voix pour sur { $all }.
vote-rule-more = Il faut plus de { $part } de pour,
vote-rule-reached = Il faut au moins { $part } de pour,
vote-rule-expressed = sans compter les abstentions.
vote-rule-participants = abstentions comprises.
vote-rule-objections =
    { $n ->
        [0] Une seule objection arrête la décision.
        [one] 1 objection au plus est permise.
        *[other] { $n } objections au plus sont permises.
    }
vote-rule-most = Le choix qui a le plus de voix est retenu.
vote-rule-sum = Le choix qui a le plus de points est retenu.
vote-rule-ranked = Est retenu le choix préféré à chacun des autres, deux à deux.
vote-rule-unranked = Un choix sans place compte comme dernier.
vote-effect = Effet
vote-effect-charter = Le cadre change de version.
vote-effect-admit = Un KPA entre dans le réseau.
vote-effect-suspend = La place d’un KPA dans le réseau change.
vote-effect-key = La clé d’un KPA change.
vote-effect-fund = La contribution des KPA change.
vote-effect-rules = Les règles du réseau changent.
vote-opens = Ouverture
vote-close = Fermeture
vote-zone = heure de Paris
vote-voices = Les voix
vote-voted =
    { $n ->
        [0] Aucun KPA n’a voté sur { $all }.
        [one] 1 KPA a voté sur { $all }.
        *[other] { $n } KPA ont voté sur { $all }.
    }
vote-hidden = Les réponses se lisent après la fermeture.
vote-hidden-choice = A voté
vote-two-voices = Voix nulle : deux bulletins contraires
vote-col-hub = KPA
vote-col-choice = Voix
vote-col-reason = Raison
vote-col-tracking = Numéro de suivi
vote-is-own = votre KPA
vote-has-signed = a signé le résultat
vote-none = pas de réponse
vote-received-by = Reçu par { $part } KPA
vote-tracking-hint = Vérifiez le numéro de votre KPA sur le site d’un autre KPA. Ce doit être le même.
vote-incidents = Incidents
vote-incidents-words = Ces KPA ont signé deux pièces contraires. Les deux pièces en sont la preuve.
vote-incident-ballot = KPA { $hub } a signé deux bulletins avec le même numéro.
vote-incident-seal = KPA { $hub } a signé deux listes à la fermeture.
vote-incident-other = KPA { $hub } a signé deux réponses contraires pendant la relecture.
vote-proof-piece = Pièce { $n }
vote-recount = Recompter
vote-proof-signed = { $n } KPA sur { $all } ont signé ce résultat.
vote-bundle = Prendre le dossier du vote
vote-command = Pour le recompter sur votre ordinateur :
vote-value = Nom de la décision :
vote-explained = Pourquoi c’est sûr
vote-explained-1 = Chaque KPA dépose un bulletin signé et l’envoie à tous les autres.
vote-explained-2 = À l’heure de fermeture, chaque KPA arrête sa liste des bulletins et la signe.
vote-explained-3 = Un secrétaire de séance réunit ces listes et rédige le procès-verbal. S’il est absent, le suivant prend sa place.
vote-explained-4 = Chaque KPA relit, recompte, puis signe.
vote-explained-5 = Quand plus des deux tiers ont signé, le résultat est définitif. Chacun peut le recompter.
vote-word-approve = Pour
vote-word-oppose = Contre
vote-word-consent = Pas d’objection
vote-word-object = Objection
vote-word-abstain = Abstention
vote-and = et
vote-outcome-adopted = Adopté
vote-outcome-rejected = Rejeté
vote-outcome-no-quorum = Pas assez de KPA ont voté
vote-outcome-tie = Égalité, rien ne change
vote-outcome-void-notice = Sans effet, le vote est arrivé trop tard chez trop de KPA
vote-outcome-void-electorate = Sans effet, la liste des KPA n’était pas la bonne
vote-outcome-cancelled = Annulé par le KPA qui demandait
vote-outcome-chosen = Retenu, { $option }
vote-outcome-tie-of = Égalité entre { $options }
vote-n-approve = { $n } pour
vote-n-oppose = { $n } contre
vote-n-consent = { $n } sans objection
vote-n-object =
    { $n ->
        [0] 0 objection
        [one] 1 objection
        *[other] { $n } objections
    }
vote-n-abstain =
    { $n ->
        [0] 0 abstention
        [one] 1 abstention
        *[other] { $n } abstentions
    }
vote-n-void =
    { $n ->
        [one] 1 voix nulle
        *[other] { $n } voix nulles
    }
vote-n-silent = { $n } sans réponse
vote-n-voted =
    { $n ->
        [one] 1 KPA a voté
        *[other] { $n } KPA ont voté
    }
ballot-title = Voter : { $title }
ballot-in-name = Vous votez au nom de KPA { $hub }.
ballot-may-change = Vous pouvez changer jusqu’à la fermeture.
ballot-present = Votre voix en ce moment :
ballot-choice = Votre réponse
ballot-some-hint =
    { $max ->
        [one] 1 choix.
        *[other] { $max } choix au plus.
    }
ballot-ranking = Donnez une place à chaque choix
ballot-ranking-hint = 1 pour le préféré. Deux choix peuvent avoir la même place. Sans place, un choix est dernier.
ballot-place = Place
ballot-no-place = Sans place
ballot-scores = Donnez une note à chaque choix
ballot-scores-hint = De { $min } à { $max }. La plus haute note est la meilleure.
ballot-score = Note
ballot-abstain-box = Abstention : nous ne choisissons pas
ballot-reason = Pourquoi
ballot-reason-hint = Tout le monde peut la lire. Une objection doit avoir sa raison.
ballot-mandate = Comment vos membres ont décidé
ballot-mandate-hint = Nous publions des nombres, jamais des noms.
ballot-mode = Manière de décider
mandate-consent = Par consentement
mandate-majority = À la majorité
mandate-assembly = En assemblée générale
mandate-delegate = Le porte-parole a décidé
ballot-decided-on = Jour de la décision
ballot-participants = Personnes présentes
ballot-in-favour = Personnes pour
ballot-against = Personnes contre
ballot-abstained = Abstentions
ballot-go-summary = Relire avant de voter
ballot-summary-title = Relire : { $title }
ballot-summary = Relisez avant de voter
ballot-not-counted = Votre choix n’est pas compté
ballot-second-hint = Une autre personne mandatée doit ensuite confirmer.
ballot-go-back = Modifier
ballot-too-late-at = Le vote a fermé à { $time }. Votre choix n’a pas été compté.
ballot-confirm-title = Confirmer : { $title }
ballot-confirm = Confirmez la voix de votre KPA
ballot-prepared-by = { $name } a préparé cette voix.
ballot-confirm-words = Elle part dès que vous confirmez.
ballot-ask-second = Demandez à une autre personne mandatée de confirmer.
ballot-not-now = Ne pas confirmer
mandate-counts = { $n } personnes présentes
receipt-title = Reçu : { $title }
receipt = Reçu de vote
receipt-hub = KPA { $hub } a voté.
receipt-tracking = Numéro de suivi
receipt-compare = Cherchez ce numéro sur le site d’un autre KPA. S’il y est, votre voix est bien partie.
receipt-hash = Empreinte du bulletin :
vote-not-for-you-title = Le porte-parole vote
vote-not-for-you = Cette page est pour les porte-parole de votre KPA. Dites-leur votre avis avant la fermeture.
vote-nobody-yet = Votre KPA n’a pas encore de porte-parole. L’équipe peut en nommer un.
vote-spokespeople =
    { $n ->
        [one] Votre porte-parole
        *[other] Vos porte-parole
    }
vote-over-words = Ce vote est fermé. On ne peut plus voter.
vote-not-yet-words = Ce vote n’est pas encore ouvert.
vote-no-voice-words = Votre KPA n’a pas de voix dans ce vote.
notice-voted = La voix de votre KPA est partie.
notice-ballot-waiting = C’est prêt. Une autre personne mandatée doit confirmer.
home-votes = Le réseau décide
footer-votes = Décisions
minutes-title = Procès-verbal : { $title }
minutes = Procès-verbal
minutes-asked-by = Demandé par
minutes-signatures = Signatures
minutes-certified = Définitif depuis
minutes-how = Le dossier contient chaque pièce signée. Chacun peut refaire le compte sans nous faire confiance.
minutes-file = Le dossier se prend ici :
vote-minutes = Procès-verbal à imprimer
vote-verify-here = Recompter maintenant
verify-title = Recompter : { $title }
verify-here = Nous recomptons ce vote
verify-verdict = Ce qui en sort
verify-checks = Chaque contrôle
verify-good = bon
verify-bad = pas bon
verify-elsewhere = Ne nous croyez pas sur parole
verify-elsewhere-words = Prenez le dossier chez un autre KPA. Recomptez-le sur votre ordinateur.
register-title = Le registre des KPA
register-sheet-title = Empreintes des clés
register-lead = Réseau { $network } : { $n } voix.
register-may-fail =
    { $n ->
        [0] Avec si peu de KPA, le vote a besoin de chacun.
        [one] Le vote reste sûr même si 1 KPA tombe en panne ou triche.
        *[other] Le vote reste sûr même si { $n } KPA tombent en panne ou trichent.
    }
register-warning = { $host } héberge { $n } voix, c’est trop. Une panne ou une fraude là-bas bloque le vote.
register-standing = Place
register-standing-voice = A une voix
register-standing-observer = Observe, pas encore de voix
register-standing-paused = En pause
register-standing-away = En pause, à sa demande
register-standing-left = N’est plus dans le réseau
register-fingerprint = Empreinte de la clé
register-host = Hébergé par
register-own-host = lui-même
register-genesis = Empreinte de l’acte de fondation :
register-genesis-title = L’acte de fondation
register-genesis-words = Comparez cette empreinte avec celle du papier signé à la fondation.
register-at = État du registre :
register-sheet-words = Lisez ces chiffres à voix haute avec l’autre KPA. Ils doivent être les mêmes.
register-to-sheet = Page des empreintes à imprimer
open-title = Ouvrir un vote du réseau
open-lead = { $n } KPA répondent, une voix chacun. Tout le monde peut lire la question.
open-what = La question
open-what-hint = Par exemple : « Acheter une presse à plusieurs ».
open-text = Le texte soumis au vote
open-text-hint = Écrivez tout ce qu’il faut pour décider.
open-options = Les choix, un par ligne
open-options-hint = Laissez vide pour « pour ou contre » et pour le consentement.
open-choices-max = Nombre de choix permis
open-choices-max-hint = Pour « plusieurs choix possibles ».
open-scale = Les notes
open-scale-hint = Pour « une note pour chaque choix ».
open-scale-min = Note la plus basse
open-scale-max = Note la plus haute
open-majority = Majorité
open-majority-hint = Pour « pour ou contre ».
open-majority-simple = Plus de pour que de contre
open-majority-two-thirds = Deux tiers de pour, sans les abstentions
open-majority-absolute = Plus de la moitié de tous les KPA
open-quorum = Combien de KPA doivent voter
open-quorum-half = Plus de la moitié
open-quorum-third = Au moins un tiers
open-quorum-two-thirds = Au moins deux tiers
open-quorum-none = Pas de nombre minimal
open-earliest = Le réseau demande un préavis. Fermeture possible après :
open-closes-on = Jour de fermeture
open-closes-time = Heure de fermeture
open-closes-time-hint = Par exemple 18:00, heure de Paris.
open-hidden = Cacher les réponses jusqu’à la fermeture
open-go-preview = Voir avant de publier
open-preview-title = Avant de publier : { $title }
open-preview = Relisez avant de publier
open-no-change = Après la publication, rien ne change plus : ni le texte, ni la date.
open-publish = Publier ce vote
open-choices-two = Écrivez au moins 2 choix, un par ligne.
open-scale-order = La note la plus haute doit dépasser la plus basse.
notice-vote-opened = Le vote est ouvert. Il part vers tous les KPA.
