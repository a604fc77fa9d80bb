//! The property lists: what the backup says of the phone and its apps, configuration profiles, locations that
//! apps may have, counters.

use plist::{Date, Value};
use std::time::{Duration, SystemTime};

use super::IosSize;
use super::archive::{binary, dictionary};
use super::backup::Content;
use crate::acquisitions::planted::{Device, Profile};
use crate::acquisitions::text::{ACQUIRED_UNIX, iso, moment};
use crate::acquisitions::{Outcome, Planted, Random, background};

const PROFILES: &str = "SysSharedContainerDomain-systemgroup.com.apple.configurationprofiles";

/// The property lists that are files of the phone.
pub(super) fn contents(planted: &Planted, size: &IosSize) -> Outcome<Vec<Content>> {
    let home = |path: &str, bytes| Content::new("HomeDomain", path, bytes);
    let mut contents = vec![
        home("Library/Preferences/.GlobalPreferences.plist", global_preferences()?),
        home("Library/Preferences/com.apple.identityservices.idstatuscache.plist", id_status()?),
        home("Library/Preferences/com.apple.osanalytics.addaily.plist", daily(planted, size)?),
        Content::new("RootDomain", "Library/Caches/locationd/clients.plist", locations(planted, size)?),
        Content::new(PROFILES, "Library/ConfigurationProfiles/MCProfileEvents.plist", events(planted)?),
        Content::new(
            PROFILES,
            "Library/ConfigurationProfiles/CloudConfigurationDetails.plist",
            cloud(planted)?,
        ),
    ];
    for profile in &planted.profiles {
        let hash = model::encode_hex(&seal::sha256(profile.id().as_bytes()).0);
        let path = format!("Library/ConfigurationProfiles/profile-{hash}.stub");
        contents.push(Content::new(PROFILES, &path, stub(*profile)?));
    }
    Ok(contents)
}

fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}

fn number(number: i64) -> Value {
    Value::Integer(number.into())
}

fn date(unix: i64) -> Value {
    let since = Duration::from_secs(u64::try_from(unix).unwrap_or(0));
    Value::Date(Date::from(SystemTime::UNIX_EPOCH + since))
}

/// `Info.plist`: the phone, and every app with what the store said of it.
pub(super) fn info_plist(planted: &Planted, size: &IosSize, seed: u64) -> Outcome<Vec<u8>> {
    let random = &mut Random::new(seed, "info.plist");
    let mut apps = Vec::new();
    for (id, name) in background::iphone_apps(size.apps) {
        let record = store_record(&id, &name, "com.apple.AppStore", moment(random))?;
        apps.push((id, record));
    }
    for app in planted.apps_of(Device::Iphone) {
        let from = app.installer.as_deref().unwrap_or("com.example.anderswo");
        apps.push((app.id.clone(), store_record(&app.id, &app.label, from, moment(random))?));
    }
    let installed = apps.iter().map(|(id, _)| text(id)).collect();
    let pairs: Vec<(&str, Value)> = apps.iter().map(|(id, record)| (id.as_str(), record.clone())).collect();
    let info = dictionary(vec![
        ("Applications", dictionary(pairs)),
        ("Build Version", text("21F79")),
        ("Device Name", text("iPhone (erfunden)")),
        ("Display Name", text("iPhone (erfunden)")),
        ("IMEI", text("000000000000000")),
        ("Installed Applications", Value::Array(installed)),
        ("Last Backup Date", date(ACQUIRED_UNIX)),
        ("Phone Number", text("+49 170 0000000")),
        ("Product Name", text("iPhone 13")),
        ("Product Type", text("iPhone14,5")),
        ("Product Version", text("17.5")),
        ("Serial Number", text("ERFUNDEN0002")),
        ("Unique Identifier", text("00008110-000000000000001E")),
    ]);
    let mut bytes = Vec::new();
    info.to_writer_xml(&mut bytes)?;
    Ok(bytes)
}

fn store_record(id: &str, name: &str, from: &str, bought: i64) -> Outcome<Value> {
    let account = dictionary(vec![("AppleID", text("erfunden@icloud.com")), ("DSPersonID", number(1))]);
    let download = dictionary(vec![("accountInfo", account), ("purchaseDate", text(&iso(bought)))]);
    let metadata = dictionary(vec![
        ("artistName", text("Erfunden GmbH")),
        ("bundleShortVersionString", text("1.0")),
        ("com.apple.iTunesStore.downloadInfo", download),
        ("genre", text("Dienstprogramme")),
        ("itemName", text(name)),
        ("softwareVersionBundleId", text(id)),
        ("sourceApp", text(from)),
    ]);
    Ok(dictionary(vec![
        ("ApplicationSINF", Value::Data(vec![0; 64])),
        ("PlaceholderIcon", Value::Data(vec![0x89; 256])),
        ("iTunesMetadata", Value::Data(binary(&metadata)?)),
    ]))
}

/// A shortcut that opens an address.
pub(super) fn action(link: &str) -> Outcome<Vec<u8>> {
    let parameters = dictionary(vec![("WFURLActionURL", text(link))]);
    let step = |name: &str, parameters| {
        dictionary(vec![
            ("WFWorkflowActionIdentifier", text(name)),
            ("WFWorkflowActionParameters", parameters),
        ])
    };
    binary(&Value::Array(vec![
        step("is.workflow.actions.url", parameters),
        step("is.workflow.actions.downloadurl", dictionary(vec![("WFHTTPMethod", text("POST"))])),
    ]))
}

fn global_preferences() -> Outcome<Vec<u8>> {
    binary(&dictionary(vec![("AppleLocale", text("de_DE")), ("LDMGlobalEnabled", Value::Boolean(false))]))
}

