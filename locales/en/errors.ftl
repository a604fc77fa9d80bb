# Errors of the command line: what happened, and as `next` what to do now.

error-usage-command = There is no command “{ $given }”.
    .next = `asservat --help` lists the commands.
error-usage-command-missing = It is not said what to do.
    .next = `{ $asked } --help` lists what there is.
error-usage-argument = “{ $given }” is not known here.
    .next = `{ $asked } --help` shows what this command takes.
error-usage-missing = This is missing: { $given }
    .next = `{ $asked } --help` shows what each of them means.
error-usage-value = “{ $value }” does not fit { $given }.
    .next = `{ $asked } --help` shows what is expected there. Dates are written 2027-05-31.
error-usage-value-missing = A value is missing behind { $given }.
    .next = `{ $asked } --help` shows what is expected there.
error-usage-conflict = { $given } and { $other } cannot be given together.
    .next = Leave one of them out. `{ $asked } --help` shows what each means.
error-usage-other = The command line was not understood. { $given }
    .next = `{ $asked } --help` shows how it is written.
error-secret-on-command-line = A secret key stands in the command line. Other programs on this computer can read it there, and the shell may have kept it.
    .next = Use this key no more. Make a new one, write it into a file and give the file with --key-file; or leave it out and type it when asked.
error-no-home = This system does not say where programs keep their data.
    .next = Say it with --home FOLDER.
error-no-installation = Asservat has not been set up for this account yet.
    .next = `asservat new` makes the first case and sets it up. For a case that exists already: `asservat take` or `asservat claim`.
error-alias-and-purpose = Alias and purpose must not be empty.
    .next = Choose an alias that is not the name, and say in a few words what the case is for.
error-holder-kind = Who holds the case must be client, lawyer or centre.
    .next = Give --holder client, --holder lawyer or --holder centre.
error-until-in-the-past = The end date is over already.
    .next = Give a day in the future with --until. If it is in the future, the clock of this computer is wrong: set it first.
error-give-to = It is not said to whom the case is given.
    .next = Say it with --to, for example --to client.
error-consent-incomplete = To whom, what for and how must not be empty.
    .next = Give --to, --purpose and --how, for example --how "signed sheet".
error-empty-note = The note is empty.
    .next = Write the text behind the case, or - to read it from the input.
error-reason-missing = A reason is missing.
    .next = Say it with --reason.
error-bad-input = Something that was given does not fit: { $what }
    .next = `--help` behind the command shows what is expected.
error-nothing-to-secure = There is nothing in what you chose that could be secured.
    .next = Look whether the files lie where you think. With --without-media pictures and videos are left out.
error-unknown = There is no “{ $name }” in this case, or it was erased.
    .next = `asservat log` shows the numbers of capsules, `asservat consent CASE list` the consents.
error-no-such-entry = There is no entry { $entry } in this case.
    .next = `asservat log` shows the entries with their numbers.
error-no-such-holder = There is no holder of this name.
    .next = `asservat holders CASE list` shows the names.
error-holder-exists = There is a holder of this name already.
    .next = Choose another name, or remove the old one first with `asservat holders CASE remove`.
error-last-holder = The last holder cannot be removed: nobody could open the case any more.
    .next = Add another holder first. To let go of the case: `asservat erase CASE --case`.
error-share-count = A recovery split has 2 to 255 shares.
    .next = Three shares for three people are usual.
error-not-erasable = Entry { $entry } cannot be erased by itself, because the state of the case rests on it.
    .next = Erase the capsule it is about (--capsule) or the whole case (--case).
error-already-erased = This was erased already.
    .next = Nothing more is needed. `asservat log` shows when.
error-not-a-branch = The other copy did not go a way of its own: there is nothing to join.
    .next = Use the copy that has more entries; `asservat log` shows how many.
error-other-case = These are two different cases.
    .next = Look whether the folders are the right ones.
error-not-evidence = This cannot be held against a receipt: { $path }
    .next = Give a capsule file or a case folder with --against.
error-secret-empty = There is no passphrase in the first line of { $path }
    .next = Write the passphrase into the first line of the file.
error-secret-is-public = { $path } holds a public key, not a secret one.
    .next = To seal to a public key give it with --recipient. To open, the secret key (AGE-SECRET-KEY-…) is needed.
error-secret-is-sealed = { $path } is sealed itself.
    .next = Open it first with `age -d` and hand the result over with --key-fd.
error-secret-is-plugin = From this key of a token the public key cannot be told.
    .next = Give the public key with --recipient.
error-secret-too-long = { $path } is too long for a key or a passphrase.
    .next = Look whether this is the right file.
error-identity-file-line = Line { $line } of the key file is not a key.
    .next = The file must hold lines AGE-SECRET-KEY-… or AGE-PLUGIN-… and comments, nothing else.
error-key-fd-unavailable = File descriptors cannot be used on this system.
    .next = Use --key-file or --signing-key-file.
