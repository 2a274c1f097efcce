//! SFTP of one large file, down and up, by the library's engines and by OpenSSH's `sftp`,
//! against an sshd on loopback with all files in memory where there is a `/dev/shm`.
//!
//! The programs take turns, so that whatever else the machine does hits all of them, and the
//! median of three rounds counts. Loopback has no round trip: this measures the work per
//! byte, most of it encryption on both sides, and says nothing of a slow network.

use connection_core::fs::RemoteFs;
use connection_core::path::RemotePath;
use connection_core::session::{Owner, SessionStore, StoreConfig};
use connection_core::target::{PrivateKeySource, SshCredentials, SshEngine, SshTarget};
use connection_core::transfer::{TransferOptions, download, upload};
use connection_core::trust::{TrustPolicy, TrustStore};
use connection_tests::Sshd;
use std::error::Error;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Bytes of the file.
const SIZE: u64 = 256 * 1024 * 1024;
/// An odd number: the median is then one of the times.
const ROUNDS: usize = 3;

/// One of the programs compared.
enum Contender {
    Library(SshEngine, Arc<dyn RemoteFs>),
    OpenSsh,
}

/// What each round took.
#[derive(Default)]
struct Times {
    down: Vec<Duration>,
    up: Vec<Duration>,
}

/// The files and the server of a run.
struct Place {
    sshd: Sshd,
    local: tempfile::TempDir,
}

fn main() -> Result<()> {
    let memory = Path::new("/dev/shm");
    // The server's home lies in the temporary directory too, which only the environment
    // names: the program starts itself once more.
    if memory.is_dir() && std::env::temp_dir() != memory {
        let mut again = Command::new(std::env::current_exe()?);
        let status = again.env("TMPDIR", memory).status()?;
        return status.success().then_some(()).ok_or("it failed".into());
    }
    let directory = std::env::temp_dir();
    tokio::runtime::Runtime::new()?.block_on(async {
        // Ending on Ctrl-C in an orderly way gives the memory back.
        tokio::select! {
            done = measure(&directory) => done,
            _ = tokio::signal::ctrl_c() => Err("interrupted".into()),
        }
    })
}

async fn measure(directory: &Path) -> Result<()> {
    let place = Place {
        sshd: Sshd::builder().key_only().start(),
        local: tempfile::tempdir()?,
    };
    let mut source = File::open("/dev/urandom")?.take(SIZE);
    io::copy(&mut source, &mut File::create(place.local("source"))?)?;
    fs::copy(place.local("source"), place.remote("source"))?;
    place.sshd.own(&place.remote("source"));
    fs::write(place.local("known_hosts"), place.sshd.known_hosts())?;

    let trust = TrustStore::in_memory(TrustPolicy::AcceptNew);
    let store = SessionStore::new(StoreConfig::default(), trust);
    let owner = Owner::new("bench");
    let mut contenders = vec![(Contender::OpenSsh, Times::default())];
    for engine in SshEngine::ALL {
        let login = SshCredentials {
            key: Some(PrivateKeySource::File(place.sshd.key().path().to_owned())),
            ..SshCredentials::default()
        };
        let target = SshTarget::new(place.sshd.host(), place.sshd.user(), login)?
            .port(place.sshd.port())
            .engine(engine);
        let id = store.open_ssh(&owner, &target, None).await?;
        let fs = store.get(&owner, id)?.fs();
        contenders.push((Contender::Library(engine, fs), Times::default()));
    }
    for _ in 0..ROUNDS {
        for (contender, times) in &mut contenders {
            let (from, to) = (place.remote("source"), place.local("copy"));
            times
                .down
                .push(contender.run(&place, true, &from, &to).await?);
            let (from, to) = (place.local("source"), place.remote("copy"));
            times
                .up
                .push(contender.run(&place, false, &from, &to).await?);
        }
    }
    report(&mut contenders, directory)?;
    drop(contenders);
    store.shutdown().await;
    Ok(())
}

impl Place {
    fn local(&self, name: &str) -> PathBuf {
        self.local.path().join(name)
    }

    fn remote(&self, name: &str) -> PathBuf {
        self.sshd.home().join(name)
    }
}

impl Contender {
    fn name(&self) -> &'static str {
        match self {
            Self::Library(engine, _) => engine.name(),
            Self::OpenSsh => "OpenSSH sftp",
        }
    }

    /// Copies a file and takes the time. That of `sftp` includes its login.
    async fn run(&self, place: &Place, down: bool, from: &Path, to: &Path) -> Result<Duration> {
        let start = Instant::now();
        match self {
            Self::Library(_, fs) => {
                let remote = |path: &Path| RemotePath::from_text(&path.to_string_lossy());
                let options = TransferOptions::default();
                if down {
                    download(fs, &remote(from)?, to, options).await?;
                } else {
                    upload(fs, from, &remote(to)?, options).await?;
                }
            }
            Self::OpenSsh => {
                let verb = if down { "get" } else { "put" };
                let batch = format!("{verb} {} {}\n", from.display(), to.display());
                sftp(place, &batch)?;
            }
        }
        let taken = start.elapsed();
        let size = fs::metadata(to)?.len();
        if size != SIZE {
            return Err(format!("{} left {size} bytes of {SIZE}", self.name()).into());
        }
        fs::remove_file(to)?;
        Ok(taken)
    }
}

fn sftp(place: &Place, batch: &str) -> Result<()> {
    let known = format!(
        "UserKnownHostsFile={}",
        place.local("known_hosts").display()
    );
    let mut child = Command::new("sftp")
        .args(["-q", "-F", "none", "-b", "-", "-o", &known, "-i"])
        .arg(place.sshd.key().path())
        .args(["-P", &place.sshd.port().to_string()])
        .arg(format!("{}@{}", place.sshd.user(), place.sshd.host()))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()?;
    let mut stdin = child.stdin.take().ok_or("sftp has no input")?;
    stdin.write_all(batch.as_bytes())?;
    drop(stdin);
    let status = child.wait()?;
    status.success().then_some(()).ok_or("sftp failed".into())
}

fn median(times: &mut [Duration]) -> f64 {
    times.sort();
    let middle = times.get(times.len() / 2);
    middle.map_or(f64::NAN, Duration::as_secs_f64)
}

fn report(contenders: &mut [(Contender, Times)], directory: &Path) -> io::Result<()> {
    let (mib, place) = (SIZE >> 20, directory.display());
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "{mib} MiB in {place}, median of {ROUNDS}; × is speed over sftp's"
    )?;
    writeln!(out, "{:<14}{:>28}{:>28}", "", "download", "upload")?;
    let mut base = None;
    for (contender, times) in contenders {
        let (down, up) = (median(&mut times.down), median(&mut times.up));
        let (base_down, base_up) = *base.get_or_insert((down, up));
        let cell = |time: f64, base: f64| {
            let (speed, ratio) = (mib as f64 / time, base / time);
            format!("{time:.2} s {speed:>6.0} MiB/s {ratio:.2}×")
        };
        let (down, up) = (cell(down, base_down), cell(up, base_up));
        writeln!(out, "{:<14}{down:>28}{up:>28}", contender.name())?;
    }
    Ok(())
}
