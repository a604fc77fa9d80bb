//! Proofs that sealed files are age files, that damage is refused, and that nothing hangs.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "tests may stop loudly and say what they skipped"
)]

mod damage;
mod failing_media;
mod foreign;
mod interop;
mod openssl;
mod round_trips;
mod spools;
mod testkit;

use model::ReadAt;
use seal::{Identity, OpenWith, Opened, Recipient, SealError, SealTo};
use std::io::Read;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

/// Bytes without a short period, the same on every run.
fn plaintext(size: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_u32;
    let next = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_le_bytes()[3]
    };
    (0..size).map(next).collect()
}

/// A key pair.
fn pair() -> ([Identity; 1], [Recipient; 1]) {
    let identity = Identity::generate().unwrap();
    let recipient = identity.recipient();
    ([identity], [recipient])
}

/// A sealed file and the identity that opens it.
fn sealed(plaintext: &[u8]) -> (Vec<u8>, [Identity; 1]) {
    let (identity, recipient) = pair();
    (seal::seal_bytes(plaintext, &SealTo::Recipients(&recipient)).unwrap(), identity)
}

fn open(file: Vec<u8>, with: &OpenWith<'_>) -> Result<Opened, SealError> {
    Opened::new(Arc::new(file), with)
}

/// What a stream releases, and the error that ended it.
fn drain(opened: &Opened) -> (Vec<u8>, Option<SealError>) {
    let mut released = Vec::new();
    let error = opened.stream().read_to_end(&mut released).err();
    (released, error.map(SealError::from))
}

/// All bytes by random access.
fn read_all_at(file: &dyn ReadAt) -> Vec<u8> {
    let mut bytes = vec![0; usize::try_from(file.size_bytes()).unwrap()];
    let mut done = 0;
    while done < bytes.len() {
        let count = file.read_at(&mut bytes[done..], done as u64).unwrap();
        assert_ne!(count, 0);
        done += count;
    }
    bytes
}

/// Runs something that must not hang.
fn in_time<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = channel();
    std::thread::spawn(move || sender.send(work()));
    receiver.recv_timeout(Duration::from_mins(1)).unwrap_or_else(|_| panic!("it hangs or panicked"))
}
