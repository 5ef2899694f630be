# The votes of the network and their pages.
votes-title = Decisions
votes-lead = The KPA of the network decide together: one KPA, one vote.
votes-open-one = Open a vote
votes-no-network = Your KPA has no voice yet. The network admits it by a vote.
votes-open-now = Now
votes-none-open = No decision is under way.
votes-last = The last one:
votes-closing = The minutes are being prepared
votes-over = Already decided
vote-stage-planned = Opens soon
vote-stage-open = Voting now
vote-stage-closing = Closed, being read again
vote-stage-over = Final result
vote-stage-refuted = Result to check
vote-title = Decision: { $title }
vote-title-short = Question
vote-asked-by = Asked by KPA { $hub }
vote-closes = Closes:
vote-refuted-words = This result no longer recounts here. Do not use it. Tell the person who runs your KPA's site.
vote-result = Result
vote-sealed = The vote is closed
vote-reread = The vote is closed. The KPA are reading the minutes again.
vote-signed-so-far = Signatures: { $n }. It takes { $needed }.
vote-expected = Result expected before:
vote-own = The voice of your KPA
vote-own-none = Your KPA has not voted yet.
vote-own-missed = Your KPA did not vote.
vote-own-not-elector = Your KPA has no voice in this vote.
vote-own-voted = Your KPA voted: { $choice }
vote-own-by = Cast by { $name }.
vote-own-by-two = Prepared by { $name }, confirmed by { $second }.
vote-waits-second = { $name } prepared a voice. Somebody else has to confirm it:
vote-go-confirm = Read and confirm
vote-in-name = Vote on behalf of KPA { $hub }
vote-change = Change our voice
vote-see-receipt = See the receipt
vote-see = See the vote
vote-see-all = See the decisions
vote-text = What is asked
vote-text-elsewhere = The text is here:
vote-options = The options
vote-how = How it is decided
vote-who = Who votes
vote-voters =
    { $n ->
        [one] 1 KPA, one voice
        *[other] { $n } KPA, one voice each
    }
vote-kind = Question
vote-kind-approval = For or against
vote-kind-consent = Consent: is there an objection?
vote-kind-single = One option of several
vote-kind-multiple = Several options
vote-kind-ranked = A ranking of the options
vote-kind-score = A score for each option
vote-rule = Rule
vote-rule-quorum = At least { $n } KPA of { $all } must vote.
vote-rule-no-abstention = An abstention does not count in this number.
vote-rule-simple = It takes more for than against.
vote-rule-of-all = It takes at least { $n } voices for, of { $all }.
vote-rule-more = It takes more than { $part } for,
vote-rule-reached = It takes at least { $part } for,
vote-rule-expressed = not counting abstentions.
vote-rule-participants = counting abstentions.
vote-rule-objections =
    { $n ->
        [0] A single objection stops the decision.
        [one] At most 1 objection is allowed.
        *[other] At most { $n } objections are allowed.
    }
vote-rule-most = The option with most voices is chosen.
vote-rule-sum = The option with most points is chosen.
vote-rule-ranked = The option preferred to each other one, two by two, is chosen.
vote-rule-unranked = An option without a place counts as last.
vote-effect = Effect
vote-effect-charter = The charter gets a new version.
vote-effect-admit = A KPA enters the network.
vote-effect-suspend = The place of a KPA in the network changes.
vote-effect-key = The key of a KPA changes.
vote-effect-fund = The contribution of the KPA changes.
vote-effect-rules = The rules of the network change.
vote-opens = Opens
vote-close = Closes
vote-zone = Paris time
vote-voices = The voices
vote-voted =
    { $n ->
        [0] No KPA of { $all } has voted.
        [one] 1 KPA of { $all } has voted.
        *[other] { $n } KPA of { $all } have voted.
    }
