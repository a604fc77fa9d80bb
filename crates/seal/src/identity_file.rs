//! An age identity file: `AGE-SECRET-KEY-1…` and `AGE-PLUGIN-…` lines, comments and empty lines.
//!
//! Comments are skipped, not interpreted. Encrypted identity files are opened by the caller first.

use crate::{Identity, SealError};
use std::collections::BTreeSet;

/// The identities of an identity file; secrets are wiped when dropped.
pub struct IdentityFile {
    identities: Vec<Identity>,
    plugins: Vec<age::plugin::Identity>,
}

impl IdentityFile {
    /// Reads the text of an identity file; a line that is neither identity nor comment is an error with
    /// its number.
    pub fn parse(text: &str) -> Result<Self, SealError> {
        let mut file = Self { identities: Vec::new(), plugins: Vec::new() };
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Ok(identity) = Identity::parse(line) {
                file.identities.push(identity);
            } else if let Ok(identity) = line.parse() {
                file.plugins.push(identity);
            } else {
                return Err(SealError::IdentityFileLine { line: index + 1 });
            }
        }
        if file.identities.is_empty() && file.plugins.is_empty() {
            return Err(SealError::NoIdentities);
        }
        Ok(file)
    }

    /// The X25519 identities in the order of the file.
    pub fn identities(&self) -> &[Identity] {
        &self.identities
    }

    /// The names of the plugins it needs, without `age-plugin-`.
    pub fn plugin_names(&self) -> BTreeSet<&str> {
        self.plugins.iter().map(age::plugin::Identity::plugin).collect()
    }

    pub(crate) fn plugins(&self) -> &[age::plugin::Identity] {
        &self.plugins
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_comments_keys_and_plugins() {
        let (one, two) = (Identity::generate().unwrap(), Identity::generate().unwrap());
        let plugin = age::plugin::Identity::default_for_plugin("token").unwrap();
        let text = format!(
            "# asservat keyring v1\r\n\n# own\n{}\n# epoch 0\r\n{}\r\n{plugin}\n",
            *one.to_secret_text(),
            *two.to_secret_text(),
        );
        let file = IdentityFile::parse(&text).unwrap();
        let found: Vec<_> = file.identities().iter().map(Identity::recipient).collect();
        assert_eq!(found, [one.recipient(), two.recipient()]);
        assert_eq!(file.plugin_names(), BTreeSet::from(["token"]));
    }

    #[test]
    fn names_the_line_that_is_wrong() {
        assert!(matches!(IdentityFile::parse("# only words\n\n"), Err(SealError::NoIdentities)));
        let error = IdentityFile::parse("# a\n\nage1notasecret\n").err();
        assert!(matches!(error, Some(SealError::IdentityFileLine { line: 3 })));
    }
}
