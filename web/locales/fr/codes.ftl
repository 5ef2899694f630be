# Codes d'erreur du serveur qui disent plus que leur statut : error-<code>, trouvée par le code lui-même.
error-too-many-files = Il y a trop de fichiers. Gardez-en 4 au plus.
error-too-many-fields = Ce formulaire est trop long.
error-nul-in-text = Le texte contient un caractère que nous ne pouvons pas garder.
error-broken-form = Le formulaire est arrivé abîmé. Envoyez-le encore.
error-password-too-long = Ce mot de passe est trop long.
error-proposal-gone = Cette annonce a été retirée.
error-proposal-closed = Cette annonce ne prend plus de réponse.
error-not-json = Envoyez du JSON, avec son en-tête Content-Type.
error-bad-json = Le message n’est pas du JSON lisible, ou il lui manque un champ.
error-content-type = Nous ne prenons pas ce genre de message.
error-cursor-unknown = La suite de cette liste n’existe plus. Repartez du début.
error-idempotency-key = La clé Idempotency-Key a déjà servi pour autre chose, ou elle est trop longue.
error-resource-missing = Il manque le nom de ce que vous cherchez.
error-not-acceptable = Cette adresse n’existe pas sous cette forme.
error-not-a-form = Passez par la page et son bouton.
