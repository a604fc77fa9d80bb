# Zeitleiste, Suche und Merkmale: was ein Mensch von den Datensätzen sieht.

timeline-order = Zeiten stehen so da, wie die Quelle sie hat. Solche ohne Zone sind die Uhr irgendeines Telefons oder Computers; sie sind eingeordnet, als wären sie UTC, und können bis zu 14 Stunden verschoben sein.
timeline-no-time = Ohne Zeit
timeline-day-only = an diesem Tag, Uhrzeit nicht bekannt
timeline-wall = { $time } (ohne Zone)
timeline-offset = { $time } UTC ({ $there } bei { $offset })
timeline-capsule = Kapsel { $number }
timeline-owner = dieses Telefon
timeline-program = Hinweis des Programms
timeline-call = Anruf mit { $who }
timeline-call-in = Anruf von { $who }
timeline-call-out = Anruf an { $who }
timeline-chat = Chat: { $name }
timeline-attached = Anhang: { $names }
timeline-attachment-present = liegt vor
timeline-attachment-not-found = nicht in dem, was gesichert wurde
timeline-attachment-left-out = vom Export weggelassen
timeline-attachment-unavailable = laut Quelle nicht geladen oder abgelaufen
timeline-also-in = Auch in: Kapsel { $capsule }, { $reader }{ $time }, { $id }
timeline-tags = Merkmale: { $tags }
timeline-note = Notiz (Eintrag { $entry }): { $text }
timeline-person = Gezeigt für: { $who } ({ $app }, Kapsel { $capsule })
timeline-person-confirmed = Gezeigt für: { $who } ({ $app }, Kapsel { $capsule }), als dieselbe Person bestätigt
timeline-people-more = und { $count } weitere Einträge
timeline-gap = { $days } Tage: kein Datensatz zwischen { $from } und { $to }. Es gab nichts, es wurde nicht gesichert, oder es wurde gelöscht.
timeline-gap-perhaps = Ein Datensatz, dessen Datum sich auf zwei Arten lesen lässt, kann hierher gehören.
timeline-without-time = { $count ->
        [one] Ein Datensatz hat keine Zeit; er steht am Ende.
       *[other] { $count } Datensätze haben keine Zeit; sie stehen am Ende.
    }
timeline-without-time-more = Mehr als { $count } Datensätze haben keine Zeit; sie stehen am Ende.
timeline-not-read = Nur zum Teil oder auf zwei Arten gelesen, und kann in diese Zeit gehören:
timeline-not-read-more = Das sind die ersten; --json nennt mehr.
timeline-before = Vor dieser Seite: --before { $cursor }
timeline-after = Die nächste Seite: --after { $cursor }
timeline-end = Hier endet, was zu Ihrer Frage gelesen wurde.

tag-on = Eintrag { $entry }: Datensatz { $record } hat das Merkmal { $tag }.
tag-off = Eintrag { $entry }: Datensatz { $record } hat das Merkmal { $tag } nicht mehr.
tag-none = Kein Datensatz hat ein Merkmal.

search-more = { $count ->
        [0] Bisher nichts; noch ist nicht alles durchgesehen.
        [one] Bisher ein Treffer; es kann mehr geben.
       *[other] Bisher { $count } Treffer; es kann mehr geben.
    } Weiter: --after { $cursor }
search-all = { $count ->
        [one] Ein Treffer; alles Gelesene ist durchgesehen.
       *[other] { $count } Treffer; alles Gelesene ist durchgesehen.
    }
search-none = Nichts von dem, was gelesen wurde, passt. Das heißt nicht, dass es nichts gab: `asservat timeline` sagt, was nicht lesbar war.
search-no-passage = Es passt, aber keine Stelle lässt sich markieren: Gesucht war, dass etwas fehlt, oder die Stelle liegt weit hinten in einem sehr langen Text.
search-rule-word = { $term }: als Wort
search-rule-letters = { $term }: als Wort { $found }, andere Akzente oder Buchstabenformen
search-rule-beginning = { $term }: als Anfang von { $found }
search-rule-phrase = { $term }: als diese Wörter hintereinander
search-rule-part = { $term }: als Teil des Textes, auch mitten im Wort
search-rule-short = { $term }: kurzer Begriff, Zeichen für Zeichen gesucht, auch mitten im Wort
search-rule-number = { $term }: als diese Nummer
search-rule-number-spelling = { $term }: als Nummer { $found }, andere Schreibweise
search-rule-number-perhaps = { $term }: vielleicht als Nummer { $found }; das Land ist nicht bekannt
search-rule-umlaut = { $term }: als { $found }, Umlaut anders geschrieben
search-rule-other-script = { $term }: als { $found }, in anderer Schrift geraten
search-note-quote-alone = Ein einzelnes Anführungszeichen wurde als Zeichen genommen.
search-note-bracket-alone = Eine einzelne Klammer wurde als Zeichen genommen.
search-note-operator-alone = UND, ODER, NICHT oder NAHE hatte nichts zu verbinden und wurde als Wort genommen.
search-note-near-of-groups = NAHE verbindet zwei Wörter oder Wendungen; hier wurde es als UND genommen.
search-note-too-long = Die Suche war zu lang; ihr Ende blieb weg.
search-note-too-deep = Klammern lagen zu tief ineinander; die innersten blieben weg.
search-note-nothing-to-find = Ein Begriff enthielt nichts, was sich finden lässt, und blieb weg.
search-note-no-country = Kein Land ist genannt; eine Nummer ohne Ländervorwahl kann deshalb mehrere meinen. --country +49 nennt es.
search-note-nothing-typed = Es wurde nichts eingegeben, was sich suchen lässt.

field-subject = Betreff
field-caption = Beim Anhang
field-earlier-text = Früherer Text
field-quoted = Zitierte Nachricht
field-file-name = Dateiname
field-chat-name = Name des Chats
field-name = Name
field-identifier = Nummer oder Konto
field-place = Ort
field-poll = Umfrage
field-url = Webadresse
field-title = Titel
field-note = Notiz
field-change = Art des Ereignisses

state-deleted-by-sender = von der absendenden Person gelöscht
state-deleted-by-owner = auf diesem Telefon gelöscht
state-deleted-by-admin = von der Verwaltung der Gruppe gelöscht
state-deleted = gelöscht
state-recently-deleted = unter den zuletzt gelöschten
state-edited = bearbeitet
state-edited-or-reacted = bearbeitet, oder jemand hat darauf reagiert
state-view-once = einmal ansehen
state-disappearing = verschwindet von selbst
state-forwarded = weitergeleitet
state-draft = Entwurf, nicht gesendet
state-failed = Senden fehlgeschlagen
state-pending = wartet aufs Senden
state-doubtful = unsicher gelesen: die Zeile kann zu einer anderen Nachricht gehören

weekday-1 = Montag
weekday-2 = Dienstag
weekday-3 = Mittwoch
weekday-4 = Donnerstag
weekday-5 = Freitag
weekday-6 = Samstag
weekday-7 = Sonntag

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
app-mail = E-Mail
app-phone = Telefon
app-vcard = Kontaktkarten