vote-hidden = Answers are shown after the close.
vote-hidden-choice = Has voted
vote-two-voices = Void: two ballots that contradict each other
vote-col-hub = KPA
vote-col-choice = Voice
vote-col-reason = Reason
vote-col-tracking = Tracking number
vote-is-own = your KPA
vote-has-signed = signed the result
vote-none = no answer
vote-received-by = Received by { $part } KPA
vote-tracking-hint = Check the number of your KPA on the site of another KPA. It must be the same.
vote-incidents = Incidents
vote-incidents-words = These KPA signed two pieces that contradict each other. The two pieces prove it.
vote-incident-ballot = KPA { $hub } signed two ballots with the same number.
vote-incident-seal = KPA { $hub } signed two lists at the close.
vote-incident-other = KPA { $hub } signed two contrary answers while reading again.
vote-proof-piece = Piece { $n }
vote-recount = Recount
vote-proof-signed = { $n } KPA of { $all } signed this result.
vote-bundle = Get the file of the vote
vote-command = To recount it on your computer:
vote-value = Name of the decision:
vote-explained = Why this is safe
vote-explained-1 = Each KPA casts a signed ballot and sends it to all the others.
vote-explained-2 = At closing time, each KPA closes its list of ballots and signs it.
vote-explained-3 = A clerk gathers these lists and writes the minutes. If the clerk is away, the next one steps in.
vote-explained-4 = Each KPA reads again, recounts, then signs.
vote-explained-5 = Once more than two thirds have signed, the result is final. Anybody can recount it.
vote-word-approve = For
vote-word-oppose = Against
vote-word-consent = No objection
vote-word-object = Objection
vote-word-abstain = Abstention
vote-and = and
vote-outcome-adopted = Adopted
vote-outcome-rejected = Rejected
vote-outcome-no-quorum = Too few KPA voted
vote-outcome-tie = A tie, nothing changes
vote-outcome-void-notice = Void, the vote reached too many KPA too late
vote-outcome-void-electorate = Void, the list of KPA was not the right one
vote-outcome-cancelled = Cancelled by the KPA that asked
vote-outcome-chosen = Chosen, { $option }
vote-outcome-tie-of = A tie between { $options }
vote-n-approve = { $n } for
vote-n-oppose = { $n } against
vote-n-consent = { $n } without objection
vote-n-object =
    { $n ->
        [one] 1 objection
        *[other] { $n } objections
    }
vote-n-abstain =
    { $n ->
        [one] 1 abstention
        *[other] { $n } abstentions
    }
vote-n-void =
    { $n ->
        [one] 1 void voice
        *[other] { $n } void voices
    }
vote-n-silent = { $n } without an answer
vote-n-voted =
    { $n ->
        [one] 1 KPA voted
        *[other] { $n } KPA voted
    }
ballot-title = Vote: { $title }
ballot-in-name = You vote on behalf of KPA { $hub }.
ballot-may-change = You may change it until the close.
ballot-present = Your voice now:
ballot-choice = Your answer
ballot-some-hint =
    { $max ->
        [one] 1 option.
        *[other] { $max } options at most.
    }
ballot-ranking = Give each option a place
ballot-ranking-hint = 1 for the best. Two options may share a place. Without a place, an option is last.
ballot-place = Place
ballot-no-place = No place
ballot-scores = Give each option a score
ballot-scores-hint = From { $min } to { $max }. The highest score is the best.
ballot-score = Score
ballot-abstain-box = Abstention: we do not choose
ballot-reason = Why
ballot-reason-hint = Everybody can read it. An objection needs its reason.
ballot-mandate = How your members decided
ballot-mandate-hint = We publish numbers, never names.
ballot-mode = Way of deciding
mandate-consent = By consent
mandate-majority = By majority
mandate-assembly = In a general meeting
mandate-delegate = The spokesperson decided
ballot-decided-on = Day of the decision
ballot-participants = People present
ballot-in-favour = People for
ballot-against = People against
ballot-abstained = Abstentions
ballot-go-summary = Read it before voting
ballot-summary-title = Read again: { $title }
ballot-summary = Read again before voting
ballot-not-counted = Your choice is not counted
ballot-second-hint = Another mandated person then has to confirm.
ballot-go-back = Change it
ballot-too-late-at = The vote closed at { $time }. Your choice was not counted.
ballot-confirm-title = Confirm: { $title }
ballot-confirm = Confirm the voice of your KPA
ballot-prepared-by = { $name } prepared this voice.
ballot-confirm-words = It leaves as soon as you confirm.
ballot-ask-second = Ask another mandated person to confirm.
ballot-not-now = Do not confirm
mandate-counts = { $n } people present
receipt-title = Receipt: { $title }
receipt = Voting receipt
receipt-hub = KPA { $hub } has voted.
receipt-tracking = Tracking number
receipt-compare = Look for this number on the site of another KPA. If it is there, your voice has left.
receipt-hash = Fingerprint of the ballot:
vote-not-for-you-title = The spokesperson votes
vote-not-for-you = This page is for the spokespersons of your KPA. Tell them your view before the close.
vote-nobody-yet = Your KPA has no spokesperson yet. The team can name one.
vote-spokespeople =
    { $n ->
        [one] Your spokesperson
        *[other] Your spokespersons
    }
