//! The rules: data in `rules/check/`, each with its texts in German and English, so that a colleague can
//! correct a sentence without Rust.
//!
//! Questions, groups, questions to the client, advice, heuristics, safety questions, guides and the guided
//! look. Files are TOML; a member that is not known is an error, which a test finds before anybody else does.

mod shown;

pub use shown::{
    AskedFor, Guide, GuideWords, LeavesTrace, Outcome, Safety, SafetyAnswer, SafetyQuestion, SafetyWords,
    Step, StepWords,
};

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::{Kind, Platform, Question};

macro_rules! files {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!("../../../rules/check/", $path)))),*]
    };
}

type Files = &'static [(&'static str, &'static str)];

const QUESTIONS: Files = files!["questions.toml"];
const GROUPS: Files = files!["groups.toml"];
const ASKS: Files = files!["asks.toml"];
const ADVICE: Files = files!["advice.toml"];
const NAMES: Files = files!["names.toml"];
const SIGNS: Files = files!["signs.toml"];
const SAFETY: Files = files!["safety.toml"];
const HEURISTICS: Files = files![
    "heuristics/android.toml",
    "heuristics/apps.toml",
    "heuristics/ios.toml",
    "heuristics/network.toml",
    "heuristics/traces.toml",
];
const GUIDES: Files = files![
    "guides/adb_backup.toml",
    "guides/android_bugreport.toml",
    "guides/androidqf.toml",
    "guides/apk_file.toml",
    "guides/dumpsys_texts.toml",
    "guides/intrusion_logs.toml",
    "guides/ios_backup.toml",
    "guides/ios_profiles.toml",
    "guides/ios_sysdiagnose.toml",
    "guides/network_capture.toml",
];
const LOOK: Files = files![
    "look/accounts.toml",
    "look/apple.toml",
    "look/google.toml",
    "look/messengers.toml",
    "look/phone.toml",
    "look/trackers.toml",
];

/// All rules, loaded when first asked for.
pub static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::load().unwrap_or_default());

/// All rules.
#[derive(Debug, Default)]
pub struct Rules {
    /// The questions, in the order of [`Question::ALL`].
    pub questions: Vec<QuestionText>,
    /// Who can see what.
    pub groups: Vec<Titled>,
    /// Questions to the client.
    pub asks: Vec<Ask>,
    /// What is safe now, only with a plan, not at all.
    pub advice: Vec<Advice>,
    /// What the signs are, in words.
    pub signs: Vec<SignText>,
    /// The heuristics.
    pub heuristics: Vec<Rule>,
    /// Names of installers and borrowed names.
    pub names: Names,
    /// The safety questions and what follows from the answers.
    pub safety: Safety,
    /// How an input is obtained.
    pub guides: Vec<Guide>,
    /// The guided look, in order.
    pub look: Vec<Step>,
}

/// A rule file that is not as it must be.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {error}")]
pub struct RuleError {
    /// The file.
    pub file: &'static str,
    /// What is wrong.
    pub error: toml::de::Error,
}

impl Rules {
    /// Loads them.
    pub fn load() -> Result<Self, RuleError> {
        let mut look = all(LOOK, |file: LookFile| file.step)?;
        look.sort_by_key(|step| step.order);
        Ok(Self {
            questions: all(QUESTIONS, |file: QuestionsFile| file.question)?,
            groups: all(GROUPS, |file: GroupsFile| file.group)?,
            asks: all(ASKS, |file: AsksFile| file.ask)?,
            advice: all(ADVICE, |file: AdviceFile| file.advice)?,
            signs: all(SIGNS, |file: SignsFile| file.sign)?,
            heuristics: all(HEURISTICS, |file: RulesFile| file.rule)?,
            names: all(NAMES, |names: Names| vec![names])?.pop().unwrap_or_default(),
            safety: all(SAFETY, |safety: Safety| vec![safety])?.pop().unwrap_or_default(),
            guides: all(GUIDES, |file: GuidesFile| file.guide)?,
            look,
        })
    }

