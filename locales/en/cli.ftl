# What commands say and ask.

overview =
    Asservat keeps what the client brings so that nobody can change it unnoticed,
    and hands over exactly what she agreed to. It works offline.

    The first three steps:
      1. Make a case:      asservat new CASE --alias "Amsel" --holder client --purpose "proceedings" --until 2027-05-31
      2. Secure something: asservat secure CASE PATH --source "Samsung A52, unlocked by the client"
         (One question comes first. If the answer is yes or unsure, nothing is read.)
      3. Give it to her:   asservat give CASE FOLDER-ON-HER-STICK --to client
         (You keep a receipt: it proves later that nothing was changed, and tells nothing.)

    To see all of it once with an invented case: asservat demo
    All commands: asservat --help

failure =
    { $message }
    Next: { $next }
    ({ $code })

words-yes = yes y
words-no = no n
words-unsure = unsure u
not-stated = not stated

bytes =
    { $count ->
        [one] { $count } byte
       *[other] { $count } bytes
    }
seconds =
    { $count ->
        [one] { $count } second
       *[other] { $count } seconds
    }
minutes =
    { $count ->
        [one] { $count } minute
       *[other] { $count } minutes
    }
progress = { $done } of { $total }
progress-left = { $done } of { $total }, { $left } left
stage-measuring = Looking how much it is
stage-sealing = Securing
stage-reading-back = Reading back from the medium
stage-reading = Reading
stage-checking = Checking
stage-understanding = Looking for hints and identifiers
stage-verifying = Checking
stage-copying = Copying and comparing
stage-unsealing = Writing out
stage-handing-over = Writing the package

ask-signing-key = Passphrase of this installation (your own, for signing):
ask-signing-key-new = New passphrase of this installation (your own, for signing):
ask-case-key = Passphrase of the case:
ask-case-key-new = New passphrase of the case (for whoever holds it):
ask-holder-key-new = New passphrase for the new holder:
ask-share-first = First recovery share (28 words, not shown):
ask-share-second = Second recovery share (28 words, not shown):
passphrase-again = The same once more (leave it empty to choose another):
passphrase-empty = That was empty.
passphrase-other = The second one was different. Once more from the beginning.
passphrase-short = This passphrase has fewer than { $count } characters and can be guessed. Several words are better.

installation-needed =
    Asservat is used here for the first time. It makes a signing key for this account: whoever checks later sees
    that it was this one that signed. The key has a passphrase of its own; without it nobody signs in your name.
installation-made =
    The signing key was made. Its fingerprint, for the paper that goes along:
    { "  " }{ $fingerprint }

gate-question =
    Could a naked or sexual picture of someone under 18 be in it?
    (yes / no / unsure)
gate-again = Please answer yes, no or unsure. Unsure is a good answer.
gate-without-media = without pictures and videos
gate-narrower =
    Unsure is the honest answer for a whole phone. Nothing was read. You can choose less:
      1  the same, without pictures and videos
      2  other files or folders
      3  stop here; nothing is secured
gate-narrower-question = 1, 2 or 3?
gate-choose-paths = One path a line, an empty line ends.
gate-yes-recorded = The log says that the question was answered with yes, and nothing else.
gate-yes-not-recorded = The answer could not be written into the log: { $why }

holder-means-client =
    The client will hold this case. Give it to her with `asservat give`; you keep a receipt that tells nothing.
    You can be asked about it as a witness all the same.
holder-means-lawyer =
    The client's lawyer will hold this case. Give it to the lawyer with `asservat give`; you keep a receipt that tells nothing.
    You can be asked about it as a witness all the same.
holder-means-centre =
    Your centre will hold this case. Its staff can be questioned and its files can be seized; tell the client so.
    She or her lawyer can hold it instead.

new-done = The case lies in { $folder }
new-case = Case { $case }
new-next = Next: asservat secure CASE PATH --source "…"
fingerprint =
    Fingerprint of the signing key, for the paper:
    { "  " }{ $fingerprint }
shares-how =
    Recovery shares. Any two of them open the case, one does not. They are stored nowhere:
    write each on its own sheet now and give them to different people.
share =
    Share { $number }:
    { "  " }{ $words }

secure-done =
    Capsule { $number } is sealed: { $files ->
        [one] { $files } file
       *[other] { $files } files
    }, { $bytes }.
secure-name = capsules/{ $name } ({ $size })
sha256 = SHA-256 { $sha256 }
read-back-medium = Read back from the medium and compared: the same.
read-back-cache = Read back and compared: the same. (This system gave it from its memory; whether the medium kept it shows when it is plugged in again.)
secure-gaps = Could not be taken, or was left out; each is listed in the capsule:
gap-unreadable = not readable
gap-special = neither file nor folder (socket, device, …)
gap-limit = over a limit, or left out as chosen (pictures, videos)
gap-vanished = disappeared while reading
gap-shrunk = became shorter while reading; filled up with zeros
gap-grew = grew while reading; taken up to the length it had
gap-changed = was changed while reading
secure-next = Items of it are named { $number } (all of it) and { $number }:0, { $number }:1, … (single files).

show-nothing = There is no capsule in this case, or not this one.
show-capsule = Capsule { $number }, sealed { $at }: { $source }
show-stopped = (stopped)

left-out-permission = not permitted to read
left-out-in-use = in use by another program
left-out-system-error = the system reports an error
left-out-vanished = disappeared while reading
left-out-only-in-cloud = not on this computer, only in the cloud
left-out-own-case = belongs to this case itself
left-out-name-too-long = the name is too long
left-out-too-large = too large
left-out-left-out-media = picture or video, left out as chosen
left-out-too-deep = too many folders in each other
left-out-too-many-entries = too many files
left-out-too-many-open-folders = too many folders open at once
left-out-fifo = no file (pipe)
left-out-socket = no file (socket)
left-out-device = no file (device)

