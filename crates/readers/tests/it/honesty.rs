//! What must hold of everything that was read, whatever it was.

use std::collections::BTreeSet;

use model::record::{Place, Zone};

use crate::reading::Read;

/// Every unit adds up; every record leads back to bytes that are there, under a name of its own; every time
/// keeps its raw value.
pub(crate) fn check(read: &Read, about: &str) {
    for counted in &read.kept.counted {
        assert!(counted.adds_up(), "{about}: {counted:?}");
    }
    let mut places = BTreeSet::new();
    for record in &read.kept.records {
        let entry = read.tree.entry(record.file).unwrap_or_else(|| panic!("{about}: no such file"));
        if let Place::Bytes { offset, length } = record.place {
            let end = offset.checked_add(length).unwrap_or_else(|| panic!("{about}: {:?}", record.place));
            let packed = read.tree.entry(record.file).is_some_and(|entry| entry.container().is_some());
            // What a container claims of a packed file may be false; what lies in the capsule is known.
            assert!(packed || end <= entry.size_bytes(), "{about}: {:?} is outside", record.place);
        }
        assert!(
            places.insert((record.file, record.place.clone(), record.part, record.what.word())),
            "{about}: {:?} part {} twice",
            record.place,
            record.part
        );
        if let Some(time) = record.what.time() {
            assert!(!time.raw.is_empty() || time.first_ms.is_none(), "{about}: a time out of nothing");
            assert!(time.second_ms.is_none() || time.first_ms.is_some(), "{about}: {time:?}");
            assert!(time.zone != Zone::Unknown || !time.raw.is_empty(), "{about}: {time:?}");
        }
    }
    for problem in &read.kept.problems {
        assert!(!problem.expected.is_empty(), "{about}: {problem:?}");
    }
}
