//! Where the installation of this account lies.
//!
//! `--home`, then the variable `ASSERVAT_HOME`, then the place the system has for data of programs.

use std::path::PathBuf;

/// The folder of the installation; none if the system names no place.
pub(crate) fn home(given: Option<PathBuf>) -> Option<PathBuf> {
    given.or_else(|| variable("ASSERVAT_HOME")).or_else(place)
}

fn variable(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

#[cfg(windows)]
fn place() -> Option<PathBuf> {
    Some(variable("LOCALAPPDATA")?.join("Asservat"))
}

#[cfg(target_os = "macos")]
fn place() -> Option<PathBuf> {
    Some(variable("HOME")?.join("Library/Application Support/Asservat"))
}

/// The XDG base directory specification: an absolute `XDG_DATA_HOME`, otherwise `~/.local/share`.
#[cfg(not(any(windows, target_os = "macos")))]
fn place() -> Option<PathBuf> {
    let data = variable("XDG_DATA_HOME").filter(|path| path.is_absolute());
    let data = data.or_else(|| Some(variable("HOME")?.join(".local/share")))?;
    Some(data.join("asservat"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_wins() {
        assert_eq!(home(Some("x".into())), Some("x".into()));
    }
}
