//! Links to servers made of a counter: who gets a channel, where, and who is refused.

use super::*;
use crate::ssh::engine::{
    ChannelEvent, ChannelReceiver, ChannelRequest, ChannelSender, Listener, Negotiated,
};
use async_trait::async_trait;
use bytes::Bytes;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::task::{JoinSet, yield_now};

/// A link with room for so many channels, which are free once they are dropped.
#[derive(Default)]
struct Counter {
    room: usize,
    open: Arc<AtomicUsize>,
    dead: CancellationToken,
}

struct Half(Option<Arc<AtomicUsize>>);

impl Drop for Half {
    fn drop(&mut self) {
        if let Some(open) = &self.0 {
            open.fetch_sub(1, Ordering::SeqCst);
        }
    }
}

#[async_trait]
impl ChannelSender for Half {
    async fn request(&mut self, _: ChannelRequest) -> Result<()> {
        Ok(())
    }
    async fn write(&mut self, _: Bytes) -> Result<()> {
        Ok(())
    }
    async fn eof(&mut self) -> Result<()> {
        Ok(())
    }
    async fn signal(&mut self, _: &str) -> Result<()> {
        Ok(())
    }
    async fn resize(&mut self, _: u32, _: u32) -> Result<()> {
        Ok(())
    }
    async fn close(&mut self) {}
}

#[async_trait]
impl ChannelReceiver for Half {
    async fn next(&mut self) -> Result<Option<ChannelEvent>> {
        Ok(None)
    }
}

#[async_trait]
impl Link for Counter {
    async fn open(&self, _: ChannelKind) -> Result<Channel> {
        yield_now().await;
        if self.dead.is_cancelled() {
            return Err(Error::new(ErrorKind::ConnectionLost, "open", "dead"));
        }
        let take = |n| (n < self.room).then_some(n + 1);
        let granted = self
            .open
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, take);
        // The answer reaches its task some time later.
        for _ in 0..8 {
            yield_now().await;
        }
        match granted {
            Ok(_) => Ok(Channel {
                sender: Box::new(Half(Some(self.open.clone()))),
                receiver: Box::new(Half(None)),
            }),
            Err(_) => Err(Error::new(ErrorKind::ChannelRefused, "open", "full")),
        }
    }
    async fn listen(&self, _: &str, _: u16) -> Result<Box<dyn Listener>> {
        unreachable!("nobody asks")
    }
    fn negotiated(&self) -> &Negotiated {
        unreachable!("nobody asks")
    }
    fn is_alive(&self) -> bool {
        !self.dead.is_cancelled()
    }
    async fn closed(&self) {
        self.dead.cancelled().await;
    }
    async fn close(&self) {
        self.dead.cancel();
    }
}

/// A server whose links have so much room, and what became of the logins on it.
#[derive(Clone)]
struct Server(Arc<Inside>);

struct Inside {
    room: usize,
    refuses: Option<ErrorKind>,
    logins: AtomicUsize,
    links: Mutex<Vec<Arc<Counter>>>,
}

impl Server {
    fn new(room: usize) -> Self {
        Self::refusing(room, None)
    }

    fn refusing(room: usize, refuses: Option<ErrorKind>) -> Self {
        Self(Arc::new(Inside {
            room,
            refuses,
            logins: AtomicUsize::new(0),
            links: Mutex::default(),
        }))
    }

    /// Connections to it; one place of the first link is taken, by the files.
    fn links(&self, max: usize) -> Arc<Links> {
        self.idling(max, Duration::from_secs(600))
    }

    fn idling(&self, max: usize, idle: Duration) -> Arc<Links> {
        let first = Arc::new(Counter {
            room: self.0.room.saturating_sub(1),
            ..Counter::default()
        });
        let limits = LinkLimits { max, idle };
        Arc::new(Links::new(first, self.clone(), limits))
    }

    fn logins(&self) -> usize {
        self.0.logins.load(Ordering::SeqCst)
    }

    fn further(&self, n: usize) -> Arc<Counter> {
        self.0.links.lock().unwrap()[n].clone()
    }
}

