//! A package's manifest: what an app asks for and what parts it has that matter here.
//!
//! Elements and attributes as the Android documentation names them (manifest file, Android 5 to 16, read
//! 2026-11). Deliberately nothing else of it.

use super::axml::{Document, Element, Node, Value, Which};

/// What a manifest says.
#[derive(Default)]
pub(crate) struct Manifest {
    /// The app's identifier.
    pub(crate) id: String,
    /// The name of the part, if the package is one part of a split app.
    pub(crate) split: Option<String>,
    /// Its version as shown.
    pub(crate) version: Option<String>,
    /// Its name as shown.
    pub(crate) label: Option<Label>,
    /// What it asks for.
    pub(crate) permissions: Vec<String>,
    /// Its parts that are bound to a permission of the system.
    pub(crate) components: Vec<Component>,
    /// What its receivers listen to.
    pub(crate) receives: Vec<String>,
    /// Whether an activity is offered in the list of apps.
    pub(crate) launchers: u32,
}

/// A name: written out, or as the number of a resource.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Label {
    /// Written out.
    Text(String),
    /// In the resources.
    Resource(u32),
}

/// A part of an app that only the system may bind.
pub(crate) struct Component {
    /// What for.
    pub(crate) kind: ComponentKind,
    /// Its name in full: `app/class`.
    pub(crate) name: String,
}

/// What a part is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ComponentKind {
    /// Accessibility.
    Accessibility,
    /// Reading notifications.
    NotificationListener,
    /// Administering the device.
    Admin,
    /// A keyboard.
    InputMethod,
    /// A VPN.
    Vpn,
}

/// Numbers of attributes (`android.R.attr`).
const LABEL: Which<'_> = Which::Id(0x0101_0001);
const NAME: Which<'_> = Which::Id(0x0101_0003);
const PERMISSION: Which<'_> = Which::Id(0x0101_0006);
const ENABLED: Which<'_> = Which::Id(0x0101_000e);
const VERSION_CODE: Which<'_> = Which::Id(0x0101_021b);
const VERSION_NAME: Which<'_> = Which::Id(0x0101_021c);

/// Most permissions, components and events.
const MOST: usize = 500;

/// Deepest nesting.
const DEPTH_MOST: usize = 32;

impl Manifest {
    /// Reads one; none if these are not the bytes of one.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let document = Document::open(bytes)?;
        let mut reading = Reading { manifest: Self::default(), open: Vec::new(), too_deep: 0, part: None };
        for node in document.nodes() {
            match node {
                Node::Begin(element) => reading.begin(&element),
                Node::End => reading.end(),
            }
        }
        Some(reading.manifest).filter(|manifest| !manifest.id.is_empty())
    }

    /// The class of a component in full.
    fn component(&self, class: &str) -> String {
        let id = &self.id;
        if class.starts_with('.') {
            format!("{id}/{id}{class}")
        } else if class.contains('.') {
            format!("{id}/{class}")
        } else {
            format!("{id}/{id}.{class}")
        }
    }
}

struct Reading {
    manifest: Manifest,
    /// Names of the elements around.
    open: Vec<String>,
    too_deep: usize,
    /// The part of the app that is being read.
    part: Option<Part>,
}

struct Part {
    kind: PartKind,
    is_enabled: bool,
    label: Option<Label>,
    /// Of the filter that is being read.
    is_main: bool,
    is_in_list: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum PartKind {
    Activity,
    Service,
    Receiver,
}

impl Reading {
    fn begin(&mut self, element: &Element<'_>) {
        if self.open.len() >= DEPTH_MOST {
            self.too_deep = self.too_deep.saturating_add(1);
            return;
        }
        let name = element.name();
        let around = self.open.last().map(String::as_str);
        match (around, name.as_str()) {
            (None, "manifest") if self.manifest.id.is_empty() => self.manifest_element(element),
            (Some("manifest"), permission) if permission.starts_with("uses-permission") => {
                keep(&mut self.manifest.permissions, element.text(NAME));
            }
            (Some("manifest"), "application") => self.manifest.label = label(element),
            (Some("application"), "activity" | "activity-alias") => self.part(PartKind::Activity, element),
            (Some("application"), "service") => self.part(PartKind::Service, element),
            (Some("application"), "receiver") => self.part(PartKind::Receiver, element),
            (Some(_), "intent-filter") => {
                if let Some(part) = &mut self.part {
                    (part.is_main, part.is_in_list) = (false, false);
                }
            }
            (Some("intent-filter"), "action") => self.action(element.text(NAME)),
            (Some("intent-filter"), "category") => {
                let category = element.text(NAME).unwrap_or_default();
                let is_list = category == "android.intent.category.LAUNCHER"
                    || category == "android.intent.category.LEANBACK_LAUNCHER";
                if let Some(part) = self.part.as_mut().filter(|_| is_list) {
                    part.is_in_list = true;
                }
            }
            _ => {}
        }
        self.open.push(name);
    }

