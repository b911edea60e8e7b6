//! The arguments of the command.

use axum::http::HeaderName;
use clap::{Args, Parser, Subcommand};
use ipnet::IpNet;
use polku_core::Name;
use std::path::PathBuf;

use crate::collector::allow;
use crate::collector::batch::MAX_TTL_DAYS;
use crate::operate::log::Format;
use crate::replay::OBSERVATIONS;
use crate::simulate::Faults;
use crate::store::Scope;

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
    Serve(Box<ServeOptions>),
    /// Run the engine of the pages on scripted journeys from standard input; one summary each on standard output.
    ///
    /// Each line of standard input is one moment, {"t":ms,"name":"…","data":{…}}: t counts from the journey's start and never goes back; a blank
    /// line stands between journeys. For each journey, in order, standard output gets one line: its journey_summary as a JSON object. The same
    /// input and seed give the same bytes.
    #[command(after_long_help = replay_help())]
    Replay(ReplayOptions),
    /// Run the engine of the pages on random journeys against a world that fails, and judge what becomes of each event.
    ///
    /// Standard output gets one JSON object: journeys, events captured, delivered_once, dropped (by reason), lost_undeclared, duplicated_after_dedupe,
    /// against_consent, out_of_order, seed. The exit code is 0 when nothing was lost undeclared, duplicated or done against consent; with --faults none
    /// also only when all was delivered, with --faults all when at least 97 % of what journeys with remember captured was. Else it is 1, and
    /// standard error gets the shortest list of inputs that fails, for --script. The same seed gives the same bytes.
    #[command(after_long_help = crate::simulate::help())]
    Simulate(SimulateOptions),
    /// Write native batches as another collector takes them: each line of standard input becomes requests on standard output.
    ///
    /// Each line of standard input is a batch in Polku's own format, version 1. For each request that it becomes, in order, standard output gets
    /// one line {"method","path","headers","body"}; path includes the query, body is a text. The same input gives the same bytes.
    #[command(after_long_help = ENCODE_HELP)]
    Encode(EncodeOptions),
    /// Take out of texts and addresses what tells who somebody is: one line in, one line out, in order.
    ///
    /// Each line of standard input is {"text":"…","lang":"fi"} (lang may be left out) or {"url":"…"}. For the first, standard output gets
    /// {"text","found":[{"type","start","end"}]}: the text with masks ([email], [fi_hetu]), and where in the text that was given they stand, in Unicode
    /// code points; for the second {"url"}. It is the code that scrubs in the browser. The same input gives the same bytes.
    #[command(after_long_help = SCRUB_HELP)]
    Scrub,
    /// Write what is stored to standard output, as NDJSON or CSV; a server that runs on the same file goes on.
    Export(crate::export::ExportOptions),
    /// Write the week as one HTML file: goals first, then changes, the map by stage, what gets in the way and what shoppers say, beside the week
    /// before. A server that runs on the same file goes on.
    Report(crate::report::ReportOptions),
    /// Bring what the shop knows from elsewhere, as CSV: touchpoints off the site, tickets, daily orders, costs. A server that runs on the same file goes on.
    ///
    /// The first line names the columns, in English, Finnish, Swedish or German; the same file again changes nothing, and a day that is told anew takes the
    /// place of what was told of it. A line that is not understood is told with its column and what to write instead, and left out; the exit code is 1
    /// then, and 2 where the file is no such file. docs/import.md says more.
    Import {
        /// What the file holds.
        #[command(subcommand)]
        command: crate::imported::options::ImportCommand,
    },
    /// Forget journeys for good. What of them is still on its way is refused. A server that runs on the same file goes on.
    Erase(crate::forget::EraseOptions),
    /// Make the hash of a password, for --password-file: the password on standard input, its hash on standard output.
    Password,
    /// Say of texts what they are about and how their writers felt: one line in, one line out, in order.
    ///
    /// Each line of standard input is {"text":"…","lang":"fi"}; standard output gets {"themes":["delivery"],"emotion":"frustrated"}. It is the code
    /// that understands words in the browser, with stems for fi, sv, en and de; in another language there are no themes. The same input gives the same bytes.
    #[command(after_long_help = THEMES_HELP)]
    Themes(ThemesOptions),
    /// Look after the definitions of prompts.
    Prompts {
        /// What to do with them.
        #[command(subcommand)]
        command: PromptsCommand,
    },
    /// Judge the friction detectors by labelled journeys (`cargo xtask bench --detectors`), the scrubber (`--scrub`), or what the collector bears (`--ingest`).
    #[command(hide = true)]
    Judge(JudgeOptions),
}

