//! Who may read.

use crate::common::{Response, Server, batch, event, id, polku, run};
use serde_json::{Value, json};
use std::process::Stdio;

pub(crate) const PASSWORD: &str = "correct horse battery";
/// All that only the shop may read.
const READ: [&str; 12] = [
    "/api/map",
    "/api/journeys",
    "/api/journeys/0000000000000001",
    "/api/prompts",
    "/api/changes",
    "/api/health",
    "/api/statements",
    "/api/goals",
    "/api/before-after",
    "/api/setup",
    "/map/",
    "/preview/",
];

pub(crate) fn locked(args: &[&str]) -> Server {
    Server::start_set(args, &[("POLKU_PASSWORD", PASSWORD)])
}

pub(crate) fn try_password(server: &Server, password: &str, headers: &[(&str, &str)]) -> Response {
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let headers: Vec<_> = form.into_iter().chain(headers.iter().copied()).collect();
    server.request("POST", "/login", &headers, &format!("next=%2Fmap%2F&password={}", password.replace(' ', "+")))
}

/// The cookie of whoever gave this password.
pub(crate) fn enter(server: &Server, password: &str) -> String {
    let answer = try_password(server, password, &[]);
    assert_eq!((answer.status, answer.header("location")), (303, "/map/"), "{}", answer.body);
    answer.header("set-cookie").split(';').next().unwrap().to_owned()
}

pub(crate) fn get(server: &Server, path: &str, cookie: &str) -> Response {
    server.request("GET", path, &[("cookie", cookie)], "")
}

fn write(server: &Server, key: &str, journey: i64) {
    let mut body: Value =
        serde_json::from_str(&batch(&id(journey), "aaaaa", &[event(1, 0, "page_view", "awareness")])).unwrap();
    body["key"] = json!(key);
    server.send(&body.to_string());
}

#[test]
fn with_a_password_nothing_is_read_without_it() {
    let server = locked(&[]);
    write(&server, "pk_a", 1);
    for path in READ {
        let answer = server.get(path);
        let page = path == "/map/" || path == "/preview/";
        assert_eq!(answer.status, if page { 303 } else { 401 }, "{path}");
        assert!(!answer.body.contains(&id(1)) && !answer.body.contains("<script"), "{path}");
        assert_eq!(answer.header("location"), if page { format!("/login?next={path}") } else { String::new() });
    }
    // The key that stands in every page of the shop is no key to this door.
    for headers in [
        [("authorization", "Bearer pk_a")],
        [("x-api-key", "pk_a")],
        [("cookie", "polku_session=pk_a")],
        [("x-forwarded-user", "anna")],
    ] {
        assert_eq!(server.request("GET", "/api/journeys?key=pk_a", &headers, "").status, 401, "{headers:?}");
    }
    // The inbox asks for its own key, and takes no other.
    assert_eq!((server.get("/inbox/").status, server.get("/api/inbox").status), (200, 401));
    let cookie = enter(&server, PASSWORD);
    assert_eq!(get(&server, "/api/inbox", &cookie).status, 401);
    for path in READ.into_iter().filter(|path| *path != "/api/changes") {
        assert_eq!(get(&server, path, &cookie).status, 200, "{path}");
    }
    assert_eq!(get(&server, "/api/map", &format!("{cookie}x")).status, 401);
}

