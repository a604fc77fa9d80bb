//! Configuration profiles of Apple's systems: every payload with its sort and what it sets.
//!
//! Payload types after Apple's device management schema (github.com/apple/device-management, 2026-11). A
//! profile may set many things at once; all of them are told, not the first. Secrets in it (passwords of a
//! wireless network, shared secrets) are named but not shown. Deliberately not read: encrypted payloads,
//! signatures.

use model::record::TimeReading;
use source::property_list::Value;

use crate::database::clipped;
use crate::der::{self, CertificateRole};
use crate::lists::{self, Budget};
use crate::{Payload, PayloadKind, Profile};

/// Most payloads of one profile, most details of one payload, and how deep they are followed.
const PAYLOADS_MOST: usize = 500;
const DETAILS_MOST: usize = 200;
const DEPTH_MOST: usize = 5;
/// Longest certificate.
const CERTIFICATE_BYTES_MOST: usize = 64 << 10;

/// A profile as it was read.
pub(crate) struct ProfileRead {
    /// It.
    pub(crate) profile: Profile,
    /// Identifiers and UUIDs of its payloads.
    pub(crate) identifiers: Vec<String>,
    /// Servers, addresses and names that it makes the device use.
    pub(crate) addresses: Vec<String>,
    /// Whether there was more than is read.
    pub(crate) is_cut: bool,
}

/// Reads a profile; none if the dictionary is none.
pub(crate) fn read(top: Value<'_>) -> Option<ProfileRead> {
    if !lists::is_small_dictionary(top) {
        return None;
    }
    let content = top.get("PayloadContent");
    let id = lists::text(top, "PayloadIdentifier").or_else(|| lists::text(top, "PayloadUUID"))?;
    let is_encrypted = top.get("EncryptedPayloadContent").is_some();
    if content.is_none() && !is_encrypted && lists::text(top, "PayloadType").is_none() {
        return None;
    }
    let removal = lists::truth(top, "PayloadRemovalDisallowed");
    let profile = Profile {
        id,
        uuid: lists::text(top, "PayloadUUID"),
        name: lists::text(top, "PayloadDisplayName"),
        organisation: lists::text(top, "PayloadOrganization"),
        installed: installed(top),
        locked: removal.or_else(|| lists::truth(top, "HasRemovalPasscode").filter(|locked| *locked)),
        payloads: Vec::new(),
    };
    let (identifiers, addresses) = (Vec::new(), Vec::new());
    let mut read = ProfileRead { profile, identifiers, addresses, is_cut: false };
    let mut budget = Budget::new(20_000);
    match content {
        Some(list) if list.is_list() => {
            read.is_cut |= list.members().is_some_and(|members| members > PAYLOADS_MOST as u64);
            for payload in list.elements().take(PAYLOADS_MOST) {
                read.payload(payload, &mut budget);
            }
        }
        // An invitation to fetch another profile: what it sets is not here.
        Some(one) if one.is_dictionary() => {
            let kind = PayloadKind::Other;
            let type_name = lists::text(top, "PayloadType").unwrap_or_default();
            let details = read.details(one, &mut budget);
            read.profile.payloads.push(Payload { kind, type_name, name: None, details });
        }
        _ => {}
    }
    if is_encrypted {
        let (kind, type_name) = (PayloadKind::Other, "EncryptedPayloadContent".to_owned());
        read.profile.payloads.push(Payload { kind, type_name, name: None, details: Vec::new() });
        read.is_cut = true;
    }
    Some(read)
}

fn installed(top: Value<'_>) -> Option<TimeReading> {
    lists::time(top, "InstallDate")
}

