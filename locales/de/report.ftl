# Was `verify` sagt: was feststeht, was abweicht, und was das heißt.

verify-case = Fall { $path }
verify-capsule = Kapsel { $path }
verify-receipt = Quittung { $path }
verify-package = Paket { $path }
verify-problems = Es weicht ab:
verify-unchanged = Nichts weicht von dem ab, was unterschrieben wurde. Das heißt: unverändert seitdem. Es heißt nicht, dass etwas wahr ist.
verify-differs = Es ist nicht so, wie es unterschrieben wurde. Ändern Sie hier nichts, und vergleichen Sie mit einer anderen Kopie oder einer Quittung.

fact-signed-by =
    Unterschrieben mit dem Schlüssel dieses Fingerabdrucks; vergleichen Sie ihn mit dem Papier:
    { "    " }{ $fingerprint }
fact-log-complete =
    Das Protokoll ist vollständig: { $entries ->
        [one] { $entries } Eintrag
       *[other] { $entries } Einträge
    }.
fact-entries-read =
    { $entries ->
        [one] { $entries } Eintrag wurde geöffnet und steht an seinem Platz
       *[other] { $entries } Einträge wurden geöffnet und stehen an ihrem Platz
    }; gelöscht, und das ist vermerkt: { $erased }.
fact-capsule-unchanged =
    { $name }: unverändert. { $opened ->
        [opened] Geöffnet, und jede Datei darin verglichen.
       *[sealed] Von außen verglichen, nicht geöffnet.
    } SHA-256 { $sha256 }
fact-without-key = Ohne Schlüssel: Was innen ist, wurde nicht verglichen. Mit --key schon.
fact-own-clock = Zeit: { $at }, nach der Uhr des Computers, der das geschrieben hat. Niemand sonst hat diese Zeit bestätigt.
fact-receipt-whole =
    Die Quittung ist vollständig und unterschrieben. Sie spricht von { $capsules ->
        [one] { $capsules } Kapsel
       *[other] { $capsules } Kapseln
    }.
fact-log-continues = Das Protokoll geht von der Quittung an ohne Bruch weiter: damals { $from }, jetzt { $to } Einträge.
fact-package-whole = Jede Datei ist aufgeführt, unterschrieben und unverändert: { $files } Dateien; { $items } Stücke am Protokoll belegt.
fact-unfinished-act = Ein Schritt (er wäre Eintrag { $entry } geworden) wurde unterbrochen und zählt nicht.
fact-case-erased = Der Fall wurde gelöscht; übrig ist nur die Spur davon.

standing-known = Dieser Computer kennt den Fall in genau diesem Stand.
standing-newer = Diese Kopie geht von dem weiter, was dieser Computer gesehen hat.
standing-older = Diese Kopie ist ÄLTER als das, was dieser Computer gesehen hat.
standing-diverged = Diese Kopie ging einen ANDEREN WEG als die, die dieser Computer gesehen hat.
standing-elsewhere-copy = Das ist eine Kopie; die, in die dieser Computer schreibt, liegt woanders.
standing-first = Dieser Computer hat diesen Fall noch nie gesehen.

problem-missing = fehlt
problem-unexpected = gehört nicht hierher
problem-unreadable = lässt sich vom Medium nicht lesen
problem-malformed = hat nicht die Form, die es haben muss
problem-changed = wurde geändert
problem-signature = die Unterschrift passt nicht, oder niemand Bekanntes hat unterschrieben
problem-other-case = gehört zu einem anderen Fall
problem-log-truncated = das Protokoll hat weniger Einträge, als unterschrieben wurden
problem-log-altered = die Einträge des Protokolls sind nicht die unterschriebenen
problem-entry-altered = dieser Eintrag ist nicht der unterschriebene
problem-does-not-open = geht mit diesem Schlüssel nicht auf
problem-truncated = endet zu früh
problem-bag-damaged = etwas in der Kapsel ist nicht wie aufgeführt
problem-tree-differs = die Dateien in der Kapsel sind nicht die, von denen das Protokoll spricht
problem-branch = ein vereinter Zweig passt nicht zum Protokoll
problem-proof = ein Beweis führt nicht zum unterschriebenen Protokoll
problem-rolled-back = ist älter als die Quittung oder ging einen anderen Weg
