# Helping others: invite, give access back, tell, approve by two.
help-others-title = Help others
invite-title = Invite
invite-tile = A QR code to scan, or a sheet
on-behalf-tile = With their consent, in their place
give-access-title = Give access back
give-access-tile = Lost password or phone
tell-title = People to tell
tell-tile = { $n ->
    [0] Nobody to tell
    [one] 1 person to tell
   *[other] { $n } people to tell
}
people-waiting = Who is waiting
people-waiting-none = Nobody is waiting.
approvals-title = To be approved by two
approvals-explain = These actions need a second person.
approvals-none = Nothing to approve.
approval-asked-by = Asked by { $name }
approval-not-yours = This is your request: somebody else has to decide.
approve = Approve
invite-explain = Neither e-mail nor telephone: a first name is enough.
invite-name = First name
invite-role = Their role
invite-days = Valid for
invite-week = 7 days
invite-day = 1 day
invite-go = Prepare the invitation
sheet-invitation-title = Welcome { $name }
sheet-recovery-title = A new access for { $name }
sheet-approval = A second person of the team has to approve first.
sheet-qr = QR code of the invitation
sheet-step-1 = Open the camera of the phone.
sheet-step-2 = Aim at the square, then touch the link.
sheet-step-3 = Choose a name and a password.
sheet-step-3-recovery = Choose a new password.
sheet-until = Valid until
sheet-once = It works only once.
sheet-help = Need help? Call
sheet-shown-once = Print or copy now. This page will not be shown again.
give-access-explain = Only for a person you see in front of you.
give-access-member = Who
give-access-seen = I have this person in front of me
give-access-seen-hint = It is noted in the journal, and the person is told.
give-access-reason = Why
give-access-go = Prepare the new access
tell-explain = These people do not look at the site. Call them, then tick.
tell-empty = Everybody has been told.
tell-no-phone = No telephone: to be said face to face
tell-sms = Text message
tell-done = Told
tell-told = Already told
approval-recovery = Give { $name } access to the account again
