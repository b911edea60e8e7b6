//! The way to a thread that writes, for each database: batches wait in a queue of a fixed length, and who asks waits for the answer.

use super::StoreError;
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};

/// Batches that may wait: at most 256 MiB of bodies, and a second or two of work. Beyond that senders keep them.
const LENGTH: usize = 1024;

/// The sending end of a writer's queue.
#[derive(Debug)]
pub(super) struct Queue<J> {
    // Behind locks because closing takes them out while others still hold the store.
    jobs: Mutex<Option<mpsc::Sender<J>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl<J: Send + 'static> Queue<J> {
    /// Starts the thread, which works until nobody can send any more.
    pub(super) fn start(name: &str, work: impl FnOnce(mpsc::Receiver<J>) + Send + 'static) -> std::io::Result<Self> {
        let (jobs, queue) = mpsc::channel(LENGTH);
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(move || work(queue))?;
        Ok(Self { jobs: Mutex::new(Some(jobs)), thread: Mutex::new(Some(thread)) })
    }

    /// Puts a job into the queue, if there is room, and waits for its answer.
    pub(super) async fn ask<T>(
        &self,
        job: impl FnOnce(oneshot::Sender<Result<T, StoreError>>) -> J,
    ) -> Result<T, StoreError> {
        let (answer, answered) = oneshot::channel();
        self.jobs().ok_or(StoreError::Closed)?.try_send(job(answer)).map_err(|why| match why {
            mpsc::error::TrySendError::Full(_) => StoreError::Busy,
            mpsc::error::TrySendError::Closed(_) => StoreError::Closed,
        })?;
        answered.await.unwrap_or(Err(StoreError::Closed))
    }

    /// Puts a job that nobody waits for into the queue, as soon as there is room.
    pub(super) async fn tell(&self, job: J) {
        if let Some(jobs) = self.jobs() {
            let _ = jobs.send(job).await;
        }
    }

    /// Jobs in the queue.
    pub(super) fn waiting(&self) -> usize {
        self.jobs().map_or(0, |jobs| jobs.max_capacity() - jobs.capacity())
    }

    /// Ends the thread after what is in the queue.
    pub(super) async fn close(&self) {
        drop(self.jobs.lock().unwrap_or_else(PoisonError::into_inner).take());
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            let _ = tokio::task::spawn_blocking(move || thread.join()).await;
        }
    }

    fn jobs(&self) -> Option<mpsc::Sender<J>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Who waits to be told whether anything can be written.
pub(super) type Try = oneshot::Sender<Result<(), StoreError>>;

/// The last try whether anything can be written: everybody may ask, and each try is a write, so one speaks for those that follow for a while.
#[derive(Debug)]
pub(super) struct Tried {
    speaks: Duration,
    last: Option<(Instant, Result<(), StoreError>)>,
}

impl Tried {
    pub(super) fn new(speaks: Duration) -> Self {
        Self { speaks, last: None }
    }

    /// Tells those who wait, after a try where the last one is too old.
    pub(super) fn tell(&mut self, waiting: Vec<Try>, again: impl FnOnce() -> Result<(), StoreError>) {
        if waiting.is_empty() {
            return;
        }
        let how = match self.last.filter(|(when, _)| when.elapsed() < self.speaks) {
            Some((_, how)) => how,
            None => {
                let how = again();
                self.last = Some((Instant::now(), how));
                how
            }
        };
        for answer in waiting {
            let _ = answer.send(how);
        }
    }
}
