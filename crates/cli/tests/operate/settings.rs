//! Settings: a file, the environment, the arguments.

use crate::common::{Server, polku};
use std::process::Stdio;
use tempfile::TempDir;

/// What `polku serve --check` says with this file, these variables and these arguments.
fn check(file: Option<&str>, variables: &[(&str, &str)], args: &[&str]) -> (i32, String, String) {
    let dir: TempDir = tempfile::tempdir().unwrap();
    let mut command = polku();
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("POLKU_")) {
        command.env_remove(name);
    }
    command.current_dir(dir.path()).args(["serve", "--check", "--pkg", "."]).args(args).stdin(Stdio::null());
    command.envs(variables.iter().copied());
    if let Some(text) = file {
        std::fs::write(dir.path().join("polku.toml"), text).unwrap();
        command.args(["--config", "polku.toml"]);
    }
    let output = command.output().unwrap();
    assert!(!dir.path().join("polku.sqlite").exists(), "to look is to begin nothing");
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn arguments_go_before_variables_and_these_before_the_file() {
    let file = "port = 9001\nretention = 30\nkey = [\"pk_a\", \"pk_b\"]\nlog = \"json\"";
    let (code, out, err) = check(
        Some(file),
        &[("POLKU_PORT", "9002"), ("POLKU_RETENTION", "60"), ("POLKU_ORIGIN", "https://a.example,https://b.example")],
        &["--port", "9003"],
    );
    assert_eq!(code, 0, "{err}");
    for line in [
        "port = 9003  # argument",
        "retention = 60  # POLKU_RETENTION",
        "key = [\"pk_a\", \"pk_b\"]  # file",
        "origin = [\"https://a.example\", \"https://b.example\"]  # POLKU_ORIGIN",
        "log = \"json\"  # file",
        "host = \"127.0.0.1\"  # default",
        "# identity-header is not set",
    ] {
        assert!(out.lines().any(|told| told == line), "{line} in {out}");
    }
    // What is told can be a file itself.
    let (again, told, err) = check(Some(&out.replace("pkg = \".\"", "")), &[], &[]);
    assert_eq!((again, err.as_str()), (0, ""));
    assert!(told.contains("port = 9003  # file"), "{told}");
}

#[test]
fn hours_of_conversations_are_looked_at_too() {
    let (code, _, err) = check(None, &[], &["--chat-hours", "mon-fri 9-17", "--chat-zone", "Europe/Helsingfors"]);
    assert!(code != 0 && err.contains("--chat-zone Europe/Helsingfors"), "{err}");
}

#[test]
fn a_wrong_setting_is_named_with_what_was_meant() {
    for (file, variables, words) in [
        (Some("retenton = 30"), &[][..], "did you mean \"retention\"?"),
        (Some("retention = 0"), &[], "--retention"),
        (Some("origin = \"shop.example\""), &[], "https://shop.example"),
        (Some("port = \"x\""), &[], "--port"),
        (Some("port"), &[], "line 1"),
        (None, &[("POLKU_PORT", "tcp://10.0.0.1:8600")], "POLKU_PORT"),
        (None, &[("POLKU_ORIGINS", "https://shop.example")], "did you mean POLKU_ORIGIN?"),
        (None, &[("POLKU_KEYS", "pk_a")], "did you mean POLKU_KEY?"),
        (None, &[("POLKU_PASWORD", "correct horse battery")], "did you mean POLKU_PASSWORD?"),
        (None, &[("POLKU_CONFIG", "no/such.toml")], "no/such.toml"),
        (None, &[("POLKU_HOST", "0.0.0.0")], "--password-file"),
    ] {
        let (code, _, err) = check(file, variables, &[]);
        assert!(code != 0 && err.contains(words), "{file:?} {variables:?}: {err}");
        assert!(file.is_none() || err.contains("polku.toml") && err.trim_end().lines().count() == 1, "{err}");
    }
    let (code, _, err) = check(
        None,
        &[
            ("POLKU_PORT_8600_TCP", "tcp://10.0.0.1:8600"),
            ("POLKU_SERVICE_HOST", "10.0.0.1"),
            ("POLKU_SHOTS", "x"),
            ("POLKU_COST", "x"),
        ],
        &[],
    );
    assert_eq!(code, 0, "an orchestrator's variables are no settings: {err}");
}

#[test]
fn secrets_are_not_told() {
    let secret = "xyzzy-plugh-frotz";
    let (code, out, err) = check(Some(&format!("metrics-token = \"{secret}\"")), &[("POLKU_PASSWORD", secret)], &[]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("metrics-token = \"…\"  # file") && out.contains("POLKU_PASSWORD"), "{out}");
    let help = polku().args(["serve", "--help"]).env("POLKU_METRICS_TOKEN", secret).output().unwrap();
    for told in [out.as_bytes(), err.as_bytes(), &help.stdout] {
        assert!(!String::from_utf8_lossy(told).contains(secret));
    }
    assert!(String::from_utf8_lossy(&help.stdout).contains("POLKU_METRICS_TOKEN"), "but the variable's name is");
}

#[test]
fn a_server_is_what_its_file_says() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("polku.toml");
    std::fs::write(&file, "key = \"pk_other\"").unwrap();
    let server = Server::start_with(&["--config", file.to_str().unwrap()]);
    assert_eq!(server.post("/v1/batch", "text/plain", include_str!("../golden/batch.json")).status, 403);
}