vote-over-words = This vote is closed. Nobody can vote any more.
vote-not-yet-words = This vote is not open yet.
vote-no-voice-words = Your KPA has no voice in this vote.
notice-voted = The voice of your KPA has left.
notice-ballot-waiting = It is ready. Another mandated person has to confirm.
home-votes = The network decides
footer-votes = Decisions
minutes-title = Minutes: { $title }
minutes = Minutes
minutes-asked-by = Asked by
minutes-signatures = Signatures
minutes-certified = Final since
minutes-how = The file holds every signed piece. Anybody can recount it without trusting us.
minutes-file = The file is here:
vote-minutes = Minutes to print
vote-verify-here = Recount now
verify-title = Recount: { $title }
verify-here = We recount this vote
verify-verdict = What comes out
verify-checks = Each check
verify-good = good
verify-bad = not good
verify-elsewhere = Do not take our word for it
verify-elsewhere-words = Get the file from another KPA. Recount it on your computer.
register-title = The register of KPA
register-sheet-title = Fingerprints of the keys
register-lead = Network { $network }: { $n } voices.
register-may-fail =
    { $n ->
        [0] With so few KPA, the vote needs every one of them.
        [one] The vote stays safe even if 1 KPA fails or cheats.
        *[other] The vote stays safe even if { $n } KPA fail or cheat.
    }
register-warning = { $host } hosts { $n } voices, which is too many. A failure or a fraud there blocks the vote.
register-standing = Place
register-standing-voice = Has a voice
register-standing-observer = Observes, no voice yet
register-standing-paused = Paused
register-standing-away = Paused at its own request
register-standing-left = No longer in the network
register-fingerprint = Fingerprint of the key
register-host = Hosted by
register-own-host = itself
register-genesis = Fingerprint of the act of foundation:
register-genesis-title = The act of foundation
register-genesis-words = Compare this fingerprint with that of the paper signed at the foundation.
register-at = State of the register:
register-sheet-words = Read these figures aloud with the other KPA. They must be the same.
register-to-sheet = Fingerprints to print
open-title = Open a vote of the network
open-lead = { $n } KPA answer, one voice each. Everybody can read the question.
open-what = The question
open-what-hint = For instance: “Buy a press together”.
open-text = The text voted on
open-text-hint = Write all that is needed to decide.
open-options = The options, one a line
open-options-hint = Leave it empty for “for or against” and for consent.
open-choices-max = Number of options allowed
open-choices-max-hint = For “several options”.
open-scale = The scores
open-scale-hint = For “a score for each option”.
open-scale-min = Lowest score
open-scale-max = Highest score
open-majority = Majority
open-majority-hint = For “for or against”.
open-majority-simple = More for than against
open-majority-two-thirds = Two thirds for, not counting abstentions
open-majority-absolute = More than half of all KPA
open-quorum = How many KPA must vote
open-quorum-half = More than half
open-quorum-third = At least one third
open-quorum-two-thirds = At least two thirds
open-quorum-none = No least number
open-earliest = The network asks for a notice. It may close after:
open-closes-on = Closing day
open-closes-time = Closing hour
open-closes-time-hint = For instance 18:00, Paris time.
open-hidden = Hide the answers until the close
open-go-preview = See it before publishing
open-preview-title = Before publishing: { $title }
open-preview = Read again before publishing
open-no-change = After publication nothing changes any more: neither the text nor the date.
open-publish = Publish this vote
open-choices-two = Write at least 2 options, one a line.
open-scale-order = The highest score must be above the lowest.
notice-vote-opened = The vote is open. It leaves for all KPA.