note-done = The note is entry { $entry }.
hold-on = The case is held from now on (entry { $entry }). Nothing of it can be erased.
hold-off = The hold has ended (entry { $entry }).
stop-done = { $item } is stopped: from now on never shown, copied out or handed over.
stop-next = Nothing was deleted. Talk with a specialised lawyer about the way to the police. If it is a picture of someone under 18: do not open it, do not copy it.

consent-given = The consent is recorded. Its name is { $id }.
consent-withdrawn = The consent { $id } is withdrawn. What was handed over before cannot be called back.
consent-none = There is no consent in this case. Without one nothing leaves.
consent-line = { $id }  to { $to }, for { $purpose }, items { $items }, until { $until }
consent-line-withdrawn = (withdrawn, entry { $entry })
items-all = all

handover-done =
    The package lies in { $folder }: { $items ->
        [one] { $items } item
       *[other] { $items } items
    }, { $bytes }.
handover-sums = SHA-256 of SHA256SUMS, for the paper: { $sha256 }
withheld-no-consent = left out: she did not agree to it
withheld-not-chosen = left out: not chosen
withheld-stopped = left out: stopped
withheld-never-taken = could not be taken from the source
handover-next = It was checked after writing. READ-ME-FIRST.txt in it says how to check it without Asservat. Print the fingerprint on the paper that goes along.

give-done = The case lies in { $folder } ({ $bytes }, every byte read back and compared). It was removed here.
give-receipt = The receipt you keep: { $path }
give-left-behind = These files of the copy here could not be removed; remove them by hand:
take-done = The case lies in { $folder } ({ $bytes }, every byte read back and compared). This is the writing copy now.
take-next = What lies on the stick is a copy from now on, for reading only. Nothing was removed there.
claim-done = This copy is the writing copy from now on. Every other one is for reading only.
join-done =
    Both branches are joined by entry { $entry }; nothing was lost. { $capsules ->
        [0] No capsule came with it.
        [one] One capsule came with it.
       *[other] { $capsules } capsules came with it.
    }
join-erasures =
    { $count ->
        [one] Something was erased there
       *[other] { $count } times something was erased there
    } that may still be here. Look at the log, and erase it here too if that is right.
join-holders = Holders were added or removed there. Those of this case stay as they were; look whether that is right (asservat holders CASE list).
join-nothing = There was nothing to join.
receipt-done = The receipt is written: { $path }
receipt-keep = Whoever has the receipt can prove that capsules are unchanged since today, and learns nothing from it. Keep it apart from the case.

unseal-done =
    { $files ->
        [one] { $files } file
       *[other] { $files } files
    }, { $bytes }, written to { $folder }
unseal-stopped =
    { $count ->
        [one] { $count } item is stopped and was left out.
       *[other] { $count } items are stopped and were left out.
    }
unseal-next = These files are unprotected. Remove them when you no longer need them; the capsule keeps the originals.

holders-added = { $name } can open the case from now on, everything in it from the beginning.
holders-removed = { $name } cannot open what is secured from now on. What { $name } could read before can still be read wherever a copy was kept.
holders-line = { $name }  { $how }, since { $since }
how-passphrase = passphrase
how-recipient = public key
how-plugin = token
how-recovery = recovery shares
how-first = from the beginning

erase-case = The WHOLE CASE will be erased: its keys, all capsules, everything in the log but the trace. Nobody brings it back.
erase-capsule = Capsule { $number } will be erased. Nobody brings it back.
erase-entry = What entry { $number } says will be erased. Nobody brings it back.
erase-question = Erase? (yes / no)
erase-done = Erased. Entry { $entry } says that, when and why, and nothing of what it was.
unreachable-how = This could not be reached from here:
unreachable-copies = copies on other media, backups
unreachable-former-holders-keys = keys that former holders may have kept
unreachable-printed-shares = printed recovery shares
unreachable-handed-over-packages = packages that were handed over
unreachable-flash-remnants = remnants in the cells of sticks and SSDs, as long as nobody writes over them

log-erased = (erased)
kind-case-created = case made
kind-key-introduced = signing key introduced
kind-writing-claimed = made the writing copy
kind-gate-answered = gate answered
kind-capsule-sealed = capsule sealed
kind-item-stopped = item stopped
kind-note = note
kind-consent-given = consent given
kind-consent-withdrawn = consent withdrawn
kind-hold-on = hold begins
kind-hold-off = hold ends
kind-holder-added = holder added
kind-holder-removed = holder removed
kind-opened = looked at
kind-unsealed = written out
kind-capsules-read = capsules read
kind-check-run = checked for monitoring
kind-look-answered = looked at on the phone
kind-record-tagged = tag set or removed
kind-person-decided = person: same or not the same
kind-hint-decided = hint decided
kind-evidence-key = password of the evidence kept
kind-case-given = case given
kind-case-taken = case taken back
kind-handed-over = handed over
kind-erased = erased
kind-forked = branch joined

looking-leaves-no-entry = This is not the writing copy: that it was looked at leaves no entry.

step-material = Invented material, every piece says so: { $place }
step-new = Case made: { $place }
step-secure = Secured into a capsule: { $place }
step-read = Read in a process without network, files and keys, { $detail } records: { $place }
step-consent = Consent recorded: { $detail }
step-handover = Package for the police, { $detail } items: { $place }
step-verify = Checked, unchanged: { $place }
step-give = Given to the client on her stick ({ $detail }, every byte compared): { $place }
step-receipt = Receipt for the centre: { $place }
demo-done =
    Everything lies in { $folder }
    The passphrase of this practice case is in passphrases.txt there. Remove the folder when you are done.
