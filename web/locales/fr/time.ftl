# Mes heures : 1 heure = 1 heure.
hours-title = Mes heures
hours-balance = Votre solde
hours-rule = 1 heure donnée = 1 heure reçue, quelle que soit la tâche.
hours-negative = Vous avez reçu { $owed } de plus que donné. C’est permis jusqu’à { $limit }.
hours-given = Données
hours-received = Reçues
hours-lines = Échanges
hours-empty = Pas encore d’échange en heures.
hours-line-given = donné
hours-line-received = reçu
hours-pending = à confirmer
hours-correction = Correction : { $title }
