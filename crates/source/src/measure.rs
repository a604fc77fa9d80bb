//! A quick look at how much there is, for a progress bar.
//!
//! Looks at names and sizes only and opens no file, so pictures are told by name alone. The result is an
//! estimate: it deliberately lists nothing and reports nothing that could not be seen.

use std::path::{Path, PathBuf};

use crate::media;
use crate::opened::{Kind, Opened};
use crate::platform::{self, Folder};
use crate::walk::{Frame, MediaChoice, Skipped, WalkOptions};

/// How much a walk with the same options would take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Measure {
    /// Files.
    pub files: u64,
    /// The sum of their sizes.
    pub bytes: u64,
}

/// Estimates what [`walk`](crate::walk()) would hand over.
pub fn measure(roots: &[PathBuf], options: &WalkOptions) -> Measure {
    let mut measuring =
        Measuring { options, skipped: Skipped::new(&options.skip), sum: Measure::default(), entries: 0 };
    for root in roots {
        measuring.root(root);
    }
    measuring.sum
}

struct Measuring<'a> {
    options: &'a WalkOptions,
    skipped: Skipped,
    sum: Measure,
    entries: u64,
}

impl Measuring<'_> {
    fn root(&mut self, path: &Path) {
        if self.skipped.surrounds(path) {
            return;
        }
        let mut stack: Vec<Frame> = Vec::new();
        match platform::open_root(path) {
            Ok(Opened::Folder(folder)) => self.enter(folder, &mut stack),
            Ok(Opened::File(file)) => {
                let name = path.file_name().unwrap_or_default();
                self.add(
                    platform::name_bytes(name),
                    platform::state(&file).map_or(0, |state| state.size_bytes),
                );
            }
            _ => {}
        }
        while let Some(frame) = stack.last_mut() {
            let Some(name) = frame.names.pop() else {
                stack.pop();
                continue;
            };
            match frame.folder.look(&name) {
                Ok(Kind::File { size_bytes }) => self.add(platform::name_bytes(&name), size_bytes),
                Ok(Kind::Folder) => {
                    if let Ok(Opened::Folder(folder)) = frame.folder.open(&name) {
                        self.enter(folder, &mut stack);
                    }
                }
                Ok(Kind::Other) | Err(_) => {}
            }
        }
    }

    fn enter(&mut self, folder: Folder, stack: &mut Vec<Frame>) {
        let left = usize::try_from(self.options.limits.entries - self.entries).unwrap_or(usize::MAX);
        if self.skipped.holds(&folder) || stack.len() > self.options.limits.depth as usize {
            return;
        }
        let names = folder.names(left.saturating_add(1)).names;
        if names.len() <= left {
            self.entries += names.len() as u64;
            stack.push(Frame { folder, names, path_bytes: 0 });
        }
    }

    fn add(&mut self, name: &[u8], size_bytes: u64) {
        let left_out = self.options.media == MediaChoice::WithoutPicturesAndVideos && media::by_name(name);
        if !left_out && size_bytes <= self.options.limits.file_bytes {
            self.sum.files += 1;
            self.sum.bytes += size_bytes;
        }
    }
}
