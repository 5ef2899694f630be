notifications-title = Notifications
notifications-empty = Rien pour l’instant. Nous vous préviendrons ici.
notifications-read-all = Tout marquer comme lu
notifications-new = Nouveau
