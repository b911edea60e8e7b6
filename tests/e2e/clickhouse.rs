//! Debian's ClickHouse, which `cargo xtask test` sets up, in a folder of its own.

use std::net::TcpListener;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use crate::driver::Process;
use crate::wait::until;

const USERS: &str = "<yandex><profiles><default/></profiles><quotas><default/></quotas><users><default><password></password>\
    <networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></default></users></yandex>";

/// A running server. It ends when this is dropped.
pub(crate) struct ClickHouse {
    pub(crate) origin: String,
    http: reqwest::Client,
    _process: Process,
    _folder: TempDir,
}

impl ClickHouse {
    pub(crate) async fn start() -> Result<Self> {
        let Some(program) = std::env::var_os("POLKU_DEBIAN_CLICKHOUSE") else {
            let why = std::env::var("POLKU_NO_DEBIAN_CLICKHOUSE");
            bail!("{}", why.as_deref().unwrap_or("POLKU_DEBIAN_CLICKHOUSE names no server: run `cargo xtask test`"));
        };
        let folder = tempfile::tempdir()?;
        let dir = folder.path().display();
        let held = [TcpListener::bind("127.0.0.1:0")?, TcpListener::bind("127.0.0.1:0")?];
        let [http, tcp] = [held[0].local_addr()?.port(), held[1].local_addr()?.port()];
        drop(held);
        let config = format!(
            "<yandex><logger><level>warning</level><console>1</console></logger><listen_host>127.0.0.1</listen_host>\
             <http_port>{http}</http_port><tcp_port>{tcp}</tcp_port><path>{dir}/data/</path><tmp_path>{dir}/tmp/</tmp_path>\
             <users_config>users.xml</users_config><default_profile>default</default_profile>\
             <default_database>default</default_database><mark_cache_size>5368709</mark_cache_size></yandex>"
        );
        std::fs::write(folder.path().join("config.xml"), config)?;
        std::fs::write(folder.path().join("users.xml"), USERS)?;
        let log = std::fs::File::create(folder.path().join("log"))?;
        let child = Command::new(program)
            .arg(format!("--config-file={dir}/config.xml"))
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .context("ClickHouse cannot be started")?;
        let server = Self {
            origin: format!("http://127.0.0.1:{http}"),
            http: reqwest::Client::new(),
            _process: Process(child),
            _folder: folder,
        };
        until("ClickHouse", async || Ok(server.query("SELECT 1").await.ok().filter(|answer| answer == "1\n"))).await?;
        Ok(server)
    }

    /// What it answers.
    pub(crate) async fn query(&self, query: &str) -> Result<String> {
        let answer = self.http.post(&self.origin).body(query.to_owned()).send().await?;
        let (status, text) = (answer.status(), answer.text().await?);
        anyhow::ensure!(status == 200, "{query}: {text}");
        Ok(text)
    }
}
