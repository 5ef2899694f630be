# Settings of the KPA, for the people who run it.
admin-title = Settings of the KPA
admin-state = State
admin-health = How the site is doing
admin-health-fine = All is well.
admin-figures = Shortcuts
admin-audit-hint = Who did what
admin-silent = { $n ->
    [0] All answer
    [one] 1 does not answer
   *[other] { $n } do not answer
}
admin-failed = { $n ->
    [0] No lost delivery
    [one] 1 lost delivery
   *[other] { $n } lost deliveries
}
admin-open-invitations = { $n ->
    [0] Nothing waiting
    [one] 1 waiting
   *[other] { $n } waiting
}
health-good = Good
health-warn = To look at
health-bad = To repair
admin-peers-title = Other KPAs
admin-peers-none = No other KPA is known.
peer-name = KPA
peer-trust = Trust
peer-success = Last delivery taken
peer-lag = Lag
peer-no-lag = No lag
peer-waiting = { $n ->
    [one] 1 delivery waits
   *[other] { $n } deliveries wait
}
peer-error = Last error
peer-next = next try
retry-now = Try again now
peer-allow = Allow
peer-block = Block
peer-block-reason = Why
peer-block-go = Block this site
peer-allow-title = Allow a KPA
peer-allow-hint = First compare its control words by telephone.
admin-deliveries-title = Deliveries
deliveries-today = { $n ->
    [0] No delivery taken by the others in the last 24 hours.
    [one] 1 delivery taken by the others in the last 24 hours.
   *[other] { $n } deliveries taken by the others in the last 24 hours.
}
deliveries-failed = Not delivered
deliveries-failed-none = No lost delivery.
deliveries-waiting = Waiting
deliveries-waiting-none = Nothing waits.
delivery-to = to { $hub }
delivery-attempts = { $n ->
    [one] 1 try
   *[other] { $n } tries
}
delivery-drop = Give up
admin-invitations-title = Invitations
invitations-none = No invitation.
invitation-open = Waiting
invitation-used = Used
invitation-expired = Too old
invitation-cancelled = Cancelled
invitation-by = invitation from { $name }
invitation-cancel = Cancel
admin-members-title = Members and roles
members-search = Search a member
members-total = { $n } members in all
members-none = Nobody of this name.
members-me = This is you. Somebody else changes your roles.
members-roles = Roles
members-permissions = Further permissions
member-active = Active
member-suspended = Suspended
member-deleted = Deleted
member-suspend = Suspend the account
member-reopen = Open the account again
never-seen = never came
admin-audit-title = Journal
audit-who = Who
audit-what = What
audit-when = When
audit-reason = Reason
audit-for = for { $name }
audit-show = Show
audit-empty = Nothing in the journal with these choices.
# Why something sent did not arrive.
trouble-unreachable = We cannot reach this site.
trouble-timeout = This site takes too long to answer.
trouble-tls = The secure connection to this site does not work.
trouble-broken = The connection broke off.
trouble-failed = This site has a problem of its own.
trouble-slow-down = This site asks us to wait.
trouble-signature = This site does not recognise our signature.
trouble-sender = This site does not want anything from us.
trouble-not-heard = This KPA has not allowed us yet. Ask its team to; as soon as it does, sending goes on.
trouble-gone = The address no longer exists there.
trouble-refused = This site refused it.
trouble-given-up = We tried for too long without an answer.
trouble-given-up-here = Somebody of the team gave it up.
trouble-blocked = This site is blocked here.
trouble-not-sendable = It is damaged and cannot be sent.
trouble-ours = The problem is on our side.
trouble-other = It did not arrive.
# The journal: what somebody did.
action-member-invite = invited somebody
action-member-join = opened their account
action-member-create = made an account
action-member-suspend = suspended an account
action-member-reopen = reopened an account
action-member-recover = gave an access back
action-member-recover-approve = approved an access given back
action-member-recover-refuse = refused an access given back
action-member-recovered = got their account back
action-invitation-cancel = cancelled an invitation
action-role-give = gave a role
action-role-take = took a role away
action-password-change = changed their password
action-profile-save = changed their profile
action-public-actor-open = opened their page to other sites
action-public-actor-close = closed their page to other sites
action-device-sign-out = signed a device out
action-device-sign-out-others = signed their other devices out
action-token-make = made a key
action-token-revoke = removed a key
action-peer-allow = allowed a KPA
action-peer-block = blocked a site
action-peer-forget = took back a decision about a site
action-delivery-retry = sent something again
action-delivery-give-up = gave up sending something
action-report-decide = decided a report
action-reply-decide = decided about a question
action-notification-tell = told somebody
action-follow-ask = followed a KPA or a person
action-follow-leave = stopped following
action-proposal-publish = published an announcement
action-proposal-edit = changed an announcement
action-proposal-withdraw = withdrew an announcement
action-proposal-fulfil = marked an announcement as found
action-proposal-suspend = paused an announcement
action-proposal-resume = resumed an announcement
action-proposal-widen = showed an announcement to more people
action-proposal-expire = ended an announcement at its date
action-proposal-keep-back = hid an announcement
action-proposal-show-again = showed an announcement again
action-proposal-ask = asked a question
action-response-send = answered an announcement
action-response-take-back = took an answer back
action-response-accept = accepted an answer
action-response-refuse = refused an answer
action-response-expire = ended an answer without an outcome
action-agreement-say = said that an agreement is done
action-agreement-contest = contested an agreement
action-agreement-cancel = cancelled an agreement
action-agreement-settle = settled a disagreement
action-agreement-silence = confirmed by silence
action-hub-restore = restored a backup
# What leaves for other KPAs.
letter-create = Announcement or message
letter-update = Update
letter-delete = Withdrawal
letter-announce = Share
letter-follow = Request to follow
letter-undo = Undoing
letter-accept = Acceptance
letter-reject = Refusal
letter-offer = Answer
letter-flag = Report
letter-other = Something else
audit-left = somebody who left
audit-operator = from the machine
audit-system = the site
admin-legal-missing = The legal notice is not complete.
