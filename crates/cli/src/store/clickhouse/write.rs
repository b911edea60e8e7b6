//! The one thread that inserts. Batches that wait at the same time share an insertion; nobody is answered before the server has taken it.

use super::client::{Client, Trouble, quoted};
use super::follow::Follow;
use super::rows::Insert;
use crate::collector::batch::{Batch, Event, Loss as LossSoFar};
use crate::collector::reply::{Rejected, Reply};
use crate::operate::log::Seldom;
use crate::store::erase::TOMBSTONE_HOURS;
use crate::store::queue::{Queue, Tried, Try};
use crate::store::{StoreError, hour_now};
use serde::Serialize;
use std::collections::HashSet;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};

/// Batches in one insertion: ClickHouse wants few and large ones.
const GROUP: usize = 512;
/// How long the first of a group waits for others: each insertion is a part on the disk, and a server that gets more of them in a second than
/// it can merge refuses them.
const GATHER: Duration = Duration::from_millis(100);
/// How long one try speaks for those that follow.
const TRIED: Duration = Duration::from_secs(10);
/// How often what was erased is taken out of the parts on the disk, where it is hidden already. That rewrites them.
const SWEEP: Duration = Duration::from_secs(60 * 60);
const HOUR: i64 = 3600;

type Answer = oneshot::Sender<Result<Reply, StoreError>>;

#[derive(Debug)]
pub(super) enum Job {
    Ingest(Box<Batch>, Answer),
    Sweep,
    Try(Try),
}

/// The sending end of the writer's queue.
#[derive(Debug)]
pub(super) struct Writer(Queue<Job>);

impl Writer {
    pub(super) fn start(client: Client, follow: Arc<Follow>, days: i64) -> Result<Self, Trouble> {
        let last: Vec<(i64,)> = client.all("SELECT max(arrived) FROM polku_events")?;
        let pen = Pen { client, follow, days, arrived: last.first().map_or(0, |(last,)| *last), erased: false };
        let queue = Queue::start("polku-inserter", move |queue| pen.write(queue));
        queue.map(Self).map_err(|why| Trouble::new(why.to_string()))
    }

    pub(super) async fn ingest(&self, batch: Batch) -> Result<Reply, StoreError> {
        self.0.ask(|answer| Job::Ingest(Box::new(batch), answer)).await
    }

    pub(super) async fn try_write(&self) -> Result<(), StoreError> {
        self.0.ask(Job::Try).await
    }

    pub(super) async fn sweep(&self) {
        self.0.tell(Job::Sweep).await;
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

/// What writes.
struct Pen {
    client: Client,
    follow: Arc<Follow>,
    days: i64,
    /// The last number of an arrival.
    arrived: i64,
    /// Something was erased since the last sweep.
    erased: bool,
}

#[derive(Serialize)]
struct Tombstone<'a> {
    key: &'a str,
    journey: &'a str,
    expires: i64,
}

#[derive(Serialize)]
pub(super) struct Loss<'a> {
    key: &'a str,
    journey: &'a str,
    leg: &'a str,
    sent: i64,
    captured: i64,
    handed: i64,
    queued: i64,
    dropped: &'a str,
    expires: i64,
    /// The newest batch has the largest; where two were sent in one second, the one that says more.
    version: i64,
}

impl<'a> Loss<'a> {
    pub(super) fn new(batch: &'a Batch, loss: &'a LossSoFar, expires: i64) -> Self {
        let (journey, sent) = (&batch.journey, batch.sent.unwrap_or(0));
        Self {
            key: &batch.key,
            journey: &journey.id,
            leg: &journey.leg,
            sent,
            captured: loss.captured,
            handed: loss.sent,
            queued: loss.queued,
            dropped: &loss.dropped,
            expires,
            version: (sent << 20) + loss.captured.min((1 << 20) - 1),
        }
    }
}

