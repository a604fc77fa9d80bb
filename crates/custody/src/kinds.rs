//! The registry of entry kinds: which fields each needs, and whether its body may be erased.
//!
//! Follows docs/format.md, sections 8 and 9. Further fields are allowed, because a later program may say
//! more. Deliberately no meaning here: what entries add up to is said by [`crate::CaseState`].

use crate::Fields;
pub use crate::shape::Shape;
use Shape::{
    Any, ConsentItems, Date, Digest, DigestByFile, Digests, Number, NumberByWord, NumberOrNull, Text, Time,
    True, Word,
};

/// A kind of entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// The value of the field `kind`.
    pub name: &'static str,
    /// Fields that must be there, beside those of every entry.
    pub required: &'static [(&'static str, Shape)],
    /// Fields that may be there, and then have this form.
    pub optional: &'static [(&'static str, Shape)],
    /// Whether the body may be erased.
    pub erasable: Erasable,
}

/// Whether the body of an entry may be erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Erasable {
    /// The body may go; leaf and tree stay.
    Yes,
    /// Never by itself, because the state of the case rests on it.
    Never,
}

/// Why fields are not those of a known kind. Field names are those of the registry, never taken from an
/// entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KindError {
    /// No field `kind`, or a kind that this program does not know.
    #[error("an entry of an unknown kind")]
    Unknown,
    /// A field is missing.
    #[error("an entry of kind {kind} without the field {field}")]
    Missing {
        /// The kind of the entry.
        kind: &'static str,
        /// The missing field.
        field: &'static str,
    },
    /// A field has another form than expected.
    #[error("an entry of kind {kind} whose field {field} has another form than expected")]
    Shape {
        /// The kind of the entry.
        kind: &'static str,
        /// The field.
        field: &'static str,
    },
    /// The gate was answered with yes, and more was written down than that.
    #[error("an answer of yes at the gate must stand alone")]
    MoreThanYes,
}

/// Fields of every entry.
pub const EVERY: &[(&str, Shape)] = &[("kind", Text), ("at", Time), ("program", Text), ("key", Digest)];

/// Fields that every entry may have.
pub const EVERY_OPTIONAL: &[(&str, Shape)] = &[("clock_back", True)];

/// All kinds.
pub const KINDS: &[Kind] = &[
    state(
        "case.created",
        &[
            ("alias", Text),
            ("holder", Word(&["client", "lawyer", "centre"])),
            ("purpose", Text),
            ("until", Date),
            ("vkey", Shape::VerifierKey),
            ("recipient_sha256", Digest),
            ("keys", DigestByFile),
        ],
    ),
    state("key.introduced", &[("vkey", Shape::VerifierKey), ("reason", Text)]),
    Kind {
        optional: &[("older_than", Number)],
        ..state("writing.claimed", &[("vkey", Shape::VerifierKey), ("reason", Text)])
    },
    state("gate.answered", &[("answer", Word(&["no", "yes", "unsure"]))]),
    record(
        "capsule.sealed",
        &[
            ("capsule", Text),
            ("sha256", Digest),
            ("size_bytes", Number),
            ("root", Digest),
            ("leaves", Number),
            ("top", Text),
            ("names_offset", Number),
            ("names_bytes", Number),
            ("source", Text),
            ("who", Text),
            ("gate", Number),
            ("consent", NumberOrNull),
            ("files", Number),
            ("gaps", NumberByWord),
            ("read_back", Word(&["medium", "cache"])),
        ],
    ),
    state("item.stopped", &[("capsule", Number), ("leaf", NumberOrNull)]),
    record("note", &[("text", Text), ("about", Any)]),
    record(
        "consent.given",
        &[
            ("id", Text),
            ("to", Text),
            ("purpose", Text),
            ("items", ConsentItems),
            ("until", Date),
            ("how", Text),
        ],
    ),
    state("consent.withdrawn", &[("id", Text)]),
    state("hold.on", &[("reason", Text)]),
    state("hold.off", &[("reason", Text)]),
    state("holder.added", HOLDER),
    state("holder.removed", HOLDER),
    record("opened", &[("what", Text), ("items", Any)]),
    record("unsealed", &[("what", Text), ("items", Any)]),
    record("capsules.read", &[("capsules", Any), ("records", Number), ("problems", Number)]),
    record("check.run", &[("capsules", Any), ("files", Number), ("lists", Any)]),
    record("look.answered", &[("step", Text), ("answer", Word(LOOK)), ("words", Text), ("agreed", True)]),
    record("record.tagged", &[("record", Text), ("tag", Text), ("state", Word(&["on", "off"]))]),
    record("person.decided", &[("first", Text), ("second", Text), ("decision", Word(SAME)), ("why", Text)]),
    record(
        "hint.decided",
        &[("record", Text), ("code", Text), ("decision", Word(HINT)), ("to", Text), ("why", Text)],
    ),
    record("evidence.key", &[("secret", Text), ("about", Text)]),
    record("case.given", &[("to", Text), ("size", Number)]),
    record("case.taken", &[("from", Text), ("size", Number)]),
    record(
        "handed.over",
        &[
            ("to", Text),
            ("purpose", Text),
            ("consent", Text),
            ("items", Any),
            ("sums_sha256", Digest),
            ("withheld", Any),
        ],
    ),
    state(
        "erased",
        &[("what", Word(&["case", "capsule", "entry"])), ("which", NumberOrNull), ("reason", Text)],
    ),
    state("forked", &[("common", Number), ("checkpoint", Text), ("leaves", Digests)]),
    // In the log of an installation only (section 8).
    state(
        "case.head",
        &[("head", Digest), ("salt", Digest), ("case", Digest), ("size", Number), ("root", Text)],
    ),
];

