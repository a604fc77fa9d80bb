//! Where programs lie on an iPhone, and which places are odd for a program that runs.
//!
//! The places of Apple's own programs and of apps are those of iOS 15 to 26. The odd ones are those that
//! public reports about Pegasus, Predator and Triangulation name (Amnesty 2021, Kaspersky "iShutdown" 2024),
//! everything else below `/private/var` that is made for data, and those of known jailbreaks (Dopamine,
//! palera1n, unc0ver, TrollStore; as of 2026). Deliberately no judgement: what is odd may have a reason.

use std::collections::BTreeSet;

use model::record::TimeReading;

use crate::database::clipped;
use crate::{FactSink, Flow, Seen, Sign, Trace, TraceKind};

/// Most different paths that are remembered so that each is told once; further ones may be told again.
const REMEMBERED_MOST: usize = 50_000;
/// Most signs of one file.
const SIGNS_MOST: usize = 5_000;

/// The sign of a jailbreak.
const JAILBREAK_SIGN: &str = "jailbreak-trace";

/// Where programs are made to lie below `/private/var`.
const ORDINARY: &[&str] = &[
    "/private/var/containers/Bundle/Application/",
    "/private/var/containers/Bundle/PluginKitPlugin/",
    "/private/var/containers/Bundle/VPNPlugin/",
    "/private/var/containers/Bundle/Framework/",
    "/private/var/staged_system_apps/",
    "/private/var/run/com.apple.security.cryptexd/",
    "/private/var/MobileSoftwareUpdate/",
    "/private/var/MobileAsset/",
];

/// What only a jailbreak, or an app that works like one, leaves.
const JAILBREAK: &[&str] = &[
    "/private/var/jb/",
    "/private/var/LIB/",
    "/private/var/ulb/",
    "/private/var/binpack/",
    "/private/var/containers/Bundle/iosbinpack",
    "/private/var/containers/Bundle/tweaksupport",
    "/Library/MobileSubstrate/",
    "/Library/LaunchDaemons/",
    "/Library/TweakInject/",
    "/Applications/Cydia.app/",
    "/Applications/Sileo.app/",
    "/Applications/Zebra.app/",
    "/usr/sbin/sshd",
    "/usr/local/bin/dropbear",
    "/usr/bin/cycript",
    "/usr/libexec/substrate",
    "/usr/lib/substrate/",
    "/usr/lib/TweakInject/",
];

/// Names in a path that only a jailbreak has, wherever they stand.
const JAILBREAK_NAMES: &[&str] = &["/procursus/", "/jb-", "/TrollStore.app/", "/.jbroot-"];

/// Where Apple's own `xpcroleaccountd` puts services of an update before it starts them.
const STAGING: &str = "/private/var/db/com.apple.xpc.roleaccountd.staging/";

/// The sign that a program running from this path is, if it is one.
pub(crate) fn sign(path: &str) -> Option<&'static str> {
    let path = whole(path);
    let path = path.as_str();
    if JAILBREAK.iter().any(|known| path.starts_with(known))
        || JAILBREAK_NAMES.iter().any(|known| path.contains(known))
    {
        return Some(JAILBREAK_SIGN);
    }
    let temporary = path.starts_with("/private/tmp/") || path.starts_with("/private/var/tmp/");
    let data = path.starts_with("/private/var/") && !ORDINARY.iter().any(|known| path.starts_with(known));
    ((temporary || data) && !is_update_service(path)).then_some("process-odd-path")
}

/// A path with `/private` before `/var` and `/tmp`, which are links to it.
fn whole(path: &str) -> String {
    if path.starts_with("/var/") || path.starts_with("/tmp/") {
        format!("/private{path}")
    } else {
        path.into()
    }
}

/// Whether this is a service of Apple's update, staged as iOS does it:
/// `exec/16777224.1.xpc/com.apple.NRD.UpdateBrainService`. Pegasus put its programs beside `exec`.
fn is_update_service(path: &str) -> bool {
    let Some((workspace, program)) =
        path.strip_prefix(STAGING).and_then(|rest| rest.strip_prefix("exec/")?.split_once('/'))
    else {
        return false;
    };
    let numbers = workspace.strip_suffix(".xpc").and_then(|numbers| numbers.split_once('.'));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let service = program.rsplit('/').next().unwrap_or_default();
    let inside = program == service || program == format!("Contents/MacOS/{service}");
    numbers.is_some_and(|(device, file)| digits(device) && digits(file))
        && inside
        && service.starts_with("com.apple.")
}

