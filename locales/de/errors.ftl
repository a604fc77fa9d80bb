# Fehler der Befehlszeile: was geschehen ist, und als `next`, was jetzt zu tun ist.

error-usage-command = Einen Befehl „{ $given }“ gibt es nicht.
    .next = `asservat --help` zeigt die Befehle.
error-usage-command-missing = Es ist nicht gesagt, was zu tun ist.
    .next = `{ $asked } --help` zeigt, was es gibt.
error-usage-argument = „{ $given }“ ist hier nicht bekannt.
    .next = `{ $asked } --help` zeigt, was dieser Befehl annimmt.
error-usage-missing = Es fehlt: { $given }
    .next = `{ $asked } --help` zeigt, was das jeweils bedeutet.
error-usage-value = „{ $value }“ passt nicht zu { $given }.
    .next = `{ $asked } --help` zeigt, was dort erwartet wird. Ein Datum schreibt man 2027-05-31.
error-usage-value-missing = Hinter { $given } fehlt ein Wert.
    .next = `{ $asked } --help` zeigt, was dort erwartet wird.
error-usage-conflict = { $given } und { $other } gehen nicht zusammen.
    .next = Lassen Sie eines davon weg. `{ $asked } --help` zeigt, was sie bedeuten.
error-usage-other = Die Befehlszeile wurde nicht verstanden. { $given }
    .next = `{ $asked } --help` zeigt, wie man sie schreibt.
error-secret-on-command-line = In der Befehlszeile steht ein geheimer Schlüssel. Andere Programme auf diesem Computer können ihn dort lesen, und die Shell hat ihn vielleicht gespeichert.
    .next = Verwenden Sie diesen Schlüssel nicht mehr. Erzeugen Sie einen neuen, schreiben Sie ihn in eine Datei und geben Sie die Datei mit --key-file an; oder lassen Sie ihn weg und tippen Sie ihn ein, wenn danach gefragt wird.
error-no-home = Dieses System sagt nicht, wo Programme ihre Daten aufbewahren.
    .next = Sagen Sie es mit --home ORDNER.
error-no-installation = Asservat ist für dieses Benutzerkonto noch nicht eingerichtet.
    .next = `asservat new` legt den ersten Fall an und richtet es ein. Für einen Fall, den es schon gibt: `asservat take` oder `asservat claim`.
error-alias-and-purpose = Deckname und Zweck dürfen nicht leer sein.
    .next = Wählen Sie einen Decknamen, der nicht der Name ist, und sagen Sie in wenigen Worten, wozu der Fall dient.
error-holder-kind = Wer den Fall verwahrt, muss client, lawyer oder centre sein.
    .next = Geben Sie --holder client (Klientin), --holder lawyer (Anwältin) oder --holder centre (Beratungsstelle) an.
error-until-in-the-past = Das Enddatum ist schon vorbei.
    .next = Geben Sie mit --until einen Tag in der Zukunft an. Liegt er in der Zukunft, geht die Uhr dieses Computers falsch: Stellen Sie sie zuerst.
error-give-to = Es ist nicht gesagt, wem der Fall übergeben wird.
    .next = Sagen Sie es mit --to, zum Beispiel --to Klientin.
error-consent-incomplete = An wen, wozu und wie darf nicht leer sein.
    .next = Geben Sie --to, --purpose und --how an, zum Beispiel --how "unterschriebenes Blatt".
error-empty-note = Die Notiz ist leer.
    .next = Schreiben Sie den Text hinter den Fall, oder - für Text aus der Eingabe.
error-reason-missing = Ein Grund fehlt.
    .next = Sagen Sie ihn mit --reason.
error-bad-input = Eine Angabe passt nicht: { $what }
    .next = `--help` hinter dem Befehl zeigt, was erwartet wird.