#[test]
fn the_login_is_a_form_under_a_strict_policy() {
    let server = locked(&[]);
    let page = server.get("/login?next=/preview/");
    assert_eq!(page.status, 200);
    assert_eq!(
        page.header("content-security-policy"),
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    assert!(page.body.contains(r#"value="/preview/""#) || page.body.contains("&#x2f;preview&#x2f;"), "{}", page.body);
    assert!(!page.body.contains("<script") && !page.body.contains("<style") && !page.body.contains("style="));
    assert_eq!(server.get("/login.css").header("content-type"), "text/css; charset=utf-8");
    let finnish = server.request("GET", "/login", &[("accept-language", "fi-FI,fi;q=0.9")], "");
    assert!(finnish.body.contains("Salasana") && finnish.body.contains("lang=\"fi\""));
    assert!(!server.get("/login?next=https://evil.example/").body.contains("evil"));

    let cookie = try_password(&server, PASSWORD, &[]).header("set-cookie").to_owned();
    assert!(
        cookie.contains("; HttpOnly; SameSite=Strict") && cookie.contains("Path=/") && !cookie.contains("Secure"),
        "{cookie}"
    );
    let behind_tls = try_password(&server, PASSWORD, &[("x-forwarded-proto", "https")]);
    assert!(behind_tls.header("set-cookie").ends_with("; Secure"));
    // Nobody signs somebody in from another site, as themselves or out.
    for site in ["cross-site", "same-site"] {
        let foreign = [("sec-fetch-site", site), ("sec-fetch-mode", "navigate")];
        assert_eq!(try_password(&server, PASSWORD, &foreign).status, 403);
        assert_eq!(server.request("POST", "/logout", &foreign, "").status, 403);
    }
    assert_eq!(server.post("/login", "application/json", "{}").status, 400);
    assert_eq!(try_password(&server, &"x".repeat(5000), &[]).status, 401);
}

#[test]
fn after_signing_out_a_copied_cookie_opens_nothing() {
    let mut server = locked(&[]);
    let (one, two) = (enter(&server, PASSWORD), enter(&server, PASSWORD));
    assert!(get(&server, "/logout", &one).body.contains(r#"action="/logout""#));
    let out = server.request("POST", "/logout", &[("cookie", &one)], "");
    assert_eq!((out.status, out.header("location")), (303, "/login"));
    assert!(out.header("set-cookie").starts_with("polku_session=; ") && out.header("set-cookie").contains("Max-Age=0"));
    assert_eq!((get(&server, "/api/map", &one).status, get(&server, "/api/map", &two).status), (401, 200));
    server.stop();
    server.restart();
    assert_eq!(get(&server, "/api/map", &two).status, 401, "a restart, and with it another password, ends them all");
}

#[test]
fn tries_are_few_and_by_address() {
    let server = locked(&[]);
    for _ in 0..5 {
        assert_eq!(try_password(&server, "wrong horse battery", &[]).status, 401);
    }
    let refused = try_password(&server, PASSWORD, &[]);
    assert_eq!(refused.status, 429, "even the right one has to wait");
    assert!((1..=901).contains(&refused.header("retry-after").parse::<i64>().unwrap()));
    // Somebody else behind the same proxy is somebody else; what a client writes itself left of that is not believed.
    assert_eq!(try_password(&server, PASSWORD, &[("x-forwarded-for", "203.0.113.7")]).status, 303);
    for n in 0..5 {
        let said = format!("10.0.0.{n}, 203.0.113.8");
        assert_eq!(try_password(&server, "wrong horse battery", &[("x-forwarded-for", &said)]).status, 401);
    }
    assert_eq!(try_password(&server, PASSWORD, &[("x-forwarded-for", "10.0.0.99, 203.0.113.8")]).status, 429);
}

#[test]
fn a_proxys_header_signs_in_whom_it_names() {
    let server =
        Server::start_with(&["--identity-header", "X-Forwarded-User", "--reader", "anna=pk_a", "--reader", "bo=*"]);
    write(&server, "pk_a", 1);
    write(&server, "pk_b", 2);
    let seen = |user: &str| {
        let answer =
            server.request("GET", "/api/journeys", &[("x-forwarded-user", user), ("host", "map.shop.example")], "");
        (answer.status, answer.json().as_array().map(Vec::len))
    };
    assert_eq!((seen("anna"), seen("bo")), ((200, Some(1)), (200, Some(2))));
    assert_eq!((seen("eve").0, seen("").0), (401, 401));
    assert_eq!(server.get("/api/journeys").status, 401);
    assert_eq!(server.get("/map/").status, 401, "there is no password to ask for");
}

#[test]
fn an_identity_is_not_believed_of_strangers() {
    // All of this machine is trusted; so the stranger is one of its other addresses.
    let Some(address) = own_address() else {
        return eprintln!("this machine has no address but the loopback: not seen");
    };
    for (args, status) in
        [(&["--host", "0.0.0.0"][..], 401), (&["--host", "0.0.0.0", "--trusted-proxy", "0.0.0.0/0"], 200)]
    {
        let args: Vec<_> = args.iter().copied().chain(["--identity-header", "X-Forwarded-User"]).collect();
        let server = Server::start_with(&args);
        let port = server.address().rsplit_once(':').unwrap().1.to_owned();
        let answer = ureq::Agent::new_with_config(ureq::Agent::config_builder().http_status_as_error(false).build())
            .get(format!("http://{address}:{port}/api/map"))
            .header("x-forwarded-user", "anna")
            .call()
            .unwrap();
        assert_eq!(answer.status(), status);
    }
}

/// An address of this machine that is not the loopback.
fn own_address() -> Option<std::net::IpAddr> {
    // Nothing is sent: the system only chooses which of its addresses it would be sent from.
    let socket = std::net::UdpSocket::bind("0.0.0.0:0").unwrap();
    socket.connect("203.0.113.1:9").ok()?;
    Some(socket.local_addr().unwrap().ip()).filter(|ip| !ip.is_loopback())
}

#[test]
fn a_reader_of_one_shop_sees_nothing_of_another() {
    let hash = |password: &str| run(&["password"], format!("{password}\n")).out.trim().to_owned();
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("passwords");
    std::fs::write(&file, format!("# all\n{}\n{} pk_a\n", hash(PASSWORD), hash("only the first shop"))).unwrap();
    let server = Server::start_with(&["--password-file", file.to_str().unwrap()]);
    write(&server, "pk_a", 1);
    write(&server, "pk_b", 2);
    write(&server, "pk_b", 3);
    let (all, some) = (enter(&server, PASSWORD), enter(&server, "only the first shop"));
    let journeys = |cookie: &str| get(&server, "/api/journeys", cookie).json().as_array().unwrap().len();
    // The whole first, so that what is kept of it could be handed out by mistake.
    let total = |cookie: &str| get(&server, "/api/map", cookie).json()["totals"]["journeys"].as_u64().unwrap();
    assert_eq!((total(&all), total(&some), total(&all)), (3, 1, 3));
    assert_eq!((journeys(&all), journeys(&some)), (3, 1));
    for path in [format!("/api/journeys/{}", id(2)), format!("/api/journeys/{}?key=pk_b", id(2))] {
        assert_eq!((get(&server, &path, &all).status, get(&server, &path, &some).status), (200, 404));
    }
    assert_eq!(get(&server, &format!("/api/journeys/{}", id(1)), &some).status, 200);
    let asked = |cookie: &str| get(&server, "/api/prompts", cookie).json();
    assert_eq!(asked(&some)["prompts"], json!([]));
    let counted = |path: &str, member: &str, cookie: &str| {
        get(&server, path, cookie).json().pointer(member).and_then(Value::as_u64).unwrap_or(99)
    };
    for (path, member, of) in [
        ("/api/paths", "/bought/of", (3, 1)),
        ("/api/groups?by=device", "/all/share/n", (3, 1)),
        ("/api/filters", "/journeys", (3, 1)),
        ("/api/filters", "/key/pk_a", (1, 1)),
    ] {
        assert_eq!((counted(path, member, &all), counted(path, member, &some)), of, "{path}");
    }
    assert_eq!(counted("/api/filters", "/key/pk_b", &some), 99, "no key of another shop is named");
    assert_eq!(counted("/api/paths?key=pk_b", "/bought/of", &some), 0);
    for path in ["/api/friction", "/api/voice", "/api/products"] {
        assert_eq!(get(&server, path, &some).status, 200, "{path}");
    }
}

#[test]
fn without_a_lock_only_this_machine_is_served() {
    let dir = tempfile::tempdir().unwrap();
    let db = dir.path().join("a.sqlite");
    let start = |args: &[&str], variable: Option<&str>| {
        let mut command = polku();
        command.env_remove("POLKU_PASSWORD").envs(variable.map(|value| ("POLKU_PASSWORD", value)));
        let pkg = dir.path().to_str().unwrap();
        command.args(["serve", "--port", "0", "--pkg", pkg, "--db", db.to_str().unwrap()]).args(args);
        let output = command.stdin(Stdio::null()).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    for host in ["0.0.0.0", "::"] {
        let (code, said) = start(&["--host", host], None);
        assert_eq!(code, Some(1), "{said}");
        for fix in ["--password-file", "POLKU_PASSWORD", "--identity-header", "127.0.0.1"] {
            assert!(said.contains(fix), "{said}");
        }
    }
    assert!(!db.exists(), "nothing was begun");
    for (args, variable, words) in [
        (vec!["--password-file", "/no/such/file"], None, "cannot read"),
        (vec![], Some(""), "empty"),
        (vec![], Some("short"), "12 characters"),
        (vec!["--reader", "anna=pk_a"], None, "--identity-header"),
        (vec!["--trusted-proxy", "everybody"], None, "--trusted-proxy"),
        (vec!["--identity-header", "a b"], None, "--identity-header"),
    ] {
        let (code, said) = start(&args, variable);
        assert!(code != Some(0) && said.contains(words), "{args:?}: {said}");
        assert!(!said.contains("short"), "a password is not repeated: {said}");
    }
}

#[test]
fn a_proxy_that_lends_the_loopback_to_the_world_is_told_so() {
    let server = Server::start();
    for header in ["x-forwarded-for", "forwarded", "x-forwarded-host", "via"] {
        let answer = server.request("GET", "/api/map", &[(header, "203.0.113.7")], "");
        assert_eq!(answer.status, 403, "{header}");
        assert!(answer.body.contains("--password-file"));
    }
    assert_eq!(server.get("/api/map").status, 200);
    assert_eq!(server.get("/login").status, 303, "there is no password to ask for");
}
