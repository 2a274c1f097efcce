//! The rules of granting connections, without any connection.

use crate::ftp::room::{Lane, Lease, Place, Room};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot::Receiver;

const LATER: Duration = Duration::from_secs(30);

fn room(limit: usize) -> Arc<Room<u32>> {
    Room::new(NonZeroUsize::new(limit).unwrap())
}

fn ask(room: &Arc<Room<u32>>, lane: Lane) -> Receiver<Lease<u32>> {
    room.ask(lane, Place::Back)
}

fn now(mut answer: Receiver<Lease<u32>>) -> Lease<u32> {
    answer.try_recv().unwrap()
}

/// Asks for a connection and opens it.
fn open(room: &Arc<Room<u32>>, lane: Lane) -> Lease<u32> {
    let mut lease = now(ask(room, lane));
    assert_eq!(lease.take(), None);
    lease.opened();
    lease
}

#[test]
fn there_are_never_more_than_the_limit_those_being_opened_included() {
    let room = room(3);
    let mut held: Vec<_> = (0..3).map(|_| open(&room, Lane::Short)).collect();
    let mut fourth = ask(&room, Lane::Short);
    assert!(fourth.try_recv().is_err());
    // One that is probed counts as well.
    assert!(held.pop().unwrap().give_back(7).is_none());
    assert_eq!(fourth.try_recv().unwrap().take(), Some(7));
    assert_eq!(room.census().open, 2, "the fourth dropped its connection");
    assert!(held.pop().unwrap().give_back(8).is_none());
    let (_probed, _) = room.take_idle(|_| true).unwrap();
    let opening = now(ask(&room, Lane::Short));
    assert_eq!(room.census().open, 3);
    assert!(ask(&room, Lane::Short).try_recv().is_err());
    drop(opening);
}

#[test]
fn beyond_what_worked_connections_are_opened_one_after_another() {
    let room = room(8);
    let mut first = now(ask(&room, Lane::Short));
    let mut second = ask(&room, Lane::Short);
    let mut third = ask(&room, Lane::Short);
    assert!(second.try_recv().is_err());
    first.opened();
    let mut second = second.try_recv().unwrap();
    assert!(third.try_recv().is_err());
    second.opened();
    let mut third = third.try_recv().unwrap();
    third.opened();
    // Three have worked, so three are opened side by side the next time.
    drop((first, second, third));
    let again: Vec<_> = (0..4).map(|_| ask(&room, Lane::Short)).collect();
    let granted = again.into_iter().filter_map(|mut a| a.try_recv().ok());
    assert_eq!(granted.collect::<Vec<_>>().len(), 3);
}

#[test]
fn a_refusal_teaches_the_number_there_was() {
    let room = room(8);
    let held = [open(&room, Lane::Transfer), open(&room, Lane::Transfer)];
    let refused = now(ask(&room, Lane::Transfer));
    assert_eq!(refused.others(), 2);
    assert_eq!(refused.refused(true, LATER), (2, LATER));
    assert_eq!(room.census().allowed, Some(2));
    assert!(ask(&room, Lane::Short).try_recv().is_err());
    // Known also when all are gone.
    drop(held);
    assert_eq!(room.census().allowed, Some(2));
    let _held = [open(&room, Lane::Short), open(&room, Lane::Short)];
    assert!(ask(&room, Lane::Short).try_recv().is_err());
}

#[test]
fn waits_grow_and_a_login_that_works_again_ends_them() {
    let room = room(3);
    let _first = open(&room, Lane::Short);
    for wait in [0, 1, 2, 4] {
        let mut last = now(room.ask(Lane::Short, Place::Front));
        last.take();
        let first_wait = Duration::from_nanos(wait.min(1));
        let (allowed, waited) = last.refused(true, first_wait);
        assert_eq!((allowed, waited), (1, Duration::from_nanos(wait)));
        std::thread::yield_now();
    }
    let mut second = now(ask(&room, Lane::Short));
    assert_eq!(second.opened(), Some(2));
    assert_eq!(room.census().allowed, Some(2));
    let _third = open(&room, Lane::Short);
    assert_eq!(room.census().allowed, None, "all that are wanted");
}

#[test]
fn what_the_network_refused_is_forgotten_with_the_last_connection() {
    let room = room(8);
    let held = open(&room, Lane::Short);
    now(ask(&room, Lane::Short)).refused(false, LATER);
    assert_eq!(room.census().allowed, Some(1));
    drop(held);
    assert_eq!(room.census().allowed, None);
}

#[test]
fn streams_leave_a_connection_for_short_operations() {
    let room = room(3);
    let _held = [open(&room, Lane::Transfer), open(&room, Lane::Transfer)];
    let mut stream = ask(&room, Lane::Transfer);
    assert!(stream.try_recv().is_err());
    // The waiting stream does not hold up what comes behind it.
    let short = open(&room, Lane::Short);
    assert!(short.give_back(1).is_none());
    assert!(stream.try_recv().is_err());
}

#[test]
fn one_connection_is_for_everything() {
    let room = room(1);
    let stream = open(&room, Lane::Transfer);
    let mut short = ask(&room, Lane::Short);
    assert!(short.try_recv().is_err());
    assert!(stream.give_back(5).is_none());
    assert_eq!(short.try_recv().unwrap().take(), Some(5));
}

#[test]
fn a_request_that_was_given_up_costs_nobody_a_turn() {
    let room = room(1);
    let held = open(&room, Lane::Short);
    let gone = ask(&room, Lane::Short);
    let mut next = ask(&room, Lane::Short);
    drop(gone);
    assert_eq!(room.census().waiting, 1);
    assert!(held.give_back(3).is_none());
    // Granted and never taken: the connection is not lost.
    let granted = next.try_recv().unwrap();
    drop(granted);
    assert_eq!(now(ask(&room, Lane::Short)).take(), Some(3));
}

#[test]
fn a_dead_connection_is_replaced_within_the_room_it_had() {
    let room = room(1);
    assert!(open(&room, Lane::Short).give_back(3).is_none());
    let mut lease = now(ask(&room, Lane::Short));
    assert_eq!(lease.take(), Some(3));
    lease.renew();
    assert_eq!(lease.take(), None, "leave to open one");
    assert_eq!(room.census().open, 1);
    lease.opened();
    assert!(lease.give_back(4).is_none());
    assert_eq!(room.census().open, 1);
}

#[test]
fn closing_ends_the_queue_and_takes_no_connection_back() {
    let room = room(1);
    let held = open(&room, Lane::Short);
    let mut waiting = ask(&room, Lane::Short);
    assert!(room.close().is_empty());
    assert!(waiting.try_recv().is_err());
    assert_eq!(held.give_back(9), Some(9));
    assert!(ask(&room, Lane::Short).try_recv().is_err());
    assert_eq!(room.census().open, 0);
}
