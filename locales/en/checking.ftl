# Device check, guides, guided look.

check-device = Device: { $told }
check-apps = { $count ->
        [0] Apps were not listed.
        [one] One app was looked at.
       *[other] { $count } apps were looked at.
    }
check-account = Account on the device: { $account }
check-nothing = In what could be checked nothing clear was found. That does not mean that nothing is there: read what could not be checked.
check-who-sees-what = Who can see what:
check-group =   { $title }: finding { $findings }
check-finding = Finding { $number } ({ $sure }): { $title }
check-known = Known as { $family }, by the list { $list }
check-known-also = Known as { $family } (also { $aliases }), by the list { $list }
check-since =   Installed since: { $time }
check-sees =   This could be visible through it: { $groups }
check-seen = What was seen:
check-more-places =       and in { $count } further places
check-more-signs =     and { $count } further signs; --finding { $number } shows all
check-why =   { $title }: { $text }
check-also = Also: { $title }
check-ordinary =     Ordinary explanation: { $text }
check-asks = Questions for the client:
check-now = Can be done now (read what can be noticed):
check-plan = Only with a plan:
check-never = Take care:
check-noticed = (Who can notice: { $text })
check-undo = (To undo: { $text })
check-as-above = What stands at the findings above holds here, too.
check-more-alike = and { $count } more; --all shows all
check-withheld = { $count ->
        [one] One piece of advice changes something on the phone and comes only after the safety questions: --removal
       *[other] { $count } pieces of advice change something on the phone and come only after the safety questions: --removal
    }
check-weak = Weak signs, to ask about; ordinary reasons are common (--finding NUMBER shows one of them):
check-not-found = Not found. That does not mean safe:
check-not-found-in-part = Not found, but only a part could be read. That does not mean safe:
check-could-not = Could not be checked with this, and how one could:
check-look = What no file shows can be looked at on the phone: asservat look
check-looked = Looked at on the phone:
check-gaps = { $count ->
        [one] One file could not be opened and was not checked.
       *[other] { $count } files could not be opened and were not checked.
    }
check-problems = What could not be read:
check-problems-more =   and { $count } more
check-needs-key = Much may still be unread, for something is encrypted. Again with its password: --evidence-key
check-lists = The check compares with these lists (number of indicators):
check-list-problems =     { $count } entries of this list were not understood
check-no-input = Nothing was checked: there is nothing in it that the check knows. Some files it knows only by name, for example dumpsys_package.txt. `asservat guide` shows what it can read and how to obtain it.
check-next = --finding NUMBER shows a finding with all places, --original beside it the original bytes. First preserve, then change.

platform-android = Android
platform-ios = iPhone or iPad
platform-any = unknown
sure-known = known
sure-strong = several things fit together
sure-weak = weak sign

guide-list = What the check can read:
guide-next = asservat guide NAME shows how to obtain it. The safety questions come first.
guide-trace-nothing = leaves nothing on the phone
guide-trace-little = leaves little on the phone
guide-trace-visible = leaves something visible on the phone
guide-minutes = Takes about { $minutes } minutes
guide-needs = Needed: { $text }
guide-leaves = What stays on the phone: { $text }
guide-noticed = Who could notice: { $text }
guide-undo = To undo: { $text }
guide-bring = How the file gets to this laptop: { $text } Then asservat check --folder PATH checks it, and asservat secure puts it into a capsule.
guide-cannot = What this cannot show: { $text }

safety-question = yes, no or don't know?
safety-again = Please yes, no or “don't know”.
words-unknown = don't dont unknown d ?

look-list = Steps for a look at the phone:
look-next = asservat look --step NAME shows one step. Looking changes nothing; end nothing without a plan.
look-look-for = Look for: { $text }
look-noticed = What can be noticed: { $text }
look-ask = Ask: { $text }
look-known = If the client knows it or wants it: { $text }
look-unknown = If she does not know it or does not want it: { $text }
look-never = Take care: { $text }
look-write = To write it down, if she agrees: asservat look CASE --step { $step } --said ANSWER --agreed (fine, unknown-thing: something unknown was seen, could-not-look, not-now)
look-written = Written down as entry { $entry }.
look-said-fine = fine
look-said-unknown-thing = something unknown was seen
look-said-could-not-look = could not be looked at
look-said-not-now = not now