/// The program of a command line. Programs of apps may have spaces in their path and take no words.
pub(crate) fn program(command: &str) -> &str {
    let command = command.trim();
    let app = command.contains(".app/") || command.contains(".appex/");
    let end = if app { command.find(" -") } else { command.find(' ') };
    command.get(..end.unwrap_or(command.len())).unwrap_or(command)
}

/// The programs that one file names; each path is told once.
#[derive(Default)]
pub(crate) struct Programs {
    told: BTreeSet<String>,
    signs: usize,
}

impl Programs {
    /// A program that ran: held against the lists as a process, and as a path if it is one. A sign if its
    /// place is odd.
    pub(crate) fn ran(
        &mut self,
        path: &str,
        at: Option<&TimeReading>,
        seen: &Seen,
        sink: &mut dyn FactSink,
    ) -> Flow {
        let path = clipped(path);
        if path.is_empty() || self.told.contains(path) {
            return Flow::Continue(());
        }
        if self.told.len() < REMEMBERED_MOST {
            self.told.insert(path.to_owned());
        }
        sink.trace(&Trace { kind: TraceKind::Process, value: path, at, app: None, seen })?;
        if !path.starts_with('/') {
            return Flow::Continue(());
        }
        sink.trace(&Trace { kind: TraceKind::Path, value: path, at, app: None, seen })?;
        self.sign(path, sign(path), at, seen, sink)
    }

    /// A part that a program had loaded: apps load parts from odd places too, so only a jailbreak is a sign.
    pub(crate) fn loaded(
        &mut self,
        path: &str,
        at: Option<&TimeReading>,
        seen: &Seen,
        sink: &mut dyn FactSink,
    ) -> Flow {
        let path = clipped(path);
        if !path.starts_with('/') || self.told.contains(path) {
            return Flow::Continue(());
        }
        if self.told.len() < REMEMBERED_MOST {
            self.told.insert(path.to_owned());
        }
        sink.trace(&Trace { kind: TraceKind::Path, value: path, at, app: None, seen })?;
        self.sign(path, sign(path).filter(|name| *name == JAILBREAK_SIGN), at, seen, sink)
    }

    fn sign(
        &mut self,
        path: &str,
        name: Option<&str>,
        at: Option<&TimeReading>,
        seen: &Seen,
        sink: &mut dyn FactSink,
    ) -> Flow {
        let Some(name) = name.filter(|_| self.signs < SIGNS_MOST) else { return Flow::Continue(()) };
        self.signs = self.signs.saturating_add(1);
        let (name, what, at) = (name.to_owned(), path.to_owned(), at.cloned());
        sink.says(seen, Sign { name, app: None, what, at })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_that_reports_name_are_odd() {
        let odd = Some("process-odd-path");
        assert_eq!(sign("/private/var/db/com.apple.xpc.roleaccountd.staging/rolexd"), odd);
        assert_eq!(sign("/private/var/db/com.apple.xpc.roleaccountd.staging/exec/rolexd"), odd);
        assert_eq!(sign("/private/var/db/com.apple.xpc.roleaccountd.staging/exec/1.2.xpc/bh"), odd);
        assert_eq!(sign("/var/tmp/a"), odd);
        assert_eq!(sign("/private/var/containers/Shared/SystemGroup/x/y"), odd);
        assert_eq!(sign("/private/var/mobile/Library/x"), odd);
        assert_eq!(sign("/var/jb/usr/sbin/sshd"), Some("jailbreak-trace"));
    }

    #[test]
    fn ordinary_places_are_not() {
        for path in [
            "/sbin/launchd",
            "/System/Library/PrivateFrameworks/TCC.framework/Support/tccd",
            "/private/var/containers/Bundle/Application/0-0/Example App.app/Example App",
            &format!("{STAGING}exec/16777224.1.xpc/com.apple.NRD.UpdateBrainService"),
            "/private/preboot/Cryptexes/OS/usr/libexec/x",
            "SpringBoard",
        ] {
            assert_eq!(sign(path), None, "{path}");
        }
    }

    #[test]
    fn a_program_is_told_without_its_words() {
        assert_eq!(program("/usr/libexec/xpcproxy com.apple.x"), "/usr/libexec/xpcproxy");
        let app = "/private/var/containers/Bundle/Application/0/An App.app/An App";
        assert_eq!(program(&format!("{app} -x")), app);
    }
}
