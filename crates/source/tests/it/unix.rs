//! What only Unix file systems can hold.

use std::convert::Infallible;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::os::unix::net::UnixListener;

use proptest::prelude::*;
use rustix::fs::{CWD, FileType, Mode, OFlags, mkdirat, mknodat, openat};
use source::{WalkOptions, What, walk};

use crate::listing;

#[test]
fn links_are_recorded_and_special_files_never_opened() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("r");
    fs::create_dir(&root).unwrap();
    fs::write(folder.path().join("secret"), "outside").unwrap();
    symlink("../secret", root.join("1-out")).unwrap();
    symlink("/", root.join("2-up")).unwrap();
    symlink("nowhere", root.join("3-dangling")).unwrap();
    mknodat(CWD, root.join("4-fifo"), FileType::Fifo, Mode::RUSR, 0).unwrap();
    let _listener = UnixListener::bind(root.join("5-socket")).unwrap();
    let null = rustix::fs::makedev(1, 3);
    let device = mknodat(CWD, root.join("6-null"), FileType::CharacterDevice, Mode::RUSR, null).is_ok();
    symlink(&root, folder.path().join("root-link")).unwrap();
    let (lines, totals) = listing(&[folder.path().join("root-link")], &WalkOptions::default());
    let mut expected = vec![
        "link root-link/1-out ../secret",
        "link root-link/2-up /",
        "link root-link/3-dangling nowhere",
        "gap root-link/4-fifo special fifo",
        "gap root-link/5-socket special socket",
    ];
    if device {
        expected.push("gap root-link/6-null special device");
    }
    assert_eq!(lines, expected);
    assert_eq!(totals.links, 3);
}

#[test]
fn a_link_or_a_fifo_swapped_in_during_the_walk_is_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("r");
    fs::create_dir_all(root.join("b-folder")).unwrap();
    fs::create_dir_all(folder.path().join("outside")).unwrap();
    fs::write(folder.path().join("outside/secret"), "x").unwrap();
    for name in ["a", "c", "d", "e"] {
        fs::write(root.join(name), "").unwrap();
    }
    let mut lines = Vec::new();
    walk::<Infallible>(std::slice::from_ref(&root), &WalkOptions::default(), &mut |item| {
        if item.original == b"r/a" {
            fs::remove_dir(root.join("b-folder")).unwrap();
            symlink(folder.path().join("outside"), root.join("b-folder")).unwrap();
            fs::remove_file(root.join("c")).unwrap();
            symlink("../outside/secret", root.join("c")).unwrap();
            fs::remove_file(root.join("d")).unwrap();
            mknodat(CWD, root.join("d"), FileType::Fifo, Mode::RUSR, 0).unwrap();
            fs::remove_file(root.join("e")).unwrap();
        }
        let word = match item.what {
            What::File { .. } => "file",
            What::Link { .. } => "link",
            What::EmptyFolder { .. } => "empty",
            What::Gap { reason, .. } => reason,
        };
        lines.push(format!("{} {word}", String::from_utf8_lossy(item.original)));
        Ok(())
    })
    .unwrap();
    assert_eq!(lines, ["r/a file", "r/b-folder link", "r/c link", "r/d fifo", "r/e vanished"]);
}

#[test]
fn a_folder_replaced_while_it_is_open_stays_the_one_that_was_opened() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("r");
    fs::create_dir_all(root.join("in")).unwrap();
    fs::create_dir_all(folder.path().join("outside")).unwrap();
    for name in ["r/in/1", "r/in/2", "outside/2"] {
        fs::write(folder.path().join(name), name).unwrap();
    }
    let mut sizes = Vec::new();
    walk::<Infallible>(std::slice::from_ref(&root), &WalkOptions::default(), &mut |item| {
        if item.original == b"r/in/1" {
            fs::rename(root.join("in"), folder.path().join("moved")).unwrap();
            symlink(folder.path().join("outside"), root.join("in")).unwrap();
        }
        if let What::File { size_bytes, .. } = item.what {
            sizes.push(size_bytes);
        }
        Ok(())
    })
    .unwrap();
    assert_eq!(sizes, [6, 6]);
}

#[test]
fn what_may_not_be_read_is_a_gap() {
    if rustix::process::geteuid().is_root() {
        return; // root reads everything
    }
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("r");
    fs::create_dir_all(root.join("shut")).unwrap();
    fs::write(root.join("closed"), "x").unwrap();
    for name in ["shut", "closed"] {
        fs::set_permissions(root.join(name), fs::Permissions::from_mode(0o000)).unwrap();
    }
    let (lines, _) = listing(&[root], &WalkOptions::default());
    assert_eq!(lines, ["gap r/closed unreadable permission", "gap r/shut unreadable permission"]);
}

#[test]
fn paths_far_beyond_the_systems_limit() {
    let folder = tempfile::tempdir().unwrap();
    let name = "n".repeat(200);
    let mut here = File::open(folder.path()).unwrap();
    for _ in 0..60 {
        mkdirat(&here, &name, Mode::RWXU).unwrap();
        let next = openat(&here, &name, OFlags::RDONLY | OFlags::DIRECTORY, Mode::empty()).unwrap();
        here = File::from(next);
    }
    openat(&here, "end", OFlags::CREATE | OFlags::WRONLY, Mode::RUSR).unwrap();
    let mut longest = 0;
    let totals = walk::<Infallible>(&[folder.path().to_owned()], &WalkOptions::default(), &mut |item| {
        longest = longest.max(item.original.len());
        Ok(())
    })
    .unwrap();
    assert_eq!((totals.files, totals.gaps), (1, 0));
    assert!(longest > 60 * 201);
}

#[test]
fn looking_changes_no_time_of_access() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("r");
    fs::create_dir(&root).unwrap();
    fs::write(root.join("f"), "content").unwrap();
    // Older than the time of change, so that even `relatime` would note a look.
    let old = fs::FileTimes::new().set_accessed(std::time::SystemTime::UNIX_EPOCH);
    for path in [root.join("f"), root.clone()] {
        File::open(path).unwrap().set_times(old).unwrap();
    }
    listing(std::slice::from_ref(&root), &WalkOptions::default());
    if cfg!(target_os = "linux") {
        assert_eq!(fs::metadata(root.join("f")).unwrap().atime(), 0);
        assert_eq!(fs::metadata(&root).unwrap().atime(), 0);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn names_of_any_bytes_come_back_sorted(mut names in prop::collection::btree_set(
        prop::collection::vec(prop_oneof![1..=46u8, 48..=255u8], 1..40), 1..20))
    {
        names.retain(|name| name != b"." && name != b"..");
        let folder = tempfile::tempdir().unwrap();
        for name in &names {
            fs::write(folder.path().join(OsStr::from_bytes(name)), "").unwrap();
        }
        let mut seen = Vec::new();
        walk::<Infallible>(&[folder.path().to_owned()], &WalkOptions::default(), &mut |item| {
            if matches!(item.what, What::File { .. }) {
                let cut = item.original.iter().position(|&byte| byte == b'/').unwrap();
                seen.push(item.original[cut + 1..].to_vec());
            }
            Ok(())
        })
        .unwrap();
        prop_assert_eq!(seen, names.into_iter().collect::<Vec<_>>());
    }
}