impl Pen {
    fn write(mut self, mut queue: mpsc::Receiver<Job>) {
        let mut tried = Tried::new(TRIED);
        let mut swept = Instant::now();
        while let Some(first) = queue.blocking_recv() {
            let begun = Instant::now();
            let (mut group, mut sweep, mut tries) = (Vec::new(), false, Vec::new());
            let mut sort = |job| match job {
                Job::Ingest(batch, answer) => group.push((batch, answer)),
                Job::Sweep => sweep = true,
                Job::Try(answer) => tries.push(answer),
            };
            sort(first);
            while begun.elapsed() < GATHER {
                match queue.try_recv() {
                    Ok(job) => sort(job),
                    Err(mpsc::error::TryRecvError::Empty) => std::thread::sleep(Duration::from_millis(5)),
                    Err(mpsc::error::TryRecvError::Disconnected) => break,
                }
                if queue.len() + 1 >= GROUP {
                    break;
                }
            }
            self.write_group(group);
            tried.tell(tries, || self.try_once());
            if sweep || (self.erased && swept.elapsed() > SWEEP) {
                swept = Instant::now();
                self.sweep();
            }
        }
        if self.erased {
            self.sweep();
        }
    }

    fn write_group(&mut self, group: Vec<(Box<Batch>, Answer)>) {
        if group.is_empty() {
            return;
        }
        let (batches, answers): (Vec<_>, Vec<_>) = group.into_iter().unzip();
        match self.insert(&batches) {
            Ok(replies) => {
                for (answer, reply) in answers.into_iter().zip(replies) {
                    let _ = answer.send(Ok(reply));
                }
            }
            Err(why) => {
                complain(&why);
                for answer in answers {
                    let _ = answer.send(Err(StoreError::Database));
                }
            }
        }
    }

    /// Inserts what is new in the batches. All of them or none: a row that is sent again after half of it came to be stays one.
    fn insert(&mut self, batches: &[Box<Batch>]) -> Result<Vec<Reply>, Trouble> {
        let hour = hour_now();
        let journeys: HashSet<(&str, &str)> =
            batches.iter().map(|batch| (batch.key.as_str(), batch.journey.id.as_str())).collect();
        let named = tuples(journeys.iter().copied());
        let mut gone =
            self.pairs(&format!("SELECT key, journey FROM polku_erased WHERE (key, journey) IN ({named})"))?;
        let legs: HashSet<(&str, &str, &str)> = batches
            .iter()
            .map(|batch| (batch.key.as_str(), batch.journey.id.as_str(), batch.journey.leg.as_str()))
            .collect();
        let mut there: HashSet<(String, String, String, i64)> = self
            .client
            .all(&format!(
                "SELECT key, journey, leg, seq FROM polku_events WHERE (key, journey, leg) IN ({})",
                legs.iter().map(|(key, id, leg)| tuple(&[key, id, leg])).collect::<Vec<_>>().join(",")
            ))?
            .into_iter()
            .collect();
        let (mut rows, mut tombstones, mut losses) = (String::new(), String::new(), String::new());
        let mut replies = Vec::with_capacity(batches.len());
        let (mut new, mut changed, mut erased) = (0, HashSet::new(), false);
        for batch in batches {
            let Batch { key, sent, ttl_days, journey, loss, events } = &**batch;
            let mut reply = Reply::default();
            let pair = (key.clone(), journey.id.clone());
            let expires = expires(hour, *ttl_days, self.days);
            let mut known = false;
            for event in events {
                match event {
                    Err(rejected) => reply.rejected.push(rejected.clone()),
                    Ok(Event::Erase { journeys, .. }) => {
                        let before = self.erased_among(key, journeys)?;
                        let mut news = false;
                        for id in journeys {
                            if !before.contains(id) && gone.insert((key.clone(), id.clone())) {
                                line(
                                    &mut tombstones,
                                    &Tombstone { key, journey: id, expires: (hour + TOMBSTONE_HOURS) * HOUR },
                                );
                                news = true;
                            }
                        }
                        if news {
                            reply.accepted += 1;
                        } else {
                            reply.duplicate += 1;
                        }
                        erased |= news;
                    }
                    Ok(Event::Touch(touch)) if gone.contains(&pair) => {
                        reply.rejected.push(Rejected { seq: Some(touch.seq), why: "erased" });
                    }
                    Ok(Event::Touch(touch)) => {
                        known = true;
                        if there.insert((key.clone(), journey.id.clone(), journey.leg.clone(), touch.seq)) {
                            self.arrived = (self.arrived + 1).max(hour * HOUR * 1_000_000);
                            let row = Insert {
                                arrived: self.arrived,
                                expires,
                                ..Insert::new(key, journey, touch, *sent, hour)
                            };
                            line(&mut rows, &row);
                            reply.accepted += 1;
                            new += 1;
                            changed.insert(pair.clone());
                        } else {
                            reply.duplicate += 1;
                        }
                    }
                }
            }
            if let (true, Some(loss)) = (known, loss) {
                line(&mut losses, &Loss::new(batch, loss, expires));
            }
            replies.push(reply);
        }
        // What is to be forgotten first: should the rest fail, the batch comes again and finds that done.
        self.client.insert("polku_erased", tombstones)?;
        self.client.insert("polku_events", rows)?;
        self.client.insert("polku_losses", losses)?;
        self.erased |= erased;
        self.follow.wrote(hour, new, changed, erased);
        Ok(replies)
    }

