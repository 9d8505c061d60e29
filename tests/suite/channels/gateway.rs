//! A gateway of our own that behaves as told and remembers what it was asked.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// What it was asked.
#[derive(Debug, Clone)]
pub struct Asked {
    pub line: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Asked {
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
    }

    /// Of the address or the body, whichever has fields.
    pub fn field(&self, name: &str) -> String {
        let path = self.line.split(' ').nth(1).unwrap();
        let query = path.split_once('?').map_or("", |(_, query)| query);
        let text = if self.body.is_empty() { query } else { &self.body };
        let fields: Vec<(String, String)> = serde_html_form::from_str(text).unwrap();
        fields.into_iter().find(|(known, _)| known == name).map(|(_, value)| value).unwrap_or_default()
    }
}

/// What it does.
#[derive(Debug, Clone)]
pub enum Does {
    /// Answers with status, headers and body.
    Answer(u16, &'static str, &'static str),
    /// Reads the request and hangs up.
    Drop,
}

pub struct Gateway {
    pub url: String,
    pub asked: Receiver<Asked>,
}

impl Gateway {
    /// Does these things one after the other, the last for ever.
    pub fn start(does: Vec<Does>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (sender, asked) = channel();
        std::thread::spawn(move || {
            let mut place = 0;
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
                let Some(request) = read(&mut BufReader::new(&stream)) else { continue };
                if sender.send(request).is_err() {
                    return;
                }
                let now = &does[place.min(does.len() - 1)];
                place += 1;
                if let Does::Answer(status, headers, body) = now {
                    let head = format!(
                        "HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n",
                        body.len()
                    );
                    let _ = stream.write_all((head + *body).as_bytes());
                }
            }
        });
        Self { url, asked }
    }
}

fn read(stream: &mut impl BufRead) -> Option<Asked> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).ok().filter(|length| *length > 0)?;
        if line.trim().is_empty() {
            break;
        }
        lines.push(line.trim().to_owned());
    }
    let header = |line: &String| line.split_once(": ").map(|(name, value)| (name.to_lowercase(), value.to_owned()));
    let headers: Vec<_> = lines[1..].iter().filter_map(header).collect();
    let length =
        headers.iter().find(|(name, _)| name == "content-length").map_or(0, |(_, value)| value.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    Some(Asked { line: lines[0].clone(), headers, body: String::from_utf8(body).unwrap() })
}