/// The answers of the guided look.
const LOOK: &[&str] = &["fine", "unknown-thing", "could-not-look", "not-now"];

/// Whether two that sources name are one person.
const SAME: &[&str] = &["same", "not-same", "unsure", "undone"];
/// What became of a hint.
const HINT: &[&str] = &["dismissed", "relabelled", "added", "undone"];

const HOLDER: &[(&str, Shape)] = &[
    ("name", Shape::HolderName),
    ("how", Text),
    ("epoch", Number),
    ("recipient_sha256", Digest),
    ("keys", DigestByFile),
];

/// The kind of that name.
pub fn find(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.name == name)
}

/// Whether the fields are those of a known kind, each with the form it must have.
pub fn check(fields: &Fields) -> Result<&'static Kind, KindError> {
    let kind = fields.kind().and_then(find).ok_or(KindError::Unknown)?;
    for &(field, shape) in EVERY.iter().chain(kind.required) {
        let value = fields.get(field).ok_or(KindError::Missing { kind: kind.name, field })?;
        if !shape.fits(value) {
            return Err(KindError::Shape { kind: kind.name, field });
        }
    }
    for &(field, shape) in EVERY_OPTIONAL.iter().chain(kind.optional) {
        if fields.get(field).is_some_and(|value| !shape.fits(value)) {
            return Err(KindError::Shape { kind: kind.name, field });
        }
    }
    let may_stand = |name: &str| {
        let known = [EVERY, EVERY_OPTIONAL, kind.required];
        known.iter().any(|group| group.iter().any(|(field, _)| *field == name))
    };
    if kind.name == "gate.answered"
        && fields.text("answer") == Some("yes")
        && !fields.iter().all(|(n, _)| may_stand(n))
    {
        return Err(KindError::MoreThanYes);
    }
    Ok(kind)
}

/// A kind that the state of the case rests on.
const fn state(name: &'static str, required: &'static [(&'static str, Shape)]) -> Kind {
    Kind { name, required, optional: &[], erasable: Erasable::Never }
}

/// A kind that records what was done.
const fn record(name: &'static str, required: &'static [(&'static str, Shape)]) -> Kind {
    Kind { name, required, optional: &[], erasable: Erasable::Yes }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn base(kind: &str) -> Fields {
        Fields::new()
            .with("kind", kind)
            .with("at", "2026-11-23T22:00:00Z")
            .with("program", model::PROGRAM)
            .with("key", "00".repeat(32))
    }

    #[test]
    fn required_fields_with_their_forms() {
        let stopped = base("item.stopped").with("capsule", 3_u64);
        let full = stopped.clone().with("leaf", json!(null));
        assert_eq!(check(&full).map(|kind| kind.name), Ok("item.stopped"));
        assert_eq!(check(&full.clone().with("more", 1)).map(|kind| kind.name), Ok("item.stopped"));
        for (bad, error) in [
            (Fields::new(), KindError::Unknown),
            (base("tag"), KindError::Unknown),
            (Fields::new().with("kind", "note"), KindError::Missing { kind: "note", field: "at" }),
            (stopped, KindError::Missing { kind: "item.stopped", field: "leaf" }),
            (full.clone().with("leaf", "3"), KindError::Shape { kind: "item.stopped", field: "leaf" }),
            (full.with("clock_back", false), KindError::Shape { kind: "item.stopped", field: "clock_back" }),
            (
                base("writing.claimed").with("older_than", "x"),
                KindError::Missing { kind: "writing.claimed", field: "vkey" },
            ),
        ] {
            assert_eq!(check(&bad), Err(error));
        }
    }

    #[test]
    fn yes_at_the_gate_stands_alone() {
        let gate = |answer: &str| base("gate.answered").with("answer", answer);
        assert!(check(&gate("yes").with("clock_back", true)).is_ok());
        assert!(check(&gate("unsure").with("selection", "one chat without pictures")).is_ok());
        assert_eq!(check(&gate("yes").with("selection", "x")), Err(KindError::MoreThanYes));
    }

    #[test]
    fn what_the_state_rests_on_stays() {
        let erasable: Vec<&str> =
            KINDS.iter().filter(|kind| kind.erasable == Erasable::Yes).map(|kind| kind.name).collect();
        assert_eq!(
            erasable,
            [
                "capsule.sealed",
                "note",
                "consent.given",
                "opened",
                "unsealed",
                "capsules.read",
                "check.run",
                "look.answered",
                "record.tagged",
                "person.decided",
                "hint.decided",
                "evidence.key",
                "case.given",
                "case.taken",
                "handed.over"
            ]
        );
        let mut names: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
        names.sort_unstable();
        assert!(names.is_sorted_by(|before, after| before < after), "a kind stands twice");
    }
}
