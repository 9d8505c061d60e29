use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

/// A mail server that takes everything as quickly as it can be read, and keeps nothing but the last text.
pub struct MailSink {
    pub address: SocketAddr,
    pub taken: Arc<AtomicU64>,
    pub last: Arc<Mutex<String>>,
}

impl MailSink {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let sink = Self { address: listener.local_addr().unwrap(), taken: Arc::default(), last: Arc::default() };
        let (taken, last) = (sink.taken.clone(), sink.last.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (taken, last) = (taken.clone(), last.clone());
                std::thread::spawn(move || drop(serve(stream, &taken, &last)));
            }
        });
        sink
    }

    pub fn count(&self) -> u64 {
        self.taken.load(Ordering::SeqCst)
    }
}

fn serve(stream: TcpStream, taken: &AtomicU64, last: &Mutex<String>) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut writer = stream.try_clone()?;
    let mut reader = BufReader::new(stream);
    writer.write_all(b"220 sink\r\n")?;
    let mut line = String::new();
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let answer: &[u8] = match line.get(..4).unwrap_or_default() {
            "EHLO" => b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n",
            "DATA" => {
                writer.write_all(b"354 go on\r\n")?;
                let mut text = String::new();
                while !text.ends_with("\r\n.\r\n") {
                    reader.read_line(&mut text)?;
                }
                *last.lock().unwrap() = text;
                taken.fetch_add(1, Ordering::SeqCst);
                b"250 taken\r\n"
            }
            _ => b"250 fine\r\n",
        };
        writer.write_all(answer)?;
    }
}

/// What can be sent at all: the same text again and again, over one connection, by nothing but a loop. Seconds.
pub fn raw(address: SocketAddr, text: &str, messages: u64) -> f64 {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_nodelay(true).unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut lines = |count: usize| {
        let mut line = String::new();
        (0..count).for_each(|_| assert!(reader.read_line(&mut line).unwrap() > 0));
    };
    stream.write_all(b"EHLO bench\r\n").unwrap();
    lines(4);
    let begun = std::time::Instant::now();
    for n in 0..messages {
        stream
            .write_all(format!("MAIL FROM:<a@example.com>\r\nRCPT TO:<{n}@example.com>\r\nDATA\r\n").as_bytes())
            .unwrap();
        lines(3);
        stream.write_all(text.as_bytes()).unwrap();
        lines(1);
    }
    begun.elapsed().as_secs_f64()
}
