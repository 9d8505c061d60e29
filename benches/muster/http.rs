use std::borrow::Cow;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};

/// A request, ready to be written.
#[derive(Clone)]
pub struct Request {
    bytes: Vec<u8>,
    /// The status that shows it did its work.
    pub expected: u16,
}

impl Request {
    /// `GET`, to be answered with 200.
    pub fn get(path: &str, cookie: &str) -> Self {
        Self::of(format!("GET {path} HTTP/1.1\r\nHost: bench\r\nCookie: {cookie}\r\n\r\n"), 200)
    }

    /// `GET` by a program with a token, to be answered with 200.
    pub fn get_as(path: &str, token: &str) -> Self {
        Self::of(format!("GET {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n\r\n"), 200)
    }

    /// `POST` of lines of JSON by a program with a key, to be answered with 200.
    pub fn lines(path: &str, key: &str, lines: &str) -> Self {
        let length = lines.len();
        Self::of(
            format!(
                "POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {key}\r\nContent-Type: application/x-ndjson\r\nContent-Length: {length}\r\n\r\n{lines}"
            ),
            200,
        )
    }

    /// `POST` of a form, to be answered with a redirect.
    pub fn post(path: &str, cookie: &str, form: &str) -> Self {
        let length = form.len();
        Self::of(
            format!(
                "POST {path} HTTP/1.1\r\nHost: bench\r\nCookie: {cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{form}"
            ),
            303,
        )
    }

    /// `POST` of JSON by a program with a key, to be answered with 201. In the path `{id}` is the key of what the
    /// answer before made; each is sent with an Idempotency-Key of its own.
    pub fn program(path: &str, key: &str, json: &str) -> Self {
        let length = json.len();
        Self::of(
            format!(
                "POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {key}\r\nIdempotency-Key: {{once}}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{json}"
            ),
            201,
        )
    }

    /// To be answered with another status.
    pub fn expecting(mut self, status: u16) -> Self {
        self.expected = status;
        self
    }

    /// As a proxy says that it came from there.
    pub fn forwarded_for(mut self, address: &str) -> Self {
        let head = self.bytes.windows(2).position(|pair| pair == b"\r\n").unwrap_or_default() + 2;
        self.bytes.splice(head..head, format!("X-Forwarded-For: {address}\r\n").into_bytes());
        self
    }

    fn of(text: String, expected: u16) -> Self {
        Self { bytes: text.into_bytes(), expected }
    }
}

/// A connection that stays open.
pub struct Connection {
    stream: BufReader<TcpStream>,
    line: String,
    body: Vec<u8>,
    /// The Idempotency-Key and the `{id}` of the request before, where it had them.
    pub once: Option<String>,
    pub id: Option<String>,
}

impl Connection {
    pub fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).expect("the server");
        stream.set_nodelay(true).unwrap();
        Self {
            stream: BufReader::with_capacity(64 * 1024, stream),
            line: String::new(),
            body: Vec::new(),
            once: None,
            id: None,
        }
    }

    /// Sends a request, reads the whole answer, returns its status.
    pub fn send(&mut self, request: &Request) -> std::io::Result<u16> {
        let bytes = self.filled(request);
        self.stream.get_mut().write_all(&bytes)?;
        self.next_line()?;
        let status = self.line.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        let (mut length, mut chunked) = (0, false);
        loop {
            self.next_line()?;
            let line = self.line.to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
            chunked |= line.starts_with("transfer-encoding:") && line.contains("chunked");
        }
        self.body.clear();
        if chunked {
            while self.chunk()? {}
        } else {
            self.read(length)?;
        }
        Ok(status)
    }

    fn filled<'a>(&mut self, request: &'a Request) -> Cow<'a, [u8]> {
        const ONCE: &[u8] = b"{once}";
        if !request.bytes.windows(ONCE.len()).any(|piece| piece == ONCE) {
            return Cow::Borrowed(&request.bytes);
        }
        let mut text = String::from_utf8_lossy(&request.bytes).into_owned();
        let once = uuid::Uuid::new_v4().to_string();
        text = text.replace("{once}", &once);
        self.once = Some(once);
        self.id = text.contains("{id}").then(|| {
            let body = String::from_utf8_lossy(&self.body);
            body.split("\"id\":\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned()
        });
        if let Some(id) = &self.id {
            text = text.replace("{id}", id);
        }
        Cow::Owned(text.into_bytes())
    }

    /// What was answered.
    pub fn body(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn body_size(&self) -> usize {
        self.body.len()
    }

    fn chunk(&mut self) -> std::io::Result<bool> {
        self.next_line()?;
        let length = usize::from_str_radix(self.line.trim(), 16).unwrap_or(0);
        self.read(length)?;
        self.next_line()?;
        Ok(length > 0)
    }

    fn read(&mut self, length: usize) -> std::io::Result<()> {
        let start = self.body.len();
        self.body.resize(start + length, 0);
        self.stream.read_exact(&mut self.body[start..])
    }

    fn next_line(&mut self) -> std::io::Result<()> {
        self.line.clear();
        if self.stream.read_line(&mut self.line)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        self.line.truncate(self.line.trim_end().len());
        Ok(())
    }
}
