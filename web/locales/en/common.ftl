# What every page shares.
skip = Skip to content
colon = { ": " }
hub-named = KPA { $hub }
hub-of-network = member of the { $network } network
nav-label = Main navigation
nav-home = Home
nav-exchange = Mutual aid
nav-publish = Publish
nav-notifications = Notifications
nav-unread = unread
nav-me = Me
nav-hubs = The KPAs
nav-sign-in = Sign in
nav-help = Help
demo-line = Demonstration: people and places are invented.
signed-in-as = Signed in as
sign-out = Sign out
footer-label = Information
footer-phone = Reception by phone:
footer-accessibility = Accessibility: not compliant
footer-legal = Legal notice
footer-privacy = Privacy
footer-source = Source code
footer-api = Open data (API)
title-error = Error — { $title }
form-optional = optional
form-errors = { $n ->
    [one] There is 1 thing to correct
   *[other] There are { $n } things to correct
}
form-too-late = The page stayed open too long. Check it, then press the button again.
save = Save
cancel = Cancel
unit-euro = €
draft-kept = Your draft is kept on this phone.
see-other-hubs = See the other KPAs
time-now = just now
time-minutes-ago = { $n } { $n ->
    [one] minute
   *[other] minutes
} ago
time-in-minutes = in { $n } { $n ->
    [one] minute
   *[other] minutes
}
time-hours-ago = { $n } { $n ->
    [one] hour
   *[other] hours
} ago
time-in-hours = in { $n } { $n ->
    [one] hour
   *[other] hours
}
time-days-ago = { $n ->
    [one] { $n } day ago
   *[other] { $n } days ago
}
time-in-days = { $n ->
    [one] in { $n } day
   *[other] in { $n } days
}
list-more = More
see-proposals = See the announcements
print = Print
copy = Copy
choose = Choose
actions = Actions
never = Never
none = No error
field-name = Name
field-handle = Account name
field-consent = Consent of the person
demo-label = Demonstration
