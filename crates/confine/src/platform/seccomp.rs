//! seccomp: the system calls that computing, two pipes and the spool need; all else is refused or kills.
//!
//! Follows the kernel's Documentation/userspace-api/seccomp_filter.rst. Two filters, of which the kernel
//! takes the stricter word: one refuses with EPERM what libraries try and can do without, the other kills
//! for all that is neither refused nor needed. Reading and writing works on the descriptors that are known,
//! and on no inherited one. No memory becomes executable. x86-64 and 64-bit ARM; elsewhere the layer is
//! missing.

use std::collections::BTreeMap;

use libc::c_long;
use seccompiler::{
    BpfProgram, Error, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, TargetArch,
};

use super::linux::Descriptor;

/// Needed, whatever the arguments.
const ALLOWED: &[c_long] = &[
    libc::SYS_brk,
    libc::SYS_clock_getres,
    libc::SYS_clock_gettime,
    libc::SYS_clock_nanosleep,
    libc::SYS_close,
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_futex,
    libc::SYS_getpid,
    libc::SYS_getrandom,
    libc::SYS_gettid,
    libc::SYS_gettimeofday,
    libc::SYS_madvise,
    libc::SYS_mremap,
    libc::SYS_munmap,
    libc::SYS_nanosleep,
    libc::SYS_restart_syscall,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sched_getaffinity,
    libc::SYS_sched_yield,
    libc::SYS_sigaltstack,
];

/// Needed on known descriptors: pipes and spool.
const ON_DESCRIPTORS: &[c_long] = &[
    libc::SYS_fadvise64,
    libc::SYS_fstat,
    libc::SYS_ftruncate,
    libc::SYS_lseek,
    libc::SYS_pread64,
    libc::SYS_preadv,
    libc::SYS_pwrite64,
    libc::SYS_pwritev,
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_write,
    libc::SYS_writev,
];

/// Refused with EPERM: what libraries try on the way and can do without.
const REFUSED: &[c_long] = &[
    libc::SYS_accept,
    libc::SYS_accept4,
    libc::SYS_bind,
    libc::SYS_chdir,
    libc::SYS_clone,
    libc::SYS_clone3,
    libc::SYS_connect,
    libc::SYS_copy_file_range,
    libc::SYS_dup,
    libc::SYS_dup3,
    libc::SYS_execve,
    libc::SYS_execveat,
    libc::SYS_faccessat,
    libc::SYS_faccessat2,
    libc::SYS_fallocate,
    libc::SYS_fcntl,
    libc::SYS_fdatasync,
    libc::SYS_fsync,
    libc::SYS_getcwd,
    libc::SYS_getdents64,
    libc::SYS_ioctl,
    libc::SYS_kill,
    libc::SYS_linkat,
    libc::SYS_listen,
    libc::SYS_memfd_create,
    libc::SYS_mkdirat,
    libc::SYS_newfstatat,
    libc::SYS_openat,
    libc::SYS_openat2,
    libc::SYS_pidfd_getfd,
    libc::SYS_pidfd_open,
    libc::SYS_pidfd_send_signal,
    libc::SYS_pipe2,
    libc::SYS_prlimit64,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_ptrace,
    libc::SYS_readlinkat,
    libc::SYS_renameat2,
    libc::SYS_sendfile,
    libc::SYS_sendmsg,
    libc::SYS_sendto,
    libc::SYS_socket,
    libc::SYS_socketpair,
    libc::SYS_splice,
    libc::SYS_statx,
    libc::SYS_symlinkat,
    libc::SYS_sysinfo,
    libc::SYS_uname,
    libc::SYS_unlinkat,
];

/// The older forms of those calls, which 64-bit ARM never had.
#[cfg(target_arch = "x86_64")]
const REFUSED_OLD: &[c_long] = &[
    libc::SYS_access,
    libc::SYS_creat,
    libc::SYS_dup2,
    libc::SYS_fork,
    libc::SYS_getdents,
    libc::SYS_link,
    libc::SYS_lstat,
    libc::SYS_mkdir,
    libc::SYS_open,
    libc::SYS_pipe,
    libc::SYS_readlink,
    libc::SYS_rename,
    libc::SYS_rmdir,
    libc::SYS_stat,
    libc::SYS_symlink,
    libc::SYS_unlink,
    libc::SYS_vfork,
];
#[cfg(not(target_arch = "x86_64"))]
const REFUSED_OLD: &[c_long] = &[];

#[cfg(target_arch = "x86_64")]
const MACHINE: Option<TargetArch> = Some(TargetArch::x86_64);
#[cfg(target_arch = "aarch64")]
const MACHINE: Option<TargetArch> = Some(TargetArch::aarch64);
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
const MACHINE: Option<TargetArch> = None;

/// The layer could not be put on.
#[derive(Debug)]
pub(super) struct Missing;

impl From<Error> for Missing {
    fn from(_: Error) -> Self {
        Self
    }
}

impl From<seccompiler::BackendError> for Missing {
    fn from(_: seccompiler::BackendError) -> Self {
        Self
    }
}

/// Puts both filters on every thread of the process.
pub(super) fn close(descriptors: &[Descriptor]) -> Result<(), Missing> {
    let machine = MACHINE.ok_or(Missing)?;
    let refuse = refusing(machine)?;
    let kill = killing(machine, descriptors)?;
    // The refusing one first: behind the other, no further filter can be put on.
    seccompiler::apply_filter_all_threads(&refuse)?;
    seccompiler::apply_filter_all_threads(&kill)?;
    Ok(())
}