error-entry-too-long = This is too long for one entry of the log.
    .next = Shorten the text, or split it into several notes. Long documents are secured as files.

error-gate-missing = Nothing was read: it was not answered whether a naked or sexual picture of someone under 18 could be in it.
    .next = Ask this for exactly what you chose, then give the answer with --gate no, --gate yes or --gate unsure.
error-gate-yes = The answer was yes. Nothing was opened, read or copied, and nothing of it will be.
    .next =
    Possessing such pictures is an offence in itself (§ 184b, § 184c StGB), for you too and whatever the purpose is.
    You need not find out how old the person is.

    What you do now:
      - Do not open it, do not copy it, do not photograph it, do not forward it.
      - Do not ask the client to send it or to show it again.
      - Leave it on her device. Do not delete it and do not have it deleted: file and chat stay until the police
        have secured them from the device.
      - Write down in words where it lies, who knows of it and since when; not what it looks like:
        asservat note CASE "…"
      - Talk with a specialised lawyer before anything else, and with the client about what happens next.
      - The police can secure it from the device. They do not need a copy from you.
    Everything else can still be secured: choose files in which there is certainly nothing of the kind.
error-gate-unsure = The answer was unsure. Nothing was read or copied.
    .next = Choose less and answer again: a chat without pictures and videos (--without-media), or single files whose content the client knows.
error-secret-missing = A passphrase or key is needed, and nobody can be asked for it here.
    .next = Run the command in a terminal, or give files: --key-file for the case, --signing-key-file for this installation, --new-key-file for a new holder.
error-passphrases-differ = The two passphrases were different. Nothing was done.
    .next = Try again, and type slowly. A sentence of several words is easier than signs.
error-not-confirmed = It was not confirmed. Nothing was erased.
    .next = Answer yes when asked, or give --yes in a script.
error-consent-unknown = There is no such consent in this case.
    .next = `asservat consent CASE list` shows the consents. Without one nothing leaves.
error-consent-withdrawn = The client has taken this consent back.
    .next = Nothing leaves. If she agrees again: `asservat consent CASE give`.
error-consent-expired = The last day of this consent is over.
    .next = Ask her again, and record it with `asservat consent CASE give`.
error-consent-other-recipient = This consent is for another recipient.
    .next = Write --to exactly as in the consent (`asservat consent CASE list`), or ask her for a consent for this recipient.
error-consent-other-purpose = This consent is for another purpose.
    .next = Ask her for a consent for this purpose.
error-consent-not-covered = The consent does not cover one of the items you named.
    .next = Leave the item out of --items, or ask her whether she agrees to this one too.
error-nothing-to-hand-over = Nothing of what you chose may be handed over.
    .next = `asservat consent CASE list` shows what she agreed to. Stopped items never leave.

error-wrong-key = This passphrase or key does not open it.
    .next = Try again: capital letters, another keyboard? `--key-holder NAME` says whose key it is. Two recovery shares open the case too.
error-shares = The two recovery shares do not belong together, or not to this case.
    .next = Compare the set number on the sheets and the spelling of each word.
error-plugin-missing = The program age-plugin-{ $name } is not installed.
    .next = Install it; without it this token opens nothing.
error-plugin-failed = The program age-plugin-{ $name } reports an error.
    .next = Plug in the token and try again.
error-key-unsuitable = These keys cannot be used side by side.
    .next = Choose keys of one kind.

error-path-unreadable = { $path } cannot be read: { $reason }.
    .next = Look whether it is written right and whether you may read it.
error-target-exists = { $path } exists already. Nothing is overwritten.
    .next = Choose a folder or file that does not exist yet.
error-target-unwritable = { $path } cannot be written: { $reason }.
    .next = Look whether the medium is plugged in, not write-protected, and yours.
error-disk-full = The medium is full. What was there before is unchanged; nothing half was left.
    .next = Free some space or take a larger medium, then run the same command again.
error-file-too-large = This medium does not take a file as large as { $name }. (FAT32 sticks end at 4 GB.)
    .next = Format the stick as exFAT, or take another medium.
error-not-permitted = { $name } in the folder may not be read or changed.
    .next = Remove the write protection, or ask whoever set up this computer.
error-read-back-differs = The medium did not keep what was written. What it says is not to be trusted.
    .next = Take another medium and run the command again. The old one should not be used any more.
error-copy-differs = The copy is not the same as the case. Nothing was removed here.
    .next = Take another medium and run the command again.
error-medium-failed = The medium failed at { $name }: { $reason }.
    .next = Plug it in again, try another socket. If it happens again: copy what is readable to another medium.
error-outcome-unknown = It is not known whether the last act was still written.
    .next = `asservat log` shows the last entry. What is not there did not happen; run the command again then.
error-not-carried-out = Entry { $entry } is written, but its files are not all in their places yet.
    .next = Make the medium writable again; the next command finishes it by itself.
