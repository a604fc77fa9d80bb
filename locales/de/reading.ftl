# Lesen, was die Kapseln enthalten, und was gelesen wurde.

read-nothing-new = In diesem Fall ist schon alles gelesen. `asservat reindex` liest alles noch einmal.
read-done = Gelesen: { $files } { $files ->
        [one] Datei
       *[other] Dateien
    }, { $records } { $records ->
        [one] Datensatz
       *[other] Datensätze
    }.
read-reader = { $name }: { $files } { $files ->
        [one] Datei
       *[other] Dateien
    }, { $records } { $records ->
        [one] Datensatz
       *[other] Datensätze
    } aus { $units } { $units ->
        [one] Einheit
       *[other] Einheiten (Zeilen, Tabellenzeilen, Elemente)
    }
read-stopped = { $count ->
        [one] Ein Stück ist gesperrt und wurde nicht angesehen.
       *[other] { $count } Stücke sind gesperrt und wurden nicht angesehen.
    }
read-no-problem = Es blieb nichts übrig, was sich nicht lesen ließ.
read-problems = Was sich nicht so lesen ließ, wie es sollte; es bleibt unverändert in der Kapsel:
read-problem-file =   { $file }: { $kind } ({ $units })
read-problem-more = Das sind die ersten; der Index hat alle.
read-needs-key = Etwas ist verschlüsselt. Mit dem Passwort dafür: asservat read FALL --evidence-key
read-unprotected = Diesem System fehlen Schutzschichten um den Leseprozess: { $layers }. Lesen Sie hier nichts, was gefährlich sein kann.
read-next = asservat timeline FALL zeigt alles in der Reihenfolge der Zeit; asservat search FALL WÖRTER sucht darin.
ask-evidence-key = Passwort des Handy-Backups, Archivs oder Messenger-Backups:

records-none = Kein Datensatz passt. Das heißt nicht, dass es keinen gab: `asservat read` sagt, was nicht lesbar war.
records-more = { $shown } sind gezeigt, es gibt mehr. --most ANZAHL zeigt mehr, --lines alle.
time-none = (keine Zeit)
time-unread = ({ $raw })
time-utc = { $time } UTC
time-wall = { $time } (Uhr des Telefons)
time-either = { $first } oder { $second }
show-record-id = Kennung: { $id }
show-record-place = Gelesen aus Stück { $item }, Datei { $file }, { $place }
show-record-original = Original:
show-record-unreadable = Das Original war nicht zu bekommen. Es liegt unverändert in der Kapsel; `asservat unseal` schreibt die Datei heraus.

record-message = Nachricht
record-call = Anruf
record-contact = Kontakt
record-account = Konto
record-location = Ort
record-app = Programm
record-visit = Webseite
record-media = Bild oder Ton
record-event = Ereignis
record-file = Datei

problem-unreadable = überhaupt nicht lesbar
problem-damaged = beschädigt
problem-truncated = endet zu früh
problem-not-understood = in einer Form, die nicht bekannt ist
problem-unsupported = in einer Version oder Art, die nicht gelesen wird
problem-needs-key = verschlüsselt, kein Passwort angegeben
problem-wrong-key = verschlüsselt, kein angegebenes Passwort passt
problem-limit = über einer Grenze
problem-ambiguous = auf zwei Arten lesbar; beide sind aufbewahrt
problem-gap = fehlende Nummern: etwas war da und ist es nicht mehr
problem-worker-ended = der Leseprozess musste beendet werden

reader-whatsapp_txt = WhatsApp-Chat (Text)
reader-whatsapp_android = WhatsApp-Datenbank, Android
reader-whatsapp_contacts = WhatsApp-Kontakte, Android
reader-whatsapp_ios = WhatsApp-Datenbank, iPhone
reader-whatsapp_ios_contacts = WhatsApp-Kontakte, iPhone
reader-whatsapp_ios_calls = WhatsApp-Anrufe, iPhone
reader-signal_backup = Signal-Backup, Android
reader-signal_proto = Signal-Backup (ab 2025)
reader-signal_takeout = Signal-Export (JSON)
reader-telegram_json = Telegram-Export (JSON)
reader-telegram_html = Telegram-Export (HTML)
reader-meta_json = Facebook- oder Instagram-Nachrichten (JSON)
reader-meta_html = Facebook- oder Instagram-Nachrichten (HTML)
reader-snapchat_json = Snapchat-Export
reader-tiktok_json = TikTok-Export
reader-takeout_chat = Google Chat
reader-takeout_location = Google-Standortverlauf
reader-discord_json = Discord
reader-viber_android = Viber-Nachrichten, Android
reader-viber_android_data = Viber-Anrufe und -Kontakte, Android
reader-viber_ios = Viber, iPhone
reader-threema_ios = Threema, iPhone
reader-skype = Skype
reader-kik_ios = Kik, iPhone
reader-ios_sms = Nachrichten eines iPhones
reader-ios_calls = Anrufe eines iPhones
reader-ios_contacts = Kontakte eines iPhones
reader-android_sms = SMS und MMS, Android
reader-android_calls = Anrufe, Android
reader-android_contacts = Kontakte, Android
reader-sms_backup_restore = SMS Backup & Restore
reader-android_backup_sms = SMS und MMS in einem Android-Backup
reader-vcard = Kontaktkarten
reader-mail = E-Mails
reader-outlook = E-Mails aus Outlook
reader-safari_history = Besuchte Seiten, Safari
reader-chrome_history = Besuchte Seiten, Chrome und verwandte Browser
reader-firefox_history = Besuchte Seiten, Firefox
reader-ios_wifi = WLANs eines iPhones
reader-ios_locations = Zugriff auf den Standort, iPhone
reader-photo = Bilder
reader-video = Videos
reader-voice = Ton und Sprachnachrichten
reader-opaque = Dateien, die kein Leser kennt, nur aufgelistet
