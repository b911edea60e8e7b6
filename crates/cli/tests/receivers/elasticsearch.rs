//! `elasticsearch`: the bulk route of Elasticsearch and OpenSearch. Sheet 9.

use crate::agree::{self, Told};
use crate::encode::{Request, encode};
use crate::native;
use crate::settings;
use crate::strict::{lines, members, rfc3339, text};

fn pairs(requests: &[Request]) -> Vec<Told> {
    requests.iter().flat_map(bulk).collect()
}

fn bulk(request: &Request) -> Vec<Told> {
    let lines = lines(&request.body);
    assert_eq!(lines.len() % 2, 0, "an action without its document");
    let pair = |pair: &[serde_json::Value]| {
        members(&pair[0], &["create"]);
        members(&pair[0]["create"], &["_id", "_index?"]);
        let document = &pair[1];
        // A document's names with dots are objects there: `a` and `a.b` cannot both be.
        Told {
            name: text(&document["event"], "action"),
            time: rfc3339(&text(document, "@timestamp")),
            id: text(&pair[0]["create"], "_id"),
            journey: text(&document["session"], "id"),
            rest: document.clone(),
        }
    };
    lines.chunks(2).map(pair).collect()
}

#[test]
fn elasticsearch_reads_every_event() {
    let all = native::all();
    let requests = encode("elasticsearch", settings::of("elasticsearch"), &all);
    assert_eq!(requests.len(), all.len());
    for request in &requests {
        assert_eq!(request.path, "/shop-events/_bulk");
        // Some versions refuse a parameter.
        assert!(["application/x-ndjson", "application/json"].contains(&request.kind()), "{}", request.kind());
    }
    let told = pairs(&requests);
    agree::whole(&native::events(&all), &told);
    // Ids longer than that are refused.
    assert!(told.iter().all(|told| told.id.len() <= 512));
    agree::stable("elasticsearch", |requests| pairs(requests).into_iter().map(|told| told.id).collect());
}
