//! Configuration profiles: `profile-….stub` in a phone's own store, and `.mobileconfig` files.
//!
//! A stub is a profile that is installed. A `.mobileconfig` that lies somewhere else may be installed or not;
//! it has no day of installation. Plain, binary, UTF-16, and signed (CMS) forms. After Apple's device
//! management schema (2026-11); place of the stubs as in mvt. Deliberately not checked: signatures.

use std::io::Read;

use model::record::{Place, ProblemKind};
use source::list_file::{ListFile, ListTrouble};
use source::property_list::PropertyList;
use source::tree::Candidate;

use crate::profile::{self, ProfileRead};
use crate::{
    About, Check, FactSink, Flow, Input, PayloadKind, Platform, Question, Trace, TraceKind, Wholly, der,
    lists,
};

/// Configuration profiles.
pub(crate) struct IosProfiles;

/// Most bytes of a profile.
const BYTES_MOST: u64 = 16 << 20;

impl Check for IosProfiles {
    fn name(&self) -> &'static str {
        "ios_profiles"
    }

    fn about(&self) -> About {
        About {
            title: "Configuration profiles with everything in them",
            platform: Platform::Ios,
            covers: "installed profiles (profile-….stub) and .mobileconfig files; management, \
                     certificates, VPN, proxy, filters and DNS, notifications, restrictions, accounts, \
                     networks, web clips; also signed and in UTF-16",
            leaves_out: "encrypted payloads, signatures, passwords",
            answers: &[Question::Profiles, Question::RootCertificates, Question::Vpn, Question::DeviceAdmin],
            source: "Apple's device management schema; mvt configuration_profiles (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        let entry = candidate.entry();
        let name = entry.name();
        let is_stored = || {
            let path = entry.path();
            path.contains("ConfigurationProfiles/")
                || path.contains("configurationprofiles/")
                || path.contains("MCState/")
        };
        lists::has_extension(name, "mobileconfig")
            || (name.starts_with("profile-") || lists::has_extension(name, "stub")) && is_stored()
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let file = match load(input) {
            Ok(file) => file,
            Err(trouble) => return lists::tell(trouble, input, sink),
        };
        let seen = input.seen(Place::Whole);
        let list = file.list();
        let Some(read) = list.as_ref().and_then(PropertyList::top).and_then(profile::read) else {
            return sink.trouble(&seen, ProblemKind::NotUnderstood, "a configuration profile", "");
        };
        let ProfileRead { profile, identifiers, addresses, is_cut } = read;
        let own = [Some(&profile.id), profile.uuid.as_ref()];
        for value in own.into_iter().flatten().chain(&identifiers) {
            let kind = TraceKind::Profile;
            sink.trace(&Trace { kind, value, at: profile.installed.as_ref(), app: None, seen: &seen })?;
        }
        for value in &addresses {
            let kind = TraceKind::Connection;
            sink.trace(&Trace { kind, value, at: profile.installed.as_ref(), app: None, seen: &seen })?;
        }
        if is_cut {
            let expected = "fewer, smaller or unencrypted payloads in a profile";
            sink.trouble(&seen, ProblemKind::Limit, expected, "the other payloads")?;
        }
        let count = |kinds: &[PayloadKind]| {
            profile.payloads.iter().filter(|payload| kinds.contains(&payload.kind)).count() as u64
        };
        let wholly = if is_cut { Wholly::No } else { Wholly::Yes };
        sink.looked(&seen, Question::Profiles, wholly, 1)?;
        if input.entry().is_some_and(|entry| !lists::has_extension(entry.name(), "mobileconfig")) {
            let certificates = count(&[PayloadKind::RootCertificate, PayloadKind::Certificate]);
            sink.looked(&seen, Question::RootCertificates, wholly, certificates)?;
            sink.looked(&seen, Question::Vpn, wholly, count(&[PayloadKind::Vpn, PayloadKind::Proxy]))?;
            sink.looked(&seen, Question::DeviceAdmin, wholly, count(&[PayloadKind::Mdm]))?;
        }
        sink.says(&seen, profile)
    }
}

/// The list of a profile, taken out of its signature.
fn load(input: &Input<'_>) -> Result<ListFile, ListTrouble> {
    let entry = input.entry().ok_or(ListTrouble::Unreadable)?;
    let stream = entry.content().stream().map_err(|_| ListTrouble::Unreadable)?;
    let most = BYTES_MOST.min(input.limits.unit_bytes);
    let mut bytes = Vec::new();
    let read = stream.take(most.saturating_add(1)).read_to_end(&mut bytes);
    read.map_err(|_| ListTrouble::Unreadable)?;
    if bytes.len() as u64 > most {
        return Err(ListTrouble::TooLong);
    }
    if der::may_be_signed(&bytes) {
        bytes = der::signed_content(&bytes).ok_or(ListTrouble::Damaged)?;
    }
    lists::of_text_or_binary(bytes)
}