/// Refuses what is refused, and lets the rest pass to the other filter.
fn refusing(machine: TargetArch) -> Result<BpfProgram, Missing> {
    let rules = refused().map(|call| (call, Vec::new())).collect();
    let refuse = SeccompAction::Errno(libc::EPERM.unsigned_abs());
    Ok(SeccompFilter::new(rules, SeccompAction::Allow, refuse, machine)?.try_into()?)
}

/// Kills for everything that is not needed; what the other filter refuses passes here.
fn killing(machine: TargetArch, descriptors: &[Descriptor]) -> Result<BpfProgram, Missing> {
    let mut rules: BTreeMap<c_long, Vec<SeccompRule>> = BTreeMap::new();
    for call in refused().chain(ALLOWED.iter().copied()) {
        rules.insert(call, Vec::new());
    }
    let known = runs(descriptors)
        .into_iter()
        .map(|(first, last)| Ok(SeccompRule::new(vec![at_least(first)?, at_most(last)?])?))
        .collect::<Result<Vec<_>, Missing>>()?;
    for call in ON_DESCRIPTORS {
        rules.insert(*call, known.clone());
    }
    let anonymous = masked(3, libc::MAP_ANONYMOUS, libc::MAP_ANONYMOUS)?;
    let not_executable = masked(2, libc::PROT_EXEC, 0)?;
    rules.insert(libc::SYS_mmap, vec![SeccompRule::new(vec![not_executable.clone(), anonymous])?]);
    rules.insert(libc::SYS_mprotect, vec![SeccompRule::new(vec![not_executable])?]);
    // How a process aborts: a signal to itself.
    let own = u64::from(std::process::id());
    rules.insert(libc::SYS_tgkill, vec![SeccompRule::new(vec![condition(0, SeccompCmpOp::Eq, own)?])?]);
    let kill = SeccompAction::KillProcess;
    Ok(SeccompFilter::new(rules, kill, SeccompAction::Allow, machine)?.try_into()?)
}

fn refused() -> impl Iterator<Item = c_long> {
    REFUSED.iter().chain(REFUSED_OLD).copied()
}

/// The three standard descriptors and the known ones as runs without a gap, so that few rules do.
fn runs(descriptors: &[Descriptor]) -> Vec<(u32, u32)> {
    let known = descriptors.iter().filter_map(|descriptor| u32::try_from(descriptor.0).ok());
    let mut numbers: Vec<u32> = (0..=2).chain(known).collect();
    numbers.sort_unstable();
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some((_, last)) if number <= last.saturating_add(1) => *last = number,
            _ => runs.push((number, number)),
        }
    }
    runs
}

fn at_least(descriptor: u32) -> Result<SeccompCondition, Missing> {
    condition(0, SeccompCmpOp::Ge, descriptor.into())
}

fn at_most(descriptor: u32) -> Result<SeccompCondition, Missing> {
    condition(0, SeccompCmpOp::Le, descriptor.into())
}

/// The bits of the mask have these values.
fn masked(argument: u8, mask: i32, value: i32) -> Result<SeccompCondition, Missing> {
    let (mask, value) = (u64::from(mask.unsigned_abs()), u64::from(value.unsigned_abs()));
    condition(argument, SeccompCmpOp::MaskedEq(mask), value)
}

/// The arguments that matter here are all 32 bits wide for the kernel.
fn condition(argument: u8, operator: SeccompCmpOp, value: u64) -> Result<SeccompCondition, Missing> {
    Ok(SeccompCondition::new(argument, SeccompCmpArgLen::Dword, operator, value)?)
}

#[cfg(test)]
mod tests {
    use rustix::io::Errno;
    use rustix::net::{AddressFamily, SocketType, socket};

    use super::*;

    #[test]
    fn descriptors_come_in_runs() {
        let known = [9, 3, 4, 5, 4, 11, 10].map(Descriptor);
        assert_eq!(runs(&known), [(0, 5), (9, 11)]);
        assert_eq!(runs(&[]), [(0, 2)]);
    }

    #[test]
    fn no_call_is_in_two_lists() {
        let mut calls: Vec<c_long> = refused().chain(ALLOWED.iter().copied()).collect();
        calls.extend(ON_DESCRIPTORS);
        calls.extend([libc::SYS_mmap, libc::SYS_mprotect, libc::SYS_tgkill]);
        let count = calls.len();
        calls.sort_unstable();
        calls.dedup();
        assert_eq!(calls.len(), count);
    }

    /// The filter that kills is tested with whole workers; this one alone, without Landlock, in a thread.
    #[test]
    #[expect(clippy::print_stderr, reason = "a test says what it cannot test")]
    fn what_is_refused_is_refused() {
        let Some(machine) = MACHINE else {
            eprintln!("no seccomp on this machine: nothing to test");
            return;
        };
        let filter = refusing(machine).unwrap();
        let said = std::thread::spawn(move || {
            seccompiler::apply_filter(&filter).unwrap();
            let read = std::fs::File::open("/etc/passwd").err().and_then(|error| error.raw_os_error());
            let sockets =
                [AddressFamily::INET, AddressFamily::INET6, AddressFamily::UNIX, AddressFamily::NETLINK]
                    .map(|family| socket(family, SocketType::DGRAM, None).err());
            (read, sockets)
        });
        let (read, sockets) = said.join().unwrap();
        assert_eq!(read, Some(libc::EPERM));
        assert_eq!(sockets, [Some(Errno::PERM); 4]);
    }
}