#[async_trait]
impl OpenLink for Server {
    async fn open_link(&self) -> Result<Arc<dyn Link>> {
        self.0.logins.fetch_add(1, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(5)).await;
        if let Some(kind) = self.0.refuses {
            return Err(Error::new(kind, "log in", "no second time"));
        }
        let link = Arc::new(Counter {
            room: self.0.room,
            ..Counter::default()
        });
        self.0.links.lock().unwrap().push(link.clone());
        Ok(link)
    }
}

async fn session(links: &Links) -> Result<(Channel, Slot)> {
    let session = links.channel(ChannelKind::Session);
    tokio::time::timeout(Duration::from_secs(30), session)
        .await
        .expect("nobody waits for ever")
}

/// So many use a session for a moment, at once.
async fn outcomes(links: &Arc<Links>, users: usize) -> Vec<Result<()>> {
    let mut tasks = JoinSet::new();
    for _ in 0..users {
        let links = links.clone();
        tasks.spawn(async move {
            let (channel, slot) = session(&links).await?;
            yield_now().await;
            drop(channel);
            drop(slot);
            Ok(())
        });
    }
    tasks.join_all().await
}

async fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(60);
    while !holds() {
        assert!(Instant::now() < end, "never came true: {what}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn everyone_gets_a_turn() {
    for room in [2, 4, 10] {
        for max in [1, 2, 4] {
            for _ in 0..10 {
                let links = Server::new(room).links(max);
                for outcome in outcomes(&links, 40).await {
                    outcome.unwrap();
                }
                assert!(links.count() <= max);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn with_room_for_the_files_alone_there_is_a_second_link() {
    for _ in 0..20 {
        let server = Server::new(1);
        let links = server.links(2);
        for outcome in outcomes(&links, 40).await {
            outcome.unwrap();
        }
        assert_eq!(server.logins(), 1, "one for all who waited");
        assert_eq!(links.budget(), Some(0), "learned, and asked no more");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn without_any_room_everyone_is_told() {
    for _ in 0..20 {
        let links = Server::new(1).links(1);
        for outcome in outcomes(&links, 40).await {
            let error = outcome.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::ChannelRefused);
            assert_eq!(error.message(), "full", "the server's words");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_login_that_fails_is_not_repeated() {
    let server = Server::refusing(1, Some(ErrorKind::AuthenticationFailed));
    let links = server.links(4);
    for _ in 0..3 {
        for outcome in outcomes(&links, 10).await {
            let error = outcome.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::ChannelRefused);
            assert_eq!(
                error.context("further_link"),
                Some("log in: no second time")
            );
        }
    }
    assert_eq!(server.logins(), 1);
    let never = matches!(links.inner.lock().further, Further::Never(_));
    assert!(never, "however long it lasts");

    // With room on the first link everyone waits for it.
    let server = Server::refusing(3, Some(ErrorKind::HostChanged));
    let links = server.links(4);
    let held = (session(&links).await.unwrap(), session(&links).await);
    let late = tokio::spawn({
        let links = links.clone();
        async move { outcomes(&links, 10).await }
    });
    eventually("the login is tried", || server.logins() == 1).await;
    drop(held);
    for outcome in late.await.unwrap() {
        outcome.unwrap();
    }
    assert_eq!(server.logins(), 1);
}

#[tokio::test]
async fn a_failure_of_the_moment_is_tried_again_later_and_not_at_once() {
    let server = Server::refusing(1, Some(ErrorKind::ConnectionRefused));
    let links = server.links(4);
    for _ in 0..5 {
        assert!(session(&links).await.is_err());
    }
    assert_eq!(server.logins(), 1);
    {
        let mut state = links.inner.lock();
        let Further::NotBefore(at, _) = &mut state.further else {
            panic!("it is not believed for ever");
        };
        assert!(*at > Instant::now() + Duration::from_secs(10));
        *at = Instant::now();
    }
    assert!(session(&links).await.is_err());
    assert_eq!(server.logins(), 2);
}

#[tokio::test]
async fn a_server_without_channels_is_not_flooded_with_links() {
    // Room for the files, and none on any further link.
    let server = Server::new(0);
    let links = server.links(4);
    for _ in 0..3 {
        let error = session(&links).await.err().unwrap();
        assert_eq!(error.kind(), ErrorKind::ChannelRefused);
        assert!(error.context("further_link").is_some());
    }
    assert_eq!((server.logins(), links.count()), (1, 1));
    eventually("it is closed", || !server.further(0).is_alive()).await;
}

#[tokio::test]
async fn a_short_wait_is_cheaper_than_a_login() {
    let server = Server::new(2);
    let links = server.links(4);
    let held = session(&links).await.unwrap();
    let late = tokio::spawn({
        let links = links.clone();
        async move { session(&links).await.map(drop) }
    });
    eventually("the first link is known to be full", || {
        links.budget() == Some(1)
    })
    .await;
    drop(held);
    late.await.unwrap().unwrap();
    assert_eq!(server.logins(), 0);

    let held = session(&links).await.unwrap();
    drop(session(&links).await.unwrap());
    assert_eq!(server.logins(), 1, "but not for ever");
    drop(held);
}

#[tokio::test]
async fn an_idle_link_is_closed_and_one_in_use_is_not() {
    let idle = Duration::from_millis(50);
    let server = Server::new(1);
    let links = server.idling(4, idle);
    let held = session(&links).await.unwrap();
    tokio::time::sleep(idle * 4).await;
    assert!(links.count() == 2 && held.1.link_is_alive());
    drop(held);
    eventually("the idle link is gone", || links.count() == 1).await;
    eventually("it is closed", || !server.further(0).is_alive()).await;
    drop(session(&links).await.unwrap());
    assert_eq!(server.logins(), 2);
}

#[tokio::test]
async fn a_dead_link_takes_only_what_ran_on_it() {
    let server = Server::new(1);
    let links = server.links(2);
    let held = session(&links).await.unwrap();
    server.further(0).dead.cancel();
    assert!(!held.1.link_is_alive());
    drop(session(&links).await.unwrap());
    assert!(links.first().is_alive());
    assert_eq!(server.logins(), 2, "another took its place");
    drop(held);
    assert_eq!(links.count(), 2);
}

#[tokio::test]
async fn with_the_first_link_everything_ends() {
    let server = Server::new(1);
    let links = server.links(2);
    let held = session(&links).await.unwrap();
    let waiting = tokio::spawn({
        let links = links.clone();
        async move { session(&links).await.map(drop) }
    });
    yield_now().await;
    links.first().close().await;
    let error = waiting.await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionLost);
    eventually("the further link is closed too", || {
        !server.further(0).is_alive()
    })
    .await;
    drop(held);
}

#[tokio::test]
async fn closing_ends_every_link_and_a_login_under_way() {
    let server = Server::new(1);
    let links = server.links(4);
    let held = session(&links).await.unwrap();
    // Waits for its turn, and has a third link opened.
    let waiting = tokio::spawn({
        let links = links.clone();
        async move { session(&links).await.map(drop) }
    });
    eventually("a third link is being opened", || server.logins() == 2).await;
    links.close().await;
    assert_eq!(links.count(), 0);
    assert!(!server.further(0).is_alive() && !held.1.link_is_alive());
    let error = waiting.await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionLost);
    assert!(links.inner.tasks.is_empty(), "no task is left");
    assert_eq!(Arc::strong_count(&server.0), 1, "the login is forgotten");
    drop(held);
    let error = session(&links).await.err().unwrap();
    assert_eq!(error.kind(), ErrorKind::ConnectionLost);
}

#[tokio::test]
async fn a_slot_that_outlives_the_connection_holds_no_link() {
    let server = Server::new(1);
    let links = server.links(2);
    let (channel, slot) = session(&links).await.unwrap();
    let weak = Arc::downgrade(links.first());
    assert_eq!(Arc::strong_count(&server.0), 2, "ours and the opener's");
    drop(links);
    eventually("its keeper has left", || slot.inner.tasks.is_empty()).await;
    assert!(weak.upgrade().is_none());
    assert_eq!(Arc::strong_count(&server.0), 1, "the login is forgotten");
    assert_eq!(Arc::strong_count(&server.further(0)), 2, "the server's own");
    drop(channel);
    drop(slot);
}
