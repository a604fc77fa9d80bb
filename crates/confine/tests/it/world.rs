//! What the tests share: the host that remembers, the worker's program, limits that are soon reached.

use std::io;
use std::ops::ControlFlow;

use confine::{Ending, Host, Layers, Limits, Program, run};

/// A host that remembers what it was told.
#[derive(Default)]
pub(crate) struct Told {
    pub(crate) contents: Vec<Vec<u8>>,
    pub(crate) messages: Vec<Vec<u8>>,
    pub(crate) questions: usize,
    pub(crate) layers: Option<Layers>,
    /// Reading fails with this.
    pub(crate) trouble: Option<io::ErrorKind>,
    /// Says stop at this many messages.
    pub(crate) stop_at: Option<usize>,
    /// Says stop as soon as the doors are closed.
    pub(crate) refuses: bool,
}

impl Host for Told {
    fn read_at(&mut self, content: u32, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        self.questions += 1;
        if let Some(trouble) = self.trouble {
            return Err(io::Error::new(trouble, "/a/path/that/stays/here"));
        }
        let content = self.contents.get(content as usize).ok_or(io::ErrorKind::NotFound)?;
        // Never more than an odd number at once: the other side must not depend on it.
        let length = buffer.len().min(300_007);
        model::ReadAt::read_at(content, &mut buffer[..length], offset)
    }

    fn message(&mut self, bytes: &[u8]) -> ControlFlow<()> {
        self.messages.push(bytes.to_vec());
        if self.stop_at == Some(self.messages.len()) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }

    fn entered(&mut self, layers: &Layers) -> ControlFlow<()> {
        self.layers = Some(*layers);
        if self.refuses { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

impl Told {
    pub(crate) fn texts(&self) -> Vec<String> {
        self.messages.iter().map(|message| String::from_utf8_lossy(message).into_owned()).collect()
    }
}

/// The program that cargo builds from `examples/confine_worker.rs` beside the tests.
pub(crate) fn worker(act: &str) -> Program {
    let own = std::env::current_exe().unwrap();
    let folder = own.parent().unwrap().parent().unwrap().join("examples");
    let path = folder.join(format!("confine_worker{}", std::env::consts::EXE_SUFFIX));
    assert!(path.exists(), "build the example first: cargo build -p confine --examples");
    Program::new(path, act)
}

/// Limits that a test reaches within seconds.
pub(crate) fn short() -> Limits {
    Limits {
        memory_bytes: 256 << 20,
        cpu_seconds: 1,
        wall_seconds_without_word: 20,
        spool_bytes: 1 << 20,
        message_bytes: 1 << 20,
    }
}

/// Runs an act with short limits and a host that knows nothing.
pub(crate) fn act(name: &str) -> (Ending, Told) {
    act_with(name, &short(), b"")
}

/// Runs an act with these limits and this job.
pub(crate) fn act_with(name: &str, limits: &Limits, job: &[u8]) -> (Ending, Told) {
    let mut told = Told::default();
    let ending = run(&worker(name), limits, job, &mut told).unwrap();
    assert_eq!(ending.layers, told.layers);
    (ending, told)
}

/// Is this process gone? A zombie that somebody else must wait for counts as gone.
#[cfg(target_os = "linux")]
pub(crate) fn is_gone(process: &str) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"));
    stat.map_or(true, |stat| stat.rsplit_once(") ").unwrap().1.starts_with(['Z', 'X']))
}