    /// The texts of a question.
    pub fn question(&self, question: Question) -> Option<&QuestionText> {
        self.questions.iter().find(|text| text.id == question)
    }

    /// A rule of this name.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.heuristics.iter().find(|rule| rule.id == id)
    }

    /// What a sign is, in words; its name if nobody wrote them.
    pub fn sign(&self, id: &str, language: Language) -> String {
        // Of a hit the text is that of its sort, whatever the family is.
        let sort = id.strip_prefix("hit-").and_then(|rest| rest.split_once('-')).map(|(_, sort)| sort);
        let name = sort.map_or_else(|| id.to_owned(), |sort| format!("hit-{sort}"));
        let text = self.signs.iter().find(|sign| sign.id == name);
        text.map_or_else(|| id.to_owned(), |sign| sign.words(language).clone())
    }
}

fn all<F: for<'d> Deserialize<'d>, T>(files: Files, take: impl Fn(F) -> Vec<T>) -> Result<Vec<T>, RuleError> {
    let mut all = Vec::new();
    for &(file, text) in files {
        all.append(&mut take(toml::from_str(text).map_err(|error| RuleError { file, error })?));
    }
    Ok(all)
}

macro_rules! file {
    ($Name:ident { $member:ident: $Type:ty }) => {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct $Name {
            $member: Vec<$Type>,
        }
    };
}
file!(QuestionsFile { question: QuestionText });
file!(GroupsFile { group: Titled });
file!(AsksFile { ask: Ask });
file!(AdviceFile { advice: Advice });
file!(SignsFile { sign: SignText });
file!(RulesFile { rule: Rule });
file!(GuidesFile { guide: Guide });
file!(LookFile { step: Step });

/// A language of the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// German.
    German,
    /// English.
    English,
}

macro_rules! worded {
    ($($Name:ident: $Words:ident),* $(,)?) => {
        $(impl $Name {
            /// The words in one language.
            pub fn words(&self, language: Language) -> &$Words {
                match language {
                    Language::German => &self.de,
                    Language::English => &self.en,
                }
            }
        })*
    };
}
worded!(
    QuestionText: QuestionWords,
    Titled: TitledWords,
    Ask: AskWords,
    SignText: String,
    Advice: AdviceWords,
    Rule: RuleWords,
    SafetyQuestion: SafetyWords,
    Outcome: AskWords,
    Guide: GuideWords,
    Step: StepWords,
);

/// A question to a device, in words.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuestionText {
    /// Which.
    pub id: Question,
    /// The platforms for which it makes sense.
    pub platforms: Vec<Platform>,
    /// German.
    pub de: QuestionWords,
    /// English.
    pub en: QuestionWords,
}

/// The words of a question.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct QuestionWords {
    /// A short noun phrase.
    pub title: String,
    /// What this is and why it matters.
    pub about: String,
    /// What an empty answer does not mean.
    pub nothing: String,
    /// How else one can look.
    pub otherwise: String,
}

/// Something with a title and a sentence.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Titled {
    /// Its name.
    pub id: String,
    /// German.
    pub de: TitledWords,
    /// English.
    pub en: TitledWords,
}

/// A title and a sentence.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TitledWords {
    /// The title.
    pub title: String,
    /// What it is about.
    pub about: String,
}

/// A question to the client.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// Its name.
    pub id: String,
    /// German.
    pub de: AskWords,
    /// English.
    pub en: AskWords,
}

/// The words of a question to the client.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct AskWords {
    /// The question.
    pub text: String,
}

/// A sign in words.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignText {
    /// Its name.
    pub id: String,
    /// German.
    pub de: String,
    /// English.
    pub en: String,
}

/// Where advice stands in the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Column {
    /// Safe now.
    Now,
    /// Only with a plan.
    Plan,
    /// Not at all.
    Never,
}

