# Was Befehle sagen und fragen.

overview =
    Asservat bewahrt auf, was die Klientin mitbringt, so dass niemand es unbemerkt ändern kann,
    und übergibt genau das, wozu sie eingewilligt hat. Es arbeitet ohne Netz.

    Die ersten drei Schritte:
      1. Fall anlegen:     asservat new FALL --alias "Amsel" --holder client --purpose "Verfahren" --until 2027-05-31
      2. Etwas sichern:    asservat secure FALL PFAD --source "Samsung A52, von der Klientin entsperrt"
         (Zuerst kommt eine Frage. Ist die Antwort ja oder unsicher, wird nichts gelesen.)
      3. Ihr mitgeben:     asservat give FALL ORDNER-AUF-IHREM-STICK --to Klientin
         (Sie behalten eine Quittung: Sie belegt später, dass nichts geändert wurde, und verrät nichts.)

    Alles einmal ansehen, mit einem erfundenen Fall: asservat demo
    Alle Befehle: asservat --help

failure =
    { $message }
    Weiter: { $next }
    ({ $code })

words-yes = ja j
words-no = nein n
words-unsure = unsicher u
not-stated = nicht angegeben

bytes =
    { $count ->
        [one] { $count } Byte
       *[other] { $count } Byte
    }
seconds =
    { $count ->
        [one] { $count } Sekunde
       *[other] { $count } Sekunden
    }
minutes =
    { $count ->
        [one] { $count } Minute
       *[other] { $count } Minuten
    }
progress = { $done } von { $total }
progress-left = { $done } von { $total }, noch { $left }
stage-measuring = Nachsehen, wie viel es ist
stage-sealing = Sichern
stage-reading-back = Vom Medium zurücklesen
stage-reading = Lesen
stage-checking = Wird geprüft
stage-understanding = Hinweise und Kennungen werden gesucht
stage-verifying = Prüfen
stage-copying = Kopieren und vergleichen
stage-unsealing = Herausschreiben
stage-handing-over = Paket schreiben

ask-signing-key = Passwort dieser Installation (Ihr eigenes, zum Unterschreiben):
ask-signing-key-new = Neues Passwort dieser Installation (Ihr eigenes, zum Unterschreiben):
ask-case-key = Passwort des Falls:
ask-case-key-new = Neues Passwort des Falls (für die Person, die ihn verwahrt):
ask-holder-key-new = Neues Passwort für die neue Person:
ask-share-first = Erster Notfall-Teil (28 Wörter, ohne Anzeige):
ask-share-second = Zweiter Notfall-Teil (28 Wörter, ohne Anzeige):
passphrase-again = Noch einmal dasselbe (leer lassen, um ein anderes zu wählen):
passphrase-empty = Das war leer.
passphrase-other = Das zweite war anders. Noch einmal von vorn.
passphrase-short = Dieses Passwort hat weniger als { $count } Zeichen und lässt sich erraten. Besser sind mehrere Wörter.

installation-needed =
    Asservat wird hier zum ersten Mal verwendet. Es erzeugt für dieses Benutzerkonto einen Schlüssel zum Unterschreiben:
    Wer später prüft, sieht, dass es dieser war. Er hat ein eigenes Passwort; ohne das unterschreibt niemand in Ihrem Namen.
installation-made =
    Der Schlüssel zum Unterschreiben ist erzeugt. Sein Fingerabdruck, für das Papier, das mitgeht:
    { "  " }{ $fingerprint }

gate-question =
    Könnte ein Nackt- oder Sexualbild von jemandem unter 18 darin sein?
    (ja / nein / unsicher)
gate-again = Bitte antworten Sie mit ja, nein oder unsicher. Unsicher ist eine gute Antwort.
gate-without-media = ohne Bilder und Videos
gate-narrower =
    Unsicher ist bei einem ganzen Telefon die ehrliche Antwort. Es wurde nichts gelesen. Sie können weniger wählen:
      1  dasselbe, ohne Bilder und Videos
      2  andere Dateien oder Ordner
      3  hier aufhören; es wird nichts gesichert