    /// Which of these are erased already.
    fn erased_among(&self, key: &str, ids: &[String]) -> Result<HashSet<String>, Trouble> {
        let named = tuples(ids.iter().map(|id| (key, id.as_str())));
        let question = format!("SELECT key, journey FROM polku_erased WHERE (key, journey) IN ({named})");
        Ok(self.pairs(&question)?.into_iter().map(|(_, id)| id).collect())
    }

    fn pairs(&self, question: &str) -> Result<HashSet<(String, String)>, Trouble> {
        Ok(self.client.all(question)?.into_iter().collect())
    }

    fn try_once(&self) -> Result<(), StoreError> {
        self.client.run("INSERT INTO polku_tried VALUES (now('UTC'))").map_err(|why| {
            complain(&why);
            StoreError::Database
        })
    }

    /// Takes out of the parts on the disk what is erased or too old.
    fn sweep(&mut self) {
        match sweep(&self.client, self.days) {
            Ok(()) => self.erased = false,
            Err(why) => complain(&why),
        }
    }
}

/// Takes out of the parts on the disk what is erased or too old. The server does it when it comes to it.
pub(super) fn sweep(client: &Client, days: i64) -> Result<(), Trouble> {
    const ERASED: &str = "(key, journey) IN (SELECT key, journey FROM polku_erased)";
    client.run(&format!(
        "ALTER TABLE polku_events DELETE WHERE {ERASED} OR expires <= now('UTC') OR received <= now('UTC') - INTERVAL {days} DAY"
    ))?;
    client.run(&format!("ALTER TABLE polku_losses DELETE WHERE {ERASED}"))
}

/// Journeys that are to be forgotten.
pub(super) fn bury<'a>(client: &Client, journeys: impl Iterator<Item = (&'a str, &'a str)>) -> Result<(), Trouble> {
    let expires = (hour_now() + TOMBSTONE_HOURS) * HOUR;
    let mut rows = String::new();
    for (key, journey) in journeys {
        line(&mut rows, &Tombstone { key, journey, expires });
    }
    client.insert("polku_erased", rows)
}

/// When what arrived in this hour is too old, in Unix seconds: the page may ask for fewer days than the server keeps.
pub(super) fn expires(hour: i64, ttl_days: i64, days: i64) -> i64 {
    (hour + ttl_days.min(days) * 24) * HOUR
}

pub(super) fn line(out: &mut String, row: &impl Serialize) {
    // Texts and numbers: they can be written.
    let _ = writeln!(out, "{}", serde_json::to_string(row).unwrap_or_default());
}

fn tuple(texts: &[&str]) -> String {
    format!("({})", texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(","))
}

/// Journeys as they stand in a statement; never none.
pub(super) fn tuples<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let all: Vec<String> = pairs.map(|(key, id)| tuple(&[key, id])).collect();
    if all.is_empty() { "('','')".to_owned() } else { all.join(",") }
}

/// Says that the database failed and how, and nothing about what was to be written.
pub(super) fn complain(why: &Trouble) {
    static SELDOM: Seldom = Seldom::new();
    if let Some(held) = SELDOM.now() {
        tracing::error!(why = why.0, held, "ClickHouse refused");
    }
}
