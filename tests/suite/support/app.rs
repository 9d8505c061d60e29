//! A running Muster with a database of its own.

use std::net::{SocketAddr, TcpListener};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeZone, Utc};
use diesel::{Connection, PgConnection};
use muster::accounts::password::Password;
use muster::accounts::{HashCost, NewAccount, Role};
use muster::clock::Clock;
use muster::config::Config;
use muster::db::Db;
use muster::error::AppError;
use muster::ids::MemberId;
use muster::sealed::Keys;
use muster::settings::{Organisation, OrganisationHandle};
use muster::web::limits::BodyPatience;
use muster::webhooks::Target;
use muster::{Muster, deliveries, openid};

use super::database::TestDatabase;
use super::visitor::Visitor;

/// The real server on a port of its own; ends with the test process.
pub struct TestApp {
    /// Where it listens.
    pub address: SocketAddr,
    /// Its time stands still at 24 Nov 2026, 10:00 in UTC, until a test moves it.
    pub clock: Clock,
    /// What it runs with.
    pub muster: Muster,
    database: TestDatabase,
}

impl TestApp {
    /// Starts it.
    pub fn start() -> Self {
        Self::configured(|_| {})
    }

    /// Starts it at a name, as passkeys need it: browsers offer none at an IP address.
    pub fn start_at_localhost() -> Self {
        Self::configured(|config| config.public_url = config.public_url.replace("127.0.0.1", "localhost"))
    }

    /// Starts it with another configuration.
    pub fn configured(change: impl FnOnce(&mut Config)) -> Self {
        Self::with(change, |_| None)
    }

    /// Starts it at a name, with an OpenID Connect provider made for its address.
    pub fn with_openid(provider: impl FnOnce(&str) -> openid::Provider) -> Self {
        Self::with(by_name, |url| Some(provider(url)))
    }

    /// Starts it at a name, with an OpenID Connect provider that is away: its pages are there.
    pub fn with_openid_away(change: impl FnOnce(&mut Config)) -> Self {
        let change = |config: &mut Config| {
            by_name(config);
            change(config);
        };
        Self::with(change, |url| {
            let args = openid::OpenIdArgs {
                openid_issuer: Some("http://127.0.0.1:9".into()),
                openid_client_id: Some("muster".into()),
                openid_label: "Sign in with Kestrel".into(),
                ..openid::OpenIdArgs::default()
            };
            Some(openid::Provider::new(args.config(url).unwrap().unwrap()))
        })
    }

    fn with(change: impl FnOnce(&mut Config), provider: impl FnOnce(&str) -> Option<openid::Provider>) -> Self {
        let database = TestDatabase::new();
        let clock = Clock::standing_at(Utc.with_ymd_and_hms(2026, 11, 24, 10, 0, 0).unwrap());
        let db = Db::open(&database.app_url, 8).unwrap();
        let organisation = db.blocking(|conn| -> Result<_, AppError> { Ok(Organisation::load(conn)?) }).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let mut config = Config {
            public_url: format!("http://{address}"),
            trusted_hops: 0,
            connections: 8,
            threads: 1,
            secret: vec![7; 64],
            // tests of load are no flood
            api_requests: 10_000_000,
            hash_cost: HashCost::default(),
            // receivers of tests are on this machine, and those that are silent shall not be waited for
            webhooks: Target { private_network: true, patience: Duration::from_secs(1) },
            openid: None,
            patience: BodyPatience::default(),
        };
        change(&mut config);
        let organisation = OrganisationHandle::new(organisation);
        let keys = Keys::parse(&Keys::random_text()).unwrap();
        let openid = provider(&config.public_url);
        let muster = Muster { config, db, clock: clock.clone(), organisation, keys, openid };
        let served = muster.clone();
        std::thread::spawn(move || {
            actix_web::rt::System::new()
                .block_on(async move { muster::serve(served, listener).unwrap().await.unwrap() });
        });
        Self { address, clock, muster, database }
    }

    /// The app's time.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// A connection of the test's own, to make and to count.
    pub fn conn(&self) -> PgConnection {
        PgConnection::establish(&self.database.url).unwrap()
    }

    /// A connection as the role that Muster works as.
    pub fn app_conn(&self) -> PgConnection {
        PgConnection::establish(&self.database.app_url).unwrap()
    }

    /// For processes that shall work on the same database.
    pub fn database_url(&self) -> &str {
        &self.database.url
    }

    /// Does what a worker would do by now.
    pub fn work(&self) {
        let mut conn = self.app_conn();
        while deliveries::worker::run_once(&mut conn, &self.muster.keys, self.now()).unwrap() {}
    }