gate-narrower-question = 1, 2 oder 3?
gate-choose-paths = Ein Pfad je Zeile, eine leere Zeile beendet.
gate-yes-recorded = Im Protokoll steht, dass die Frage mit ja beantwortet wurde, und sonst nichts.
gate-yes-not-recorded = Die Antwort ließ sich nicht ins Protokoll schreiben: { $why }

holder-means-client =
    Die Klientin wird diesen Fall verwahren. Geben Sie ihn ihr mit `asservat give`; Sie behalten eine Quittung, die nichts verrät.
    Als Zeugin oder Zeuge können Sie trotzdem befragt werden.
holder-means-lawyer =
    Die Anwältin der Klientin wird diesen Fall verwahren. Geben Sie ihn ihr mit `asservat give`; Sie behalten eine Quittung, die nichts verrät.
    Als Zeugin oder Zeuge können Sie trotzdem befragt werden.
holder-means-centre =
    Ihre Beratungsstelle wird diesen Fall verwahren. Ihre Mitarbeitenden können befragt, ihre Akten beschlagnahmt werden; sagen Sie das der Klientin.
    Sie selbst oder ihre Anwältin kann ihn stattdessen verwahren.

new-done = Der Fall liegt in { $folder }
new-case = Fall { $case }
new-next = Weiter: asservat secure FALL PFAD --source "…"
fingerprint =
    Fingerabdruck des Schlüssels, mit dem unterschrieben wird, für das Papier:
    { "  " }{ $fingerprint }
shares-how =
    Notfall-Teile. Je zwei davon öffnen den Fall, einer allein nicht. Sie sind nirgends gespeichert:
    Schreiben Sie jetzt jeden auf ein eigenes Blatt, und geben Sie sie verschiedenen Personen.
share =
    Teil { $number }:
    { "  " }{ $words }

secure-done =
    Kapsel { $number } ist versiegelt: { $files ->
        [one] { $files } Datei
       *[other] { $files } Dateien
    }, { $bytes }.
secure-name = capsules/{ $name } ({ $size })
sha256 = SHA-256 { $sha256 }
read-back-medium = Vom Medium zurückgelesen und verglichen: gleich.
read-back-cache = Zurückgelesen und verglichen: gleich. (Dieses System hat es aus seinem Speicher gegeben; ob das Medium es behalten hat, zeigt sich beim nächsten Einstecken.)
secure-gaps = Ließ sich nicht sichern oder wurde weggelassen; jedes steht in der Kapsel:
gap-unreadable = nicht lesbar
gap-special = weder Datei noch Ordner (Socket, Gerät, …)
gap-limit = über einer Grenze, oder wie gewählt weggelassen (Bilder, Videos)
gap-vanished = beim Lesen verschwunden
gap-shrunk = beim Lesen kürzer geworden; mit Nullen aufgefüllt
gap-grew = beim Lesen gewachsen; bis zur anfänglichen Länge gesichert
gap-changed = beim Lesen geändert worden
secure-next = Stücke daraus heißen { $number } (alles) und { $number }:0, { $number }:1, … (einzelne Dateien).

show-nothing = In diesem Fall ist keine Kapsel, oder nicht diese.
show-capsule = Kapsel { $number }, versiegelt { $at }: { $source }
show-stopped = (gesperrt)

left-out-permission = Lesen nicht erlaubt
left-out-in-use = von einem anderen Programm benutzt
left-out-system-error = das System meldet einen Fehler
left-out-vanished = beim Lesen verschwunden
left-out-only-in-cloud = nicht auf diesem Computer, nur in der Cloud
left-out-own-case = gehört zu diesem Fall selbst
left-out-name-too-long = der Name ist zu lang
left-out-too-large = zu groß
left-out-left-out-media = Bild oder Video, wie gewählt weggelassen
left-out-too-deep = zu viele Ordner ineinander
left-out-too-many-entries = zu viele Dateien
left-out-too-many-open-folders = zu viele Ordner gleichzeitig offen
left-out-fifo = keine Datei (Pipe)
left-out-socket = keine Datei (Socket)
left-out-device = keine Datei (Gerät)

