# Geräteprüfung, Anleitungen, geführter Blick.

check-device = Gerät: { $told }
check-apps = { $count ->
        [0] Apps wurden nicht aufgelistet.
        [one] Eine App wurde angesehen.
       *[other] { $count } Apps wurden angesehen.
    }
check-account = Konto auf dem Gerät: { $account }
check-nothing = In dem, was sich prüfen ließ, wurde nichts Deutliches gefunden. Das heißt nicht, dass nichts da ist: Lesen Sie, was nicht geprüft werden konnte.
check-who-sees-what = Wer kann was sehen:
check-group =   { $title }: Befund { $findings }
check-finding = Befund { $number } ({ $sure }): { $title }
check-known = Bekannt als { $family }, laut Liste { $list }
check-known-also = Bekannt als { $family } (auch { $aliases }), laut Liste { $list }
check-since =   Installiert seit: { $time }
check-sees =   Das könnte damit sichtbar sein: { $groups }
check-seen = Gesehen wurde:
check-more-places =       und an { $count } weiteren Stellen
check-more-signs =     und { $count } weitere Zeichen; --finding { $number } zeigt alle
check-why =   { $title }: { $text }
check-also = Außerdem: { $title }
check-ordinary =     Gewöhnliche Erklärung: { $text }
check-asks = Fragen an die Klientin:
check-now = Das geht jetzt (lesen Sie, was bemerkt werden kann):
check-plan = Nur mit Plan:
check-never = Achtung:
check-noticed = (Wer es bemerken kann: { $text })
check-undo = (Rückgängig: { $text })
check-as-above = Was bei den Befunden davor steht, gilt hier auch.
check-more-alike = und { $count } weitere; --all zeigt alle
check-withheld = { $count ->
        [one] Ein Ratschlag ändert etwas am Telefon und kommt erst nach den Sicherheitsfragen: --removal
       *[other] { $count } Ratschläge ändern etwas am Telefon und kommen erst nach den Sicherheitsfragen: --removal
    }
check-weak = Schwache Zeichen, zum Nachfragen; gewöhnliche Gründe sind häufig (--finding NUMMER zeigt eins davon):
check-not-found = Nicht gefunden. Das heißt nicht, dass es sicher ist:
check-not-found-in-part = Nicht gefunden, aber nur zum Teil lesbar. Das heißt nicht, dass es sicher ist:
check-could-not = Konnte hiermit nicht geprüft werden, und wie man es könnte:
check-look = Was keine Datei zeigt, lässt sich am Telefon ansehen: asservat look
check-looked = Am Telefon angesehen:
check-gaps = { $count ->
        [one] Eine Datei ließ sich nicht öffnen und wurde nicht geprüft.
       *[other] { $count } Dateien ließen sich nicht öffnen und wurden nicht geprüft.
    }
check-problems = Was sich nicht lesen ließ:
check-problems-more =   und { $count } weitere
check-needs-key = Das meiste davon ist vielleicht noch ungelesen, denn etwas ist verschlüsselt. Mit dem Passwort dafür noch einmal: --evidence-key
check-lists = Verglichen wird mit diesen Listen (Anzahl der Merkmale):
check-list-problems =     { $count } Einträge dieser Liste waren nicht verständlich
check-no-input = Hier wurde nichts geprüft: Darin ist nichts, was die Prüfung kennt. Manche Dateien erkennt sie nur am Namen, zum Beispiel dumpsys_package.txt. `asservat guide` zeigt, was sie lesen kann und wie man es bekommt.
check-next = --finding NUMMER zeigt einen Befund mit allen Stellen, dazu --original die Originalbytes. Zuerst sichern, dann ändern.

platform-android = Android
platform-ios = iPhone oder iPad
platform-any = unbekannt
sure-known = bekannt
sure-strong = mehreres passt zusammen
sure-weak = schwaches Zeichen

guide-list = Was die Prüfung lesen kann:
guide-next = asservat guide NAME zeigt, wie man es bekommt. Zuerst kommen die Sicherheitsfragen.
guide-trace-nothing = hinterlässt nichts auf dem Telefon
guide-trace-little = hinterlässt wenig auf dem Telefon
guide-trace-visible = hinterlässt Sichtbares auf dem Telefon
guide-minutes = Dauer: etwa { $minutes } Minuten
guide-needs = Nötig: { $text }
guide-leaves = Was auf dem Telefon zurückbleibt: { $text }
guide-noticed = Wer es bemerken könnte: { $text }
guide-undo = Rückgängig: { $text }
guide-bring = So kommt die Datei auf diesen Laptop: { $text } Danach prüft sie asservat check --folder PFAD, und asservat secure legt sie in eine Kapsel.
guide-cannot = Was das nicht zeigen kann: { $text }

safety-question = ja, nein oder weiß nicht?
safety-again = Bitte ja, nein oder „weiß nicht“.
words-unknown = weiß w ? weiss unbekannt

look-list = Schritte für den Blick aufs Telefon:
look-next = asservat look --step NAME zeigt einen Schritt. Ansehen ändert nichts; beenden Sie nichts ohne Plan.
look-look-for = Worauf achten: { $text }
look-noticed = Was bemerkt werden kann: { $text }
look-ask = Fragen: { $text }
look-known = Wenn die Klientin es kennt oder will: { $text }
look-unknown = Wenn sie es nicht kennt oder nicht will: { $text }
look-never = Achtung: { $text }
look-write = Aufschreiben, wenn sie einverstanden ist: asservat look FALL --step { $step } --said ANTWORT --agreed (fine: in Ordnung, unknown-thing: Unbekanntes gesehen, could-not-look: ging nicht, not-now: jetzt nicht)
look-written = Aufgeschrieben als Eintrag { $entry }.
look-said-fine = in Ordnung
look-said-unknown-thing = etwas Unbekanntes gesehen
look-said-could-not-look = konnte nicht angesehen werden
look-said-not-now = jetzt nicht