/// Options of `polku replay`.
#[derive(Debug, Clone, Args)]
pub struct ReplayOptions {
    /// The shop's own framework, as JSON in the format of data-framework; or six-elements or five-stages, which is the default.
    #[arg(long, value_name = "FILE")]
    pub framework: Option<PathBuf>,
    /// What the journeys' ids are drawn from.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,
    /// Print every event too, as it is sent: before its journey's summary, a line each.
    #[arg(long)]
    pub events: bool,
}

/// Options of `polku simulate`.
#[derive(Debug, Clone, Args)]
pub struct SimulateOptions {
    /// How many journeys.
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    pub journeys: u64,
    /// What the journeys are drawn from; each from the seed and its own number.
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
    /// What goes wrong: all, none, or some kinds with commas between them.
    #[arg(long, value_name = "KINDS", default_value = "all")]
    pub faults: Faults,
    /// Run the journey with this number alone.
    #[arg(long, value_name = "I", conflicts_with = "journeys")]
    pub only: Option<u64>,
    /// Run a list of inputs from a file, as a failing seed prints it.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["journeys", "only"])]
    pub script: Option<PathBuf>,
    /// With --only: print its list of inputs, and run nothing.
    #[arg(long, requires = "only")]
    pub print: bool,
    /// With --only or --script: tell all that happens on standard error.
    #[arg(long)]
    pub trace: bool,
    /// Use so many threads; the output is the same.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub jobs: usize,
}

