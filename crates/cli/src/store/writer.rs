//! The one thread that writes. Batches that wait at the same time share a transaction; nobody is answered before it is
//! committed.

use super::ingest::{self, Done, Revision};
use super::queue::{Queue, Tried, Try};
use super::{StoreError, hour_now, reason, retention, stated};
use crate::collector::batch::Batch;
use crate::collector::reply::Reply;
use crate::operate::log::Seldom;
use crate::statements::Statements;
use rusqlite::{Connection, Savepoint, TransactionBehavior};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot, watch};

/// Batches in one transaction. More would make the first one wait for the last.
const GROUP: usize = 128;

/// How long one try speaks for those that follow.
const TRIED: Duration = Duration::from_secs(1);
/// Bytes of a try: a widget's batch is smaller than 64 KiB, and what is written of it about as large.
const LARGE: i64 = 64 * 1024;

type Answer = oneshot::Sender<Result<Reply, StoreError>>;

#[derive(Debug)]
pub(super) enum Job {
    Ingest(Box<Batch>, Answer),
    Purge,
    /// Looks whether another process has written.
    Look,
    /// Writes something of no account, to see whether it can.
    Try(Try),
    /// What the shop of a key states, in the place of a revision.
    State(String, i64, Box<Statements>, oneshot::Sender<Result<Result<i64, i64>, StoreError>>),
}

/// The sending end of the writer's queue.
#[derive(Debug)]
pub(super) struct Writer(Queue<Job>);

impl Writer {
    pub(super) fn start(connection: Connection, changed: watch::Sender<u64>) -> std::io::Result<Self> {
        Queue::start("polku-writer", move |queue| write(connection, queue, &changed)).map(Self)
    }

    pub(super) async fn ingest(&self, batch: Batch) -> Result<Reply, StoreError> {
        self.0.ask(|answer| Job::Ingest(Box::new(batch), answer)).await
    }

    pub(super) async fn purge(&self) {
        self.0.tell(Job::Purge).await;
    }

    pub(super) async fn look(&self) {
        self.0.tell(Job::Look).await;
    }

    pub(super) async fn try_write(&self) -> Result<(), StoreError> {
        self.0.ask(Job::Try).await
    }

    pub(super) async fn state(
        &self,
        key: String,
        known: i64,
        statements: Statements,
    ) -> Result<Result<i64, i64>, StoreError> {
        self.0.ask(|answer| Job::State(key, known, Box::new(statements), answer)).await
    }

    /// Batches in the queue.
    pub(super) fn waiting(&self) -> usize {
        self.0.waiting()
    }

    /// Ends the thread after what is in the queue.
    pub(super) async fn close(&self) {
        self.0.close().await;
    }
}

fn write(mut connection: Connection, mut queue: mpsc::Receiver<Job>, changed: &watch::Sender<u64>) {
    // Deleted rows are still in the log. It is emptied as soon as no reader needs it.
    let mut to_forget = false;
    let mut tried = Tried::new(TRIED);
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
        tried.tell(tries, || try_once(&connection));
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
