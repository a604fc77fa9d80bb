//! Which doors a worker closed behind it.

/// Is a layer on?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// It is on.
    On,
    /// The system lacks it or refused it.
    Missing,
}

impl Guard {
    /// On if the step that turns it on went well.
    #[cfg(target_os = "linux")]
    pub(crate) fn from_result<T, E>(result: &Result<T, E>) -> Self {
        if result.is_ok() { Self::On } else { Self::Missing }
    }
}

/// The layers around a worker, as it found them when it had closed its doors. A process of its own, with an
/// empty environment and no descriptors but its pipes, is always there and not listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layers {
    /// Landlock: no path, no TCP port, no signal to other processes. The version of its interface in force:
    /// files from 1, truncation from 3, TCP from 4, devices from 5, signals and abstract sockets from 6.
    pub landlock: Option<u32>,
    /// Only the system calls that computing needs; no network of any kind, no new process.
    pub seccomp: Guard,
    /// Limits on memory, processor time, spool size and descriptors, no core file.
    pub limits: Guard,
    /// Nothing the worker starts can gain privileges.
    pub no_new_privileges: Guard,
    /// Other processes of the same person cannot look into the worker's memory.
    pub untraceable: Guard,
    /// The system kills the worker when the parent dies.
    pub dies_with_parent: Guard,
}

/// Length of [`Layers`] on the wire.
pub(crate) const LAYERS_BYTES: usize = 9;

impl Layers {
    /// No layer but the process itself.
    #[cfg_attr(target_os = "linux", expect(dead_code, reason = "Linux asks for each"))]
    pub(crate) fn none() -> Self {
        Self {
            landlock: None,
            seccomp: Guard::Missing,
            limits: Guard::Missing,
            no_new_privileges: Guard::Missing,
            untraceable: Guard::Missing,
            dies_with_parent: Guard::Missing,
        }
    }

    /// The names of the layers that are missing, for a report; empty when all are on.
    pub fn missing(&self) -> Vec<&'static str> {
        let landlock = if self.landlock.is_some() { Guard::On } else { Guard::Missing };
        [
            ("landlock", landlock),
            ("seccomp", self.seccomp),
            ("limits", self.limits),
            ("no new privileges", self.no_new_privileges),
            ("untraceable", self.untraceable),
            ("dies with parent", self.dies_with_parent),
        ]
        .into_iter()
        .filter(|(_, guard)| *guard == Guard::Missing)
        .map(|(name, _)| name)
        .collect()
    }

    /// The form on the wire: Landlock's version (0: none), then one byte for each guard.
    pub(crate) fn to_bytes(self) -> [u8; LAYERS_BYTES] {
        let on = |guard| u8::from(guard == Guard::On);
        let [a, b, c, d] = self.landlock.unwrap_or(0).to_le_bytes();
        let (seccomp, limits) = (on(self.seccomp), on(self.limits));
        let (privileges, untraceable) = (on(self.no_new_privileges), on(self.untraceable));
        [a, b, c, d, seccomp, limits, privileges, untraceable, on(self.dies_with_parent)]
    }

    /// Reads the form on the wire.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let [a, b, c, d, guards @ ..] = <[u8; LAYERS_BYTES]>::try_from(bytes).ok()?;
        let [seccomp, limits, no_new_privileges, untraceable, dies_with_parent] =
            guards.map(|byte| if byte == 1 { Guard::On } else { Guard::Missing });
        let landlock = Some(u32::from_le_bytes([a, b, c, d])).filter(|version| *version > 0);
        Some(Self { landlock, seccomp, limits, no_new_privileges, untraceable, dies_with_parent })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_survive_the_wire() {
        let layers = Layers {
            landlock: Some(7),
            seccomp: Guard::On,
            limits: Guard::Missing,
            no_new_privileges: Guard::On,
            untraceable: Guard::Missing,
            dies_with_parent: Guard::On,
        };
        assert_eq!(Layers::from_bytes(&layers.to_bytes()), Some(layers));
        assert_eq!(layers.missing(), ["limits", "untraceable"]);
        assert_eq!(Layers::from_bytes(b"short"), None);
    }
}
