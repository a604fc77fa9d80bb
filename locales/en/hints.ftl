# Hints: passages that may point to a tactic.
hints-head = Hints in these languages: { $languages }
hints-no-verdict = Every hint is a mark with a reason, not a verdict. It may be harmless. What is not marked is not ruled out by that.
hints-draft = { $language } is a draft: this language did not pass on examples by somebody else. Expect more mistakes.
hints-none = Nothing marked. That does not mean that nothing is there.
hints-left-out = { $count ->
    [one] 1 dismissed hint is left out; --dismissed shows it.
   *[other] { $count } dismissed hints are left out; --dismissed shows them.
}
hints-more = { $shown } shown, there are more: --most and --skip.
hints-ordinary = May also be: { $readings }
hints-may-point = May point to: { $name } ({ $code })
hints-rule = Because a rule fits ({ $language }): { $rule }
hints-structure = { $name }: { $about } Here { $count } times, from { $first } to { $last }. May also be: { $ordinary }
hints-structure-other = The other side here: { $count ->
    [one] once.
   *[other] { $count } times.
}
hints-by-hand = Set by hand. { $why }
hints-relabelled = Given another name by hand. { $why }
hints-dismissed = Dismissed. { $why }
hints-decided = Kept as entry { $entry }. It can be taken back with --undo.
hints-ask = Question: { $question }
hints-readings = May also be:
hints-evidence = What often exists beside it:
hints-avoid = What not to do now:
hints-sources = Leans on:
hints-htcds = Corresponds in HTCDS 2.0 to:
hints-languages = Languages of the hints. Measured on invented messages written by somebody who did not know the rules; half of them ordinary messages. No native speaker has reviewed any of them.
hints-quality = { $language }: { $state }; { $measured }
hints-measured = of { $messages } unknown messages: { $recall } % of those with a tactic found, { $precision } % of the marks right
hints-not-measured = not measured on unknown messages yet
hints-passed = passed
hints-is-draft = draft, only on request (--language)
