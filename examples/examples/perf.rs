//! Scratch.
#![allow(
    missing_docs,
    clippy::all,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "scratch"
)]
use connection_core::path::RemotePath;
use connection_core::session::{Owner, SessionStore, StoreConfig};
use connection_core::target::{PrivateKeySource, SshCredentials, SshEngine, SshTarget};
use connection_core::transfer::{TransferOptions, download, upload};
use connection_core::trust::{TrustPolicy, TrustStore};
fn cpu() -> f64 {
    let s = std::fs::read_to_string("/proc/self/stat").unwrap();
    let f: Vec<&str> = s.rsplit(')').next().unwrap().split_whitespace().collect();
    (f[11].parse::<f64>().unwrap() + f[12].parse::<f64>().unwrap()) / 100.0
}
#[tokio::main]
async fn main() {
    let a: Vec<String> = std::env::args().collect();
    // perf ENGINE PORT USER KEY get|put|sink FROM TO N
    let engine = *SshEngine::ALL.iter().find(|e| e.name() == a[1]).unwrap();
    let store = SessionStore::new(
        StoreConfig::default(),
        TrustStore::in_memory(TrustPolicy::AcceptNew),
    );
    let owner = Owner::new("x");
    let login = SshCredentials {
        key: Some(PrivateKeySource::File(a[4].clone().into())),
        ..Default::default()
    };
    let t = SshTarget::new("127.0.0.1", &a[3], login)
        .unwrap()
        .port(a[2].parse().unwrap())
        .engine(engine);
    let id = store.open_ssh(&owner, &t, None).await.unwrap();
    let fs = store.get(&owner, id).unwrap().fs();
    for _ in 0..a[8].parse::<u32>().unwrap() {
        let (c, s) = (cpu(), std::time::Instant::now());
        let r = |p: &str| RemotePath::from_text(p).unwrap();
        let n = match a[5].as_str() {
            "get" => {
                download(
                    &fs,
                    &r(&a[6]),
                    std::path::Path::new(&a[7]),
                    TransferOptions::default(),
                )
                .await
                .unwrap();
                std::fs::metadata(&a[7]).unwrap().len()
            }
            "put" => {
                upload(
                    &fs,
                    std::path::Path::new(&a[6]),
                    &r(&a[7]),
                    TransferOptions::default(),
                )
                .await
                .unwrap();
                std::fs::metadata(&a[6]).unwrap().len()
            }
            "smallget" | "smallput" => {
                let w: usize = std::env::var("W").unwrap().parse().unwrap();
                let names: Vec<String> = (0..10000).map(|i| format!("f{i:05}")).collect();
                let it = std::sync::Arc::new(std::sync::Mutex::new(names.into_iter()));
                let mut js = tokio::task::JoinSet::new();
                let get = a[5] == "smallget";
                for _ in 0..w {
                    let (fs, it, from, to) = (fs.clone(), it.clone(), a[6].clone(), a[7].clone());
                    js.spawn(async move {
                        loop {
                            let Some(n) = it.lock().unwrap().next() else {
                                break;
                            };
                            let (f, t) = (format!("{from}/{n}"), format!("{to}/{n}"));
                            if get {
                                download(
                                    &fs,
                                    &RemotePath::from_text(&f).unwrap(),
                                    std::path::Path::new(&t),
                                    TransferOptions::default(),
                                )
                                .await
                                .unwrap();
                            } else {
                                upload(
                                    &fs,
                                    std::path::Path::new(&f),
                                    &RemotePath::from_text(&t).unwrap(),
                                    TransferOptions::default(),
                                )
                                .await
                                .unwrap();
                            }
                        }
                    });
                }
                js.join_all().await;
                10000 * 1024
            }
            _ => {
                let mut rd = fs.open_read(&r(&a[6]), 0).await.unwrap();
                let mut n = 0;
                while let Some(b) = rd.next_chunk().await.unwrap() {
                    n += b.len() as u64
                }
                n
            }
        };
        let e = s.elapsed().as_secs_f64();
        println!(
            "{} {}: {:.2} s {:.0} MB/s cpu {:.2}",
            a[1],
            a[5],
            e,
            n as f64 / 1e6 / e,
            cpu() - c
        );
    }
    store.shutdown().await;
}
