//! The file key: wrapped for recipients when sealing, unwrapped with an identity when opening.
//!
//! Wrapping itself (X25519, scrypt, plugins) is done by the age crate through its two traits; plugins get
//! no terminal.

use crate::recipient::Kind;
use crate::{IdentityFile, Recipient, SealError, SealTo, WorkFactor, access::OpenWith, access::Passphrase};
use age::plugin::{IdentityPluginV1, RecipientPluginV1, ResolveError};
use age::{DecryptError, EncryptError, Identity as _, NoCallbacks, Recipient as _};
use age_core::format::{FileKey, Stanza, is_arbitrary_string};
use std::collections::HashSet;

/// A new random file key and the stanzas that wrap it.
pub(crate) fn wrap(to: &SealTo<'_>) -> Result<(FileKey, Vec<Stanza>), SealError> {
    let file_key = FileKey::try_init_with_mut(|key| getrandom::fill(key).map_err(|_| SealError::Random))?;
    let stanzas = match to {
        SealTo::Recipients(recipients) => wrap_for_recipients(recipients, &file_key)?,
        SealTo::Passphrase { passphrase, work_factor } => {
            let mut recipient = age::scrypt::Recipient::new(passphrase.to_secret());
            recipient.set_work_factor(work_factor.log2_n());
            recipient.wrap_file_key(&file_key).map_err(|error| encrypt_error(error, ""))?.0
        }
    };
    Ok((file_key, stanzas))
}

/// The file key out of the stanzas of a header; the MAC of the header is still to be checked.
pub(crate) fn unwrap(stanzas: &[Stanza], with: &OpenWith<'_>) -> Result<FileKey, SealError> {
    match with {
        OpenWith::Identities(identities) => unwrap_with_identities(stanzas, identities)?,
        OpenWith::Passphrase(passphrase) => unwrap_with_passphrase(stanzas, passphrase)?,
        OpenWith::IdentityFile(file) => match unwrap_with_identities(stanzas, file.identities())? {
            None => unwrap_with_plugins(stanzas, file)?,
            found => found,
        },
    }
    .ok_or(SealError::WrongKey)
}

fn wrap_for_recipients(recipients: &[Recipient], file_key: &FileKey) -> Result<Vec<Stanza>, SealError> {
    let mut stanzas = Vec::new();
    let mut first_labels: Option<HashSet<String>> = None;
    for recipient in recipients {
        let (wrapped, labels) = match &recipient.0 {
            Kind::X25519(recipient) => {
                recipient.wrap_file_key(file_key).map_err(|error| encrypt_error(error, ""))?
            }
            Kind::Plugin(recipient) => wrap_with_plugin(recipient, file_key)?,
        };
        // Labels say with whom a recipient may share a file; all have to say the same.
        if first_labels.get_or_insert_with(|| labels.clone()) != &labels {
            return Err(SealError::IncompatibleRecipients);
        }
        stanzas.extend(wrapped);
    }
    if stanzas.is_empty() { Err(SealError::NoRecipients) } else { Ok(stanzas) }
}

fn wrap_with_plugin(
    recipient: &age::plugin::Recipient,
    file_key: &FileKey,
) -> Result<(Vec<Stanza>, HashSet<String>), SealError> {
    let name = recipient.plugin();
    let plugin = RecipientPluginV1::new(name, std::slice::from_ref(recipient), &[], NoCallbacks)
        .map_err(|error| resolve_error(&error, name))?;
    let wrapped = plugin.wrap_file_key(file_key).map_err(|error| encrypt_error(error, name))?;
    // A plugin is another program: nothing it says may break the header.
    let fits = |stanza: &Stanza| {
        stanza.tag != "scrypt"
            && is_arbitrary_string(&stanza.tag)
            && stanza.args.iter().all(is_arbitrary_string)
    };
    if wrapped.0.iter().all(fits) { Ok(wrapped) } else { Err(plugin_failed(name)) }
}

fn unwrap_with_identities(
    stanzas: &[Stanza],
    identities: &[crate::Identity],
) -> Result<Option<FileKey>, SealError> {
    let found = identities.iter().find_map(|identity| identity.as_age().unwrap_stanzas(stanzas));
    found.transpose().map_err(|error| decrypt_error(error, ""))
}

fn unwrap_with_passphrase(stanzas: &[Stanza], passphrase: &Passphrase) -> Result<Option<FileKey>, SealError> {
    let mut identity = age::scrypt::Identity::new(passphrase.to_secret());
    identity.set_max_work_factor(WorkFactor::MAX.log2_n());
    identity.unwrap_stanzas(stanzas).transpose().map_err(|error| decrypt_error(error, ""))
}

