# Reading what capsules hold, and what was read.

read-nothing-new = Everything in this case is read already. `asservat reindex` reads it all again.
read-done = Read: { $files } files, { $records } records.
read-reader = { $name }: { $files } { $files ->
        [one] file
       *[other] files
    }, { $records } records out of { $units } lines, rows or elements
read-stopped = { $count ->
        [one] One item is stopped and was not looked at.
       *[other] { $count } items are stopped and were not looked at.
    }
read-no-problem = Nothing was left over that could not be read.
read-problems = What could not be read as it should, and is kept unchanged in the capsule:
read-needs-key = Something is encrypted. With its password: asservat read CASE --evidence-key
read-unprotected = This system lacks protections around the reading process: { $layers }. Read nothing here that may be hostile.
read-next = asservat records CASE shows what was read, asservat records CASE --find WORDS searches it.
ask-evidence-key = Password of the phone backup, archive or messenger backup:

records-none = No record fits. That does not mean that there was none: `asservat read` says what could not be read.
records-more = { $shown } are shown, there are more. --most NUMBER shows more, --lines all of them.
time-none = (no time)
time-unread = ({ $raw })
time-utc = { $time } UTC
time-wall = { $time } (clock of the phone)
time-either = { $first } or { $second }
show-record-id = Identifier: { $id }
show-record-place = Read from item { $item }, file { $file }, { $place }
show-record-original = Original:
show-record-unreadable = The original bytes could not be had. They are unchanged in the capsule; `asservat unseal` writes the file out.

record-message = message
record-call = call
record-contact = contact
record-account = account
record-location = place
record-app = program
record-visit = web page
record-media = picture or sound
record-event = event
record-file = file

problem-unreadable = could not be read at all
problem-damaged = damaged
problem-truncated = ends too early
problem-not-understood = in a form that is not known
problem-unsupported = in a version or feature that is not read
problem-needs-key = encrypted, no password given
problem-wrong-key = encrypted, no given password fits
problem-limit = over a limit
problem-ambiguous = can be read in two ways; both are kept
problem-gap = missing numbers: something was there and is not
problem-worker-ended = the reading process had to be ended
