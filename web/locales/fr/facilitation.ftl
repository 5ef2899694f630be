# Accompagner : inviter, redonner un accès, prévenir, approuver à deux.
help-others-title = Accompagner
invite-title = Inviter
invite-tile = Un QR à scanner, ou une feuille
on-behalf-tile = Avec son accord, à sa place
give-access-title = Redonner un accès
give-access-tile = Mot de passe ou téléphone perdu
tell-title = À prévenir
tell-tile = { $n ->
    [0] Personne à prévenir
    [one] 1 personne à prévenir
   *[other] { $n } personnes à prévenir
}
people-waiting = Qui attend
people-waiting-none = Personne n’attend.
approvals-title = À approuver à deux
approvals-explain = Ces gestes ont besoin d’une deuxième personne.
approvals-none = Rien à approuver.
approval-asked-by = Demandé par { $name }
approval-not-yours = C’est votre demande : une autre personne doit décider.
approve = Approuver
invite-explain = Ni mail ni téléphone : un prénom suffit.
invite-name = Prénom
invite-role = Son rôle
invite-days = Valable
invite-week = 7 jours
invite-day = 1 jour
invite-go = Préparer l’invitation
sheet-invitation-title = Bienvenue { $name }
sheet-recovery-title = Un nouvel accès pour { $name }
sheet-approval = Une deuxième personne de l’équipe doit d’abord approuver.
sheet-qr = QR de l’invitation
sheet-step-1 = Ouvrez l’appareil photo du téléphone.
sheet-step-2 = Visez le carré, puis touchez le lien.
sheet-step-3 = Choisissez un nom et un mot de passe.
sheet-step-3-recovery = Choisissez un nouveau mot de passe.
sheet-until = Valable jusqu’au
sheet-once = Il sert une seule fois.
sheet-help = Besoin d’aide ? Appelez le
sheet-shown-once = Imprimez ou copiez maintenant. Cette page ne sera plus montrée.
give-access-explain = Seulement pour une personne que vous voyez en face de vous.
give-access-member = Qui
give-access-seen = J’ai cette personne devant moi
give-access-seen-hint = C’est noté dans le journal, et la personne est prévenue.
give-access-reason = Pourquoi
give-access-go = Préparer le nouvel accès
tell-explain = Ces personnes ne regardent pas le site. Appelez-les, puis cochez.
tell-empty = Tout le monde est prévenu.
tell-no-phone = Pas de téléphone : à dire en face
tell-sms = SMS
tell-done = C’est dit
tell-told = Déjà prévenues
approval-recovery = Redonner l’accès au compte de { $name }