/// Options of `polku encode`.
#[derive(Debug, Clone, Args)]
pub struct EncodeOptions {
    /// The format: polku, ndjson, json, segment, posthog, cloudevents, clickhouse, otlp, matomo, snowplow, datalayer, elasticsearch,
    /// kafka-rest, loki, plausible, umami; any word where --config holds a preset.
    #[arg(long, value_name = "F")]
    pub format: String,
    /// A setting of the format, name=value; may be given several times.
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// A preset of your own, or a collector as in data-collectors: its key, set and preset count, and --set goes before them.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// The commands of `polku prompts`.
#[derive(Debug, Subcommand)]
pub enum PromptsCommand {
    /// Say what is wrong with definitions of prompts: each mistake with its place and what to do about it.
    ///
    /// Each FILE holds one definition or a list of them, as data-prompts names it. For each problem standard output gets one line
    /// "FILE: E207 steps[2].next[0].go: what is wrong. What to do."; E… is a mistake, for which a page refuses the prompt or a part of it, W… a warning.
    /// The exit code is 1 where there is a mistake, else 0. It is the same check as in the preview.
    #[command(after_long_help = PROMPTS_CHECK_HELP)]
    Check(PromptsCheckOptions),
    /// Make a definition of a survey of Formbricks, PostHog or SurveyJS, and say what became of each part.
    ///
    /// Standard output gets {"definition", "report": [{"path", "level", "why"}]}; of several surveys in one file {"definitions": [{"definition", "report"}, …]}. The
    /// levels: ok, lossy (it means a little less), dropped (it is left out), rejected (it has no place in a prompt). The same input gives the same bytes. The exit
    /// code is 2 where the file is no survey.
    #[command(after_long_help = PROMPTS_IMPORT_HELP)]
    Import(PromptsImportOptions),
}

/// Options of `polku prompts import`.
#[derive(Debug, Clone, Args)]
pub struct PromptsImportOptions {
    /// The survey, as the tool exports it; - is standard input.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Which tool it is of, where that is not to be guessed.
    #[arg(long, value_name = "TOOL")]
    pub from: Option<crate::prompts::import::From>,
}

/// What `polku prompts import --help` says at its end.
const PROMPTS_IMPORT_HELP: &str = "\
What opens a prompt is rarely known to the other tool: read when and who before you publish it, and see what `polku prompts check` says.

Example:
  polku prompts import survey.json > imported.json";

/// Options of `polku prompts check`.
#[derive(Debug, Clone, Args)]
pub struct PromptsCheckOptions {
    /// Files with definitions; - is standard input.
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Print one JSON list of {"file","code","path","level","sentence","fix"}, empty where nothing is wrong.
    #[arg(long)]
    pub json: bool,
    /// Take warnings for mistakes.
    #[arg(long)]
    pub strict: bool,
}

/// What `polku prompts check --help` says at its end.
const PROMPTS_CHECK_HELP: &str = "\
A path counts from 0: steps[0].text.fi is the Finnish text of the first step; in a list of definitions [1].steps[0] is in the second one.
docs/prompts.md says what may stand where; an editor that knows JSON Schema shows it while you write: begin the definition with
\"$schema\": \"…/polku/prompts.schema.json\", the address of the package's file.

Example:
  polku prompts check www/prompts.json && echo fine";

/// What `polku encode --help` says of settings.
const ENCODE_HELP: &str = "\
Settings of every format: key (the collector's key; the batch's own where it is left out), origin (https://shop.example, before paths),
path (instead of the format's own), erase (yes or no), header.<name>. Of single ones:
  ndjson         receiver any, vector or victorialogs
  json           shape list or events
  segment        vendor segment, rudderstack or jitsu; key is the write key
  posthog        key is the project's API key
  cloudevents    mode batch or single; prefix of the types, source
  clickhouse     table, database, user, password
  otlp           service, prefix of the events' names
  matomo         key or idsite: the site's number; dimension1 to dimension9: stage, lens, device, client or lang
  snowplow       key or aid, namespace, vendor of your own schemas, anonymous yes or no, base64 yes or no
  elasticsearch  index
  kafka-rest     topic; api v2 or v3, with v3 cluster
  loki           app; metadata yes or no
  plausible      domain
  umami          key or website: a UUID
docs/formats.md says what each format carries and loses, and how a preset is written.

A line that cannot be understood is told on standard error with its number, the field and what to write instead; the rest goes on, and
the exit code is 1 at the end.

Example:
  polku encode --format posthog --set key=phc_… --set origin=https://shop.example < batches.jsonl";

/// What `polku scrub --help` says of lines.
const SCRUB_HELP: &str = "\
Types: EMAIL PHONE CARD IBAN FI_HETU SE_PNR NO_FNR DK_CPR IS_KENNITALA EE_ISIKUKOOD DE_STEUER_ID FR_NIR NL_BSN ES_DNI ES_NIE UK_NINO
VAT_ID IPV4 IPV6 MAC UUID JWT API_KEY PERSON ADDRESS DOB. Prices, sizes, dates, order and article numbers stay. Of an address what names a page
stays; unknown parameters, click ids and identifiers in the path go.

A line that cannot be understood becomes {\"error\"}; the rest goes on, and the exit code is 1 at the end.

Example:
  printf '%s\\n' '{\"text\":\"Write to anna@example.fi\"}' '{\"url\":\"/orders/10482?page=2\"}' | polku scrub";

/// What `polku themes --help` says of lines.
const THEMES_HELP: &str = "\
Themes: delivery price payment product_information finding size_and_fit stock returns technical service other.
Emotions: satisfied frustrated confused neutral.

A line that cannot be understood becomes {\"error\"}; the rest goes on, and the exit code is 1 at the end. With --evaluate it is told with its
number, and left out.

Example:
  printf '%s\\n' '{\"text\":\"Toimitus kesti liian kauan\",\"lang\":\"fi\"}' | polku themes";

/// Options of `polku themes`.
#[derive(Debug, Clone, Args)]
pub struct ThemesOptions {
    /// Judge by labelled sentences instead, a line {"text","lang","themes":[…],"emotion"} each: print macro-F1 of themes and of emotion, and each class.
    #[arg(long, value_name = "FILE")]
    pub evaluate: Option<PathBuf>,
}

/// Options of `polku judge`.
#[derive(Debug, Clone, Args)]
pub struct JudgeOptions {
    /// Folder of the sets: a file `<detector>.jsonl` for each friction, or `text.jsonl` and `urls.jsonl`; those of the house where it is left out.
    #[arg(value_name = "DIR")]
    pub sets: Option<PathBuf>,
    /// Print one JSON object.
    #[arg(long)]
    pub json: bool,
    /// Judge what the collector bears.
    #[arg(long, conflicts_with = "scrub")]
    pub ingest: bool,
    /// Judge the scrubber.
    #[arg(long)]
    pub scrub: bool,
    /// With --scrub: print each line that is wrong.
    #[arg(long, requires = "scrub")]
    pub cases: bool,
}

/// What `polku replay --help` says of the lines.
fn replay_help() -> String {
    let width = OBSERVATIONS.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    let mut text = String::from("Observations, and their data (?: may be left out):\n");
    for (name, data) in OBSERVATIONS {
        text += &format!("  {name:width$}  {data}\n");
    }
    text += "\nTouchpoints, with GA4's data; search may carry results:\n ";
    let mut column = 1;
    for name in Name::ALL.iter().filter(|name| name.is_for_shops()).map(|name| name.as_str()) {
        if column + name.len() > 100 {
            text += "\n ";
            column = 1;
        }
        text += &format!(" {name}");
        column += 1 + name.len();
    }
    text += "\n
How it is run: each page is a document of its own, as in a shop of whole pages; it hides and is gone when the next page comes,
and what it stored is all that the next one knows. A page without a referrer was reached by a link on the page before, the first
by typing. measure is granted from the start unless a line says otherwise; nothing but pages and touchpoints is looked at
before a grant. Timers fire between the lines, and for 31 minutes after the last one, so that the journey ends. Every batch is
taken and answered at once.

A line that cannot be understood is told on standard error with its number and what to write instead; the rest goes on, and the
exit code is 1 at the end.

Example:
  printf '%s\\n' '{\"t\":0,\"name\":\"page\",\"data\":{\"url\":\"/p/kettle\"}}' '{\"t\":900,\"name\":\"add_to_cart\"}' | polku replay --events";
    text
}

/// Options of `polku serve`.
#[derive(Debug, Clone, Args)]
pub struct ServeOptions {
    /// File with settings, in TOML, by the names of these arguments: port = 8600. A variable POLKU_PORT is stronger, and --port is stronger still.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Print what would be used and where it comes from, and end.
    #[arg(long)]
    pub check: bool,
    /// Address to listen on. Another one than the loopback needs --password-file, POLKU_PASSWORD or --identity-header.
    #[arg(long, default_value = "127.0.0.1")]
    pub host: String,
    /// Port to listen on; 0 takes a free one.
    #[arg(long, default_value_t = 8600)]
    pub port: u16,
    /// Database file, made when it is missing.
    #[arg(long, value_name = "FILE", default_value = "polku.sqlite")]
    pub db: PathBuf,
    /// ClickHouse server that keeps the journeys, like http://user:password@host:8123/database; the database file then has only what the server
    /// keeps for itself. Tables are made when they are missing.
    #[arg(long, value_name = "URL", value_parser = crate::store::Address::parse)]
    pub clickhouse: Option<crate::store::Address>,
    /// Fill the database first (ClickHouse, where it is named), which must be empty, with N journeys of simulated shoppers: a map to try out (docs/seed-demo.md).
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    pub seed_demo: Option<u64>,
    /// Days after which a journey is deleted, at the latest: 1 to 395 (13 months). A page may ask for fewer.
    #[arg(long, value_name = "DAYS", default_value_t = MAX_TTL_DAYS, value_parser = clap::value_parser!(i64).range(1..=MAX_TTL_DAYS))]
    pub retention: i64,
    /// always: store no path of browsers that send Sec-GPC: 1. Answers that shoppers send alone are stored. Set data-gpc="always" in the tag too.
    #[arg(long, value_name = "WHEN", value_parser = ["always"])]
    pub gpc: Option<String>,
    /// Key of a shop whose batches are taken; may be given several times. Where none is given, any key is.
    #[arg(long, value_name = "KEY", value_delimiter = ',', value_parser = allow::key)]
    pub key: Vec<String>,
    /// Origin whose pages may send batches, like https://shop.example; may be given several times. Where none is given, every page may.
    #[arg(long, value_name = "ORIGIN", value_delimiter = ',', value_parser = allow::origin)]
    pub origin: Vec<String>,
    /// Events that each key may send in a second, over half a minute; more are refused for now with 429. 0 takes as many as come.
    #[arg(long, value_name = "EVENTS", default_value_t = 0)]
    pub rate: u32,
    /// File with the password of the map and of all else that is read: a hash as `polku password` prints it, or the password itself.
    /// POLKU_PASSWORD does the same. With several lines HASH KEY…, each password opens the journeys of its keys alone.
    #[arg(long, value_name = "FILE")]
    pub password_file: Option<PathBuf>,
    /// Header in which a proxy says who has signed in, like X-Forwarded-User. Believed of this machine and of --trusted-proxy alone.
    #[arg(long, value_name = "HEADER")]
    pub identity_header: Option<HeaderName>,
    /// Who may read what, by --identity-header: NAME=KEY,KEY or NAME=*; may be given several times. Where none is given, everybody whom the proxy lets in reads all.
    #[arg(long, value_name = "NAME=KEYS", value_parser = crate::access::proxy::reader, requires = "identity_header")]
    pub reader: Vec<(String, Scope)>,
    /// Network of proxies that are believed, like 10.0.0.0/8; may be given several times. This machine always is.
    #[arg(long, value_name = "CIDR", value_delimiter = ',')]
    pub trusted_proxy: Vec<IpNet>,
    /// Opens /metrics with the header authorization: Bearer TOKEN, 16 characters at least; else it is for this machine and whoever is signed in.
    #[arg(long, value_name = "TOKEN", value_parser = token)]
    pub metrics_token: Option<String>,
    /// How lines of log are written to standard error: text, json (an object each) or off.
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Format::Text)]
    pub log: Format,
    /// Folder of the built package, served under /polku/.
    #[arg(long, value_name = "DIR", default_value = "pkg")]
    pub pkg: PathBuf,
    /// Database file of conversations, made when it is missing: next to --db, with .chat at its end, where it is left out.
    #[arg(long, value_name = "FILE")]
    pub chat_db: Option<PathBuf>,
    /// Days after which a conversation is deleted, from the last thing that was said in it.
    #[arg(long, value_name = "DAYS", default_value_t = 30, value_parser = clap::value_parser!(i64).range(1..=MAX_TTL_DAYS))]
    pub chat_days: i64,
    /// When conversations are answered, like "mon-fri 9-17, sat 10:00-14:00"; always where it is left out. Messages are taken at any time.
    #[arg(long, value_name = "HOURS")]
    pub chat_hours: Option<String>,
    /// Whose clock --chat-hours is read on: Europe/Helsinki, or +02:00.
    #[arg(long, value_name = "ZONE", default_value = "UTC", requires = "chat_hours")]
    pub chat_zone: String,
    /// Days on which nobody answers, like 2026-12-24,2026-12-25.
    #[arg(long, value_name = "DATES", value_delimiter = ',', requires = "chat_hours")]
    pub chat_closed: Vec<String>,
    /// Key that the inbox asks for, 16 characters at least; else one is drawn at the first start, kept with the conversations, and told once.
    #[arg(long, value_name = "KEY", env = "POLKU_INBOX_KEY", hide_env_values = true)]
    pub inbox_key: Option<String>,
}

/// A secret that is not guessed, and goes through a header.
fn token(text: &str) -> Result<String, String> {
    if (16..=200).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(text.to_owned())
    } else {
        Err("write 16 to 200 visible characters without spaces".to_owned())
    }
}
