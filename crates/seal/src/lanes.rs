//! Worker threads side by side that keep the order: job k goes to lane k mod n and its result is fetched
//! from there.
//!
//! The channels have no bound of their own; whoever uses lanes bounds the jobs by bounding the buffers
//! they carry.

use std::io;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{Builder, JoinHandle};

/// The other side is gone; why, its thread says when it is joined.
#[derive(Debug)]
pub(crate) struct Closed;

/// Where jobs go in, in order. Dropping it ends the lanes after what is in them.
pub(crate) struct Feed<J> {
    lanes: Vec<Sender<J>>,
    next: usize,
}

impl<J> Feed<J> {
    /// Puts a job into its lane.
    pub(crate) fn put(&mut self, job: J) -> Result<(), Closed> {
        let lane = self.lanes.get(self.next).ok_or(Closed)?;
        self.next = (self.next + 1) % self.lanes.len();
        lane.send(job).map_err(|_| Closed)
    }
}

/// Where results come out, in the order of the jobs.
pub(crate) struct Outlet<D> {
    lanes: Vec<Receiver<D>>,
    next: usize,
}

impl<D> Outlet<D> {
    /// Waits for the next result; none when the feed was dropped and everything is done.
    pub(crate) fn take(&mut self) -> Option<D> {
        let lane = self.lanes.get(self.next)?;
        self.next = (self.next + 1) % self.lanes.len();
        lane.recv().ok()
    }
}

/// A thread that is waited for, at the latest when this is dropped. Drop its channels first.
pub(crate) struct Joined<T>(Option<JoinHandle<T>>);

impl<T: Send + 'static> Joined<T> {
    pub(crate) fn spawn(work: impl FnOnce() -> T + Send + 'static) -> io::Result<Self> {
        Builder::new().name("seal".to_owned()).spawn(work).map(Some).map(Self)
    }

    /// The result of the thread; none if it panicked.
    pub(crate) fn join(mut self) -> Option<T> {
        self.0.take().and_then(|thread| thread.join().ok())
    }
}

impl<T> Drop for Joined<T> {
    fn drop(&mut self) {
        if let Some(thread) = self.0.take() {
            // A panic was reported where it happened; here it must not become a second one.
            drop(thread.join());
        }
    }
}

/// The threads and both ends. Bound to variables in this order, the feed is dropped first and the threads
/// last, as they have to be.
pub(crate) type Lanes<J, D> = (Vec<Joined<()>>, Outlet<D>, Feed<J>);

/// Starts one thread for each of the workers.
pub(crate) fn start<J, D, F>(workers: Vec<F>) -> io::Result<Lanes<J, D>>
where
    J: Send + 'static,
    D: Send + 'static,
    F: FnMut(J) -> D + Send + 'static,
{
    let mut threads = Vec::new();
    let mut outlet = Outlet { lanes: Vec::new(), next: 0 };
    let mut feed = Feed { lanes: Vec::new(), next: 0 };
    for mut work in workers {
        let (job_sender, jobs) = channel();
        let (results, result_receiver) = channel();
        feed.lanes.push(job_sender);
        outlet.lanes.push(result_receiver);
        threads.push(Joined::spawn(move || {
            for job in jobs {
                if results.send(work(job)).is_err() {
                    break;
                }
            }
        })?);
    }
    Ok((threads, outlet, feed))
}

/// How many threads encrypt or decrypt at once. Two cores are busy with one worker, the caller and the
/// hash; a second worker costs some CPU there and wins nothing. With more cores a second one serves
/// readers that do not hash. More would wait for the hash, which cannot be divided.
pub(crate) fn worker_count() -> usize {
    match std::thread::available_parallelism() {
        Ok(cores) if cores.get() > 2 => 2,
        _ => 1,
    }
}

/// How many buffers may be under way at once: two for each worker and four at the ends; at most 8 MiB.
pub(crate) fn buffer_count() -> usize {
    4 + 2 * worker_count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_jobs() {
        for lanes in [1, 2, 3, 7] {
            let workers = (0..lanes).map(|_| |job: u64| job * job).collect();
            let (threads, mut outlet, mut feed) = start(workers).unwrap();
            let feeding = Joined::spawn(move || (0..500).all(|job| feed.put(job).is_ok())).unwrap();
            for job in 0..500 {
                assert_eq!(outlet.take(), Some(job * job));
            }
            assert_eq!(outlet.take(), None);
            assert_eq!(feeding.join(), Some(true));
            drop(threads);
        }
    }

    #[test]
    fn a_dropped_outlet_closes_the_feed() {
        let (threads, outlet, mut feed) = start(vec![|job: u64| job]).unwrap();
        drop(outlet);
        let mut closed = false;
        for job in 0..1_000_000 {
            closed = closed || feed.put(job).is_err();
        }
        assert!(closed);
        drop(feed);
        drop(threads);
    }
}
