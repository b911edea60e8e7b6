//! Why the command could not start or go on, as one sentence that says what to do.

use crate::replay::LEAST;
use std::fmt;
use std::path::PathBuf;

/// A failure that ends the command, with exit code 1 unless [`Failure::code`] says another.
#[derive(Debug)]
#[non_exhaustive]
pub enum Failure {
    /// The package folder is not there.
    PackageMissing(PathBuf),
    /// The database could not be opened or written.
    Database(PathBuf, String),
    /// The database was written by a newer version of this command.
    DatabaseNewer(PathBuf),
    /// ClickHouse does not answer, or refuses.
    ClickHouse(String, String),
    /// The database is to be filled, and has so many journeys.
    NotEmpty(String, i64),
    /// Who may read is not settled, or a password cannot be used.
    Access(String),
    /// The address reaches beyond this machine, and nothing says who may read.
    Open(String),
    /// So many journeys are not in the database.
    NotThere(usize),
    /// The address could not be listened on.
    Listen(String, u16, std::io::Error),
    /// The runtime or a signal handler could not be set up, or the server stopped.
    System(std::io::Error),
    /// A report could not be made.
    Report(String),
    /// A file could not be read.
    Read(String, std::io::Error),
    /// An option of conversations is wrong.
    Chat(String),
    /// Standard input or output failed.
    Stream(std::io::Error),
    /// A framework is wrong.
    Framework(PathBuf, String),
    /// A collector's format, or a setting of it, is wrong.
    Format(String),
    /// The configuration of a collector is wrong.
    Config(PathBuf, String),
    /// So many lines of standard input were not understood; each was told.
    Lines(u64),
    /// So many lines were not understood, and for them all others were left out; each was told.
    Strict(u64),
    /// The database does not say which shop is meant.
    Shop(String),
    /// Definitions of prompts have so many mistakes; each was told.
    Prompts(usize),
    /// A file holds no survey that is understood.
    Import(String, String),
    /// A list of inputs cannot be understood.
    Script(String, String),
    /// A simulation found these things wrong.
    Simulation(String),
    /// The labelled journeys cannot be judged by.
    Sets(String),
    /// The collector misses these gates.
    Load(String),
    /// These detectors are not good enough.
    Detectors(String),
    /// The scrubber misses these gates.
    Gates(String),
}

impl Failure {
    /// The exit code: 2 where what was given is not what the command takes, as for wrong arguments; else 1.
    #[must_use]
    pub fn code(&self) -> u8 {
        if matches!(self, Self::Import(..) | Self::Shop(_)) { 2 } else { 1 }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PackageMissing(dir) => write!(
                f,
                "the package folder {} does not exist; build it with `cargo xtask build` or name another with --pkg",
                dir.display()
            ),
            Self::Database(file, why) => {
                write!(f, "cannot use the database {} ({why}); name another with --db", file.display())
            }
            Self::ClickHouse(address, why) => {
                write!(f, "cannot use ClickHouse at {address} ({why}); name another with --clickhouse")
            }
            Self::DatabaseNewer(file) => write!(
                f,
                "the database {} was written by a newer polku; update this command or name another file with --db",
                file.display()
            ),
            Self::NotEmpty(database, count) => write!(
                f,
                "--seed-demo fills an empty database, and {database} has {count} journeys; name another with --db or --clickhouse, or start without --seed-demo"
            ),
            Self::Listen(host, port, why) if why.kind() == std::io::ErrorKind::AddrInUse => write!(
                f,
                "port {port} on {host} is in use; stop what listens there or choose another with --port (0 takes a free one)"
            ),
            Self::Listen(host, port, why) => write!(f, "cannot listen on {host} port {port} ({why})"),
            Self::System(why) => write!(f, "the server could not run ({why})"),
            Self::Read(file, why) => write!(f, "cannot read {file} ({why})"),
            Self::Stream(why) => write!(f, "standard input or output failed ({why})"),
            Self::Framework(file, why) => write!(f, "the framework {} cannot be used: {why}", file.display()),
            Self::Format(why) | Self::Chat(why) | Self::Access(why) | Self::Report(why) | Self::Shop(why) => {
                f.write_str(why)
            }
            Self::Open(host) => write!(
                f,
                "whoever reaches {host} could read every journey; set a password with --password-file FILE or POLKU_PASSWORD, \
                 or name the header of a proxy that signs people in with --identity-header, or listen on --host 127.0.0.1"
            ),
            Self::NotThere(1) => f.write_str("one journey is not in the database"),
            Self::NotThere(count) => write!(f, "{count} journeys are not in the database"),
            Self::Config(file, why) => write!(f, "the configuration {} cannot be used: {why}", file.display()),
            Self::Lines(1) => write!(f, "one line was not understood and left out"),
            Self::Lines(count) => write!(f, "{count} lines were not understood and left out"),
            Self::Strict(1) => f.write_str("one line was not understood, and nothing was stored"),
            Self::Strict(count) => write!(f, "{count} lines were not understood, and nothing was stored"),
            Self::Prompts(1) => f.write_str("one mistake in the prompts' definitions"),
            Self::Prompts(count) => write!(f, "{count} mistakes in the prompts' definitions"),
            Self::Import(file, why) => write!(f, "{file} cannot be imported: {why}"),
            Self::Script(file, why) => write!(f, "the list of inputs {file} cannot be used: {why}"),
            Self::Simulation(what) => write!(f, "the simulation failed: {what}"),
            Self::Sets(why) => write!(f, "the labelled journeys cannot be judged by: {why}"),
            Self::Load(names) => write!(f, "the collector does not bear enough: {names}"),
            Self::Gates(names) => write!(f, "the scrubber is not good enough: {names}"),
            Self::Detectors(names) => write!(f, "precision or recall below {LEAST}: {names}"),
        }
    }
}

impl std::error::Error for Failure {}
