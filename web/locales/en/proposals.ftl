# Mutual aid: list, announcement, answers, publishing.
exchange-title = Mutual aid
exchange-title-search = Search “{ $words }”
exchange-results = Announcements
exchange-empty = Nobody has published here yet. You can be the first.
search-label = Search the announcements
search-example = bicycle, sewing, papers…
search-go = Search
search-empty = Nothing found for “{ $words }”. Try another word, or say that you need it.
search-empty-publish = Publish “I need: { $words }”
filters = More choices
filter-theme = Theme
filter-settlement = Settlement
filter-any = Any
filter-apply = See announcements
filter-purpose = Offers or needs
filter-reach = How far
filter-all = All
filter-network = Whole network
filter-hub = My KPA
filter-clear = Remove the filters
filter-empty = No announcement with these choices.
more-proposals = More announcements
first-page = Back to the start
list-end = That is all for now.
answers-waiting = { $n ->
    [one] 1 answer
   *[other] { $n } answers
}
places-left = { $n ->
    [0] None left
    [one] 1 available
   *[other] { $n } available
}
changed = changed
entered-by = Written by { $name } for somebody, with their consent
slip-code = Slip code: { $code }
copy-from = This announcement comes from KPA { $hub }
copy-of = copied
copy-original = see the original
listen = Listen
listen-stop = Stop
sheet-when = When
sheet-place = Where
sheet-settlement = Settlement
sheet-places = How many
sheet-theme = Theme
sheet-expires = Until
sheet-audience = Visible to
share = Share
share-now = Share
share-whatsapp = WhatsApp
share-poster = QR code and address to print
share-poster-hint = Print this page: the QR code leads to the announcement.
share-qr = QR code of this announcement
copy-link = Copy the link
copied = Copied
hide-for-me = Hide for me
report = Report
manage = Your announcement
spread = { $total ->
    [0] It stays in your KPA.
   *[other] Received by { $received } of { $total } KPAs
}
spread-waiting = Waiting:
widening-first = First your KPA.
widening-next = Next:
widen-now = Widen now
prolong-ask = Still valid?
prolong = Keep it for 60 more days
mark-found = Found
edit = Edit
suspend = Pause
resume = Put back online
withdraw = Withdraw
answers-count = { $n ->
    [0] Answers
    [one] 1 answer
   *[other] { $n } answers
}
answers-none = No answer yet. We will tell you.
more-answers = More answers
response-to-decide = To decide
quantity = for { $n }
accept = Accept
accept-hint = If you accept, you both see how to reach each other.
refuse = Refuse
refuse-reason = A word of explanation
refuse-go = Refuse this answer
see-agreement = See the agreement
my-answer = Your answer
refused-because = Reason:
no-declined = The other person did not take this answer.
no-nothing-left = Nothing is left.
no-closed = The announcement has ended.
no-rule = This answer does not fit the announcement.
answer-take-back = Cancel my answer
answer-need = I can help
answer-offer = I am interested
answer-message = Your message
answer-message-hint = Say when you are free, and what you can do.
answer-date = A possible day
answer-quantity = How many
answer-send = Send
share-contact = Show my number to the other person after the agreement?
share-contact-hint = Otherwise you write to each other here. You can change your mind in your profile.
answer-for = For whom do you answer?
answer-for-hint = The person has to agree. They are told.
answer-for-oneself = For myself
answer-privacy = Your phone and address stay hidden until you agree.
answer-visitor = Answer this announcement
answer-visitor-hint = Sign in to answer. No account? Come and see us, or call.
answer-not-here = You may read this announcement, but not answer it.
proposal-closed = This announcement takes no more answers.
see-others = See the other announcements
travel-unreachable = KPA { $hub } does not answer for now. We keep trying for 7 days.
publish-title = Publish
edit-title = Edit the announcement
publish-visitor = Write first. You sign in afterwards, nothing is lost.
publish-purpose = Offer or need
publish-kind = What is it about?
publish-kind-short = Kind
publish-what = In one line
publish-what-hint = Such as “Bicycle check-up” or “Put up a shelf”.
publish-text = More details
publish-when = When
publish-when-example = evenings, Saturdays…
publish-place = Where
publish-place-hint = A town or a district. Never your address.
publish-settlement = In exchange for
publish-settlement-hint = Several answers possible. 1 hour = 1 hour.
publish-photo = Photo
publish-photo-hint = { $limit } at most. The place of the photo is erased.
publish-photo-alt = What the photo shows
publish-photo-alt-hint = Asked if there is a photo: some people cannot see.
publish-photo-2 = Second photo
publish-photo-3 = Third photo
publish-photo-4 = Fourth photo
publish-photo-alt-2 = What the second photo shows
publish-photo-alt-3 = What the third photo shows
publish-photo-alt-4 = What the fourth photo shows
publish-photo-alt-now = What this photo shows
publish-photo-drop = Take this photo away
publish-photo-more = Add other photos
publish-photo-more-hint = { $max } photos in all. { $limit } at most at a time: add the rest afterwards, with Change.
publish-more = Price, duration, theme, end, language
publish-price = Price
publish-price-hint = Such as 12.50.
publish-minutes = Duration
publish-minutes-hint = Such as 1 h 30.
publish-quantity = How many
publish-quantity-hint = Places, objects… Empty: one only.
publish-category = Theme
publish-category-guess = From the words
publish-lang = Language of the announcement
publish-lang-none = My usual language
publish-who = Who may see it
publish-audience = Who may see it
publish-first-hub = My KPA first
publish-first-hub-hint = Our members first. After a day, the KPAs we follow. Then the whole network.
publish-expires = Online for
publish-days = { $n } days
on-behalf-title = Publish for somebody
on-behalf-who = For whom
on-behalf-member = A member
on-behalf-no-account = Somebody without an account
on-behalf-name = Their first name
on-behalf-name-hint = It stays in this KPA. It is never sent elsewhere.
on-behalf-consent = The person agrees that I publish in their place
withdraw-title = Withdraw “{ $title }”
withdraw-explain = The announcement disappears from here and from the other KPAs.
withdraw-answers = { $n ->
    [one] 1 person waits for a reply: they will be told.
   *[other] { $n } people wait for a reply: they will be told.
}
withdraw-reason = A word for these people
withdraw-go = Withdraw the announcement
keep-it = Keep it
report-title = Report “{ $title }”
report-explain = The team of the KPA looks at each report. Your name is not given.
report-reason = Why
report-spam = It is advertising
report-unsafe = It is dangerous or forbidden
report-hurtful = It is hurtful
report-personal-data = It holds private information
report-other = Something else
report-words = In a few words
report-forward = Also tell the KPA it comes from
report-forward-hint = The team may hand it on to KPA { $hub }, without your name.
report-go = Send the report
remarks-count = { $n ->
    [0] Questions
    [one] 1 question or remark
   *[other] { $n } questions or remarks
}
remark-outside = From outside
remark-waiting = Not visible yet
remark-ask = Ask a question
remark-label = Your question
remark-hint = It can be read under the announcement. Do not write a phone number or an address.
remark-send = Send the question
publish-expires-same = As it is now
