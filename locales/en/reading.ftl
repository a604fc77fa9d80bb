# Reading what capsules hold, and what was read.

read-nothing-new = Everything in this case is read already. `asservat reindex` reads it all again.
read-done = Read: { $files } { $files ->
        [one] file
       *[other] files
    }, { $records } { $records ->
        [one] record
       *[other] records
    }.
read-reader = { $name }: { $files } { $files ->
        [one] file
       *[other] files
    }, { $records } { $records ->
        [one] record
       *[other] records
    } out of { $units } { $units ->
        [one] unit
       *[other] units (lines, rows, elements)
    }
read-stopped = { $count ->
        [one] One item is stopped and was not looked at.
       *[other] { $count } items are stopped and were not looked at.
    }
read-no-problem = Nothing was left over that could not be read.
read-problems = What could not be read as it should, and is kept unchanged in the capsule:
read-problem-file =   { $file }: { $kind } ({ $units })
read-problem-more = These are the first; the index holds all of them.
read-needs-key = Something is encrypted. With its password: asservat read CASE --evidence-key
read-unprotected = This system lacks protections around the reading process: { $layers }. Read nothing here that may be hostile.
read-next = asservat timeline CASE shows everything in the order of time, asservat search CASE WORDS searches it.
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

reader-whatsapp_txt = WhatsApp chat (text)
reader-whatsapp_android = WhatsApp database, Android
reader-whatsapp_contacts = WhatsApp contacts, Android
reader-whatsapp_ios = WhatsApp database, iPhone
reader-whatsapp_ios_contacts = WhatsApp contacts, iPhone
reader-whatsapp_ios_calls = WhatsApp calls, iPhone
reader-signal_backup = Signal backup, Android
reader-signal_proto = Signal backup (2025 and later)
reader-signal_takeout = Signal export (JSON)
reader-telegram_json = Telegram export (JSON)
reader-telegram_html = Telegram export (HTML)
reader-meta_json = Facebook or Instagram messages (JSON)
reader-meta_html = Facebook or Instagram messages (HTML)
reader-snapchat_json = Snapchat export
reader-tiktok_json = TikTok export
reader-takeout_chat = Google Chat
reader-takeout_location = Google location history
reader-discord_json = Discord
reader-viber_android = Viber messages, Android
reader-viber_android_data = Viber calls and contacts, Android
reader-viber_ios = Viber, iPhone
reader-threema_ios = Threema, iPhone
reader-skype = Skype
reader-kik_ios = Kik, iPhone
reader-ios_sms = Messages of an iPhone
reader-ios_calls = Calls of an iPhone
reader-ios_contacts = Contacts of an iPhone
reader-android_sms = Text messages, Android
reader-android_calls = Calls, Android
reader-android_contacts = Contacts, Android
reader-sms_backup_restore = SMS Backup & Restore
reader-android_backup_sms = Text messages in an Android backup
reader-vcard = Contact cards
reader-mail = Mails
reader-outlook = Mails of Outlook
reader-safari_history = Pages visited, Safari
reader-chrome_history = Pages visited, Chrome and kin
reader-firefox_history = Pages visited, Firefox
reader-ios_wifi = Wireless networks of an iPhone
reader-ios_locations = Access to the location, iPhone
reader-photo = Pictures
reader-video = Videos
reader-voice = Sound and voice messages
reader-opaque = Files that no reader knows, listed only
