//! Every trouble a person can meet: its stable code and its exit code, in one table.
//!
//! The words are `error-<code>` in `locales/<tag>/errors.ftl`, the next step is that message's attribute
//! `next`. Troubles are told apart by what the person must do, not by what the program was doing.

use crate::exit::Exit;

macro_rules! troubles {
    ($($name:ident $code:literal $exit:ident)*) => {
        /// What is in the way.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Trouble {
            $(#[doc = $code] $name,)*
        }

        impl Trouble {
            /// Every one, in the order of the table.
            #[cfg(test)]
            pub(crate) const ALL: &[Self] = &[$(Self::$name,)*];

            /// The stable code: the same in every language and version.
            pub(crate) fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                }
            }

            /// The exit code.
            pub(crate) fn exit(self) -> Exit {
                match self {
                    $(Self::$name => Exit::$exit,)*
                }
            }
        }
    };
}

troubles! {
    UsageCommand            "usage-command"             Usage
    UsageCommandMissing     "usage-command-missing"     Usage
    UsageArgument           "usage-argument"            Usage
    UsageMissing            "usage-missing"             Usage
    UsageValue              "usage-value"               Usage
    UsageValueMissing       "usage-value-missing"       Usage
    UsageConflict           "usage-conflict"            Usage
    UsageOther              "usage-other"               Usage
    SecretOnCommandLine     "secret-on-command-line"    Usage
    NoHome                  "no-home"                   Usage
    NoInstallation          "no-installation"           Usage
    AliasAndPurpose         "alias-and-purpose"         Usage
    HolderKind              "holder-kind"               Usage
    UntilInThePast          "until-in-the-past"         Usage
    GiveTo                  "give-to"                   Usage
    ConsentIncomplete       "consent-incomplete"        Usage
    EmptyNote               "empty-note"                Usage
    ReasonMissing           "reason-missing"            Usage
    BadInput                "bad-input"                 Usage
    NothingToSecure         "nothing-to-secure"         Usage
    Unknown                 "unknown"                   Usage
    Several                 "several"                   Usage
    NoIndex                 "no-index"                  Usage
    IndexOutdated           "index-outdated"            Usage
    SeveralChats            "several-chats"             Usage
    RecordUnknown           "record-unknown"            Usage
    RecordAmbiguous         "record-ambiguous"          Usage
    EvidenceKeyEmpty        "evidence-key-empty"        Usage
    LookAnswer              "look-answer"               Usage
    SafetyAnswer            "safety-answer"             Usage
    NoSuchGuide             "no-such-guide"             Usage
    NoSuchStep              "no-such-step"              Usage
    NoSuchHint              "no-such-hint"              Usage
    NoSuchFinding           "no-such-finding"           Usage
    NoSuchEntry             "no-such-entry"             Usage
    NoSuchHolder            "no-such-holder"            Usage
    HolderExists            "holder-exists"             Usage
    LastHolder              "last-holder"               Usage
    ShareCount              "share-count"               Usage
    NotErasable             "not-erasable"              Usage
    AlreadyErased           "already-erased"            Usage
    NotABranch              "not-a-branch"              Usage
    OtherCase               "other-case"                Usage
    NotEvidence             "not-evidence"              Usage
    SecretEmpty             "secret-empty"              Usage
    SecretIsPublic          "secret-is-public"          Usage
    SecretIsSealed          "secret-is-sealed"          Usage
    SecretIsPlugin          "secret-is-plugin"          Usage
    SecretIsShares          "secret-is-shares"          Usage
    SecretTooLong           "secret-too-long"           Usage
    IdentityFileLine        "identity-file-line"        Usage
    KeyFdUnavailable        "key-fd-unavailable"        Usage
    EntryTooLong            "entry-too-long"            Usage

    GateMissing             "gate-missing"              Missing
    GateYes                 "gate-yes"                  Missing
    GateUnsure              "gate-unsure"               Missing
    SafetyMissing           "safety-missing"            Missing
    SafetyFirst             "safety-first"              Missing
    NotAgreed               "not-agreed"                Missing
    SecretMissing           "secret-missing"            Missing
    PassphrasesDiffer       "passphrases-differ"        Missing
    NotConfirmed            "not-confirmed"             Missing
    ConsentUnknown          "consent-unknown"           Missing
    ConsentWithdrawn        "consent-withdrawn"         Missing
    ConsentExpired          "consent-expired"           Missing
    ConsentOtherRecipient   "consent-other-recipient"   Missing
    ConsentOtherPurpose     "consent-other-purpose"     Missing
    ConsentNotCovered       "consent-not-covered"       Missing
    NothingToHandOver       "nothing-to-hand-over"      Missing

    WrongKey                "wrong-key"                 Key
    Shares                  "shares"                    Key
    ShareWords              "share-words"               Key
    ShareWord               "share-word"                Key
    ShareCheck              "share-check"               Key
    PluginMissing           "plugin-missing"            Key
    PluginFailed            "plugin-failed"             Key
    KeyUnsuitable           "key-unsuitable"            Key

    PathUnreadable          "path-unreadable"           Medium
    TargetExists            "target-exists"             Medium
    TargetUnwritable        "target-unwritable"         Medium
    DiskFull                "disk-full"                 Medium
    FileTooLarge            "file-too-large"            Medium
    NotPermitted            "not-permitted"             Medium
    ReadBackDiffers         "read-back-differs"         Medium
    CopyDiffers             "copy-differs"              Medium
    MediumFailed            "medium-failed"             Medium
    OutcomeUnknown          "outcome-unknown"           Medium
    NotCarriedOut           "not-carried-out"           Medium
    OutputFailed            "output-failed"             Medium
    WorkerStart             "worker-start"              Medium

    Busy                    "busy"                      Copy
    ReadOnlyCopy            "read-only-copy"            Copy
    ReadOnly                "read-only"                 Copy
    OlderThanSeen           "older-than-seen"           Copy
    Diverged                "diverged"                  Copy
    SignerNotIntroduced     "signer-not-introduced"     Copy
    TargetNotOlder          "target-not-older"          Copy
    CaseErased              "case-erased"               Copy

    OnHold                  "on-hold"                   Held
    Stopped                 "stopped"                   Held

    NotOurs                 "not-ours"                  Damaged
    NotACase                "not-a-case"                Damaged
    NotFinished             "not-finished"              Damaged
    Version                 "version"                   Damaged
    OtherOrigin             "other-origin"              Damaged
    Malformed               "malformed"                 Damaged
    NotSigned               "not-signed"                Damaged
    LogDamaged              "log-damaged"               Damaged
    EntryDamaged            "entry-damaged"             Damaged
    KeyringMismatch         "keyring-mismatch"          Damaged
    FileMissing             "file-missing"              Damaged
    Truncated               "truncated"                 Damaged
    SealedDamaged           "sealed-damaged"            Damaged
    HeaderDamaged           "header-damaged"            Damaged
    WorkFactor              "work-factor"               Damaged
    OverLimit               "over-limit"                Damaged
    CapsuleDamaged          "capsule-damaged"           Damaged
    ItemDiffers             "item-differs"              Damaged
    IndexDamaged            "index-damaged"             Damaged
    WorkerEnded             "worker-ended"              Damaged
    ReceiptImpossible       "receipt-impossible"        Damaged
    BranchTooLong           "branch-too-long"           Damaged

    Fault                   "fault"                     Fault
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;
    use crate::words::Words;

    #[test]
    fn every_trouble_has_words_and_a_next_step_in_both_languages() {
        for language in Language::ALL {
            let words = Words::new(language);
            for trouble in Trouble::ALL {
                let id = format!("error-{}", trouble.code());
                assert!(words.has(&id), "{id} in {}", language.tag());
                assert!(words.has(&format!("{id}.next")), "{id}.next in {}", language.tag());
            }
        }
    }

    #[test]
    fn codes_are_unique_and_documented_with_their_exit_code() {
        let document = include_str!("../../../docs/exit-codes.md");
        for (at, trouble) in Trouble::ALL.iter().enumerate() {
            assert!(Trouble::ALL.iter().skip(at + 1).all(|other| other.code() != trouble.code()));
            let line = format!("- `{}`", trouble.code());
            let section = document
                .split("\n### ")
                .find(|section| section.starts_with(&format!("{} ", trouble.exit().number())));
            assert!(section.is_some_and(|section| section.lines().any(|l| l == line)), "{}", trouble.code());
        }
        for exit in Exit::ALL {
            assert!(document.contains(&format!("| {} |", exit.number())), "{exit:?}");
        }
    }
}
