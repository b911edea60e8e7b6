//! Chromium's own account of where the time of a page's main thread goes, and how much of it is Polku's.
//!
//! Ours is what the browser calls in a file of ours (a function, a script, a module) with all that it calls, and every run of
//! microtasks: the page that is traced makes no promises of its own, so that they are ours too. (They are also the driver's,
//! as it waits for an answer: to our disadvantage.) A push into the data layer is ours with the shop's own `push` in it.

use std::collections::BTreeMap;

use serde_json::Value;

/// What the reading needs: calls and scripts, tasks, microtasks, modules.
pub(crate) const CATEGORIES: &str = "devtools.timeline,disabled-by-default-devtools.timeline,v8.execute,v8";

/// How long something took, in ms: by the clock, and of the processor.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Took {
    pub(crate) wall: f64,
    pub(crate) cpu: f64,
}

/// One handler of ours: what was called, and how long it took.
#[derive(Clone, Debug)]
pub(crate) struct Handler {
    pub(crate) what: String,
    pub(crate) took: Took,
}

/// What a page's main thread did.
#[derive(Debug, Default)]
pub(crate) struct Spent {
    /// All that was called of ours, each with what it called.
    pub(crate) handlers: Vec<Handler>,
    /// What was ours in each task that had any of it.
    pub(crate) tasks: Vec<Took>,
    /// All tasks, whoever's.
    pub(crate) all: Took,
    /// Calls of the page's function `unit`, a fixed amount of work.
    pub(crate) units: Vec<Took>,
}

struct Span<'a> {
    event: &'a Value,
    from: f64,
    to: f64,
    took: Took,
}

impl Spent {
    /// Reads a trace. `ours` is how the addresses of Polku's files begin, `page` that of the page's.
    pub(crate) fn read(trace: &[Value], ours: &str, page: &str) -> Self {
        let mut threads: BTreeMap<(u64, u64), Vec<Span<'_>>> = BTreeMap::new();
        for event in trace {
            let number = |name: &str| event[name].as_f64();
            if let (Some(from), Some(length)) = (number("ts"), number("dur")) {
                let took = Took { wall: length / 1e3, cpu: number("tdur").unwrap_or(length) / 1e3 };
                let thread = (event["pid"].as_u64().unwrap_or_default(), event["tid"].as_u64().unwrap_or_default());
                threads.entry(thread).or_default().push(Span { event, from, to: from + length, took });
            }
        }
        let mut spent = Self::default();
        for spans in threads.values_mut() {
            // The thread of the page, and of the one after it, where the browser gave that another process.
            if spans.iter().any(|span| address(span.event).starts_with(page)) {
                // What holds others comes before them.
                spans.sort_by(|a, b| a.from.total_cmp(&b.from).then(b.to.total_cmp(&a.to)));
                spent.add(spans, ours);
            }
        }
        spent
    }

    fn add(&mut self, spans: &[Span<'_>], ours: &str) {
        let (mut task_ends, mut ours_ends) = (0.0, 0.0);
        let mut task = Took::default();
        for span in spans {
            if name(span.event) == "RunTask" && span.from >= task_ends {
                task_ends = span.to;
                self.close(&mut task);
                self.all.add(span.took);
            } else if function(span.event) == "unit" && span.from >= ours_ends {
                self.units.push(span.took);
            } else if span.from >= ours_ends && is_ours(span.event, ours) {
                ours_ends = span.to;
                task.add(span.took);
                self.handlers.push(Handler { what: what(span.event), took: span.took });
            }
        }
        self.close(&mut task);
    }

    fn close(&mut self, task: &mut Took) {
        if task.wall > 0.0 {
            self.tasks.push(std::mem::take(task));
        }
    }
}

impl Took {
    fn add(&mut self, other: Self) {
        self.wall += other.wall;
        self.cpu += other.cpu;
    }
}

fn name(event: &Value) -> &str {
    event["name"].as_str().unwrap_or_default()
}

fn function(event: &Value) -> &str {
    event["args"]["data"]["functionName"].as_str().unwrap_or_default()
}

fn address(event: &Value) -> &str {
    let arguments = &event["args"];
    arguments["data"]["url"].as_str().or(arguments["fileName"].as_str()).unwrap_or_default()
}

fn is_ours(event: &Value, ours: &str) -> bool {
    match name(event) {
        "RunMicrotasks" | "v8.evaluateModule" => true,
        "FunctionCall" | "EvaluateScript" | "v8.compile" | "v8.compileModule" => address(event).starts_with(ours),
        _ => false,
    }
}

/// For people: `core push`, `polku.js`, `microtasks`.
fn what(event: &Value) -> String {
    let file = address(event).rsplit('/').next().unwrap_or_default();
    // Without the hash, so that it stays the same from build to build.
    let file = file.rsplit_once('-').map_or(file, |(file, _)| file);
    match (name(event), function(event)) {
        ("RunMicrotasks", _) => "microtasks".to_owned(),
        ("FunctionCall", "") => format!("{file} (a function)"),
        ("FunctionCall", function) => format!("{file} {function}"),
        (name, _) => format!("{file} {name}"),
    }
}
