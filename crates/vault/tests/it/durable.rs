//! The promise of a store by itself: what a call has done is on the medium when it returns.

use std::io::Write;

use vault::{Store, StoreError, Wipe};

use crate::fault_disk::{FaultDisk, Image};
use crate::world::store;

/// The file after a loss of power right now.
fn left(disk: &FaultDisk, name: &str) -> Option<Vec<u8>> {
    disk.after_crash(Image::Lost).file(name)
}

#[test]
fn what_returned_survives_a_loss_of_power() {
    let disk = FaultDisk::new();
    let store = store(&disk);
    store.put("a/b/c", b"one").unwrap();
    assert_eq!(left(&disk, "a/b/c").as_deref(), Some(&b"one"[..]));
    store.put("a/b/c", b"two").unwrap();
    assert_eq!(left(&disk, "a/b/c").as_deref(), Some(&b"two"[..]));
    store.extend("d/e", 0, b"12345").unwrap();
    store.extend("d/e", 3, b"x").unwrap();
    assert_eq!(left(&disk, "d/e").as_deref(), Some(&b"123x"[..]));
    store.rename("a/b/c", "f/g/h").unwrap();
    assert_eq!((left(&disk, "f/g/h").as_deref(), left(&disk, "a/b/c")), (Some(&b"two"[..]), None));
    store.remove("f/g/h", Wipe::No).unwrap();
    assert_eq!(left(&disk, "f/g/h"), None);
    // The folder went with its last file and comes back with the next.
    store.put("f/g/h", b"three").unwrap();
    assert_eq!(left(&disk, "f/g/h").as_deref(), Some(&b"three"[..]));
    let mut upload = store.begin("u/0").unwrap();
    upload.write_all(b"large").unwrap();
    upload.commit().unwrap();
    assert_eq!(left(&disk, "u/0").as_deref(), Some(&b"large"[..]));
    drop(upload);
    assert_eq!(disk.file("u/0"), None);
}

#[test]
fn what_is_wiped_is_overwritten_before_it_goes() {
    let disk = FaultDisk::new();
    let store = store(&disk);
    for size in [1, 70_000, (1 << 20) + 5] {
        store.put("x", &vec![7; size]).unwrap();
        let shadow = disk.keep_bytes("x");
        store.remove("x", Wipe::Yes).unwrap();
        let bytes = shadow();
        assert_eq!(bytes.len(), size);
        let head = size.min(1 << 16);
        assert!(bytes[..head].iter().all(|byte| *byte == 0), "{size}");
        assert!(size > 1 << 20 || bytes.iter().all(|byte| *byte == 0), "{size}");
    }
}

#[test]
fn settling_makes_certain_what_shows() {
    let disk = FaultDisk::new();
    let store = store(&disk);
    store.put("a/b", b"x").unwrap();
    vault::disk::Disk::remove(&disk, "a/b").unwrap();
    assert!(left(&disk, "a/b").is_some());
    store.settle("a/b").unwrap();
    assert!(left(&disk, "a/b").is_none());
    store.settle("no/such/folder/at/all").unwrap();
    assert!(matches!(store.settle("../x"), Err(StoreError::BadName)));
}
