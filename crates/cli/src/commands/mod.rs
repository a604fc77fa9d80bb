//! The commands: one file each, named in one list.
//!
//! To add one: write the file with a struct of its arguments and a `run`, name it below, and give it words in
//! `locales/<tag>/help.ftl`. Tests fail as long as one of these is missing.

mod check;
mod claim;
mod consent;
mod demo;
mod erase;
mod fingerprint;
mod give;
mod guide;
mod handover;
mod hints;
mod hold;
mod holders;
mod join;
mod log;
mod look;
mod new;
mod note;
mod read;
mod receipt;
mod records;
mod reindex;
mod search;
mod secure;
mod show;
mod stop;
mod tag;
mod take;
mod timeline;
mod unseal;
mod verify;

use crate::answer::Answer;
use crate::errors::Failure;
use crate::work::Work;

macro_rules! commands {
    ($($module:ident::$Name:ident,)*) => {
        /// What to do.
        #[derive(clap::Subcommand)]
        pub(crate) enum Command {
            $(#[doc = stringify!($Name)] $Name($module::$Name),)*
        }

        impl Command {
            /// Does it.
            pub(crate) fn run(self, work: &Work<'_>) -> Result<Answer, Failure> {
                match self {
                    $(Self::$Name(command) => command.run(work),)*
                }
            }
        }
    };
}

// In the order in which help lists them: the way of a case.
commands! {
    new::New,
    secure::Secure,
    show::Show,
    read::Read,
    records::Records,
    reindex::Reindex,
    timeline::Timeline,
    search::Search,
    guide::Guide,
    check::Check,
    look::Look,
    hints::Hints,
    note::Note,
    tag::Tag,
    consent::Consent,
    handover::Handover,
    give::Give,
    take::Take,
    receipt::Receipt,
    verify::Verify,
    log::Log,
    unseal::Unseal,
    holders::Holders,
    hold::Hold,
    stop::Stop,
    erase::Erase,
    claim::Claim,
    join::Join,
    fingerprint::Fingerprint,
    demo::Demo,
}
