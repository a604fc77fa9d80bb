//! Landlock: the worker may name no path, no TCP port and no other process.
//!
//! Follows the kernel's Documentation/userspace-api/landlock.rst up to version 7 of its interface (Linux
//! 6.15); an older kernel gives what it has. What is open already stays usable: pipes and spool files.

use landlock::{
    ABI, Access, AccessFs, AccessNet, LandlockStatus, Ruleset, RulesetAttr, RulesetError, RulesetStatus,
    Scope,
};

/// The newest version whose rights are known here.
const KNOWN: ABI = ABI::V7;

/// Restricts the calling thread. Returns the version in force, `None` if the kernel has no Landlock.
pub(super) fn close() -> Option<u32> {
    restrict().ok().flatten()
}

fn restrict() -> Result<Option<u32>, RulesetError> {
    let status = Ruleset::default()
        .handle_access(AccessFs::from_all(KNOWN))?
        .handle_access(AccessNet::from_all(KNOWN))?
        .scope(Scope::from_all(KNOWN))?
        .create()?
        .restrict_self()?;
    Ok(match (status.ruleset, status.landlock) {
        (RulesetStatus::NotEnforced, _) => None,
        (_, LandlockStatus::Available { effective_abi, .. }) => {
            Some((effective_abi as u32).min(KNOWN as u32))
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use std::os::fd::AsFd;

    use rustix::net::{AddressFamily, Ipv4Addr, SocketAddrV4, SocketType, bind, socket};

    use super::*;

    /// Alone, without seccomp: this layer must hold by itself. It binds the thread only.
    #[test]
    #[expect(clippy::print_stderr, reason = "a test says what it cannot test")]
    fn no_path_and_no_port() {
        let said = std::thread::spawn(|| {
            let version = close();
            let address = SocketAddrV4::new(Ipv4Addr::LOCALHOST, 0);
            let bound = socket(AddressFamily::INET, SocketType::STREAM, None)
                .and_then(|socket| bind(socket.as_fd(), &address));
            let read = std::fs::File::open("/etc/passwd").err().and_then(|error| error.raw_os_error());
            let listed = std::fs::read_dir("/proc").err().and_then(|error| error.raw_os_error());
            let made = std::fs::write("/var/tmp/erfunden", b"").err().and_then(|error| error.raw_os_error());
            let parent = rustix::process::getppid().map(rustix::process::test_kill_process);
            (version, bound, [read, listed, made], parent)
        });
        let (version, bound, files, parent) = said.join().unwrap();
        let Some(version) = version else {
            assert_eq!(files[0], None, "a missing layer must be reported, not half there");
            eprintln!("this kernel has no Landlock: nothing to test");
            return;
        };
        assert_eq!(files, [Some(libc::EACCES); 3]);
        if version >= 4 {
            assert_eq!(bound, Err(rustix::io::Errno::ACCESS));
        }
        if version >= 6 {
            assert_eq!(parent, Some(Err(rustix::io::Errno::PERM)));
        }
    }
}
