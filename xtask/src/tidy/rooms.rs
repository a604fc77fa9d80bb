//! The direction of the rooms: a crate depends only on rooms above it, and a few guests belong to one room
//! alone.
//!
//! The table is the one of the architecture. Tests may reach further: a test of `verify` may write its case
//! with `vault`.

use super::manifest::{Dependency, entries};
use super::{Problem, Tree};

/// The rooms, top first. A room may use what stands above it, or only what it names.
const ROOMS: &[(&str, Uses)] = &[
    ("model", Uses::Above),
    ("seal", Uses::Above),
    ("bag", Uses::Above),
    ("custody", Uses::Above),
    ("vault", Uses::Above),
    ("sqlite", Uses::Only(&["model"])),
    ("source", Uses::Only(&["model", "seal", "sqlite"])),
    ("text", Uses::Above),
    ("readers", Uses::Above),
    ("confine", Uses::Above),
    ("check", Uses::Above),
    ("index", Uses::Above),
    ("insight", Uses::Above),
    ("handover", Uses::Above),
    ("handover-pdf", Uses::Above),
    ("count", Uses::Above),
    ("verify", Uses::Only(&["model", "seal", "bag", "custody"])),
    ("desk", Uses::Above),
    ("workbench", Uses::Above),
    ("cli", Uses::Above),
];

/// What a room may use.
enum Uses {
    /// Any room above it.
    Above,
    /// These and no other.
    Only(&'static [&'static str]),
}

/// Guests that one room alone may have, so that what they do is in one place.
const GUESTS: &[(&[&str], &str)] = &[
    (&["age", "age-core", "secrecy", "sha2", "hmac", "hkdf", "ed25519-dalek", "openssl"], "seal"),
    (&["chacha20poly1305", "getrandom", "bip39"], "seal"),
    (&["aes", "cbc", "ctr", "ghash", "pbkdf2", "sha1", "md-5", "aes-kw"], "seal"),
    (&["anyhow", "clap", "indicatif", "rpassword"], "cli"),
];

/// Checks every crate's dependencies on other rooms and on guests of one room.
pub(super) fn direction(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in tree.below("crates") {
        let Some(room) = room_of(&file.path) else { continue };
        let Some(place) = position(room) else {
            problems.push(Problem::new(&file.path, 0, format!("`{room}` is no room of the table in xtask")));
            continue;
        };
        for entry in entries(file).iter().filter(|entry| entry.dependency() == Some(Dependency::Shipped)) {
            if let Some(text) = forbidden(room, place, entry.name) {
                problems.push(Problem::new(&file.path, entry.line, text));
            }
        }
    }
    problems
}

/// Why a room may not use this crate; nothing when it may.
fn forbidden(room: &str, place: usize, name: &str) -> Option<String> {
    let used = if name == "asservat" { "cli" } else { name };
    if let Some(other) = position(used) {
        let allowed = match ROOMS.get(place) {
            Some((_, Uses::Only(rooms))) => rooms.contains(&used),
            _ => other < place,
        };
        return (!allowed)
            .then(|| format!("`{room}` must not depend on `{used}`: it is not a room above it"));
    }
    let (_, host) = GUESTS.iter().find(|(guests, host)| guests.contains(&name) && *host != room)?;
    Some(format!("`{name}` is used through `{host}` only"))
}

fn position(room: &str) -> Option<usize> {
    ROOMS.iter().position(|(name, _)| *name == room)
}

/// The room whose manifest this is.
fn room_of(path: &str) -> Option<&str> {
    path.strip_prefix("crates/")?.strip_suffix("/Cargo.toml").filter(|room| !room.contains('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found when this room depends on that crate.
    fn found(room: &str, section: &str, name: &str) -> usize {
        let text = format!("[package]\nname = \"{room}\"\n[{section}]\n{name}.workspace = true\n");
        direction(&Tree::from_texts(&[(&format!("crates/{room}/Cargo.toml"), &text)])).len()
    }

    #[test]
    fn a_room_uses_only_rooms_above_it() {
        assert_eq!(found("vault", "dependencies", "custody"), 0);
        assert_eq!(found("custody", "dependencies", "vault"), 1);
        assert_eq!(found("custody", "target.'cfg(unix)'.dependencies", "vault"), 1);
        assert_eq!(found("custody", "build-dependencies", "vault"), 1);
        assert_eq!(found("custody", "dev-dependencies", "vault"), 0);
        assert_eq!(found("desk", "dependencies", "asservat"), 1);
        assert_eq!(found("model", "dependencies", "model"), 1);
    }

    #[test]
    fn some_rooms_use_only_what_they_name() {
        assert_eq!(found("verify", "dependencies", "custody"), 0);
        assert_eq!(found("verify", "dependencies", "vault"), 1);
        assert_eq!(found("source", "dependencies", "seal"), 1);
    }

    #[test]
    fn cryptography_has_one_room() {
        assert_eq!(found("seal", "dependencies", "sha2"), 0);
        assert_eq!(found("bag", "dependencies", "sha2"), 1);
        assert_eq!(found("desk", "dependencies", "anyhow"), 1);
        assert_eq!(found("desk", "dependencies", "serde"), 0);
    }

    #[test]
    fn a_room_missing_in_the_table_is_found() {
        assert_eq!(found("cellar", "dependencies", "serde"), 1);
    }
}
