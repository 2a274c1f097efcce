//! Many small files, down and up: what a file costs besides its bytes. Programs that can copy
//! several at once are told to; OpenSSH's `sftp -r` cannot.

use super::Bench;
use crate::Result;
use crate::clients::{Http, Library, OpenSsh, Protocol, Rclone, Way};
use crate::ground::check_tree;
use crate::results::{Metrics, Outcome};
use crate::turns::{Entrant, alternate};
use crate::worker::{Login, Work};
use connection_core::target::SshEngine;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// Name of the directory.
const SOURCE: &str = "small";
/// Name of a copy of it.
const COPY: &str = "small-copy";
/// Bytes of a file.
const SIZE: usize = 1024;
/// Files copied at once by those who can.
const AT_ONCE: usize = 32;
/// Rounds in the full form.
const ROUNDS: usize = 3;

/// A way to copy the directory.
enum Client<'a> {
    Library(Library),
    Http(Http<'a>),
    OpenSsh(OpenSsh),
    Rclone(Rclone),
}

pub(crate) fn run(bench: &Bench<'_>) -> Result<Vec<Outcome>> {
    let case = |way: Way| format!("small-{}", way.name());
    let wanted = Way::BOTH
        .into_iter()
        .filter(|way| bench.options.case(&case(*way)));
    let wanted: Vec<Way> = wanted.collect();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let count = bench.options.amount(10_000, 100);
    let source = bench.ground.remote(SOURCE);
    bench.ground.make_small(&source, count, SIZE)?;
    let mut clients = vec![Client::Http(Http::open(
        bench.facade,
        &bench.site,
        Protocol::Sftp,
    )?)];
    for engine in SshEngine::ALL {
        clients.push(Client::Library(Library::new(
            &bench.site,
            Login::key(engine),
        )));
    }
    clients.push(Client::OpenSsh(OpenSsh::aes(&bench.site)));
    clients.push(Client::Rclone(Rclone::new(&bench.site)));
    clients.retain(|client| bench.options.contender(&client.name()));

    let mut outcomes = Vec::new();
    for way in wanted {
        let entrants = clients.iter().map(|client| {
            let (source, here, there) = (
                source.clone(),
                bench.ground.local(COPY),
                bench.ground.remote(COPY),
            );
            Entrant::new(&client.name(), move |_| match way {
                Way::Download => {
                    let metrics = client.get(&here)?;
                    check_tree(&source, &here)?;
                    Ok(metrics)
                }
                Way::Upload => {
                    let metrics = client.put(&source)?;
                    check_tree(&source, &there)?;
                    Ok(metrics)
                }
            })
        });
        let what = format!("{} of {count} files of {SIZE} bytes", way.name());
        let rounds = bench.options.rounds(ROUNDS);
        let outcome = alternate(&case(way), what, "openssh-aes", rounds, entrants.collect());
        outcomes.push(outcome);
    }
    fs::remove_dir_all(source)?;
    Ok(outcomes)
}

impl Client<'_> {
    fn name(&self) -> String {
        use crate::clients::FileClient as _;
        match self {
            Self::Library(library) => library.name(),
            Self::Http(http) => http.name(),
            Self::OpenSsh(sftp) => sftp.name(),
            Self::Rclone(rclone) => rclone.name(),
        }
    }

    fn get(&self, to: &Path) -> Result<Metrics> {
        match self {
            Self::Library(library) => library.work(Work::GetAll {
                remote: library.remote(SOURCE),
                local: to.to_owned(),
                at_once: AT_ONCE,
            }),
            Self::Http(http) => {
                fs::create_dir(to)?;
                http.many(AT_ONCE, |config| {
                    // As a script would: the names from the listing, then the files.
                    let names = http.names(SOURCE)?;
                    for name in names {
                        let url = http.content(&format!("{SOURCE}/{name}"));
                        let file = to.join(name);
                        writeln!(config, "url=\"{url}\"\noutput=\"{}\"", file.display())?;
                    }
                    Ok(())
                })
            }
            Self::OpenSsh(sftp) => {
                let remote = sftp.remote(SOURCE);
                let commands = format!("get -r {} {}\n", remote.display(), to.display());
                Ok(sftp.batch(&commands)?.metrics())
            }
            Self::Rclone(rclone) => rclone.run(&[
                "copy",
                &rclone.remote(SOURCE),
                &to.to_string_lossy(),
                TRANSFERS,
            ]),
        }
    }

    fn put(&self, from: &Path) -> Result<Metrics> {
        match self {
            Self::Library(library) => library.work(Work::PutAll {
                local: from.to_owned(),
                remote: library.remote(COPY),
                at_once: AT_ONCE,
            }),
            Self::Http(http) => {
                http.make_directory(COPY)?;
                http.many(AT_ONCE, |config| {
                    for entry in fs::read_dir(from)? {
                        let entry = entry?;
                        let name = entry.file_name();
                        let url = http.content(&format!("{COPY}/{}", name.to_string_lossy()));
                        let file = entry.path();
                        writeln!(config, "url=\"{url}\"\nupload-file=\"{}\"", file.display())?;
                        // The answers, which say size and path.
                        writeln!(config, "output=\"/dev/null\"")?;
                    }
                    Ok(())
                })
            }
            Self::OpenSsh(sftp) => {
                let remote = sftp.remote(COPY);
                let commands = format!("put -r {} {}\n", from.display(), remote.display());
                Ok(sftp.batch(&commands)?.metrics())
            }
            Self::Rclone(rclone) => rclone.run(&[
                "copy",
                &from.to_string_lossy(),
                &rclone.remote(COPY),
                TRANSFERS,
            ]),
        }
    }
}

/// [`AT_ONCE`] for rclone.
const TRANSFERS: &str = "--transfers=32";