error-output-failed = The answer could not be written out.
    .next = Look whether there is space where the output goes. What the command did is in `asservat log`.

error-busy = Another program is working on this case right now.
    .next = Wait until it has finished, or close it.
error-read-only-copy = This is a copy, open for reading only. Writing copy, as far as known: { $place }
    .next = Work there. If this shall be the writing copy from now on: `asservat claim CASE --reason …`
error-read-only = This was opened for reading only.
    .next = Make the folder writable, or work on the writing copy.
error-older-than-seen = This copy has { $here } entries; this computer has seen { $seen } already.
    .next = Look for the newer copy. If there is none any more: `asservat claim CASE --reason …`; that it is older will be recorded.
error-diverged = This copy went another way than the one this computer has seen.
    .next = Both are kept: open the one you work with and join the other with `asservat join CASE OTHER`.
error-signer-not-introduced = This installation has never signed in this case.
    .next = `asservat claim CASE --reason …` makes this copy its writing copy.
error-target-not-older = The target holds entries that are missing here; copying would lose them.
    .next = Use another target, or take the case from there first with `asservat take`.
error-case-erased = This case was erased. Only the trace of that is left.
    .next = Nothing can be added. For something new make a new case.

error-on-hold = The case is held: nothing may be erased.
    .next = Ask the lawyer whether the hold may end; then `asservat hold CASE off --reason …`
error-stopped = This item is stopped: it is never shown, copied out or handed over again.
    .next = Leave it as it is, and talk with the lawyer about the way to the police.

error-not-ours = { $path } is neither a case, a capsule, a receipt nor a package of Asservat.
    .next = Give the folder of the case or package itself, or the file of the capsule or receipt.
error-not-a-case = There is no case at { $path }
    .next = Give the folder that `asservat new` made (it holds case.json).
error-not-finished = Making this case was interrupted before it came into being.
    .next = Remove the folder and make the case again; nothing was in it yet.
error-version = This was made by a newer version of the program.
    .next = Install the newer version. Do not change anything here.
error-other-origin = case.json and the log do not belong together: a file of another case lies here, or it was changed.
    .next = Change nothing. `asservat verify` says what differs; compare with another copy.
error-malformed = { $name } is not in the form it must have: damaged or changed.
    .next = Change nothing. `asservat verify` says what differs; compare with another copy.
error-not-signed = { $name } is not signed by a key of this case.
    .next = Change nothing. `asservat verify` says what differs; compare with another copy.
error-log-damaged = The log is not the one that was signed.
    .next = Change nothing. `asservat verify` says what differs; compare with another copy.
error-entry-damaged = Entry { $entry } is missing, damaged or exchanged.
    .next = Change nothing. `asservat verify` says what differs; compare with another copy.
error-keyring-mismatch = { $name } is damaged, or belongs to another holder or case.
    .next = Open the case as another holder (--key-holder), or take the file from another copy.
error-file-missing = { $name } is missing in the folder.
    .next = Change nothing. `asservat verify` says what differs; compare with another copy.
error-truncated = A sealed file is cut off.
    .next = Keep it, and look for another copy of it.
error-sealed-damaged = A sealed file is damaged or cut off from byte { $offset } on.
    .next = Keep it, and look for another copy of it.
error-header-damaged = The beginning of a sealed file is damaged, or it is none.
    .next = Keep it, and look for another copy of it.
error-work-factor = A sealed file asks for more work than is accepted (scrypt { $factor }).
    .next = It was not written by Asservat. Do not open it.
error-over-limit = { $name } is larger than anything that belongs there.
    .next = It was not written by Asservat. Change nothing, and compare with another copy.
error-capsule-damaged = The capsule opens, but what is in it is not laid out as a capsule.
    .next = Keep it. `asservat verify` says what differs; look for another copy.
error-item-differs = Item { $item } is not what was secured. Nothing was handed over.
    .next = `asservat verify` with a key says what differs; look for another copy of the case.
error-receipt-impossible = No receipt can be made of this log by this installation. ({ $what })
    .next = A receipt is signed by the installation that wrote last. `asservat claim` makes this one that, `asservat verify` checks the log.
error-branch-too-long = The other copy has too many entries of its own to be joined at once.
    .next = Keep both copies as they are; both can be verified by themselves.

error-fault = This is a fault of the program, not yours. ({ $place })
    .next = What was acknowledged is safe. Please tell those who maintain Asservat this line; it holds nothing about the case.

reason-not-found = there is nothing of this name
reason-not-permitted = it is not permitted
reason-read-only = the medium is write-protected
reason-exists = it exists already
reason-not-a-folder = a part of the path is no folder
reason-a-folder = it is a folder
reason-no-text = it is not a text
reason-name = the name is not possible here
reason-too-large = it is too large for this medium
reason-other = the system reports an error
