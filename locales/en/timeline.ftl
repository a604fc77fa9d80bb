# The timeline, search and tags: what a person sees of the records.

timeline-order = Times are shown as the source has them. Those with no zone are the clock of some phone or computer; they are placed as if they were UTC and may be off by up to 14 hours.
timeline-no-time = Without a time
timeline-day-only = that day, time of day not known
timeline-wall = { $time } (no zone)
timeline-offset = { $time } UTC ({ $there } at { $offset })
timeline-capsule = capsule { $number }
timeline-owner = this phone
timeline-program = notice of the program
timeline-call = call with { $who }
timeline-call-in = call from { $who }
timeline-call-out = call to { $who }
timeline-chat = Chat: { $name }
timeline-attached = Attached: { $names }
timeline-attachment-present = is there
timeline-attachment-not-found = not in what was secured
timeline-attachment-left-out = left out by the export
timeline-attachment-unavailable = not loaded or expired, says the source
timeline-also-in = Also in: capsule { $capsule }, { $reader }{ $time }, { $id }
timeline-tags = Tags: { $tags }
timeline-note = Note (entry { $entry }): { $text }
timeline-person = Shown for: { $who } ({ $app }, capsule { $capsule })
timeline-person-confirmed = Shown for: { $who } ({ $app }, capsule { $capsule }), confirmed as the same person
timeline-people-more = and { $count } more entries
timeline-gap = { $days } days: no record between { $from } and { $to }. Nothing was there, it was not secured, or it was deleted.
timeline-gap-perhaps = A record whose date can be read in two ways may belong here.
timeline-without-time = { $count ->
        [one] One record has no time; it stands at the end.
       *[other] { $count } records have no time; they stand at the end.
    }
timeline-without-time-more = More than { $count } records have no time; they stand at the end.
timeline-not-read = Read only in part or in two ways, and may belong to this time:
timeline-not-read-more = These are the first; --json names more.
timeline-before = Before this page: --before { $cursor }
timeline-after = The next page: --after { $cursor }
timeline-end = This is the end of what was read and fits your question.

tag-on = Entry { $entry }: record { $record } has the tag { $tag }.
tag-off = Entry { $entry }: record { $record } does not have the tag { $tag } any more.
tag-none = No record has a tag.

search-more = { $count ->
        [0] Nothing so far; not everything was looked through.
        [one] One hit so far; there may be more.
       *[other] { $count } hits so far; there may be more.
    } To go on: --after { $cursor }
search-all = { $count ->
        [one] One hit; everything that was read is looked through.
       *[other] { $count } hits; everything that was read is looked through.
    }
search-none = Nothing of what was read fits. That does not mean that there was nothing: `asservat timeline` says what could not be read.
search-no-passage = It fits, but no passage can be marked: what fits is that something is missing, or the place lies far back in a very long text.
search-rule-word = { $term }: as a word
search-rule-letters = { $term }: as the word { $found }, other accents or letter forms
search-rule-beginning = { $term }: as the beginning of { $found }
search-rule-phrase = { $term }: as these words in a row
search-rule-part = { $term }: as part of the text, also within words
search-rule-short = { $term }: short term, looked for letter by letter, also within words
search-rule-number = { $term }: as this number
search-rule-number-spelling = { $term }: as the number { $found }, another spelling
search-rule-number-perhaps = { $term }: perhaps as the number { $found }; the country is not known
search-rule-umlaut = { $term }: as { $found }, umlaut written otherwise
search-rule-other-script = { $term }: as { $found }, guessed in other letters
search-note-quote-alone = A quote without a second one was taken as a character.
search-note-bracket-alone = A bracket without its partner was taken as a character.
search-note-operator-alone = AND, OR, NOT or NEAR had nothing to join and was taken as a word.
search-note-near-of-groups = NEAR joins two words or phrases; here it was taken as AND.
search-note-too-long = The query was too long; its end was left out.
search-note-too-deep = Brackets lay too deep in one another; the innermost were left out.
search-note-nothing-to-find = A term held nothing that can be found and was left out.
search-note-no-country = No country was named, so a number without its country code may be one of several. --country +49 names it.
search-note-nothing-typed = Nothing was typed that can be searched for.

field-subject = Subject
field-caption = Beside the attachment
field-earlier-text = Earlier text
field-quoted = Quoted message
field-file-name = File name
field-chat-name = Name of the chat
field-name = Name
field-identifier = Number or account
field-place = Place
field-poll = Poll
field-url = Web address
field-title = Title
field-note = Note
field-change = Kind of event

state-deleted-by-sender = deleted by the sender
state-deleted-by-owner = deleted on this phone
state-deleted-by-admin = deleted by the administrator of the group
state-deleted = deleted
state-recently-deleted = among the recently deleted
state-edited = edited
state-edited-or-reacted = edited, or somebody reacted to it
state-view-once = to be seen once
state-disappearing = disappearing
state-forwarded = forwarded
state-draft = draft, not sent
state-failed = sending failed
state-pending = waiting to be sent
state-doubtful = doubtful reading: the line may be part of another message

weekday-1 = Monday
weekday-2 = Tuesday
weekday-3 = Wednesday
weekday-4 = Thursday
weekday-5 = Friday
weekday-6 = Saturday
weekday-7 = Sunday

app-whatsapp = WhatsApp
app-sms = SMS
app-mms = MMS
app-imessage = iMessage
app-signal = Signal
app-telegram = Telegram
app-facebook = Facebook
app-instagram = Instagram
app-viber = Viber
app-threema = Threema
app-skype = Skype
app-kik = Kik
app-snapchat = Snapchat
app-tiktok = TikTok
app-discord = Discord
app-mail = Mail
app-phone = Phone
app-vcard = Contact cards
