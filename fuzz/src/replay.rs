//! Replays the seeds, and what fuzzing once found, as a normal test: as they are, cut short, and with flipped
//! bits.
//!
//! Also compiled into the tests of `verify`, so that every run of the tests does it without the fuzzing
//! engine.

#[path = "targets.rs"]
#[allow(
    clippy::duplicate_mod,
    dead_code,
    unreachable_pub,
    reason = "one file, compiled here and as the library"
)]
mod targets;

use std::fs;
use std::path::PathBuf;

/// The folder `seeds` of the fuzzing workspace, found from whichever crate compiles this.
fn seeds() -> PathBuf {
    let crate_folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let near = crate_folder.join("seeds");
    if near.is_dir() { near } else { crate_folder.join("../../fuzz/seeds") }
}

/// The seeds of one target, by name.
fn seeds_of(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let Ok(folder) = fs::read_dir(seeds().join(target)) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = folder.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths.into_iter().filter_map(|path| fs::read(&path).ok().map(|bytes| (path, bytes))).collect()
}

#[test]
fn every_target_has_seeds_and_survives_them() {
    for (name, target) in targets::TARGETS {
        let seeds = seeds_of(name);
        assert!(!seeds.is_empty(), "no seed for {name}");
        target(b"");
        for (_, bytes) in seeds {
            target(&bytes);
        }
    }
}

#[test]
fn every_target_survives_damaged_seeds() {
    // About this many damages of each kind a seed: enough to meet every field of a small one.
    const DAMAGES: usize = 40;
    for (name, target) in targets::TARGETS {
        for (_, bytes) in seeds_of(name) {
            let step = (bytes.len() / DAMAGES).max(1);
            for at in (0..bytes.len()).step_by(step) {
                target(bytes.get(..at).unwrap_or_default());
                for damage in [0x01, 0x20, 0x80] {
                    let mut damaged = bytes.clone();
                    if let Some(byte) = damaged.get_mut(at) {
                        *byte ^= damage;
                    }
                    target(&damaged);
                }
            }
        }
    }
}
