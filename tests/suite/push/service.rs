//! A push service: takes what it is sent, and answers as the path of the endpoint says.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// One request.
#[derive(Clone, Debug)]
pub struct Received {
    pub path: String,
    /// By name in lower case.
    pub headers: HashMap<String, String>,
    pub body: Vec<u8>,
}

/// It runs until the test process ends.
pub struct PushService {
    pub address: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
}

impl PushService {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let received = Arc::new(Mutex::new(Vec::new()));
        let all = received.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let all = all.clone();
                std::thread::spawn(move || serve(&stream.unwrap(), &all));
            }
        });
        Self { address, received }
    }

    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// `answer`: "201", "410", "429", …; "slow" never answers, "drop" hangs up.
    pub fn endpoint(&self, answer: &str) -> String {
        format!("{}/{answer}/{}", self.origin(), uuid::Uuid::new_v4())
    }

    pub fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }
}

fn serve(stream: &TcpStream, all: &Mutex<Vec<Received>>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    while let Some(request) = read(&mut reader) {
        let answer = request.path.split('/').nth(1).unwrap().to_owned();
        all.lock().unwrap().push(request);
        let extra = match answer.as_str() {
            "slow" => {
                // until the other side gives up
                let _ = reader.read(&mut [0]);
                return;
            }
            "drop" => return,
            "429" => "Retry-After: 77\r\n",
            "307" => "Location: http://127.0.0.1:1/elsewhere\r\n",
            _ => "",
        };
        let words = if answer == "201" { "" } else { "as asked for" };
        let text = format!("HTTP/1.1 {answer} So\r\nContent-Length: {}\r\n{extra}\r\n{words}", words.len());
        (&mut &*stream).write_all(text.as_bytes()).unwrap();
    }
}

fn read(reader: &mut impl BufRead) -> Option<Received> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let path = line.split(' ').nth(1)?.to_owned();
    let mut headers = HashMap::new();
    loop {
        line.clear();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    let mut body = vec![0; headers.get("content-length")?.parse().ok()?];
    reader.read_exact(&mut body).ok()?;
    Some(Received { path, headers, body })
}