error-nothing-to-secure = In dem, was Sie gewählt haben, ist nichts, das sich sichern ließe.
    .next = Sehen Sie nach, ob die Dateien dort liegen, wo Sie denken. Mit --without-media bleiben Bilder und Videos weg.
error-unknown = „{ $name }“ gibt es in diesem Fall nicht, oder es wurde gelöscht.
    .next = `asservat log` zeigt die Nummern der Kapseln, `asservat consent FALL list` die Einwilligungen.
error-no-such-entry = Einen Eintrag { $entry } gibt es in diesem Fall nicht.
    .next = `asservat log` zeigt die Einträge mit ihren Nummern.
error-no-such-holder = Niemand mit diesem Namen hat einen Schlüssel zu diesem Fall.
    .next = `asservat holders FALL list` zeigt die Namen.
error-holder-exists = Diesen Namen hat schon jemand.
    .next = Wählen Sie einen anderen, oder nehmen Sie den alten zuerst weg: `asservat holders FALL remove`.
error-last-holder = Die letzte Person kann nicht weggenommen werden: Niemand könnte den Fall mehr öffnen.
    .next = Nehmen Sie zuerst jemand anderen auf. Um den Fall aufzugeben: `asservat erase FALL --case`.
error-share-count = Eine Notfall-Teilung hat 2 bis 255 Teile.
    .next = Üblich sind drei Teile für drei Personen.
error-not-erasable = Eintrag { $entry } lässt sich nicht einzeln löschen, weil der Stand des Falls auf ihm beruht.
    .next = Löschen Sie die Kapsel, um die es geht (--capsule), oder den ganzen Fall (--case).
error-already-erased = Das wurde schon gelöscht.
    .next = Mehr ist nicht nötig. `asservat log` zeigt, wann.
error-not-a-branch = Die andere Kopie ist keinen eigenen Weg gegangen: Es gibt nichts zu vereinen.
    .next = Nehmen Sie die Kopie mit mehr Einträgen; `asservat log` zeigt, wie viele es sind.
error-other-case = Das sind zwei verschiedene Fälle.
    .next = Sehen Sie nach, ob es die richtigen Ordner sind.
error-not-evidence = Gegen eine Quittung lässt sich das nicht halten: { $path }
    .next = Geben Sie mit --against eine Kapsel oder einen Fallordner an.
error-secret-empty = In der ersten Zeile von { $path } steht kein Passwort.
    .next = Schreiben Sie das Passwort in die erste Zeile der Datei.
error-secret-is-public = { $path } enthält einen öffentlichen Schlüssel, keinen geheimen.
    .next = Um für einen öffentlichen Schlüssel zu versiegeln, geben Sie ihn mit --recipient an. Zum Öffnen braucht es den geheimen (AGE-SECRET-KEY-…).
error-secret-is-sealed = { $path } ist selbst versiegelt.
    .next = Öffnen Sie die Datei zuerst mit `age -d` und übergeben Sie das Ergebnis mit --key-fd.
error-secret-is-plugin = Aus diesem Schlüssel eines Tokens lässt sich der öffentliche nicht ablesen.
    .next = Geben Sie den öffentlichen Schlüssel mit --recipient an.
error-secret-too-long = { $path } ist zu lang für einen Schlüssel oder ein Passwort.
    .next = Sehen Sie nach, ob es die richtige Datei ist.
error-identity-file-line = Zeile { $line } der Schlüsseldatei ist kein Schlüssel.
    .next = Die Datei darf nur Zeilen AGE-SECRET-KEY-… oder AGE-PLUGIN-… und Kommentare enthalten.
error-key-fd-unavailable = Dateideskriptoren lassen sich auf diesem System nicht verwenden.
    .next = Verwenden Sie --key-file oder --signing-key-file.
error-entry-too-long = Das ist zu lang für einen Eintrag im Protokoll.
    .next = Kürzen Sie den Text, oder verteilen Sie ihn auf mehrere Notizen. Lange Dokumente sichert man als Dateien.

