//! The worker's side: takes its terms, closes the doors, then works.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard};

use model::ReadAt;
use zeroize::{Zeroize, Zeroizing};

use crate::content::{Content, Shared};
use crate::frame::{Kind, TERMS_BYTES_MAX, Terms, header};
use crate::layers::LAYERS_BYTES;
use crate::link::Link;
use crate::spool::SpoolFiles;
use crate::{Layers, platform};

/// A worker behind its doors.
pub struct Worker {
    job: Zeroizing<Vec<u8>>,
    layers: Layers,
    spools: SpoolFiles,
    shared: Arc<Mutex<Shared>>,
}

/// Why a process could not become a worker. Nobody is there to read it but whoever started this by hand.
#[derive(Debug, thiserror::Error)]
pub enum WorkerError {
    /// The pipes do not work, or the parent is gone.
    #[error("no parent at the pipes: {0}")]
    Pipe(#[from] io::Error),
    /// What comes is not what a parent says.
    #[error("the parent does not speak as agreed")]
    Terms,
}

/// Makes this process a worker: to be called before anything else, with one thread running. With more,
/// Landlock would hold for one of them only, and is reported missing.
///
/// Opens the spool files, closes the doors for good, tells the parent which layers are on, then takes the
/// job. Panics of the process are silent from here on: their text could be evidence.
pub fn enter() -> Result<Worker, WorkerError> {
    std::panic::set_hook(Box::new(|_| ()));
    let (input, output) = platform::pipes()?;
    let opened = [&input, &output].map(platform::Descriptor::of);
    let mut link = Link::new(input, output);
    let terms = take_terms(&mut link)?;
    link.set_message_bytes_max(terms.limits.message_length());
    let spools = SpoolFiles::open(&terms.spool_folder);

    let descriptors: Vec<_> = opened.into_iter().chain(spools.descriptors()).collect();
    let layers = platform::close_doors(&terms.limits, &descriptors);

    let mut first_word = header(Kind::Layers, LAYERS_BYTES).to_vec();
    first_word.extend_from_slice(&layers.to_bytes());
    link.flush_with(&first_word)?;
    let job = take_job(&mut link)?;
    Ok(Worker { job, layers, spools, shared: Arc::new(Mutex::new(Shared::new(link))) })
}

fn take_terms(link: &mut Link) -> Result<Terms, WorkerError> {
    let (kind, length) = link.next_header()?;
    if kind != Kind::Limits || length > TERMS_BYTES_MAX {
        return Err(WorkerError::Terms);
    }
    let mut payload = vec![0; length];
    link.take(&mut payload)?;
    Terms::parse(&payload).ok_or(WorkerError::Terms)
}

fn take_job(link: &mut Link) -> Result<Zeroizing<Vec<u8>>, WorkerError> {
    let (kind, length) = link.next_header()?;
    if kind != Kind::Job {
        return Err(WorkerError::Terms);
    }
    // Its full size at once: a vector that grows leaves copies behind.
    let mut job = Zeroizing::new(vec![0; length]);
    link.take(&mut job)?;
    Ok(job)
}

impl Worker {
    /// What is to be done, in a form that caller and worker agreed on.
    pub fn job(&self) -> &[u8] {
        &self.job
    }

    /// Wipes the job, which may hold a password. It is wiped in any case when the worker is dropped.
    pub fn forget_job(&mut self) {
        self.job.zeroize();
    }

    /// Which doors are closed.
    pub fn layers(&self) -> Layers {
        self.layers
    }

    /// A content of the parent's with the size that the job gave for it. Reads beyond the size are the end;
    /// less than the size is an error of kind `UnexpectedEof`.
    pub fn content(&self, number: u32, size_bytes: u64) -> Arc<dyn ReadAt> {
        Arc::new(Content::new(number, size_bytes, Arc::clone(&self.shared)))
    }

    /// Sends a message. It may wait in a batch until the next question, a full batch or the end.
    ///
    /// Errors: longer than the limit (`InvalidInput`); the parent is gone.
    pub fn send(&self, message: &[u8]) -> io::Result<()> {
        self.shared()?.link.send(message)
    }

    /// Sends what waits; if nothing does, a sign of life. For a worker that computes for long and neither
    /// asks nor sends meanwhile.
    pub fn flush(&self) -> io::Result<()> {
        self.shared()?.link.flush_with(&header(Kind::Messages, 0))
    }

    /// The worker's spool files.
    pub fn spool_files(&self) -> SpoolFiles {
        self.spools.clone()
    }

    /// One of the worker's spool files; see [`SpoolFiles::make`].
    pub fn make_spool_file(&self) -> io::Result<Arc<std::fs::File>> {
        self.spools.make()
    }

    /// Sends what waits and says that everything is done. The parent ends the process soon after.
    pub fn finish(&self) -> io::Result<()> {
        self.shared()?.link.flush_with(&header(Kind::End, 0))
    }

    fn shared(&self) -> io::Result<MutexGuard<'_, Shared>> {
        self.shared.lock().map_err(|_| io::Error::other("the pipe to the parent is lost"))
    }
}
