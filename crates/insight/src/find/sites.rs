//! Which host belongs to which service: data of `rules/finders/sites.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

/// The sites, loaded when first asked for.
pub(super) static SITES: LazyLock<Sites> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../../rules/finders/sites.toml")).unwrap_or_default()
});

/// The sites.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sites {
    profile: Vec<Profile>,
    advert: Vec<Advert>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Profile {
    service: String,
    hosts: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Advert {
    hosts: Vec<String>,
}

/// What a host stands for.
pub(super) enum Sort {
    /// Profiles of a service.
    Profile {
        /// Its word.
        service: String,
    },
    /// Adverts.
    Advert,
}

impl Sites {
    /// Hosts that are also written without their scheme.
    pub(super) fn hosts(&self) -> impl Iterator<Item = &str> {
        let profiles = self.profile.iter().flat_map(|profile| &profile.hosts);
        profiles.chain(self.advert.iter().flat_map(|advert| &advert.hosts)).map(String::as_str)
    }

    /// What a host, or the one it is part of, stands for.
    pub(super) fn sort_of(&self, host: &str) -> Option<Sort> {
        let is = |known: &String| {
            host.strip_suffix(known.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        if let Some(profile) = self.profile.iter().find(|profile| profile.hosts.iter().any(is)) {
            return Some(Sort::Profile { service: profile.service.clone() });
        }
        self.advert.iter().any(|advert| advert.hosts.iter().any(is)).then_some(Sort::Advert)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_sound() {
        let sites: Sites = toml::from_str(include_str!("../../../../rules/finders/sites.toml")).unwrap();
        assert!(sites.profile.len() > 8 && !sites.advert.is_empty());
        assert!(sites.hosts().all(|host| host.contains('.') && host == host.to_lowercase()));
    }
}
