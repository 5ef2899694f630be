# Reports.
moderation-title = Reports
moderation-explain = Look, decide, say why. Everything is noted in the journal.
moderation-open = { $n ->
    [0] To handle
    [one] 1 to handle
   *[other] { $n } to handle
}
moderation-none = Nothing to handle.
moderation-count = { $n ->
    [one] 1 report
   *[other] { $n } reports
}
moderation-closed = Already handled
report-page-title = Report: { $title }
report-appeal = The author asks for a second opinion.
report-see = See it in its place
report-complaints = What is reported
report-earlier = Earlier decisions about this person
report-decide = Decide
report-decision = Decision
report-decision-reason = Reason
report-decision-reason-hint = It is sent to the author, who may ask for a second opinion.
report-decision-go = Record the decision
report-own-case = This is your own case: somebody else has to decide.
decision-nothing = Nothing to do
report-decision-forward-hint = It is handed on without any name, if you hand it on.
decision-forward = Hand on to the KPA it comes from
decision-hide = Hide here
