//! What is left out of the lists because it would accuse phones on which nothing is.
//!
//! Held against names of ordinary apps, hosts that many use, addresses of content networks, and certificates
//! whose keys are public. A host that carries the family's own name stays, however well known it is.

use std::collections::HashSet;
use std::net::Ipv4Addr;
use std::path::Path;

use check::indicators::{Indicator, IndicatorKind};
use serde_json::Value;

use super::read;
use crate::acquisitions::Outcome;

/// Hosts that belong to a service for many; with everything below where it begins with a dot.
const HOSTS_OF_MANY: &[(&str, &str)] = &[
    (".umeng.com", "analytics that thousands of apps use"),
    (".appjiagu.com", "a packer that thousands of apps use"),
    ("apprtc.appspot.com", "a public demonstration server"),
    ("waws-prod-blu-247-e7b3.eastus.cloudapp.azure.com", "a shared machine of a hosting service"),
    ("waws-prod-blu-247.sip.azurewebsites.windows.net", "a shared machine of a hosting service"),
    (".300624.com", "the maker's host for all its programs"),
    (".wondershare.cc", "the maker's host for all its programs"),
    ("accounts.wondershare.com", "the maker's host for all its programs"),
    ("sparrow.wondershare.com", "the maker's host for all its programs"),
    (".hike.in", "was the domain of a messenger"),
];

/// Hosts under which others publish: they are never indicators by themselves, names below them are.
const PLATFORMS: &[&str] = &[
    "amazonaws.com",
    "appspot.com",
    "azurewebsites.net",
    "bitbucket.org",
    "blogspot.com",
    "cloudfront.net",
    "cloudfunctions.net",
    "digitaloceanspaces.com",
    "dropbox.com",
    "facebook.com",
    "firebase.io",
    "firebaseio.com",
    "firebasedatabase.app",
    "github.com",
    "github.io",
    "gitlab.com",
    "googleapis.com",
    "googleusercontent.com",
    "herokuapp.com",
    "instagram.com",
    "livekit.cloud",
    "myqcloud.com",
    "netlify.app",
    "pages.dev",
    "play.google.com",
    "apps.apple.com",
    "itunes.apple.com",
    "raw.githubusercontent.com",
    "sites.google.com",
    "t.me",
    "telegram.org",
    "trycloudflare.com",
    "twitter.com",
    "vercel.app",
    "wasabisys.com",
    "web.app",
    "weebly.com",
    "wixsite.com",
    "wordpress.com",
    "workers.dev",
    "x.com",
    "youtube.com",
    "zendesk.com",
];

/// Names of files that the system has too.
const FILES_OF_THE_SYSTEM: &[(&str, &str)] =
    &[("com.apple.photolibraryd.plist", "the system has a file of that name elsewhere; its path stays")];

/// Certificates whose private keys everybody has: those of the Android source code (build/target/product/
/// security), in SHA-1 and SHA-256.
const PUBLIC_KEYS: &[&str] = &[
    "61ed377e85d386a8dfee6b864bd85b0bfaa5af81",
    "a40da80a59d170caa950cf15c18c454d47a39b26989d8b640ecd745ba71bf5dc",
    "27196e386b875e76adf700e7ea84e4c6eee33dfa",
    "c8a2e9bccf597c2fb6dc66bee293fc13f2fc47ec77bc6b2b0d52c11f51192ab8",
    "5b368cff2da2686996bc95eac190eaa4f5630fe5",
    "b79df4a82e90b57ea76525ab7037ab238a42f5d3",
];

/// The networks of Cloudflare, cloudflare.com/ips-v4: one address serves a great many sites.
const CONTENT_NETWORKS: &[([u8; 4], u32)] = &[
    ([173, 245, 48, 0], 20),
    ([103, 21, 244, 0], 22),
    ([103, 22, 200, 0], 22),
    ([103, 31, 4, 0], 22),
    ([141, 101, 64, 0], 18),
    ([108, 162, 192, 0], 18),
    ([190, 93, 240, 0], 20),
    ([188, 114, 96, 0], 20),
    ([197, 234, 240, 0], 22),
    ([198, 41, 128, 0], 17),
    ([162, 158, 0, 0], 15),
    ([104, 16, 0, 0], 13),
    ([104, 24, 0, 0], 14),
    ([172, 64, 0, 0], 13),
    ([131, 0, 72, 0], 22),
];

