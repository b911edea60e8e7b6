//! The arguments of the command.

use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// Follows purchase paths: collector, journey map and demo shop in one command.
#[derive(Debug, Parser)]
#[command(name = "polku", version, about, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the collector, the journey map, the demo shop and the package on one port.
    Serve(ServeOptions),
}

/// Options of `polku serve`.
#[derive(Debug, Clone, Args)]
pub struct ServeOptions {
    /// Address to listen on. The map has no password yet: another address than the loopback shows it to the network.
    #[arg(long, default_value = "127.0.0.1")]
    pub host: String,
    /// Port to listen on; 0 takes a free one.
    #[arg(long, default_value_t = 8600)]
    pub port: u16,
    /// Database file, made when it is missing.
    #[arg(long, value_name = "FILE", default_value = "polku.sqlite")]
    pub db: PathBuf,
    /// Folder of the built package, served under /polku/.
    #[arg(long, value_name = "DIR", default_value = "pkg")]
    pub pkg: PathBuf,
}
