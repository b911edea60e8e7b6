//! Browsers that send: many connections, one thread, and as little work for each batch as can be, since it shares the machine with what it measures.

use crate::failure::Failure;
use std::cell::Cell;
use std::io::{Error, ErrorKind, Result};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep_until};

/// Batches that are under way at the same time.
const CONNECTIONS: usize = 64;

/// Sends some batches.
pub(super) struct Client<'a> {
    address: SocketAddr,
    bodies: &'a [String],
}

impl<'a> Client<'a> {
    /// Of these batches.
    pub(super) fn new(address: SocketAddr, bodies: &'a [String]) -> Self {
        Self { address, bodies }
    }

    /// Sends all, as fast as they are answered; gives back how long that took.
    pub(super) fn all(&self) -> std::result::Result<Duration, Failure> {
        let began = std::time::Instant::now();
        self.run(None, Duration::MAX)?;
        Ok(began.elapsed())
    }

    /// Sends so many a second for so long, or until there are no more; gives back how long each waited for its answer, from the moment at which it was due. So a server that
    /// is late is late for those behind as well.
    pub(super) fn paced(&self, pace: f64, time: Duration) -> std::result::Result<Vec<Duration>, Failure> {
        self.run(Some(pace), time)
    }

    fn run(&self, pace: Option<f64>, time: Duration) -> std::result::Result<Vec<Duration>, Failure> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Failure::System)?;
        let next = Cell::new(0);
        runtime.block_on(async {
            let began = Instant::now();
            let lines = (0..CONNECTIONS).map(|_| async {
                let mut waits = Vec::new();
                let mut line = Line::open(self.address).await?;
                while let Some(body) = self.bodies.get(next.get()) {
                    let number = next.replace(next.get() + 1);
                    let due = match pace {
                        Some(pace) => began + Duration::from_secs_f64(number as f64 / pace),
                        None => Instant::now(),
                    };
                    if due - began > time {
                        break;
                    }
                    if pace.is_some() {
                        sleep_until(due).await;
                    }
                    line.send(body).await?;
                    waits.push(due.elapsed());
                }
                Ok(waits)
            });
            let all: Result<Vec<Vec<Duration>>> = futures_util::future::try_join_all(lines).await;
            all.map(|waits| waits.concat()).map_err(Failure::System)
        })
    }
}

/// A connection that is kept.
struct Line {
    stream: TcpStream,
    out: Vec<u8>,
    answer: Vec<u8>,
}

impl Line {
    async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, out: Vec::new(), answer: Vec::new() })
    }

    /// Sends a batch, and reads its answer.
    async fn send(&mut self, body: &str) -> Result<()> {
        self.out.clear();
        let head = "POST /v1/batch HTTP/1.1\r\nhost: polku\r\ncontent-type: text/plain\r\ncontent-length: ";
        self.out.extend_from_slice(head.as_bytes());
        self.out.extend_from_slice(format!("{}\r\n\r\n{body}", body.len()).as_bytes());
        let mut sent = 0;
        while sent < self.out.len() {
            self.stream.writable().await?;
            match self.stream.try_write(&self.out[sent..]) {
                Ok(bytes) => sent += bytes,
                Err(why) if why.kind() == ErrorKind::WouldBlock => {}
                Err(why) => return Err(why),
            }
        }
        self.answer.clear();
        loop {
            self.stream.readable().await?;
            let mut part = [0; 1024];
            match self.stream.try_read(&mut part) {
                Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                Ok(bytes) => {
                    self.answer.extend_from_slice(&part[..bytes]);
                    if is_whole(&self.answer) {
                        break;
                    }
                }
                Err(why) if why.kind() == ErrorKind::WouldBlock => {}
                Err(why) => return Err(why),
            }
        }
        let text = String::from_utf8_lossy(&self.answer);
        // A batch that was refused would make the rest look fast.
        if text.starts_with("HTTP/1.1 200") && text.ends_with("\"rejected\":[]}") {
            Ok(())
        } else {
            Err(Error::other(format!("a batch was refused: {text}")))
        }
    }
}

/// Whether an answer is there, with as many bytes as it says.
fn is_whole(answer: &[u8]) -> bool {
    let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") else { return false };
    let head = String::from_utf8_lossy(&answer[..end]);
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.trim().parse::<usize>().ok());
    length.is_some_and(|length| answer.len() >= end + 4 + length)
}
