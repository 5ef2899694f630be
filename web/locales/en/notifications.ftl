notifications-title = Notifications
notifications-empty = Nothing for now. We will tell you here.
notifications-read-all = Mark all as read
notifications-new = New