fn id_status() -> Outcome<Vec<u8>> {
    let entry = dictionary(vec![("IDStatus", number(1)), ("LookupDate", Value::Real(700_000_000.0))]);
    let service =
        dictionary(vec![("tel:+491713920001", entry.clone()), ("mailto:erfunden@example.com", entry)]);
    binary(&dictionary(vec![("com.apple.madrid", service)]))
}

fn daily(planted: &Planted, size: &IosSize) -> Outcome<Vec<u8>> {
    let random = &mut Random::new(0, "daily");
    let ordinary = background::iphone_apps(size.apps).into_iter().map(|(id, _)| id);
    let mut pairs = Vec::new();
    for name in ordinary.chain(planted.processes_of(Device::Iphone).map(str::to_owned)) {
        let mut values = vec![date(moment(random))];
        values.extend(
            (0..4).map(|_| Value::Real(f64::from(u32::try_from(random.below(1 << 20)).unwrap_or(0)))),
        );
        pairs.push((name, Value::Array(values)));
    }
    let pairs = pairs.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    binary(&dictionary(vec![("netUsageBaseline", dictionary(pairs))]))
}

fn locations(planted: &Planted, size: &IosSize) -> Outcome<Vec<u8>> {
    let random = &mut Random::new(0, "locations");
    let mut clients = Vec::new();
    for (id, _) in background::iphone_apps(size.apps) {
        clients.push((format!("i{id}:"), client(&id, 2, random)));
    }
    for app in planted.apps_of(Device::Iphone) {
        clients.push((format!("i{}:", app.id), client(&app.id, 4, random)));
    }
    binary(&dictionary(clients.iter().map(|(name, value)| (name.as_str(), value.clone())).collect()))
}

/// Authorization 2 is while it is used, 4 is always.
fn client(id: &str, authorization: i64, random: &mut Random) -> Value {
    let used = moment(random) - 978_307_200;
    #[expect(clippy::cast_precision_loss, reason = "seconds since 2001 are far below 2^52")]
    let used = Value::Real(used as f64);
    dictionary(vec![
        ("Authorization", number(authorization)),
        ("BundleId", text(id)),
        ("BundlePath", text(&format!("/private/var/containers/Bundle/Application/X/{id}.app"))),
        ("Executable", text(&format!("/private/var/containers/Bundle/Application/X/{id}.app/{id}"))),
        ("LocationTimeStopped", used.clone()),
        ("Registered", text(&format!("/private/var/containers/Bundle/Application/X/{id}.app/{id}"))),
        ("ReceivingLocationInformationTimeStopped", used),
        ("SupportedAuthorizationMask", number(7)),
    ])
}

fn events(planted: &Planted) -> Outcome<Vec<u8>> {
    let events = planted.profiles.iter().map(|profile| {
        let event = dictionary(vec![
            ("Operation", text("install")),
            ("Process", text("Preferences")),
            ("Timestamp", date(ACQUIRED_UNIX - 8_000_000)),
        ]);
        dictionary(vec![(profile.id(), event)])
    });
    binary(&dictionary(vec![("ProfileEvents", Value::Array(events.collect()))]))
}

fn cloud(planted: &Planted) -> Outcome<Vec<u8>> {
    let managed = planted.profiles.contains(&Profile::Mdm);
    binary(&dictionary(vec![
        ("CloudConfigurationUIComplete", Value::Boolean(true)),
        ("IsSupervised", Value::Boolean(managed)),
        ("PostSetupProfileWasInstalled", Value::Boolean(managed)),
    ]))
}

/// The stub of a profile: what was installed, with one payload.
fn stub(profile: Profile) -> Outcome<Vec<u8>> {
    let (kind, more): (&str, Vec<(&str, Value)>) = match profile {
        Profile::Mdm => (
            "com.apple.mdm",
            vec![
                ("ServerURL", text("https://verwaltung.example.com/mdm")),
                ("Topic", text("com.apple.mgmt.External.erfunden")),
                ("AccessRights", number(8191)),
            ],
        ),
        Profile::RootCertificate => {
            ("com.apple.security.root", vec![("PayloadCertificateFileName", text("wurzel.cer"))])
        }
        Profile::Vpn => (
            "com.apple.vpn.managed",
            vec![
                ("UserDefinedName", text("Erfundenes VPN")),
                ("VPNType", text("IKEv2")),
                ("IKEv2", dictionary(vec![("RemoteAddress", text("vpn.example.com"))])),
            ],
        ),
        Profile::Proxy => (
            "com.apple.proxy.http.global",
            vec![("ProxyServer", text("proxy.example.com")), ("ProxyServerPort", number(8080))],
        ),
    };
    let common = |id: String, kind: &str| {
        vec![
            ("PayloadDisplayName", text("Erfundenes Profil")),
            ("PayloadIdentifier", Value::String(id)),
            ("PayloadOrganization", text("Erfunden")),
            ("PayloadType", text(kind)),
            ("PayloadUUID", text(&format!("00000000-0000-4000-8000-{:012}", profile.id().len()))),
            ("PayloadVersion", number(1)),
        ]
    };
    let mut payload = common(format!("{}.inhalt", profile.id()), kind);
    payload.extend(more);
    let mut all = common(profile.id().to_owned(), "Configuration");
    all.extend([
        ("InstallDate", date(ACQUIRED_UNIX - 8_000_000)),
        ("PayloadContent", Value::Array(vec![dictionary(payload)])),
        ("PayloadRemovalDisallowed", Value::Boolean(profile == Profile::Mdm)),
    ]);
    binary(&dictionary(all))
}