    fn end(&mut self) {
        if self.too_deep > 0 {
            self.too_deep = self.too_deep.saturating_sub(1);
            return;
        }
        match self.open.pop().as_deref() {
            Some("intent-filter") => {
                let part = self.part.as_mut().filter(|part| part.kind == PartKind::Activity);
                if let Some(part) = part.filter(|part| part.is_enabled && part.is_main && part.is_in_list) {
                    self.manifest.launchers = self.manifest.launchers.saturating_add(1);
                    if self.manifest.label.is_none() {
                        self.manifest.label = part.label.take();
                    }
                }
            }
            Some("activity" | "activity-alias" | "service" | "receiver") => self.part = None,
            _ => {}
        }
    }

    fn manifest_element(&mut self, element: &Element<'_>) {
        self.manifest.id = element.text(Which::Name("package")).unwrap_or_default();
        self.manifest.split = element.text(Which::Name("split")).filter(|split| !split.is_empty());
        self.manifest.version = match (element.text(VERSION_NAME), element.get(VERSION_CODE)) {
            (Some(name), _) => Some(name),
            (None, Some(Value::Number(code))) => Some(code.to_string()),
            _ => None,
        };
    }

    fn part(&mut self, kind: PartKind, element: &Element<'_>) {
        let is_enabled = !matches!(element.get(ENABLED), Some(Value::Number(0)));
        let label = label(element);
        self.part = Some(Part { kind, is_enabled, label, is_main: false, is_in_list: false });
        let bound = match (kind, element.text(PERMISSION).as_deref()) {
            (PartKind::Service, Some("android.permission.BIND_ACCESSIBILITY_SERVICE")) => {
                ComponentKind::Accessibility
            }
            (PartKind::Service, Some("android.permission.BIND_NOTIFICATION_LISTENER_SERVICE")) => {
                ComponentKind::NotificationListener
            }
            (PartKind::Service, Some("android.permission.BIND_INPUT_METHOD")) => ComponentKind::InputMethod,
            (PartKind::Service, Some("android.permission.BIND_VPN_SERVICE")) => ComponentKind::Vpn,
            (PartKind::Receiver, Some("android.permission.BIND_DEVICE_ADMIN")) => ComponentKind::Admin,
            _ => return,
        };
        if self.manifest.components.len() < MOST {
            let name = self.manifest.component(&element.text(NAME).unwrap_or_default());
            self.manifest.components.push(Component { kind: bound, name });
        }
    }

    fn action(&mut self, action: Option<String>) {
        let Some(part) = &mut self.part else { return };
        match part.kind {
            PartKind::Activity if action.as_deref() == Some("android.intent.action.MAIN") => {
                part.is_main = true;
            }
            PartKind::Receiver => keep(&mut self.manifest.receives, action),
            _ => {}
        }
    }
}

fn label(element: &Element<'_>) -> Option<Label> {
    match element.get(LABEL)? {
        Value::Text(text) => Some(Label::Text(text)),
        Value::Resource(id) => Some(Label::Resource(id)),
        Value::Number(_) => None,
    }
}

fn keep(list: &mut Vec<String>, text: Option<String>) {
    if list.len() < MOST {
        list.extend(text.filter(|text| !text.is_empty()));
    }
}
