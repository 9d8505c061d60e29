//! A real mail server (aiosmtpd) in a process of its own.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::Deserialize;

use super::scratch;

/// What the server took.
#[derive(Debug, Clone, Deserialize)]
pub struct Mail {
    /// Message-ID.
    pub id: String,
    pub to: String,
    pub tls: bool,
    pub user: Option<String>,
    #[serde(default)]
    pub text: String,
}

/// The server; it ends with the test.
pub struct SmtpServer {
    options: Vec<String>,
    mailbox: PathBuf,
    child: Option<Child>,
    pub port: u16,
}

impl SmtpServer {
    /// Starts it on a port of its own with these options of `smtp_server.py`.
    pub fn start(options: &[&str]) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(1);
        let mailbox = scratch().folder.join(format!("mailbox-{}", COUNT.fetch_add(1, Ordering::Relaxed)));
        let options = options.iter().map(ToString::to_string).collect();
        let mut server = Self { options, mailbox, child: None, port: 0 };
        server.resume();
        server
    }

    /// With TLS in this mode ("starttls", "tls"), for the user "shop" with the password "open sesame".
    pub fn start_secure(mode: &str) -> Self {
        let files = certificates();
        let (certificate, key) = (files.join("server.pem"), files.join("server.key"));
        Self::start(&[
            "--tls",
            mode,
            "--certificate",
            certificate.to_str().unwrap(),
            "--key",
            key.to_str().unwrap(),
            "--user",
            "shop",
            "--password",
            "open sesame",
            "--whole",
        ])
    }

    /// Starts again, on the same port and with the same mailbox.
    pub fn resume(&mut self) {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/suite/support/smtp_server.py");
        let mut child = Command::new(python())
            .args(["-W", "ignore", script])
            .args(["--port", &self.port.to_string(), "--mailbox", self.mailbox.to_str().unwrap()])
            .args(&self.options)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        self.port = line.trim().parse().expect("the mail server’s port");
        self.child = Some(child);
    }

    /// Kills it.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// How many it took.
    pub fn count(&self) -> usize {
        fs::read(&self.mailbox).map_or(0, |bytes| bytes.iter().filter(|byte| **byte == b'\n').count())
    }

    /// All that it took, in order.
    pub fn mails(&self) -> Vec<Mail> {
        let text = fs::read_to_string(&self.mailbox).unwrap_or_default();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.kill();
        let _ = fs::remove_file(&self.mailbox);
    }
}

/// The Python that has aiosmtpd: Debian's own, where another one comes first in the path.
fn python() -> &'static str {
    static PYTHON: OnceLock<&str> = OnceLock::new();
    PYTHON.get_or_init(|| {
        let has_it = |python: &&str| {
            let found = Command::new(python).args(["-c", "import aiosmtpd"]).stderr(Stdio::null()).status();
            found.is_ok_and(|status| status.success())
        };
        ["python3", "/usr/bin/python3"].into_iter().find(has_it).expect("aiosmtpd: run scripts/setup.sh test")
    })
}

/// A folder with an authority (ca.pem) and its certificate for localhost (server.pem, server.key), made once.
pub fn certificates() -> &'static PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = scratch().folder.join("certificates");
        fs::create_dir(&folder).unwrap();
        let openssl = |args: &str| {
            let done = Command::new("openssl").args(args.split(' ')).current_dir(&folder).output().unwrap();
            assert!(done.status.success(), "{args}: {}", String::from_utf8_lossy(&done.stderr));
        };
        let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
        openssl(&format!("req -x509 {key} -days 2 -subj /CN=Tests -keyout ca.key -out ca.pem -addext basicConstraints=critical,CA:TRUE"));
        fs::write(folder.join("names"), "subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n").unwrap();
        openssl(&format!("req {key} -subj /CN=localhost -keyout server.key -out server.csr"));
        openssl("x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names -out server.pem");
        folder
    })
}
