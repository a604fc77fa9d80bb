# Hinweise: Stellen, die auf eine Taktik deuten können.
hints-head = Hinweise in den Sprachen: { $languages }
hints-no-verdict = Jeder Hinweis ist eine Markierung mit Grund, kein Urteil. Er kann auch harmlos sein. Was nicht markiert ist, ist damit nicht ausgeschlossen.
hints-draft = { $language } ist ein Entwurf: An fremden Beispielen hat diese Sprache nicht bestanden. Erwarten Sie mehr Fehler.
hints-none = Nichts markiert. Das heißt nicht, dass nichts da ist.
hints-left-out = { $count ->
    [one] 1 verworfener Hinweis ist ausgelassen; --dismissed zeigt ihn.
   *[other] { $count } verworfene Hinweise sind ausgelassen; --dismissed zeigt sie.
}
hints-more = { $shown } gezeigt, es gibt mehr: --most und --skip.
hints-ordinary = Kann auch sein: { $readings }
hints-may-point = Möglicher Hinweis auf: { $name } ({ $code })
hints-rule = Weil die Regel passt ({ $language }): { $rule }
hints-structure = { $name }: { $about } Hier { $count } mal, von { $first } bis { $last }. Kann auch sein: { $ordinary }
hints-structure-other = Die andere Seite hier: { $count } mal.
hints-by-hand = Von Hand gesetzt. { $why }
hints-relabelled = Von Hand anders zugeordnet. { $why }
hints-dismissed = Verworfen. { $why }
hints-decided = Festgehalten als Eintrag { $entry }. Es lässt sich mit --undo zurücknehmen.
hints-ask = Frage: { $question }
hints-readings = Kann auch sein:
hints-evidence = Was es dazu oft gibt:
hints-avoid = Was Sie jetzt nicht tun sollten:
hints-sources = Beruht auf:
hints-htcds = Entspricht in HTCDS 2.0:
hints-languages = Sprachen der Hinweise. Gemessen an erfundenen Nachrichten, geschrieben von jemandem, der die Regeln nicht kannte; die Hälfte gewöhnliche Nachrichten. Muttersprachlich geprüft ist keine.
hints-quality = { $language }: { $state }; { $measured }
hints-measured = von { $messages } unbekannten Nachrichten: { $recall } % der einschlägigen gefunden, { $precision } % der Markierungen richtig
hints-not-measured = noch an keinen unbekannten Nachrichten gemessen
hints-passed = bestanden
hints-is-draft = Entwurf, nur auf Wunsch (--language)