/// What is ordinary.
pub(super) struct Screen {
    apps: HashSet<String>,
    hosts: HashSet<String>,
    networks: Vec<(Ipv4Addr, u32)>,
}

impl Screen {
    /// Reads the lists of what is ordinary.
    pub(super) fn load(data: &Path) -> Outcome<Self> {
        let apps = String::from_utf8(read(data, "ordinary-packages/android.txt")?)?;
        let mut screen = Self {
            apps: apps.lines().map(str::to_lowercase).collect(),
            hosts: PLATFORMS.iter().map(|host| (*host).to_owned()).collect(),
            networks: CONTENT_NETWORKS.iter().map(|(at, bits)| (Ipv4Addr::from(*at), *bits)).collect(),
        };
        for file in ["spyguard/whitelist.json", "tinycheck/whitelist.json"] {
            let list: Value = serde_json::from_slice(&read(data, file)?)?;
            for one in list.get("elements").and_then(Value::as_array).into_iter().flatten() {
                let text = |member: &str| one.get(member).and_then(Value::as_str).unwrap_or_default();
                match text("type") {
                    "domain" => drop(screen.hosts.insert(text("element").to_lowercase())),
                    "cidr" => screen.networks.extend(network(text("element"))),
                    "ip4addr" => screen.networks.extend(text("element").parse().ok().map(|at| (at, 32))),
                    _ => {}
                }
            }
        }
        Ok(screen)
    }

    /// Why an indicator of a family is left out; none if it stays.
    pub(super) fn reason(&self, family: &str, one: &Indicator) -> Option<&'static str> {
        use IndicatorKind as K;
        let value = one.value.as_str();
        match one.kind {
            K::App => self.apps.contains(value).then_some("a name of an ordinary app"),
            K::Signer => PUBLIC_KEYS.contains(&value).then_some("a key that everybody has"),
            K::CommandServer | K::Website | K::Distributor | K::Domain if !value.contains('/') => {
                self.host_reason(family, value)
            }
            K::FileName => {
                FILES_OF_THE_SYSTEM.iter().find(|(name, _)| *name == value).map(|(_, reason)| *reason)
            }
            _ => None,
        }
    }

    fn host_reason(&self, family: &str, host: &str) -> Option<&'static str> {
        if let Ok(address) = host.parse::<Ipv4Addr>() {
            let inside = self.networks.iter().any(|(network, bits)| lies_in(address, *network, *bits));
            let special = address.is_private() || address.is_loopback() || address.is_link_local();
            return (inside || special).then_some("an address that serves many, or is ordinary");
        }
        let of_many = HOSTS_OF_MANY.iter().find(|(many, _)| match many.strip_prefix('.') {
            Some(top) => host == top || host.ends_with(many),
            None => host == *many,
        });
        if let Some((_, reason)) = of_many {
            return Some(reason);
        }
        let known = self.hosts.contains(host) || self.hosts.iter().any(|other| is_below(other, host));
        let own = host.replace(['-', '.'], "").contains(&family.to_lowercase());
        (known && !own).then_some("a host that many use")
    }
}

fn is_below(host: &str, top: &str) -> bool {
    host.strip_suffix(top).is_some_and(|rest| rest.ends_with('.'))
}

fn network(text: &str) -> Option<(Ipv4Addr, u32)> {
    let (address, bits) = text.split_once('/')?;
    Some((address.parse().ok()?, bits.parse().ok().filter(|bits| *bits <= 32)?))
}

fn lies_in(address: Ipv4Addr, network: Ipv4Addr, bits: u32) -> bool {
    let mask = u32::MAX.checked_shl(32_u32.saturating_sub(bits)).unwrap_or(0);
    u32::from(address) & mask == u32::from(network) & mask
}