/// One piece of advice.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advice {
    /// Its name.
    pub id: String,
    /// Where it stands.
    pub column: Column,
    /// Whether it removes or switches off something: shown only behind the safety questions.
    pub removal: bool,
    /// German.
    pub de: AdviceWords,
    /// English.
    pub en: AdviceWords,
}

/// The words of advice.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct AdviceWords {
    /// What to do or not to do.
    pub text: String,
    /// What could be noticed, and by whom.
    pub noticed: String,
    /// How it is undone.
    pub undo: String,
}

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// An app.
    App,
    /// The device as a whole.
    Device,
    /// A configuration profile.
    Profile,
    /// Traces of something known that is no installed app.
    Trace,
}

/// What sort of finding it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FindingKind {
    /// A program made to watch somebody who does not know.
    Stalkerware,
    /// A spying program of states and their suppliers.
    Spyware,
    /// A family, tracking or control app.
    Watchware,
    /// A trace of an examination by police or experts.
    Forensic,
    /// An app that could watch.
    Capability,
    /// A setting of the device.
    Setting,
    /// An account, a linked device.
    Account,
    /// Something that was there.
    Past,
    /// A page that was opened, a link that was sent: no app.
    Visit,
}

impl FindingKind {
    /// The kind of finding that a known family is.
    pub fn of(kind: Kind) -> Self {
        match kind {
            Kind::Stalkerware => Self::Stalkerware,
            Kind::Watchware => Self::Watchware,
            Kind::Spyware => Self::Spyware,
            Kind::Forensic => Self::Forensic,
            Kind::Untold => Self::Capability,
        }
    }
}

/// How sure a rule is: a word, never a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sure {
    /// It is on a list, or the system says it in so many words.
    Known,
    /// Several things fit together; ordinary reasons are rare.
    Strong,
    /// Worth asking; ordinary reasons are common.
    Weak,
}

/// A heuristic.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Its name.
    pub id: String,
    /// What it is about.
    pub subject: Subject,
    /// The question it answers.
    pub question: Question,
    /// What sort of finding it makes.
    pub kind: FindingKind,
    /// How sure it is.
    pub sure: Sure,
    /// Who can see what: names of groups.
    pub sees: Vec<String>,
    /// At least one of these signs must be there.
    #[serde(default)]
    pub any: Vec<String>,
    /// So many of `any`, if more than one.
    pub at_least: Option<usize>,
    /// All of these signs must be there.
    #[serde(default)]
    pub all: Vec<String>,
    /// None of these signs may be there.
    #[serde(default)]
    pub none: Vec<String>,
    /// Questions to the client.
    #[serde(default)]
    pub asks: Vec<String>,
    /// Advice.
    #[serde(default)]
    pub advice: Vec<String>,
    /// German.
    pub de: RuleWords,
    /// English.
    pub en: RuleWords,
}

impl Rule {
    /// Whether a sign speaks for this rule.
    pub fn names(&self, sign: &str) -> bool {
        self.any.iter().chain(&self.all).any(|name| name == sign)
    }
}

/// The words of a heuristic.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RuleWords {
    /// What was found, in a few words.
    pub title: String,
    /// Why it can matter.
    pub why: String,
    /// Ordinary explanations.
    pub ordinary: Vec<String>,
}

/// Names that decide what an installer is, and names that apps borrow.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// Installers that are the shop of the system or of the phone's maker.
    pub stores: Vec<String>,
    /// Other shops.
    pub other_stores: Vec<String>,
    /// What installs files by hand: installers, browsers, file managers.
    pub by_hand: Vec<String>,
    /// Sources of iOS that are its shop.
    pub ios_stores: Vec<String>,
    /// Names of the system that an added app has no reason to bear; small letters.
    pub borrowed: Vec<String>,
    /// Permissions that let an app see or do much.
    pub far_reaching: Vec<String>,
    /// Apps with root rights, or that give them.
    pub root_apps: Vec<String>,
    /// The system's own apps for security.
    pub security_apps: Vec<String>,
    /// The system's own apps for updates.
    pub update_apps: Vec<String>,
}
