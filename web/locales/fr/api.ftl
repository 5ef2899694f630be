# La page des personnes qui écrivent des programmes.
api-title = Données ouvertes (API)
api-lead = Tout ce que fait le site existe aussi en JSON, avec les mêmes droits.
api-auth = Une clé dans l’en-tête :
api-once = Pour envoyer deux fois sans effet double :
api-errors = Les erreurs ont un code stable :
api-machine = Description pour les machines :
api-federation = Les annonces publiques se lisent aussi à leur propre adresse :
api-address = Adresse
api-does = Ce qu’elle fait
api-scope = Droit
api-everybody = ouvert