error-gate-missing = Es wurde nichts gelesen: Es fehlt die Antwort, ob ein Nackt- oder Sexualbild von jemandem unter 18 darin sein könnte.
    .next = Fragen Sie das für genau diese Auswahl, und geben Sie die Antwort mit --gate no (nein), --gate yes (ja) oder --gate unsure (unsicher) an.
error-gate-yes = Die Antwort war ja. Es wurde nichts geöffnet, gelesen oder kopiert, und das bleibt so.
    .next =
    Schon der Besitz solcher Bilder ist strafbar (§ 184b, § 184c StGB), auch für Sie und gleich zu welchem Zweck.
    Sie müssen nicht herausfinden, wie alt die Person ist.

    Was Sie jetzt tun:
      - Nicht öffnen, nicht kopieren, nicht abfotografieren, nicht weiterleiten.
      - Bitten Sie die Klientin nicht, es zu schicken oder noch einmal zu zeigen.
      - Lassen Sie es auf ihrem Gerät. Löschen Sie es nicht und lassen Sie es nicht löschen: Datei und Chat bleiben,
        bis die Polizei sie vom Gerät gesichert hat.
      - Schreiben Sie in Worten auf, wo es liegt, wer davon weiß und seit wann; nicht, wie es aussieht:
        asservat note FALL "…"
      - Sprechen Sie vor allem anderen mit einer spezialisierten Anwältin, und mit der Klientin darüber, wie es weitergeht.
      - Die Polizei kann es vom Gerät sichern. Sie braucht dafür keine Kopie von Ihnen.
    Alles andere lässt sich weiterhin sichern: Wählen Sie Dateien, in denen sicher nichts dergleichen ist.
error-gate-unsure = Die Antwort war unsicher. Es wurde nichts gelesen oder kopiert.
    .next = Wählen Sie weniger und antworten Sie noch einmal: einen Chat ohne Bilder und Videos (--without-media) oder einzelne Dateien, deren Inhalt die Klientin kennt.
error-secret-missing = Es braucht ein Passwort oder einen Schlüssel, und hier kann niemand danach gefragt werden.
    .next = Rufen Sie den Befehl in einem Terminal auf, oder geben Sie Dateien an: --key-file für den Fall, --signing-key-file für diese Installation, --new-key-file für eine neue Person.
error-passphrases-differ = Die beiden Passwörter waren verschieden. Es wurde nichts getan.
    .next = Versuchen Sie es noch einmal, und tippen Sie langsam. Ein Satz aus mehreren Wörtern ist leichter als Zeichen.
error-not-confirmed = Es wurde nicht bestätigt. Es wurde nichts gelöscht.
    .next = Antworten Sie auf die Frage mit ja, oder geben Sie in einem Skript --yes an.
error-consent-unknown = Diese Einwilligung gibt es in diesem Fall nicht.
    .next = `asservat consent FALL list` zeigt die Einwilligungen. Ohne eine verlässt nichts den Fall.
error-consent-withdrawn = Die Klientin hat diese Einwilligung zurückgenommen.
    .next = Es verlässt nichts den Fall. Wenn sie wieder einwilligt: `asservat consent FALL give`.
error-consent-expired = Der letzte Tag dieser Einwilligung ist vorbei.
    .next = Fragen Sie sie noch einmal, und halten Sie es fest: `asservat consent FALL give`.
error-consent-other-recipient = Diese Einwilligung gilt für jemand anderen.
    .next = Schreiben Sie --to genau wie in der Einwilligung (`asservat consent FALL list`), oder bitten Sie sie um eine für diese Stelle.
error-consent-other-purpose = Diese Einwilligung gilt für einen anderen Zweck.
    .next = Bitten Sie sie um eine für diesen Zweck.
error-consent-not-covered = Eines der Stücke, die Sie genannt haben, deckt die Einwilligung nicht.
    .next = Lassen Sie es bei --items weg, oder fragen Sie die Klientin, ob sie auch diesem zustimmt.
