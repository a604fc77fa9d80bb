# What `verify` says: facts, differences, where the words of the person checking begin.

verify-case = Case { $path }
verify-capsule = Capsule { $path }
verify-receipt = Receipt { $path }
verify-package = Package { $path }
verify-problems = This differs:
verify-unchanged = Nothing differs from what was signed. That says: unchanged since then. It does not say that anything is true.
verify-differs = It is not as it was signed. Change nothing here, and compare with another copy or a receipt.

fact-signed-by =
    Signed with the key of this fingerprint; compare it with the paper:
    { "    " }{ $fingerprint }
fact-log-complete =
    The log is whole: { $entries ->
        [one] { $entries } entry
       *[other] { $entries } entries
    }.
fact-entries-read =
    { $entries ->
        [one] { $entries } entry was opened and stands in its place
       *[other] { $entries } entries were opened and stand in their places
    }; erased, and saying so: { $erased }.
fact-capsule-unchanged =
    { $name }: unchanged. { $opened ->
        [opened] Opened, and every file in it compared.
       *[sealed] Compared from outside, not opened.
    } SHA-256 { $sha256 }
fact-without-key = Without a key: what is inside was not compared. With --key it is.
fact-own-clock = Time: { $at }, by the clock of the computer that wrote it. Nobody else confirmed this time.
fact-receipt-whole =
    The receipt is whole and signed. It speaks of { $capsules ->
        [one] { $capsules } capsule
       *[other] { $capsules } capsules
    }.
fact-log-continues = The log goes on from the receipt without a break: then { $from }, now { $to } entries.
fact-package-whole = Every file is listed, signed and unchanged: { $files } files; { $items } items proved against the log.
fact-unfinished-act = An act (it would have been entry { $entry }) was interrupted and does not count.
fact-case-erased = The case was erased; only the trace of that is left.

standing-known = This computer knows the case in exactly this state.
standing-newer = This copy goes on from what this computer has seen.
standing-older = This copy is OLDER than what this computer has seen.
standing-diverged = This copy went ANOTHER WAY than the one this computer has seen.
standing-elsewhere-copy = This is a copy; the one this computer writes lies elsewhere.
standing-first = This computer has not seen this case before.

problem-missing = is missing
problem-unexpected = does not belong here
problem-unreadable = cannot be read from the medium
problem-malformed = is not in the form it must have
problem-changed = was changed
problem-signature = the signature does not fit, or nobody known signed
problem-other-case = belongs to another case
problem-log-truncated = the log has fewer entries than were signed
problem-log-altered = the log's entries are not those that were signed
problem-entry-altered = this entry is not the one that was signed
problem-does-not-open = does not open with the key given
problem-truncated = ends too early
problem-bag-damaged = something in the capsule is not as listed
problem-tree-differs = the files in the capsule are not those the log speaks of
problem-branch = a joined branch does not fit the log
problem-proof = a proof does not lead to the signed log
problem-rolled-back = is older than the receipt, or went another way
