//! Kannel with its fake SMSC, from Debian: messages go out, delivery reports come back.

use std::fs::{self, File};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use muster::sending;

use crate::support::{TestApp, make};

const FAKE_SMSC: &str = "/usr/lib/kannel/test/fakesmsc";

/// The three programs; they end with it.
struct Kannel {
    running: Vec<Child>,
    folder: PathBuf,
    sendsms: u16,
}

impl Kannel {
    fn start(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("muster-kannel-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let [admin, boxes, smsc, sendsms] = free_ports();
        let config = format!(
            "group = core\nadmin-port = {admin}\nadmin-password = x\nsmsbox-port = {boxes}\nbox-allow-ip = \"127.0.0.1\"\n\
             dlr-storage = internal\n\n\
             group = smsc\nsmsc = fake\nsmsc-id = fake\nhost = localhost\nport = {smsc}\nconnect-allow-ip = \"127.0.0.1\"\n\n\
             group = smsbox\nbearerbox-host = 127.0.0.1\nbearerbox-port = {boxes}\nsendsms-port = {sendsms}\n\
             http-request-retry = 5\nhttp-queue-delay = 1\n\n\
             group = sendsms-user\nusername = muster\npassword = \"p&ss\"\nconcatenation = true\nmax-messages = 10\n\n\
             group = sms-service\nkeyword = default\ntext = \"no\"\nmax-messages = 0\n"
        );
        fs::write(folder.join("kannel.conf"), config).unwrap();
        let mut kannel = Self { running: Vec::new(), folder, sendsms };
        kannel.run("/usr/sbin/bearerbox", &["kannel.conf"]);
        kannel.wait_for(smsc);
        kannel.wait_for(boxes);
        kannel.run("/usr/sbin/smsbox", &["kannel.conf"]);
        kannel.run(FAKE_SMSC, &["-H", "127.0.0.1", "-r", &smsc.to_string()]);
        kannel.wait_for(sendsms);
        kannel
    }

    fn run(&mut self, program: &str, arguments: &[&str]) {
        let said = File::create(self.folder.join(Path::new(program).file_name().unwrap())).unwrap();
        let child = Command::new(program)
            .args(arguments)
            .current_dir(&self.folder)
            // open and silent: the fake SMSC waits for words
            .stdin(Stdio::piped())
            .stdout(said.try_clone().unwrap())
            .stderr(said)
            .spawn();
        self.running.push(child.unwrap_or_else(|error| panic!("{program}: {error}; install kannel and kannel-extras")));
    }

    fn wait_for(&self, port: u16) {
        let until = Instant::now() + Duration::from_secs(30);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < until, "Kannel does not listen: {}", self.said("bearerbox"));
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn said(&self, program: &str) -> String {
        String::from_utf8_lossy(&fs::read(self.folder.join(program)).unwrap_or_default()).into_owned()
    }
}

impl Drop for Kannel {
    fn drop(&mut self) {
        for child in self.running.iter_mut().rev() {
            let _ = child.kill();
            let _ = child.wait();
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn free_ports() -> [u16; 4] {
    let held = [(); 4].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    held.map(|listener| listener.local_addr().unwrap().port())
}

#[test]
fn coupons_go_out_and_reports_come_back() {
    let (kannel, app) = (Kannel::start("round"), TestApp::start());
    let admin = app.admin();
    let form = admin.get("/settings/channels/sms").form("Save changes").tick("Send SMS through this gateway");
    let form = form.fill("Address", &format!("http://127.0.0.1:{}/cgi-bin/sendsms", kannel.sendsms));
    let page = form.fill("User", "muster").fill("Password or token", "p&ss").fill("Sender", "Muster").send();
    assert_eq!(page.status, 303, "{}", page.text());
    let members = make::members(&app, 20);
    make::campaign(&app, "Café ☕", "sms").make();
    let run = |sql: &str| diesel::RunQueryDsl::execute(diesel::sql_query(sql.to_owned()), &mut app.conn()).unwrap();
    run("UPDATE campaign SET sms_text = 'Für € 5 & mehr: {link}', sms_sender = ''");
    app.work();
    let stop = AtomicBool::new(false);
    let until = Instant::now() + Duration::from_secs(60);
    let accepted =
        || make::count(&app, "SELECT count(*) FROM delivery WHERE state = 'accepted' AND sent_at IS NOT NULL");
    std::thread::scope(|scope| {
        scope.spawn(|| sending::run(&app.muster.db, &app.clock, &app.muster.keys, &stop));
        while accepted() < 20 && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(100));
        }
        stop.store(true, Ordering::SeqCst);
    });
    let states =
        make::text(&app, "SELECT string_agg(DISTINCT state || coalesce(': ' || error, ''), ', ') FROM message");
    assert_eq!((accepted(), states.as_str()), (20, "accepted"), "{}", kannel.said("smsbox"));
    // the report is the gateway's; the SMSC may still be writing
    let got = || kannel.said("fakesmsc").matches("Got message").count();
    while got() < members.len() && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(got(), members.len(), "each once: {}", kannel.said("fakesmsc"));
    assert!(admin.get("/settings/channels").shows("Last message accepted just now"));
}