impl ProfileRead {
    /// One payload; a network that brings a proxy with it is told as both.
    fn payload(&mut self, payload: Value<'_>, budget: &mut Budget) {
        if !lists::is_small_dictionary(payload) {
            self.is_cut = true;
            return;
        }
        let type_name = lists::text(payload, "PayloadType").unwrap_or_default();
        let name = lists::text(payload, "PayloadDisplayName");
        let name = lists::text(payload, "UserDefinedName").or(name);
        for key in ["PayloadIdentifier", "PayloadUUID"] {
            self.identifiers.extend(lists::text(payload, key));
        }
        if type_name == "com.apple.profileRemovalPassword" {
            self.profile.locked = Some(true);
        }
        let mut kind = kind_of(&type_name);
        let mut details = self.details(payload, budget);
        if matches!(kind, PayloadKind::RootCertificate | PayloadKind::Certificate) {
            kind = certificate(payload, kind, &mut details);
        }
        if kind == PayloadKind::Network && has_proxy(payload) {
            let (kind, details) = (PayloadKind::Proxy, details.clone());
            let (type_name, name) = (type_name.clone(), name.clone());
            self.profile.payloads.push(Payload { kind, type_name, name, details });
        }
        self.profile.payloads.push(Payload { kind, type_name, name, details });
    }