/// Tries every plugin; the first trouble is told only if none of them finds the key.
fn unwrap_with_plugins(stanzas: &[Stanza], file: &IdentityFile) -> Result<Option<FileKey>, SealError> {
    let mut trouble = None;
    for name in file.plugin_names() {
        let found = IdentityPluginV1::new(name, file.plugins(), NoCallbacks)
            .map_err(|error| resolve_error(&error, name))
            .and_then(|plugin| {
                let found = plugin.unwrap_stanzas(stanzas);
                found.transpose().map_err(|error| decrypt_error(error, name))
            });
        match found {
            Ok(None) => {}
            Ok(found) => return Ok(found),
            Err(error) => trouble = trouble.or(Some(error)),
        }
    }
    trouble.map_or(Ok(None), Err)
}

fn encrypt_error(error: EncryptError, plugin: &str) -> SealError {
    match error {
        EncryptError::PluginResolve(error) => resolve_error(&error, plugin),
        EncryptError::IncompatibleRecipients { .. } | EncryptError::MixedRecipientAndPassphrase => {
            SealError::IncompatibleRecipients
        }
        _ if !plugin.is_empty() => plugin_failed(plugin),
        EncryptError::Io(error) => error.into(),
        _ => SealError::Cipher,
    }
}

fn decrypt_error(error: DecryptError, plugin: &str) -> SealError {
    match error {
        DecryptError::PluginResolve(error) => resolve_error(&error, plugin),
        _ if !plugin.is_empty() => plugin_failed(plugin),
        DecryptError::ExcessiveWork { required, .. } => SealError::WorkFactorTooHigh { log2_n: required },
        DecryptError::InvalidHeader | DecryptError::InvalidMac => SealError::HeaderDamaged,
        DecryptError::UnknownFormat => SealError::UnsupportedVersion,
        DecryptError::Io(error) => error.into(),
        _ => SealError::WrongKey,
    }
}

fn resolve_error(error: &ResolveError, plugin: &str) -> SealError {
    match error {
        ResolveError::MissingPlugin { .. } => SealError::PluginMissing { name: plugin.to_owned() },
        _ => plugin_failed(plugin),
    }
}

fn plugin_failed(name: &str) -> SealError {
    SealError::PluginFailed { name: name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Identity, access::OpenWith};
    use age_core::secrecy::ExposeSecret;

    #[test]
    fn any_recipient_unwraps_and_a_stranger_does_not() {
        let identities: Vec<Identity> = (0..3).map(|_| Identity::generate().unwrap()).collect();
        let recipients: Vec<Recipient> = identities.iter().map(Identity::recipient).collect();
        let (key, stanzas) = wrap(&SealTo::Recipients(&recipients)).unwrap();
        assert_eq!(stanzas.len(), 3);
        for identity in &identities {
            let found = unwrap(&stanzas, &OpenWith::Identities(std::slice::from_ref(identity))).unwrap();
            assert_eq!(found.expose_secret(), key.expose_secret());
        }
        let stranger = [Identity::generate().unwrap()];
        assert!(matches!(unwrap(&stanzas, &OpenWith::Identities(&stranger)), Err(SealError::WrongKey)));
        assert!(matches!(unwrap(&stanzas, &OpenWith::Identities(&[])), Err(SealError::WrongKey)));
        let passphrase = Passphrase::new("horse".to_owned());
        assert!(matches!(unwrap(&stanzas, &OpenWith::Passphrase(&passphrase)), Err(SealError::WrongKey)));
        assert!(matches!(wrap(&SealTo::Recipients(&[])), Err(SealError::NoRecipients)));
    }

    #[test]
    fn a_missing_plugin_is_named_unless_another_key_fits() {
        let plugin = age::plugin::Identity::default_for_plugin("asservat-none").unwrap();
        let identity = Identity::generate().unwrap();
        let recipients = [identity.recipient()];
        let (_, stanzas) = wrap(&SealTo::Recipients(&recipients)).unwrap();
        let missing =
            |error| matches!(error, Some(SealError::PluginMissing { name }) if name == "asservat-none");

        let only = IdentityFile::parse(&plugin.to_string()).unwrap();
        assert!(missing(unwrap(&stanzas, &OpenWith::IdentityFile(&only)).err()));
        let both = IdentityFile::parse(&format!("{plugin}\n{}\n", *identity.to_secret_text())).unwrap();
        assert!(unwrap(&stanzas, &OpenWith::IdentityFile(&both)).is_ok());

        // The example of age's plugin specification; nobody has this plugin while testing.
        let text = "age1yubikey1qwt50d05nh5vutpdzmlg5wn80xq5negm4uj9ghv0snvdd3yysf5yw3rhl3t";
        let recipients: [Recipient; 1] = [text.parse().unwrap()];
        let error = wrap(&SealTo::Recipients(&recipients)).err();
        assert!(matches!(error,
                Some(SealError::PluginMissing { name } | SealError::PluginFailed { name })
                    if name == "yubikey"));
    }
}
