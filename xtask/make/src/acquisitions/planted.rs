//! What is planted in an acquisition: everything a check should find, and nothing else should be.
//!
//! The names of [`Planted::example`] are from the open lists of stalkerware indicators (Echap, CC BY 4.0), so
//! that lists find them; what begins with `com.example` is on no list and is found by what it does.

/// Of which sort of device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Device {
    /// Android.
    Android,
    /// iPhone.
    Iphone,
}

/// A service of an app, and whether it is switched on.
#[derive(Clone, Debug)]
pub enum Service {
    /// Reads the screen for people with disabilities.
    Accessibility(String),
    /// Reads notifications.
    Listener(String),
    /// Administers the device.
    Admin(String),
    /// Hears incoming text messages.
    MessageReceiver(String),
    /// Hears calls.
    CallReceiver(String),
    /// Starts with the device.
    BootReceiver(String),
}

/// An app.
#[derive(Clone, Debug)]
pub struct App {
    /// Of which device.
    pub device: Device,
    /// Its identifier.
    pub id: String,
    /// The name it shows.
    pub label: String,
    /// SHA-1 of the signing certificate, in hexadecimal digits.
    pub signer_sha1: String,
    /// SHA-256 of its file, in hexadecimal digits.
    pub sha256: String,
    /// Who installed it; nobody the system knows.
    pub installer: Option<String>,
    /// The permissions it has.
    pub permissions: Vec<String>,
    /// Its services, all switched on.
    pub services: Vec<Service>,
}

/// A configuration profile of iOS, by what is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// Management of the device.
    Mdm,
    /// A root certificate.
    RootCertificate,
    /// A VPN.
    Vpn,
    /// A proxy for everything.
    Proxy,
}

impl Profile {
    /// All of them.
    pub const ALL: &[Self] = &[Self::Mdm, Self::RootCertificate, Self::Vpn, Self::Proxy];

    /// Its identifier.
    pub fn id(self) -> &'static str {
        match self {
            Self::Mdm => "com.example.erfunden.verwaltung",
            Self::RootCertificate => "com.example.erfunden.wurzel",
            Self::Vpn => "com.example.erfunden.vpn",
            Self::Proxy => "com.example.erfunden.proxy",
        }
    }
}

/// Where in a backup a domain stands: the number in the list of domains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Where {
    /// A link in a text message.
    Message,
    /// The same, in a message whose text is archived only, as most are since iOS 16.
    ArchivedMessage,
    /// A page that was opened.
    Visit,
    /// A link in a message of WhatsApp.
    Whatsapp,
    /// An address in a shortcut.
    Shortcut,
}

impl Where {
    /// All of them, in the order of the numbers.
    pub const ALL: &[Self] =
        &[Self::Message, Self::ArchivedMessage, Self::Visit, Self::Whatsapp, Self::Shortcut];

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Message => "link in a message",
            Self::ArchivedMessage => "link in an archived message",
            Self::Visit => "page opened",
            Self::Whatsapp => "link in WhatsApp",
            Self::Shortcut => "address in a shortcut",
        }
    }
}

/// All that is planted.
#[derive(Clone, Debug, Default)]
pub struct Planted {
    /// Apps.
    pub apps: Vec<App>,
    /// Domains: each in one place of a backup, by [`Where`]; all of them in a capture.
    pub domains: Vec<String>,
    /// Paths of files or programs that should not be there.
    pub paths: Vec<(Device, String)>,
    /// Running processes.
    pub processes: Vec<(Device, String)>,
    /// SHA-256 of files on the device.
    pub file_hashes: Vec<String>,
    /// Configuration profiles.
    pub profiles: Vec<Profile>,
}

impl Planted {
    /// Nothing: what is made is ordinary.
    pub fn nothing() -> Self {
        Self::default()
    }

    /// Something of every sort.
    pub fn example() -> Self {
        Self {
            apps: apps(),
            domains: words(&[
                "copy9.com",
                "media-sync-a.thetruthspy.com",
                "guestspy.com",
                "mxspy.com",
                "exactspy.com",
            ]),
            paths: vec![
                (Device::Android, "/data/local/tmp/erfunden_hilfe".into()),
                (Device::Android, "/data/local/tmp/.erfunden/daemon".into()),
                (Device::Iphone, "/private/var/db/com.apple.xpc.roleaccountd.staging/erfunden".into()),
            ],
            processes: vec![
                (Device::Android, "com.systemservice".into()),
                (Device::Android, "com.topspy.system".into()),
                (Device::Iphone, "erfundend".into()),
            ],
            file_hashes: words(&["8d7c87283256621dca3f48887f7a9068b6636124a552cff54924d96e7fbccff0"]),
            profiles: Profile::ALL.to_vec(),
        }
    }