note-done = Die Notiz ist Eintrag { $entry }.
hold-on = Der Fall steht ab jetzt unter Löschsperre (Eintrag { $entry }). Nichts davon lässt sich löschen.
hold-off = Die Löschsperre ist zu Ende (Eintrag { $entry }).
stop-done = { $item } ist gesperrt: wird ab jetzt nie wieder gezeigt, herauskopiert oder übergeben.
stop-next = Gelöscht wurde nichts. Sprechen Sie mit einer spezialisierten Anwältin über den Weg zur Polizei. Ist es ein Bild von jemandem unter 18: nicht öffnen, nicht kopieren.

consent-given = Die Einwilligung ist festgehalten. Sie heißt { $id }.
consent-withdrawn = Die Einwilligung { $id } ist zurückgenommen. Was vorher übergeben wurde, lässt sich nicht zurückholen.
consent-none = In diesem Fall gibt es keine Einwilligung. Ohne eine verlässt nichts den Fall.
consent-line = { $id }  an { $to }, wozu: { $purpose }, Stücke: { $items }, bis { $until }
consent-line-withdrawn = (zurückgenommen, Eintrag { $entry })
items-all = alle

handover-done =
    Das Paket liegt in { $folder }: { $items ->
        [one] { $items } Stück
       *[other] { $items } Stücke
    }, { $bytes }.
handover-sums = SHA-256 von SHA256SUMS, für das Papier: { $sha256 }
withheld-no-consent = weggelassen: sie hat nicht eingewilligt
withheld-not-chosen = weggelassen: nicht ausgewählt
withheld-stopped = weggelassen: gesperrt
withheld-never-taken = ließ sich von der Quelle nicht sichern
handover-next = Es wurde nach dem Schreiben geprüft. LIES-MICH.txt darin sagt, wie man es ohne Asservat prüft. Drucken Sie den Fingerabdruck auf das Papier, das mitgeht.

give-done = Der Fall liegt in { $folder } ({ $bytes }, jedes Byte zurückgelesen und verglichen). Hier wurde er entfernt.
give-receipt = Die Quittung, die Sie behalten: { $path }
give-left-behind = Diese Dateien der Kopie hier ließen sich nicht entfernen; entfernen Sie sie von Hand:
take-done = Der Fall liegt in { $folder } ({ $bytes }, jedes Byte zurückgelesen und verglichen). Das ist jetzt die schreibende Kopie.
take-next = Was auf dem Stick liegt, ist ab jetzt eine Kopie, nur zum Lesen. Dort wurde nichts entfernt.
claim-done = Diese Kopie ist ab jetzt die schreibende. Jede andere ist nur zum Lesen.
join-done =
    Beide Zweige sind mit Eintrag { $entry } vereint; nichts ging verloren. { $capsules ->
        [0] Es kam keine Kapsel dazu.
        [one] Es kam eine Kapsel dazu.
       *[other] Es kamen { $capsules } Kapseln dazu.
    }
join-erasures =
    { $count ->
        [one] Dort wurde etwas gelöscht,
       *[other] Dort wurde { $count } Mal etwas gelöscht,
    } das hier noch da sein kann. Sehen Sie ins Protokoll, und löschen Sie es auch hier, wenn das richtig ist.
join-holders = Dort wurde jemand aufgenommen oder weggenommen. Wer diesen Fall öffnen kann, bleibt wie bisher; prüfen Sie, ob das richtig ist (asservat holders FALL list).
join-nothing = Es gab nichts zu vereinen.
receipt-done = Die Quittung ist geschrieben: { $path }
receipt-keep = Wer die Quittung hat, kann belegen, dass Kapseln seit heute unverändert sind, und erfährt sonst nichts daraus. Bewahren Sie sie getrennt vom Fall auf.

unseal-done =
    { $files ->
        [one] { $files } Datei
       *[other] { $files } Dateien
    }, { $bytes }, geschrieben nach { $folder }
unseal-stopped =
    { $count ->
        [one] { $count } Stück ist gesperrt und wurde weggelassen.
       *[other] { $count } Stücke sind gesperrt und wurden weggelassen.
    }