error-nothing-to-hand-over = Von dem, was Sie gewählt haben, darf nichts übergeben werden.
    .next = `asservat consent FALL list` zeigt, wozu sie eingewilligt hat. Gesperrte Stücke verlassen den Fall nie.

error-wrong-key = Dieses Passwort oder dieser Schlüssel öffnet das nicht.
    .next = Versuchen Sie es noch einmal: Großschreibung, andere Tastatur? `--key-holder NAME` sagt, wessen Schlüssel es ist. Auch zwei Notfall-Teile öffnen den Fall.
error-shares = Die beiden Notfall-Teile gehören nicht zusammen oder nicht zu diesem Fall.
    .next = Vergleichen Sie die Satznummer auf den Blättern und die Schreibung jedes Wortes.
error-plugin-missing = Das Programm age-plugin-{ $name } ist nicht installiert.
    .next = Installieren Sie es; ohne es öffnet dieses Token nichts.
error-plugin-failed = Das Programm age-plugin-{ $name } meldet einen Fehler.
    .next = Stecken Sie das Token ein und versuchen Sie es noch einmal.
error-key-unsuitable = Diese Schlüssel lassen sich nicht nebeneinander verwenden.
    .next = Wählen Sie Schlüssel einer Art.

error-path-unreadable = { $path } lässt sich nicht lesen: { $reason }.
    .next = Sehen Sie nach, ob es richtig geschrieben ist und ob Sie es lesen dürfen.
error-target-exists = { $path } gibt es schon. Es wird nichts überschrieben.
    .next = Wählen Sie einen Ordner oder eine Datei, die es noch nicht gibt.
error-target-unwritable = { $path } lässt sich nicht schreiben: { $reason }.
    .next = Sehen Sie nach, ob das Medium eingesteckt, nicht schreibgeschützt und Ihres ist.
error-disk-full = Das Medium ist voll. Was vorher da war, ist unverändert; es blieb nichts Halbes zurück.
    .next = Schaffen Sie Platz oder nehmen Sie ein größeres Medium, und rufen Sie denselben Befehl noch einmal auf.
error-file-too-large = So große Dateien wie { $name } nimmt dieses Medium nicht an. (Bei FAT32-Sticks ist bei 4 GB Schluss.)
    .next = Formatieren Sie den Stick mit exFAT, oder nehmen Sie ein anderes Medium.
error-not-permitted = { $name } im Ordner darf nicht gelesen oder geändert werden.
    .next = Entfernen Sie den Schreibschutz, oder fragen Sie, wer diesen Computer eingerichtet hat.
error-read-back-differs = Das Medium hat nicht behalten, was geschrieben wurde. Auf das, was es sagt, ist kein Verlass.
    .next = Nehmen Sie ein anderes Medium und rufen Sie den Befehl noch einmal auf. Das alte sollten Sie nicht mehr verwenden.
error-copy-differs = Die Kopie ist nicht gleich dem Fall. Hier wurde nichts entfernt.
    .next = Nehmen Sie ein anderes Medium und rufen Sie den Befehl noch einmal auf.
error-medium-failed = Das Medium versagt bei { $name }: { $reason }.
    .next = Stecken Sie es neu ein, versuchen Sie einen anderen Anschluss. Geschieht es wieder: Kopieren Sie, was lesbar ist, auf ein anderes Medium.
error-outcome-unknown = Es ist nicht bekannt, ob der letzte Schritt noch geschrieben wurde.
    .next = `asservat log` zeigt den letzten Eintrag. Was dort nicht steht, ist nicht geschehen; rufen Sie den Befehl dann noch einmal auf.
error-not-carried-out = Eintrag { $entry } ist geschrieben, aber noch nicht alle seine Dateien sind an ihrem Platz.
    .next = Machen Sie das Medium wieder beschreibbar; der nächste Befehl bringt es von selbst zu Ende.
