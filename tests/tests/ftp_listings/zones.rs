//! `LIST` gives times in the server's zone; what is shown is the time it was.

use crate::ground::{Login, path, without_mlsd};
use connection_tests::servers::service::Service;
use connection_tests::{FtpServer, ProFtpd, PureFtpd, Pyftpdlib, Vsftpd};
use std::fs::File;
use std::time::{Duration, SystemTime};

/// Zones of whole, half and quarter hours, on both sides of Greenwich, by their seconds east.
const ZONES: [(&str, i64); 3] = [
    ("IST-5:30", 19_800),
    ("MART9:30", -34_200),
    ("NPT-5:45", 20_700),
];

const HOUR: Duration = Duration::from_secs(3600);

/// A whole minute of today, some hours ago.
fn this_morning() -> SystemTime {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    SystemTime::UNIX_EPOCH + Duration::from_secs(now.unwrap().as_secs() / 60 * 60) - 3 * HOUR
}

/// Noon of 1 January 2020, which is that day in every zone here.
fn long_ago() -> SystemTime {
    SystemTime::UNIX_EPOCH + 24 * HOUR * 18_262 + 12 * HOUR
}

/// Puts files in the home that are young and some days old; answers their times.
fn fill(server: &Service) -> [(&'static str, SystemTime); 2] {
    let today = this_morning();
    let files = [("young", today), ("older", today - 240 * HOUR)];
    for (name, time) in files.into_iter().chain([("old", long_ago())]) {
        let file = File::options()
            .write(true)
            .open(server.write_file(name, "x"))
            .unwrap();
        file.set_modified(time).unwrap();
    }
    server.mkdir("directory");
    files
}

fn apart(a: SystemTime, b: SystemTime) -> i64 {
    match a.duration_since(b) {
        Ok(ahead) => i64::try_from(ahead.as_secs()).unwrap(),
        Err(error) => -i64::try_from(error.duration().as_secs()).unwrap(),
    }
}

/// Every time of day is what it was, moved by so many seconds.
async fn times_are(server: &dyn FtpServer, port: u16, moved: i64) {
    let files = fill(server);
    let login = Login::by(server, port).await;
    // The listing the zone is learned from, and one behind it.
    for _ in 0..2 {
        for (name, time) in files {
            let listed = login.listed(&path("/"), name).await;
            let shown = listed.metadata.modified.unwrap();
            assert_eq!(apart(shown, time), moved, "{name} on {}", server.name());
        }
        // Listed by its day alone.
        let old = login.listed(&path("/"), "old").await;
        assert_eq!(old.metadata.modified, Some(long_ago() - 12 * HOUR));
        let directory = login.listed(&path("/"), "directory").await;
        let made = directory.metadata.modified.unwrap();
        let age = apart(SystemTime::now(), made) + moved;
        assert!((0..180).contains(&age), "{} is {age} s old", server.name());
    }
    assert!(!server.log().contains("MLSD /"), "this is about LIST");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_proftpd_with_times_of_its_own_zone() {
    for (zone, _) in ZONES {
        let server = ProFtpd::builder()
            .line("FactsAdvertise off")
            .line("TimesGMT off")
            .zone(zone)
            .start();
        times_are(&server, server.port(), 0).await;
        assert!(server.log().matches("MDTM").count() <= 2, "asked once");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_proftpd_with_universal_times() {
    let server = ProFtpd::builder()
        .line("FactsAdvertise off")
        .zone("IST-5:30")
        .start();
    times_are(&server, server.port(), 0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_pure_ftpd_whose_list_is_always_local() {
    for (zone, _) in ZONES {
        let server = PureFtpd::builder().zone(zone).start();
        times_are(&server, without_mlsd(server.addr()), 0).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_vsftpd_with_universal_times() {
    let server = Vsftpd::builder().zone("IST-5:30").start();
    times_are(&server, server.port(), 0).await;
}

/// It gives its own time in `MDTM` as well: nothing it says tells its zone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn vsftpd_with_local_times_does_not_tell_its_zone() {
    for (zone, east) in ZONES {
        let server = Vsftpd::builder()
            .line("use_localtime=YES")
            .zone(zone)
            .start();
        times_are(&server, server.port(), east).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_pyftpdlib_without_mlsd() {
    let server = Pyftpdlib::builder().without(&["MLSD", "MLST"]).start();
    times_are(&server, server.port(), 0).await;
}

/// A directory larger than what is kept back until the zone is known.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_large_directory_listed_first_has_right_times() {
    let server = ProFtpd::builder()
        .line("FactsAdvertise off")
        .line("TimesGMT off")
        .line("ListOptions \"-a\" maxfiles 20000")
        .zone("IST-5:30")
        .start();
    let time = this_morning();
    for number in 0..6000 {
        let file = File::create(server.home().join(format!("{number:04}"))).unwrap();
        file.set_modified(time).unwrap();
    }
    let login = Login::to(&server).await;
    let entries = login.list(&path("/")).await;
    assert_eq!(entries.len(), 6000);
    for entry in entries {
        assert_eq!(entry.metadata.modified, Some(time), "{:?}", entry.name);
    }
}