    /// The domain that stands in this place.
    pub fn domain(&self, place: Where) -> Option<&str> {
        self.domains.get(place as usize).map(String::as_str)
    }

    /// The paths of one sort of device.
    pub fn paths_of(&self, device: Device) -> impl Iterator<Item = &str> {
        self.paths.iter().filter(move |(of, _)| *of == device).map(|(_, path)| path.as_str())
    }

    /// The processes of one sort of device.
    pub fn processes_of(&self, device: Device) -> impl Iterator<Item = &str> {
        self.processes.iter().filter(move |(of, _)| *of == device).map(|(_, name)| name.as_str())
    }

    /// The apps of one sort of device.
    pub fn apps_of(&self, device: Device) -> impl Iterator<Item = &App> {
        self.apps.iter().filter(move |app| app.device == device)
    }
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// Permissions of a program that watches everything.
const EVERYTHING: &[&str] = &[
    "ACCESS_FINE_LOCATION",
    "ACCESS_BACKGROUND_LOCATION",
    "RECORD_AUDIO",
    "CAMERA",
    "READ_SMS",
    "RECEIVE_SMS",
    "READ_CALL_LOG",
    "READ_CONTACTS",
    "READ_PHONE_STATE",
    "RECEIVE_BOOT_COMPLETED",
    "SYSTEM_ALERT_WINDOW",
    "PACKAGE_USAGE_STATS",
];

fn android(id: &str, label: &str, signer: &str, sha256: &str, installer: Option<&str>) -> App {
    App {
        device: Device::Android,
        id: id.to_owned(),
        label: label.to_owned(),
        signer_sha1: signer.to_owned(),
        sha256: sha256.to_owned(),
        installer: installer.map(str::to_owned),
        permissions: EVERYTHING.iter().map(|name| format!("android.permission.{name}")).collect(),
        services: Vec::new(),
    }
}

fn apps() -> Vec<App> {
    let service = |class: &str| class.to_owned();
    let mut listed = android(
        "com.systemservice",
        "System Service",
        "FF8CCD9816B0524A58FBDE1809FB227DBCDFD692",
        "c757e63dd664a4b453614aef1fd7a8a91c57b888018eee088f5308cffc735c4d",
        Some("com.android.packageinstaller"),
    );
    listed.services =
        vec![Service::Accessibility(service("ScreenService")), Service::Admin(service("AdminReceiver"))];
    let mut second = android(
        "com.topspy.system",
        "Sync",
        "656CD7890ED79CE8570D1B7156C31958D5AC1606",
        "5e52438f28275dc2a7e83b989e726f86ba53c915b44f126507763850197646f6",
        None,
    );
    second.services =
        vec![Service::Listener(service("NotifyListener")), Service::MessageReceiver(service("SmsReceiver"))];
    // Renamed by its maker, but signed as before: found by the signer alone.
    let renamed = android(
        "com.example.erfunden.umbenannt",
        "Akku",
        "31A6ECECD97CF39BC4126B8745CD94A7C30BF81C",
        "00000000000000000000000000000000000000000000000000000000000000a1",
        Some("com.google.android.packageinstaller"),
    );
    // On no list at all.
    let mut unlisted = android(
        "com.example.erfunden.wlanhelfer",
        "WiFi",
        "00000000000000000000000000000000000000B2",
        "00000000000000000000000000000000000000000000000000000000000000b2",
        None,
    );
    unlisted.services = vec![
        Service::Accessibility(service("Reader")),
        Service::Listener(service("Listener")),
        Service::CallReceiver(service("Calls")),
        Service::BootReceiver(service("Boot")),
    ];
    let tracker = App {
        device: Device::Iphone,
        permissions: Vec::new(),
        ..android("com.life360.safetymap", "Life360", "", "", Some("com.apple.AppStore"))
    };
    let enterprise = App {
        device: Device::Iphone,
        permissions: Vec::new(),
        ..android("com.example.erfunden.begleiter", "Begleiter", "", "", None)
    };
    vec![listed, second, renamed, unlisted, tracker, enterprise]
}
