//! Several viewers, what each may do, and links for watching.

use super::*;
use connection_core::ErrorKind;
use connection_core::secret::Secret;
use connection_core::terminals::ViewerId;

#[tokio::test(flavor = "multi_thread")]
async fn two_type_and_one_watches() {
    for engine in SshEngine::ALL {
        let machine = Machine::start(engine, TerminalLimits::default()).await;
        let terminal = machine.terminal("stty raw -echo; echo; exec cat").await;
        let (mut ann, mut bob, mut eve) = (writer(&terminal), writer(&terminal), reader(&terminal));
        let mut seen = [Seen::default(), Seen::default(), Seen::default()];
        until(&mut ann, &mut seen[0], "\n").await;
        ann.input.write("ann;").await.unwrap();
        until(&mut ann, &mut seen[0], "ann;").await;
        bob.input.write("bob;").await.unwrap();
        until(&mut ann, &mut seen[0], "bob;").await;
        until(&mut bob, &mut seen[1], "\nann;bob;").await;
        until(&mut eve, &mut seen[2], "\nann;bob;").await;

        for refused in [
            eve.input.write("eve").await,
            eve.input.resize(90, 30).await,
            eve.input.signal("KILL").await,
        ] {
            assert_eq!(refused.unwrap_err().kind(), ErrorKind::PermissionDenied);
        }
        assert_eq!(terminal.info().columns, 80);
        bob.input.resize(132, 50).await.unwrap();
        for viewer in [&mut ann, &mut bob, &mut eve] {
            loop {
                if let ViewerEvent::Resized { columns, rows } = next(viewer).await {
                    assert_eq!((columns, rows), (132, 50));
                    break;
                }
            }
        }
        let modes: Vec<ViewerMode> = terminal.info().viewers.iter().map(|v| v.mode).collect();
        let (write, read) = (ViewerMode::Write, ViewerMode::Read);
        assert_eq!(modes, [write, write, read]);
        let gone = bob.input.id();
        drop(bob);
        loop {
            if let ViewerEvent::Viewers(viewers) = next(&mut eve).await
                && viewers.len() == 2
            {
                assert!(viewers.iter().all(|v: &_| v.id != gone));
                break;
            }
        }
        let ids: Vec<ViewerId> = terminal.info().viewers.iter().map(|v| v.id).collect();
        assert_eq!(ids, [ann.input.id(), eve.input.id()]);
        machine.store.shutdown().await;
    }
}

fn by_share(machine: &Machine, token: &Secret) -> connection_core::Result<Viewer> {
    let (terminal, share) = machine.store.shared_terminal(token)?;
    let mut how = Attach::new(ViewerMode::Write);
    how.share = Some(share);
    terminal.attach(how)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_share_shows_until_it_is_revoked() {
    let machine = Machine::start(SshEngine::Russh, TerminalLimits::default()).await;
    let terminal = machine.terminal("echo hello; exec cat").await;
    let (share, token) = terminal.share(Duration::from_secs(3600)).unwrap();
    let (other, other_token) = terminal.share(Duration::from_secs(3600)).unwrap();
    let mut guest = by_share(&machine, &token).unwrap();
    let mut second = by_share(&machine, &other_token).unwrap();
    let mut seen = Seen::default();
    until(&mut guest, &mut seen, "hello\r\n").await;
    assert_eq!(
        guest.input.mode(),
        ViewerMode::Read,
        "whatever was asked for"
    );
    let error = guest.input.write("x").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied);
    assert_eq!(terminal.info().viewers[0].share, Some(share.id));

    terminal.revoke(share.id).unwrap();
    loop {
        if let ViewerEvent::Closed(reason) = next(&mut guest).await {
            assert_eq!(reason, CloseReason::Revoked);
            break;
        }
    }
    for token in [token, Secret::from("0".repeat(64)), Secret::from("")] {
        let error = by_share(&machine, &token).err().unwrap();
        assert_eq!(error.kind(), ErrorKind::NotFound);
    }
    assert_eq!(
        terminal.revoke(share.id).unwrap_err().kind(),
        ErrorKind::NotFound
    );
    // The other share is not touched.
    let mut seen = Seen::default();
    until(&mut second, &mut seen, "hello\r\n").await;
    let left: Vec<_> = terminal.shares().iter().map(|s| s.id).collect();
    assert_eq!(left, [other.id]);
    for wrong in [Duration::ZERO, Duration::from_secs(31 * 24 * 3600)] {
        let error = terminal.share(wrong).err().unwrap();
        assert_eq!(error.context("field"), Some("expires_in"));
    }
    machine.store.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_share_ends_by_itself() {
    let machine = Machine::start(SshEngine::Russh, TerminalLimits::default()).await;
    let terminal = machine.terminal("echo hello; exec cat").await;
    let (_, token) = terminal.share(Duration::from_millis(400)).unwrap();
    let mut guest = by_share(&machine, &token).unwrap();
    loop {
        // Nothing else happens that could wake it.
        if let ViewerEvent::Closed(reason) = next(&mut guest).await {
            assert_eq!(reason, CloseReason::Revoked);
            break;
        }
    }
    let error = by_share(&machine, &token).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(terminal.shares().is_empty() && terminal.info().viewers.is_empty());
    machine.store.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn viewers_and_shares_are_limited() {
    let limits = TerminalLimits {
        viewers: 2,
        shares: 1,
        ..TerminalLimits::default()
    };
    let machine = Machine::start(SshEngine::Russh, limits).await;
    let terminal = machine.terminal("exec cat").await;
    let held = [writer(&terminal), reader(&terminal)];
    let error = terminal
        .attach(Attach::new(ViewerMode::Read))
        .err()
        .unwrap();
    assert_eq!(error.kind(), ErrorKind::LimitReached);
    drop(held);
    drop(writer(&terminal));
    let (share, _) = terminal.share(Duration::from_secs(60)).unwrap();
    let error = terminal.share(Duration::from_secs(60)).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::LimitReached);
    terminal.revoke(share.id).unwrap();
    terminal.share(Duration::from_secs(60)).unwrap();
    machine.store.shutdown().await;
}