    /// Does what a worker would do by now, but sends nothing.
    pub fn issue(&self) {
        use deliveries::{chunk, closing, downtime, expiry, late, reminders};
        let (conn, now) = (&mut self.app_conn(), self.now());
        downtime::beat(conn, now).unwrap();
        let mut worked = true;
        while worked {
            worked = chunk::issue_next(conn, now, &[]).unwrap().is_some();
            worked |= muster::codes::batch::make_next(conn, now, &[]).unwrap().is_some();
            for next in [late::hand_out_next, reminders::remind_next, expiry::expire_next, closing::close_next] {
                worked |= next(conn, now, &[]).unwrap().is_some();
            }
        }
    }

    /// Puts what happened in order and tells webhooks, as a worker would do by now. What other tests are writing at the
    /// same time, in the same PostgreSQL, is waited for.
    pub fn send_webhooks(&self) {
        use diesel::prelude::*;
        let (muster, mut conn) = (&self.muster, self.app_conn());
        let until = Instant::now() + Duration::from_secs(30);
        loop {
            while muster::webhooks::run_once(&mut conn, &muster.keys, muster.config.webhooks, self.now()).unwrap() {}
            let left: i64 = muster::schema::webhook_inbox::table.count().get_result(&mut conn).unwrap();
            if left == 0 {
                return;
            }
            assert!(Instant::now() < until, "{left} events wait for what began before them");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Someone who is not signed in.
    pub fn visitor(&self) -> Visitor {
        Visitor::new(self.address)
    }

    /// Ada Admin, signed in.
    pub fn admin(&self) -> Visitor {
        self.signed_in("admin@example.com", "Ada Admin", Role::Admin)
    }

    /// Max Marketer, signed in.
    pub fn marketer(&self) -> Visitor {
        self.signed_in("marketer@example.com", "Max Marketer", Role::Marketer)
    }

    /// Sue Support, signed in.
    pub fn support(&self) -> Visitor {
        self.signed_in("support@example.com", "Sue Support", Role::Support)
    }

    /// A dashboard user with the password "muster-demo", signed in by the form.
    pub fn signed_in(&self, email: &str, name: &str, role: Role) -> Visitor {
        self.make_account(email, name, role);
        let visitor = self.visitor();
        let page = visitor.get("/sign-in").form("Sign in").fill("E-mail", email).fill("Password", "muster-demo").send();
        assert_eq!(page.status, 303, "signing in as {email}: {}", page.text());
        visitor
    }

    /// A dashboard user with the password "muster-demo"; twice is once.
    pub fn make_account(&self, email: &str, name: &str, role: Role) {
        // one hash for all: argon2 is slow on purpose
        static HASH: std::sync::LazyLock<String> =
            std::sync::LazyLock::new(|| HashCost::default().hash(&Password::known("muster-demo")).unwrap());
        let account = NewAccount {
            id: uuid::Uuid::now_v7(),
            email: email.into(),
            name: name.into(),
            role: role.key().into(),
            password_hash: HASH.clone(),
            sees_personal_data: true,
            created_at: self.now(),
        };
        match account.insert(&mut self.conn()) {
            Ok(())
            | Err(diesel::result::Error::DatabaseError(diesel::result::DatabaseErrorKind::UniqueViolation, _)) => {}
            Err(error) => panic!("{error}"),
        }
    }

    /// This member, signed in to the app by a one-time code from the Outbox.
    pub fn member(&self, member: MemberId) -> Visitor {
        use diesel::prelude::*;
        use muster::schema::member as table;
        let (phone, email): (Option<String>, Option<String>) =
            table::table.find(member.0).select((table::phone, table::email)).first(&mut self.conn()).unwrap();
        let visitor = self.visitor();
        let contact = phone.or(email).unwrap();
        let page =
            visitor.get("/app/sign-in").form("Send code").fill("Phone or e-mail", &contact).send().follow(&visitor);
        let page = page.form("Sign in").fill("Code", &self.sign_in_code(member)).send();
        assert_eq!(page.status, 303, "signing in as a member: {}", page.text());
        visitor
    }

    /// The last one-time code that went to the Outbox for this member.
    pub fn sign_in_code(&self, member: MemberId) -> String {
        use diesel::prelude::*;
        use muster::schema::message;
        let body: String = message::table
            .filter(message::member_id.eq(member.0))
            .order(message::id.desc())
            .select(message::body)
            .first(&mut self.conn())
            .unwrap();
        body.split(|c: char| !c.is_ascii_digit()).find(|digits| digits.len() == 6).unwrap().into()
    }
}

/// As browsers want it for passkeys.
fn by_name(config: &mut Config) {
    config.public_url = config.public_url.replace("127.0.0.1", "localhost");
}