error-output-failed = Die Antwort ließ sich nicht ausgeben.
    .next = Sehen Sie nach, ob dort Platz ist, wohin die Ausgabe geht. Was der Befehl getan hat, steht in `asservat log`.

error-busy = An diesem Fall arbeitet gerade ein anderes Programm.
    .next = Warten Sie, bis es fertig ist, oder schließen Sie es.
error-read-only-copy = Das ist eine Kopie, nur zum Lesen. Schreibende Kopie, soweit bekannt: { $place }
    .next = Arbeiten Sie dort. Soll von jetzt an diese hier die schreibende sein: `asservat claim FALL --reason …`
error-read-only = Das wurde nur zum Lesen geöffnet.
    .next = Machen Sie den Ordner beschreibbar, oder arbeiten Sie in der schreibenden Kopie.
error-older-than-seen = Diese Kopie hat { $here } Einträge; dieser Computer hat schon { $seen } gesehen.
    .next = Suchen Sie die neuere Kopie. Gibt es keine mehr: `asservat claim FALL --reason …`; dass sie älter ist, wird festgehalten.
error-diverged = Diese Kopie ist einen anderen Weg gegangen als die, die dieser Computer gesehen hat.
    .next = Beide bleiben erhalten: Öffnen Sie die, mit der Sie arbeiten, und vereinen Sie die andere mit `asservat join FALL ANDERE`.
error-signer-not-introduced = Diese Installation hat in diesem Fall noch nie unterschrieben.
    .next = `asservat claim FALL --reason …` macht diese Kopie zu ihrer schreibenden.
error-target-not-older = Am Ziel liegen Einträge, die hier fehlen; beim Kopieren gingen sie verloren.
    .next = Nehmen Sie ein anderes Ziel, oder holen Sie den Fall zuerst von dort mit `asservat take`.
error-case-erased = Dieser Fall wurde gelöscht. Übrig ist nur die Spur davon.
    .next = Es lässt sich nichts mehr hinzufügen. Für Neues legen Sie einen neuen Fall an.

error-on-hold = Der Fall steht unter Löschsperre: Es darf nichts gelöscht werden.
    .next = Fragen Sie die Anwältin, ob die Sperre enden darf; dann `asservat hold FALL off --reason …`
error-stopped = Dieses Stück ist gesperrt: Es wird nie wieder gezeigt, herauskopiert oder übergeben.
    .next = Lassen Sie es, wie es ist, und sprechen Sie mit der Anwältin über den Weg zur Polizei.

error-not-ours = { $path } ist weder ein Fall noch eine Kapsel, eine Quittung oder ein Paket von Asservat.
    .next = Geben Sie den Ordner des Falls oder Pakets selbst an, oder die Datei der Kapsel oder Quittung.
error-not-a-case = Unter { $path } liegt kein Fall.
    .next = Geben Sie den Ordner an, den `asservat new` angelegt hat (darin liegt case.json).
error-not-finished = Das Anlegen dieses Falls wurde unterbrochen, bevor es ihn gab.
    .next = Entfernen Sie den Ordner und legen Sie den Fall noch einmal an; es war noch nichts darin.
error-version = Das hat eine neuere Version des Programms geschrieben.
    .next = Installieren Sie die neuere Version. Ändern Sie hier nichts.
error-other-origin = case.json und das Protokoll gehören nicht zusammen: Hier liegt eine Datei eines anderen Falls, oder sie wurde geändert.
    .next = Ändern Sie nichts. `asservat verify` sagt, was abweicht; vergleichen Sie mit einer anderen Kopie.
error-malformed = { $name } hat nicht die Form, die es haben muss: beschädigt oder geändert.
    .next = Ändern Sie nichts. `asservat verify` sagt, was abweicht; vergleichen Sie mit einer anderen Kopie.
