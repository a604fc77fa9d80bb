//! Apps for which a change of behaviour was overridden: also such as are gone.
//!
//! `rawOverrides={package=value, …}` of any change (AOSP 11 to 15): the system keeps an override after the
//! app is removed, `packageOverrides` only while it is there. Deliberately not read: what the changes are.

use std::collections::BTreeSet;

use super::words::{between, is_package};
use super::{Out, Reader, Section};
use crate::{AppSays, Flow, Question};

/// Most apps.
const APPS_MOST: usize = 20_000;

pub(super) struct PlatformCompat;

impl Section for PlatformCompat {
    fn names(&self) -> &'static [&'static str] {
        &["platform_compat"]
    }

    fn first_lines(&self) -> &'static [&'static str] {
        &["ChangeId("]
    }

    fn answers(&self) -> &'static [Question] {
        &[Question::RemovedApps]
    }

    fn begin(&self) -> Box<dyn Reader> {
        Box::<Overrides>::default()
    }
}

#[derive(Default)]
struct Overrides {
    changes: u64,
    said: BTreeSet<String>,
}

impl Reader for Overrides {
    fn line(&mut self, line: &str, out: &mut Out<'_>) -> Flow {
        if !line.trim_start().starts_with("ChangeId(") {
            return Flow::Continue(());
        }
        self.changes = self.changes.saturating_add(1);
        let lists = ["rawOverrides={", "packageOverrides={"].into_iter();
        for list in lists.filter_map(|list| between(line, list, "}")) {
            for entry in list.split(", ") {
                let package = entry.split('=').next().unwrap_or_default();
                if !is_package(package) || self.said.contains(package) {
                    continue;
                }
                if self.said.len() >= APPS_MOST {
                    out.not_whole();
                    return Flow::Continue(());
                }
                self.said.insert(package.to_owned());
                out.app(package, AppSays::Mentioned)?;
            }
        }
        Flow::Continue(())
    }

    fn end(&mut self, out: &mut Out<'_>) -> Flow {
        if self.changes == 0 {
            return out.not_understood("changes of behaviour");
        }
        // Few apps ever have an override.
        out.looked_partly(Question::RemovedApps, self.said.len() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dumpsys::testing::{apps, read_section};

    #[test]
    fn apps_that_need_not_be_there() {
        let text = "ChangeId(1; name=A; disabled)\nChangeId(168419799; name=DOWNSCALED; disabled; \
            packageOverrides=\
                    {com.example.here=false}; rawOverrides={com.example.here=false, \
                    com.example.gone=false}; overridable)";
        let found: Vec<String> =
            apps(&read_section(&PlatformCompat, text)).into_iter().map(|(id, ..)| id).collect();
        assert_eq!(found, ["com.example.here", "com.example.gone"]);
    }
}
