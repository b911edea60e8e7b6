//! The one thread that writes. Batches that wait at the same time share a transaction; nobody is answered before it is
//! committed.

use super::ingest::{self, Done, Revision};
use super::{StoreError, hour_now, reason, retention, stated};
use crate::collector::batch::Batch;
use crate::collector::reply::Reply;
use crate::operate::log::Seldom;
use crate::statements::Statements;
use rusqlite::{Connection, Savepoint, TransactionBehavior};
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot, watch};

/// Batches that may wait: at most 256 MiB of bodies, and a second or two of work. Beyond that senders keep them.
const QUEUE: usize = 1024;
/// Batches in one transaction. More would make the first one wait for the last.
const GROUP: usize = 128;

/// How long one try speaks for those that follow: everybody may ask, and each try is a write.
const TRIED: Duration = Duration::from_secs(1);
/// Bytes of a try: a widget's batch is smaller than 64 KiB, and what is written of it about as large.
const LARGE: i64 = 64 * 1024;

type Answer = oneshot::Sender<Result<Reply, StoreError>>;

enum Job {
    Ingest(Box<Batch>, Answer),
    Purge,
    /// Looks whether another process has written.
    Look,
    /// Writes something of no account, to see whether it can.
    Try(oneshot::Sender<Result<(), StoreError>>),
    /// What the shop of a key states, in the place of a revision.
    State(String, i64, Box<Statements>, oneshot::Sender<Result<Result<i64, i64>, StoreError>>),
}

/// The sending end of the writer's queue.
#[derive(Debug)]
pub(super) struct Writer {
    // Behind locks because closing takes them out while others still hold the store.
    jobs: Mutex<Option<mpsc::Sender<Job>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    pub(super) fn start(connection: Connection, changed: watch::Sender<u64>) -> std::io::Result<Self> {
        let (jobs, queue) = mpsc::channel(QUEUE);
        let thread = std::thread::Builder::new()
            .name("polku-writer".into())
            .spawn(move || write(connection, queue, &changed))?;
        Ok(Self { jobs: Mutex::new(Some(jobs)), thread: Mutex::new(Some(thread)) })
    }

    pub(super) async fn ingest(&self, batch: Batch) -> Result<Reply, StoreError> {
        let (answer, answered) = oneshot::channel();
        self.jobs().ok_or(StoreError::Closed)?.try_send(Job::Ingest(Box::new(batch), answer)).map_err(
            |why| match why {
                mpsc::error::TrySendError::Full(_) => StoreError::Busy,
                mpsc::error::TrySendError::Closed(_) => StoreError::Closed,
            },
        )?;
        answered.await.unwrap_or(Err(StoreError::Closed))
    }

    pub(super) async fn purge(&self) {
        if let Some(jobs) = self.jobs() {
            let _ = jobs.send(Job::Purge).await;
        }
    }

    pub(super) async fn look(&self) {
        if let Some(jobs) = self.jobs() {
            let _ = jobs.send(Job::Look).await;
        }
    }

    pub(super) async fn try_write(&self) -> Result<(), StoreError> {
        let (answer, answered) = oneshot::channel();
        self.jobs().ok_or(StoreError::Closed)?.try_send(Job::Try(answer)).map_err(|_| StoreError::Busy)?;
        answered.await.unwrap_or(Err(StoreError::Closed))
    }

    pub(super) async fn state(
        &self,
        key: String,
        known: i64,
        statements: Statements,
    ) -> Result<Result<i64, i64>, StoreError> {
        let (answer, answered) = oneshot::channel();
        let job = Job::State(key, known, Box::new(statements), answer);
        self.jobs().ok_or(StoreError::Closed)?.try_send(job).map_err(|_| StoreError::Busy)?;
        answered.await.unwrap_or(Err(StoreError::Closed))
    }

    /// Batches in the queue.
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