unseal-next = Diese Dateien sind ungeschützt. Entfernen Sie sie, wenn Sie sie nicht mehr brauchen; die Kapsel behält die Originale.

holders-added = { $name } kann den Fall ab jetzt öffnen, alles darin von Anfang an.
holders-removed = { $name } kann nicht öffnen, was ab jetzt gesichert wird. Was { $name } vorher lesen konnte, bleibt überall lesbar, wo eine Kopie liegt.
holders-line = { $name }  { $how }, seit { $since }
how-passphrase = Passwort
how-recipient = öffentlicher Schlüssel
how-plugin = Token
how-recovery = Notfall-Teile
how-first = von Anfang an

erase-case = Der GANZE FALL wird gelöscht: seine Schlüssel, alle Kapseln, alles im Protokoll bis auf die Spur. Niemand holt ihn zurück.
erase-capsule = Kapsel { $number } wird gelöscht. Niemand holt sie zurück.
erase-entry = Was in Eintrag { $number } steht, wird gelöscht. Niemand holt es zurück.
erase-question = Löschen? (ja / nein)
erase-done = Gelöscht. Eintrag { $entry } sagt das, wann und warum, und nichts davon, was es war.
unreachable-how = Von hier aus nicht zu erreichen war:
unreachable-copies = Kopien auf anderen Medien, Sicherungskopien
unreachable-former-holders-keys = Schlüssel, die frühere Verwahrende behalten haben könnten
unreachable-printed-shares = gedruckte Notfall-Teile
unreachable-handed-over-packages = Pakete, die übergeben wurden
unreachable-flash-remnants = Reste in den Zellen von Sticks und SSDs, solange niemand sie überschreibt

log-erased = (gelöscht)
kind-case-created = Fall angelegt
kind-key-introduced = Schlüssel zum Unterschreiben eingeführt
kind-writing-claimed = zur schreibenden Kopie gemacht
kind-gate-answered = Vorfrage beantwortet
kind-capsule-sealed = Kapsel versiegelt
kind-item-stopped = Stück gesperrt
kind-note = Notiz
kind-consent-given = Einwilligung gegeben
kind-consent-withdrawn = Einwilligung zurückgenommen
kind-hold-on = Löschsperre beginnt
kind-hold-off = Löschsperre endet
kind-holder-added = Zugang gegeben
kind-holder-removed = Zugang weggenommen
kind-opened = angesehen
kind-unsealed = herausgeschrieben
kind-capsules-read = Kapseln gelesen
kind-check-run = Auf Überwachung geprüft
kind-look-answered = Am Telefon angesehen
kind-record-tagged = Markierung gesetzt oder entfernt
kind-person-decided = Person: gleich oder nicht gleich
kind-hint-decided = Hinweis beurteilt
kind-evidence-key = Passwort des Beweismittels aufbewahrt
kind-case-given = Fall mitgegeben
kind-case-taken = Fall zurückgenommen
kind-handed-over = übergeben
kind-erased = gelöscht
kind-forked = Zweig vereint

looking-leaves-no-entry = Das ist nicht die schreibende Kopie: Dass sie angesehen wurde, hinterlässt keinen Eintrag.

step-material = Erfundenes Material, jedes Stück sagt das: { $place }
step-new = Fall angelegt: { $place }
step-secure = In einer Kapsel gesichert: { $place }
step-read = Gelesen in einem Prozess ohne Netz, Dateien und Schlüssel, { $detail } Datensätze: { $place }
step-consent = Einwilligung festgehalten: { $detail }
step-handover = Paket für die Polizei, { $detail } Stücke: { $place }
step-verify = Geprüft, unverändert: { $place }
step-give = Der Klientin auf ihrem Stick mitgegeben ({ $detail }, jedes Byte verglichen): { $place }
step-receipt = Quittung für die Beratungsstelle: { $place }
demo-done =
    Alles liegt in { $folder }
    Das Passwort dieses Übungsfalls steht dort in passphrases.txt. Entfernen Sie den Ordner, wenn Sie fertig sind.
