//! The lists of indicators in our compact form, out of the files their authors publish.
//!
//! `cargo run -p make -- indicators DATA` reads the folders `stalkerware-indicators` (Echap),
//! `mvt-indicators`, `tinycheck` and `spyguard` below DATA, and writes `rules/indicators/*.txt`: one file a
//! list, and `left-out.txt` with everything that was left out and why. The same files give the same bytes.
//! Not taken over: YARA rules (we do not disassemble programs), company backgrounds, network rules for
//! Suricata.

mod echap;
mod mvt;
mod screen;
mod tinycheck;

use std::fs;
use std::path::{Path, PathBuf};

use check::indicators::{Family, Header, Indicator, IndicatorKind, Trouble, write};

use crate::acquisitions::Outcome;
use screen::Screen;

/// A list as it is written.
struct Made {
    file: &'static str,
    header: Header<'static>,
    families: Vec<Family>,
}

/// Something that was left out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct LeftOut {
    list: &'static str,
    family: String,
    what: String,
    reason: &'static str,
}

/// What is left out, as it is gathered.
#[derive(Default)]
struct Leaving(Vec<LeftOut>);

impl Leaving {
    /// Notes an indicator that is left out.
    fn note(&mut self, list: &'static str, family: &str, one: &Indicator, reason: &'static str) {
        let what = format!("{} {}", one.kind.word(), one.value);
        self.0.push(LeftOut { list, family: family.to_owned(), what, reason });
    }

    /// Notes an entry that is not understood.
    fn trouble(&mut self, list: &'static str, file: &str, trouble: &Trouble) {
        let (family, what) = (file.to_owned(), trouble.at.clone());
        let reason = match trouble.expected {
            "a value of its sort" => "not a value of its sort",
            _ => "not understood",
        };
        self.0.push(LeftOut { list, family, what, reason });
    }
}

/// The subcommand: `DATA [OUT]`; OUT is `rules/indicators` of this workspace if not given.
///
/// # Errors
/// When a file is missing, holds something that is not understood, or cannot be written.
pub fn command(arguments: &[String]) -> Outcome<()> {
    let [data, rest @ ..] = arguments else { return Err("make indicators DATA [OUT]".into()) };
    let ours = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../rules/indicators"));
    let out = rest.first().map_or(ours.to_owned(), PathBuf::from);
    fs::create_dir_all(&out)?;
    for (name, text) in make(Path::new(data))? {
        fs::write(out.join(name), text)?;
    }
    Ok(())
}

/// Every file, by name.
///
/// # Errors
/// When a file is missing or holds something that is not understood.
pub fn make(data: &Path) -> Outcome<Vec<(String, String)>> {
    let mut leaving = Leaving::default();
    let screen = Screen::load(data)?;
    let mut files = Vec::new();
    for mut made in [
        echap::make(data, &mut leaving)?,
        mvt::make(data, &mut leaving)?,
        tinycheck::make(data, &mut leaving)?,
    ] {
        for family in &mut made.families {
            let name = family.name.clone();
            let whole: Vec<String> = family
                .indicators
                .iter()
                .filter(|one| one.kind == IndicatorKind::FilePath && one.value.starts_with('/'))
                .map(|one| one.value.clone())
                .collect();
            let is_end = |one: &Indicator| {
                one.kind == IndicatorKind::FilePath
                    && !one.value.starts_with('/')
                    && whole.iter().any(|path| path.ends_with(&format!("/{}", one.value)))
            };
            family.indicators.retain(|one| {
                match is_end(one).then_some("the end of another path").or_else(|| screen.reason(&name, one)) {
                    Some(reason) => {
                        leaving.note(made.header.name, &name, one, reason);
                        false
                    }
                    None => true,
                }
            });
        }
        made.families.retain(|family| !family.indicators.is_empty());
        files.push((made.file.to_owned(), write(&made.header, &made.families)));
    }
    files.push(("left-out.txt".to_owned(), left_out(leaving)));
    Ok(files)
}

fn left_out(leaving: Leaving) -> String {
    let mut all = leaving.0;
    all.sort();
    all.dedup();
    let mut text = String::from(
        "# What the lists hold and we leave out, and why: it would accuse phones on which nothing is.\n\
         # list | family | indicator | reason\n",
    );
    let line = |one: LeftOut| [one.list, &one.family, &one.what, one.reason].join(" | ") + "\n";
    text.extend(all.into_iter().map(line));
    text
}

/// A file of the data.
fn read(data: &Path, path: &str) -> Outcome<Vec<u8>> {
    fs::read(data.join(path)).map_err(|error| format!("{path}: {error}").into())
}
