//! Whether an app was recording the screen when the dump was made.
//!
//! `Media Projection:` and then `(package, uid=N): TYPE_…`, or `null` (AOSP 8 to 15). Deliberately not read:
//! callbacks.

use super::words::{between, clip, is_package, user_of_uid};
use super::{Out, Reader, Section};
use crate::{AppSays, Flow, Question, Use, UseKind};

pub(super) struct MediaProjection;

impl Section for MediaProjection {
    fn names(&self) -> &'static [&'static str] {
        &["media_projection"]
    }

    fn first_lines(&self) -> &'static [&'static str] {
        &["MEDIA PROJECTION MANAGER (dumpsys media_projection)"]
    }

    fn answers(&self) -> &'static [Question] {
        &[Question::SensorUse]
    }

    fn begin(&self) -> Box<dyn Reader> {
        Box::<Projection>::default()
    }
}

#[derive(Default)]
struct Projection {
    began: bool,
    projections: u64,
}

impl Reader for Projection {
    fn line(&mut self, line: &str, out: &mut Out<'_>) -> Flow {
        let text = line.trim();
        self.began |= text.starts_with("MEDIA PROJECTION MANAGER");
        let Some(package) = between(text, "(", ", uid=").filter(|name| is_package(name)) else {
            return Flow::Continue(());
        };
        let owner = text.split_once(", uid=").and_then(|(_, uid)| user_of_uid(uid));
        self.projections = self.projections.saturating_add(1);
        let name =
            text.rsplit_once("): ").map_or("media_projection", |(_, kind)| clip(kind.trim())).to_owned();
        let used = Use { kind: UseKind::Screen, name, at: None, background: None };
        out.app_of(package, owner, AppSays::Used(used))
    }

    fn end(&mut self, out: &mut Out<'_>) -> Flow {
        if !self.began {
            return out.not_understood("the state of media projection");
        }
        out.looked_partly(Question::SensorUse, self.projections)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dumpsys::testing::{apps, read_section};

    #[test]
    fn an_app_that_records_the_screen() {
        let text = "MEDIA PROJECTION MANAGER (dumpsys media_projection)\nMedia Projection: \
            \n(com.example.watch, uid=10155): \
                    TYPE_SCREEN_CAPTURE\n";
        let found = apps(&read_section(&MediaProjection, text));
        let name = "TYPE_SCREEN_CAPTURE".to_owned();
        let used = Use { kind: UseKind::Screen, name, at: None, background: None };
        assert_eq!(found, [("com.example.watch".to_owned(), Some(0), AppSays::Used(used))]);
        let none = "MEDIA PROJECTION MANAGER (dumpsys media_projection)\nMedia Projection: \nnull\n";
        assert!(apps(&read_section(&MediaProjection, none)).is_empty());
    }
}
