//! A program that is told what happens: it answers as the test says, and checks signatures.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use muster::webhooks::Secret;
use serde_json::Value;

/// One request.
#[derive(Clone, Debug)]
pub struct Received {
    /// By name in lower case.
    pub headers: HashMap<String, String>,
    pub body: String,
}

impl Received {
    pub fn id(&self) -> &str {
        &self.headers["webhook-id"]
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub fn kind(&self) -> String {
        self.json()["type"].as_str().unwrap().to_owned()
    }

    /// As a receiver checks it: one of the signatures is this secret's.
    pub fn is_signed_by(&self, secret: &Secret) -> bool {
        let timestamp: i64 = self.headers["webhook-timestamp"].parse().unwrap();
        let right = secret.sign(self.id(), timestamp, &self.body);
        self.headers["webhook-signature"].split(' ').any(|signature| signature == right)
    }
}

/// It runs until the test process ends.
#[derive(Clone)]
pub struct Receiver {
    pub url: String,
    received: Arc<Mutex<Vec<Received>>>,
    answer: Arc<Mutex<String>>,
    refused: Arc<Mutex<String>>,
}

impl Receiver {
    /// Answers 204.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let it = Self {
            url: format!("http://{}/muster?a=b", listener.local_addr().unwrap()),
            received: Arc::default(),
            answer: Arc::new(Mutex::new("204 So".into())),
            refused: Arc::default(),
        };
        let served = it.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let served = served.clone();
                std::thread::spawn(move || served.serve(&stream.unwrap()));
            }
        });
        it
    }

    /// From now on: a status line and headers ("503 So\r\nRetry-After: 9"); "silent" never answers, "dead" hangs up.
    pub fn answer(&self, answer: &str) {
        *self.answer.lock().unwrap() = answer.to_owned();
    }

    /// The event with this id is refused from now on.
    pub fn refuse(&self, id: &str) {
        *self.refused.lock().unwrap() = id.to_owned();
    }

    pub fn all(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    /// What came since the last time.
    pub fn take(&self) -> Vec<Received> {
        std::mem::take(&mut *self.received.lock().unwrap())
    }

    /// Waits until there are so many.
    pub fn wait_for(&self, count: usize) -> Vec<Received> {
        let until = Instant::now() + Duration::from_secs(20);
        while self.all().len() < count {
            assert!(Instant::now() < until, "only {} of {count} came", self.all().len());
            std::thread::sleep(Duration::from_millis(10));
        }
        self.all()
    }

    fn serve(&self, stream: &TcpStream) {
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        while let Some(request) = read(&mut reader) {
            let is_refused = *self.refused.lock().unwrap() == request.id();
            let answer = if is_refused { "422 So".into() } else { self.answer.lock().unwrap().clone() };
            self.received.lock().unwrap().push(request);
            match answer.as_str() {
                "silent" => {
                    // until the other side gives up
                    let _ = reader.read(&mut [0]);
                    return;
                }
                "dead" => return,
                _ => {}
            }
            let length = if answer.starts_with("204") { "" } else { "Content-Length: 6\r\n\r\nno way" };
            let end = if length.is_empty() { "\r\n\r\n" } else { "\r\n" };
            if (&mut &*stream).write_all(format!("HTTP/1.1 {answer}{end}{length}").as_bytes()).is_err() {
                return;
            }
        }
    }
}

fn read(reader: &mut impl BufRead) -> Option<Received> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    assert!(line.starts_with("POST /muster?a=b "), "{line}");
    let mut headers = HashMap::new();
    loop {
        line.clear();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    let mut body = vec![0; headers.get("content-length")?.parse().ok()?];
    reader.read_exact(&mut body).ok()?;
    Some(Received { headers, body: String::from_utf8(body).unwrap() })
}