    /// What a payload says, in its own names, those of inner members joined with dots.
    fn details(&mut self, payload: Value<'_>, budget: &mut Budget) -> Vec<(String, String)> {
        let mut details = Vec::new();
        let mut open: Vec<(String, Value<'_>, usize)> = vec![(String::new(), payload, 0)];
        while let Some((name, value, depth)) = open.pop() {
            if details.len() >= DETAILS_MOST || !budget.take(1) {
                self.is_cut = true;
                break;
            }
            if value.members().is_none() {
                details.extend(self.detail(name, value));
                continue;
            }
            if depth >= DEPTH_MOST {
                self.is_cut = true;
                continue;
            }
            let inner = depth.saturating_add(1);
            let mut below: Vec<_> = if value.is_dictionary() {
                let pairs = value.pairs().filter(|(key, _)| depth > 0 || !is_housekeeping(key));
                pairs.take(DETAILS_MOST).map(|(key, value)| (joined(&name, &key), value, inner)).collect()
            } else {
                let elements = value.elements().take(DETAILS_MOST).enumerate();
                elements.map(|(at, value)| (joined(&name, &at.to_string()), value, inner)).collect()
            };
            below.reverse();
            open.append(&mut below);
        }
        details
    }

    fn detail(&mut self, name: String, value: Value<'_>) -> Option<(String, String)> {
        let last = name.rsplit('.').find(|part| part.bytes().any(|byte| !byte.is_ascii_digit()));
        let last = last.unwrap_or_default().to_ascii_lowercase();
        let is_secret = ["password", "secret", "passphrase", "challenge", "pushmagic", "token"];
        let is_data = value.bytes().is_some();
        if (is_data || value.text_within(1).is_some()) && is_secret.iter().any(|word| last.contains(word)) {
            return Some((name, "(not shown)".to_owned()));
        }
        let shown = lists::shown(value)?;
        let names =
            ["url", "address", "hostname", "host", "server", "domain", "addresses", "domains", "fqdn"];
        if !is_data && (shown.contains("://") || names.iter().any(|word| last.ends_with(word))) {
            self.addresses.push(shown.clone());
        }
        Some((name, shown))
    }
}

/// Members that every payload has.
fn is_housekeeping(key: &str) -> bool {
    const NAMES: &[&str] = &[
        "PayloadType",
        "PayloadVersion",
        "PayloadUUID",
        "PayloadIdentifier",
        "PayloadDisplayName",
        "PayloadEnabled",
        "PayloadOrganization",
    ];
    NAMES.contains(&key)
}

fn joined(name: &str, key: &str) -> String {
    let key = clipped(key);
    if name.is_empty() { key.to_owned() } else { clipped(&format!("{name}.{key}")).to_owned() }
}

/// Whose a certificate is; one that is issued by itself and may issue others is a root whatever it is called.
fn certificate(payload: Value<'_>, kind: PayloadKind, details: &mut Vec<(String, String)>) -> PayloadKind {
    let bytes = payload.get("PayloadContent").and_then(Value::bytes);
    let Some(bytes) = bytes.filter(|bytes| bytes.len() <= CERTIFICATE_BYTES_MOST) else { return kind };
    let Some(words) = der::certificate(bytes) else { return kind };
    details.retain(|(name, _)| name != "PayloadContent");
    let mut first = vec![("subject".to_owned(), words.subject), ("issuer".to_owned(), words.issuer)];
    if bytes.first() == Some(&0x30) {
        first.push(("sha256".to_owned(), model::encode_hex(&seal::sha256(bytes).0)));
    }
    // Whose it is matters most and stands in front.
    details.splice(0..0, first);
    if words.role == CertificateRole::Root { PayloadKind::RootCertificate } else { kind }
}

fn has_proxy(payload: Value<'_>) -> bool {
    let kind = lists::text(payload, "ProxyType");
    let names = ["ProxyServer", "ProxyPACURL", "proxy", "Proxies"];
    kind.is_some_and(|kind| kind != "None") || names.iter().any(|name| payload.get(name).is_some())
}

/// What sort of payload a type is.
pub(crate) fn kind_of(type_name: &str) -> PayloadKind {
    use PayloadKind as K;
    match type_name {
        "com.apple.mdm" | "com.apple.declarations" => K::Mdm,
        "com.apple.security.root" => K::RootCertificate,
        "com.apple.proxy.http.global" | "com.apple.relay.managed" => K::Proxy,
        "com.apple.notificationsettings" => K::Notifications,
        "com.apple.webClip.managed" => K::WebClip,
        "com.apple.app.lock"
        | "com.apple.applicationaccess"
        | "com.apple.applicationaccess.new"
        | "com.apple.mobiledevice.passwordpolicy"
        | "com.apple.profileRemovalPassword"
        | "com.apple.homescreenlayout"
        | "com.apple.familycontrols.timelimits.v2" => K::Restrictions,
        "com.apple.apn.managed"
        | "com.apple.cellular"
        | "com.apple.cellularprivatenetwork.managed"
        | "com.apple.networkusagerules"
        | "com.apple.airplay"
        | "com.apple.airprint" => K::Network,
        "com.apple.mail.managed" | "com.apple.eas.account" | "com.apple.ews.account" | "com.apple.sso" => {
            K::Account
        }
        _ => kind_by_beginning(type_name),
    }
}

fn kind_by_beginning(type_name: &str) -> PayloadKind {
    use PayloadKind as K;
    const BEGINNINGS: &[(&str, PayloadKind)] = &[
        ("com.apple.vpn.", K::Vpn),
        ("com.apple.alwaysonvpn", K::Vpn),
        ("com.apple.security.pkcs", K::Certificate),
        ("com.apple.security.pem", K::Certificate),
        ("com.apple.security.scep", K::Certificate),
        ("com.apple.security.acme", K::Certificate),
        ("com.apple.security.certificate", K::Certificate),
        ("com.apple.webcontent-filter", K::Filter),
        ("com.apple.dnsSettings", K::Filter),
        ("com.apple.dnsProxy", K::Filter),
        ("com.apple.familycontrols.contentfilter", K::Filter),
        ("com.apple.parentalcontrols", K::Restrictions),
        ("com.apple.applicationaccess", K::Restrictions),
        ("com.apple.wifi", K::Network),
        ("com.apple.ethernet", K::Network),
        ("com.apple.firstactiveethernet", K::Network),
        ("com.apple.secondactiveethernet", K::Network),
        ("com.apple.globalethernet", K::Network),
        ("com.apple.caldav", K::Account),
        ("com.apple.carddav", K::Account),
        ("com.apple.subscribedcalendar", K::Account),
        ("com.apple.ldap", K::Account),
        ("com.apple.google-oauth", K::Account),
        ("com.apple.jabber", K::Account),
        ("com.apple.osxserver", K::Account),
        ("com.apple.extensiblesso", K::Account),
    ];
    let found = BEGINNINGS.iter().find(|(beginning, _)| type_name.starts_with(beginning));
    found.map_or(K::Other, |(_, kind)| *kind)
}
