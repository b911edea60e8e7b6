//! Why the command could not start or go on, as one sentence that says what to do.

use std::fmt;
use std::path::PathBuf;

/// A failure that ends the command with exit code 1.
#[derive(Debug)]
#[non_exhaustive]
pub enum Failure {
    /// The package folder is not there.
    PackageMissing(PathBuf),
    /// The database could not be opened or written.
    Database(PathBuf, String),
    /// The database was written by a newer version of this command.
    DatabaseNewer(PathBuf),
    /// The address could not be listened on.
    Listen(String, u16, std::io::Error),
    /// The runtime or a signal handler could not be set up, or the server stopped.
    System(std::io::Error),
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
                write!(f, "cannot write the database {} ({why}); name another with --db", file.display())
            }
            Self::DatabaseNewer(file) => write!(
                f,
                "the database {} was written by a newer polku; update this command or name another file with --db",
                file.display()
            ),
            Self::Listen(host, port, why) if why.kind() == std::io::ErrorKind::AddrInUse => write!(
                f,
                "port {port} on {host} is in use; stop what listens there or choose another with --port (0 takes a free one)"
            ),
            Self::Listen(host, port, why) => write!(f, "cannot listen on {host} port {port} ({why})"),
            Self::System(why) => write!(f, "the server could not run ({why})"),
        }
    }
}

impl std::error::Error for Failure {}