    fn jobs(&self) -> Option<mpsc::Sender<Job>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn write(mut connection: Connection, mut queue: mpsc::Receiver<Job>, changed: &watch::Sender<u64>) {
    // Deleted rows are still in the log. It is emptied as soon as no reader needs it.
    let mut to_forget = false;
    let mut tried: Option<(Instant, Result<(), StoreError>)> = None;
    let mut others = version_of_others(&connection);
    while let Some(first) = queue.blocking_recv() {
        let mut group = Vec::new();
        let mut purge = false;
        let mut tries = Vec::new();
        let mut stated = Vec::new();
        let mut sort = |job| match job {
            Job::Ingest(batch, answer) => group.push((batch, answer)),
            Job::Purge => purge = true,
            Job::Look => (),
            Job::Try(answer) => tries.push(answer),
            Job::State(key, known, statements, answer) => stated.push((key, known, statements, answer)),
        };
        sort(first);
        for _ in 1..GROUP {
            let Ok(job) = queue.try_recv() else { break };
            sort(job);
        }
        let mut erased = write_group(&mut connection, group, changed);
        for (key, known, statements, answer) in stated {
            let written = stated::write(&mut connection, &key, known, &statements);
            if matches!(written, Ok(Ok(_))) {
                changed.send_modify(|version| *version += 1);
            }
            let _ = answer.send(written.map_err(|why| {
                complain(&why);
                StoreError::Database
            }));
        }
        if !tries.is_empty() {
            let fresh = tried.filter(|(when, _)| when.elapsed() < TRIED).map(|(_, how)| how);
            let how = fresh.unwrap_or_else(|| try_once(&connection));
            if fresh.is_none() {
                tried = Some((Instant::now(), how));
            }
            for answer in tries {
                let _ = answer.send(how);
            }
        }
        if purge {
            match retention::purge(&mut connection, hour_now()) {
                Ok(gone) if gone > 0 => {
                    erased = true;
                    changed.send_modify(|version| *version += 1);
                }
                Ok(_) => {}
                Err(why) => complain(&why),
            }
        }
        to_forget = (to_forget || erased) && !retention::forget(&connection);
        // What another process has written, this one has to be told.
        let now = version_of_others(&connection);
        if now != others {
            others = now;
            changed.send_modify(|version| *version += 1);
        }
    }
    // The log goes back into the one file, so that it can be copied or moved.
    retention::forget(&connection);
}

/// Writes what belongs together, and answers. Whether something was deleted for good.
fn write_group(connection: &mut Connection, group: Vec<(Box<Batch>, Answer)>, told: &watch::Sender<u64>) -> bool {
    if group.is_empty() {
        return false;
    }
    let (batches, answers): (Vec<_>, Vec<_>) = group.into_iter().unzip();
    match commit_group(connection, &batches) {
        Ok(results) => {
            let changed = results.iter().flatten().any(|done| done.changed);
            let erased = results.iter().flatten().any(|done| done.erased);
            // Before the answers: whoever has one finds in the next view what was sent.
            if changed {
                told.send_modify(|version| *version += 1);
            }
            for (answer, result) in answers.into_iter().zip(results) {
                // Whoever asked may have gone; the batch is stored all the same.
                let _ = answer.send(result.map(|done| done.reply).ok_or(StoreError::Database));
            }
            erased
        }
        Err(why) => {
            complain(&why);
            for answer in answers {
                let _ = answer.send(Err(StoreError::Database));
            }
            false
        }
    }
}

/// One transaction. Where a batch fails, all is taken back, and written anew so that such a batch (`None`) is taken back alone: to be ready for that costs as much as
/// the writing itself. A database that cannot be had is not asked twice: senders would wait twice as long.
fn commit_group(connection: &mut Connection, batches: &[Box<Batch>]) -> rusqlite::Result<Vec<Option<Done>>> {
    match commit_all(connection, batches)? {
        Some(results) => Ok(results),
        None => commit_each(connection, batches),
    }
}

/// `None` where a batch failed.
fn commit_all(connection: &mut Connection, batches: &[Box<Batch>]) -> rusqlite::Result<Option<Vec<Option<Done>>>> {
    let (hour, mut revision) = (hour_now(), Revision::default());
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut results = Vec::with_capacity(batches.len());
    for batch in batches {
        let Ok(done) = ingest::ingest(&transaction, batch, hour, &mut revision) else { return Ok(None) };
        results.push(Some(done));
    }
    transaction.commit()?;
    Ok(Some(results))
}

fn commit_each(connection: &mut Connection, batches: &[Box<Batch>]) -> rusqlite::Result<Vec<Option<Done>>> {
    let hour = hour_now();
    let mut transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut results = Vec::with_capacity(batches.len());
    for batch in batches {
        let savepoint = transaction.savepoint()?;
        results.push(match write_batch(savepoint, batch, hour) {
            Ok(done) => Some(done),
            Err(why) => {
                complain(&why);
                None
            }
        });
    }
    transaction.commit()?;
    Ok(results)
}

/// A savepoint that is dropped without a commit is rolled back, and the revision with it.
fn write_batch(savepoint: Savepoint<'_>, batch: &Batch, hour: i64) -> rusqlite::Result<Done> {
    let done = ingest::ingest(&savepoint, batch, hour, &mut Revision::default())?;
    savepoint.commit()?;
    Ok(done)
}

/// Says that the database failed and how, and nothing about what was to be written.
fn complain(why: &rusqlite::Error) {
    static SELDOM: Seldom = Seldom::new();
    if let Some(held) = SELDOM.now() {
        tracing::error!(why = reason(why), held, "the database refused a write");
    }
}

/// A number that changes when another connection commits.
fn version_of_others(connection: &Connection) -> Option<i64> {
    connection.pragma_query_value(None, "data_version", |row| row.get(0)).ok()
}

/// Writes as much as a batch does, since the last free page of a disk holds a smaller thing.
fn try_once(connection: &Connection) -> Result<(), StoreError> {
    const SQL: &str =
        "INSERT INTO own (name, value) VALUES ('tried', zeroblob(?1)) ON CONFLICT DO UPDATE SET value = excluded.value";
    let written = connection.prepare_cached(SQL).and_then(|mut statement| statement.execute([LARGE]));
    written.map(|_| ()).map_err(|why| {
        complain(&why);
        StoreError::Database
    })
}