error-not-signed = { $name } ist nicht von einem Schlüssel dieses Falls unterschrieben.
    .next = Ändern Sie nichts. `asservat verify` sagt, was abweicht; vergleichen Sie mit einer anderen Kopie.
error-log-damaged = Das Protokoll ist nicht das unterschriebene.
    .next = Ändern Sie nichts. `asservat verify` sagt, was abweicht; vergleichen Sie mit einer anderen Kopie.
error-entry-damaged = Eintrag { $entry } fehlt, ist beschädigt oder ausgetauscht.
    .next = Ändern Sie nichts. `asservat verify` sagt, was abweicht; vergleichen Sie mit einer anderen Kopie.
error-keyring-mismatch = { $name } ist beschädigt oder gehört zu jemand anderem oder zu einem anderen Fall.
    .next = Öffnen Sie den Fall als jemand anderes (--key-holder), oder nehmen Sie die Datei aus einer anderen Kopie.
error-file-missing = { $name } fehlt im Ordner.
    .next = Ändern Sie nichts. `asservat verify` sagt, was abweicht; vergleichen Sie mit einer anderen Kopie.
error-truncated = Eine versiegelte Datei ist abgeschnitten.
    .next = Bewahren Sie sie auf, und suchen Sie eine andere Kopie davon.
error-sealed-damaged = Eine versiegelte Datei ist ab Byte { $offset } beschädigt oder abgeschnitten.
    .next = Bewahren Sie sie auf, und suchen Sie eine andere Kopie davon.
error-header-damaged = Der Anfang einer versiegelten Datei ist beschädigt, oder es ist keine.
    .next = Bewahren Sie sie auf, und suchen Sie eine andere Kopie davon.
error-work-factor = Eine versiegelte Datei verlangt mehr Rechenarbeit, als angenommen wird (scrypt { $factor }).
    .next = Asservat hat sie nicht geschrieben. Öffnen Sie sie nicht.
error-over-limit = { $name } ist größer als alles, was dorthin gehört.
    .next = Asservat hat das nicht geschrieben. Ändern Sie nichts, und vergleichen Sie mit einer anderen Kopie.
error-capsule-damaged = Die Kapsel geht auf, aber was darin ist, ist nicht wie eine Kapsel aufgebaut.
    .next = Bewahren Sie sie auf. `asservat verify` sagt, was abweicht; suchen Sie eine andere Kopie.
error-item-differs = Stück { $item } ist nicht, was gesichert wurde. Es wurde nichts übergeben.
    .next = `asservat verify` mit einem Schlüssel sagt, was abweicht; suchen Sie eine andere Kopie des Falls.
error-receipt-impossible = Über dieses Protokoll kann diese Installation keine Quittung ausstellen. ({ $what })
    .next = Eine Quittung unterschreibt die Installation, die zuletzt geschrieben hat. `asservat claim` macht diese dazu, `asservat verify` prüft das Protokoll.
error-branch-too-long = Die andere Kopie hat zu viele eigene Einträge, um sie auf einmal zu vereinen.
    .next = Lassen Sie beide Kopien, wie sie sind; jede lässt sich für sich prüfen.

error-fault = Das ist ein Fehler des Programms, nicht Ihrer. ({ $place })
    .next = Was bestätigt wurde, ist sicher aufgehoben. Bitte geben Sie diese Zeile denen, die Asservat pflegen; sie enthält nichts über den Fall.

reason-not-found = unter diesem Namen gibt es nichts
reason-not-permitted = es ist nicht erlaubt
reason-read-only = das Medium ist schreibgeschützt
reason-exists = es gibt es schon
reason-not-a-folder = ein Teil des Pfads ist kein Ordner
reason-a-folder = es ist ein Ordner
reason-no-text = es ist kein Text
reason-name = dieser Name ist hier nicht möglich
reason-too-large = es ist zu groß für dieses Medium
reason-other = das System meldet einen Fehler
