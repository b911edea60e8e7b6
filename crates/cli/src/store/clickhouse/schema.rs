//! Tables and their history in ClickHouse. As in SQLite, a released migration is never edited; a change is a new one at the end. A statement
//! may run twice, since several servers may start at once.

use super::client::{Client, Trouble};

/// Each entry takes the tables from the version of its index to the next one.
const MIGRATIONS: &[&[&str]] = &[&[
    // One row for each event, with what its batch said of the journey. What arrives first stays: the engine keeps the row with the largest
    // `first`, and readers take the earliest arrival of what is not merged yet. Months are those of receipt, which no sender chooses.
    // `arrived` counts: no time of receipt is kept that is finer than the hour, since it would say more than a batch does.
    // A list of journeys reads some rows from each of as many places, and with them what stands around: an eighth of what is usual is enough
    // (of a million journeys, fifty in 0.26 s and not in 0.7; the index in memory is 0.4 MB).
    "CREATE TABLE IF NOT EXISTS polku_events (
        key LowCardinality(String), journey String, leg String, seq Int64,
        at Nullable(Int64), name LowCardinality(String), lens LowCardinality(String), stage LowCardinality(String), page String, data String,
        started Int64, sent Int64 DEFAULT -1, now LowCardinality(String),
        device LowCardinality(String), lang LowCardinality(String), consent String,
        received DateTime('UTC') DEFAULT toStartOfHour(now('UTC')), expires DateTime('UTC') DEFAULT now('UTC') + INTERVAL 395 DAY,
        arrived Int64 DEFAULT toUnixTimestamp(toStartOfHour(now('UTC'))) * 1000000,
        first UInt64 DEFAULT toUInt64(9223372036854775807 - arrived)
    ) ENGINE = ReplacingMergeTree(first) PARTITION BY toYYYYMM(received) ORDER BY (key, journey, leg, seq) TTL expires
      SETTINGS index_granularity = 1024",
    // Ids of journeys that were erased, so that a batch still on its way cannot bring them back. Nothing else of them.
    "CREATE TABLE IF NOT EXISTS polku_erased (key LowCardinality(String), journey String, expires DateTime('UTC'))
     ENGINE = ReplacingMergeTree ORDER BY (key, journey) TTL expires",
    // What each life of an engine says that it captured, sent, queued and dropped; the newest batch stays.
    "CREATE TABLE IF NOT EXISTS polku_losses (
        key LowCardinality(String), journey String, leg String, sent Int64,
        captured Int64, handed Int64, queued Int64, dropped String, expires DateTime('UTC'), version UInt64
    ) ENGINE = ReplacingMergeTree(version) ORDER BY (key, journey, leg) TTL expires",
    // Something to write where it is to be known whether anything can be.
    "CREATE TABLE IF NOT EXISTS polku_tried (at DateTime('UTC')) ENGINE = MergeTree ORDER BY at TTL at + INTERVAL 1 DAY",
]];

const VERSIONS: &str = "CREATE TABLE IF NOT EXISTS polku_versions (version UInt32, applied DateTime('UTC')) ENGINE = MergeTree ORDER BY version";

/// Brings the tables to the newest version. `false` when they are newer than this program.
pub(super) fn migrate(client: &Client) -> Result<bool, Trouble> {
    let there: Vec<(u8,)> = client.all("EXISTS TABLE polku_versions")?;
    // Whoever may only read and insert can use tables that are there and new enough.
    if there.first() != Some(&(1,)) {
        client.run(VERSIONS)?;
    }
    let version: Vec<(u64,)> = client.all("SELECT max(version) FROM polku_versions")?;
    let version = version.first().map_or(0, |(version,)| *version);
    let mut newest = 0;
    for (number, migration) in (1..).zip(MIGRATIONS) {
        if number > version {
            for statement in *migration {
                client.run(statement)?;
            }
            client.run(&format!("INSERT INTO polku_versions SELECT {number}, now('UTC')"))?;
        }
        newest = number;
    }
    Ok(version <= newest)
}
