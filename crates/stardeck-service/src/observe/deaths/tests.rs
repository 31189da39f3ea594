//! Ends of a container, as inspections show them.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use stardeck_domain::{ContainerId, ImageId};

use super::*;
use crate::runtime::ContainerSetup;

const PAUSE: Duration = Duration::from_secs(5);

/// A container that was started `run` minutes after the epoch.
fn container(run: i64, restart_count: u32, state: ContainerState) -> ContainerDetails {
    ContainerDetails {
        id: ContainerId::new("c1"),
        name: "stardeck-db-shop".to_owned(),
        state,
        exit_code: Some(1),
        oom_killed: false,
        restart_count,
        started_at: Some(DateTime::UNIX_EPOCH + TimeDelta::minutes(run)),
        labels: BTreeMap::new(),
        image_id: ImageId::new("i1"),
        addresses: BTreeMap::new(),
        aliases: BTreeMap::new(),
        setup: ContainerSetup::default(),
    }
}

#[test]
fn another_start_is_told_once_and_not_when_an_operation_did_it() {
    let mut deaths = Deaths::default();
    let at = |run| seen::Seen::inspected(&container(run, 0, ContainerState::Running));
    let told = |deaths: &mut Deaths| {
        [0, 0, 1, 1].map(|run| {
            let is_anew = deaths.is_started_anew(&at(run));
            assert_eq!(deaths.is_started_anew(&at(run)), is_anew, "until it is written down");
            deaths.written_down(&at(run));
            is_anew
        })
    };
    assert_eq!(told(&mut deaths), [false, false, true, false]);
    deaths.begin_after(Some(OperationId::new()));
    assert_eq!(told(&mut deaths), [false, false, true, false]);
    let down = seen::Seen::inspected(&container(2, 0, ContainerState::Exited));
    assert!(!deaths.is_started_anew(&down));
}

#[test]
fn another_start_within_the_same_second_is_told_by_an_inspection_and_once() {
    let mut deaths = Deaths::default();
    let at = |milliseconds| {
        let mut details = container(1, 0, ContainerState::Running);
        details.started_at = details.started_at.map(|at| at + TimeDelta::milliseconds(milliseconds));
        seen::Seen::inspected(&details)
    };
    let listed = seen::Seen { started_exactly: None, ..at(0) };
    let told = [&at(100), &listed, &at(100), &at(900), &listed, &at(900)].map(|look| {
        let is_anew = deaths.is_started_anew(look);
        deaths.written_down(look);
        is_anew
    });
    assert_eq!(told, [false, false, false, true, false, false]);
}

#[test]
fn another_restart_within_the_same_second_is_news_to_an_inspection() {
    let mut deaths = Deaths::default();
    let mut look =
        |restarts| deaths.is_news(&seen::Seen::inspected(&container(0, restarts, ContainerState::Exited)));
    assert_eq!([0, 0, 1, 5, 5].map(&mut look), [true, false, true, true, false]);
    let listed =
        seen::Seen { restarts: None, ..seen::Seen::inspected(&container(0, 6, ContainerState::Exited)) };
    assert!(!deaths.is_news(&listed), "the list does not tell");
}

#[test]
fn one_that_runs_on_is_left_alone() {
    let (mut deaths, now) = (Deaths::default(), Instant::now());
    for _ in 0..3 {
        let advice =
            deaths.note(&container(0, 0, ContainerState::Running), Origin::Created, true, PAUSE, now);
        assert_eq!(advice, Advice::Nothing);
    }
}

#[test]
fn one_that_ended_starts_again_after_a_pause_that_grows_and_recovers() {
    let (mut deaths, mut now) = (Deaths::default(), Instant::now());
    deaths.note(&container(0, 0, ContainerState::Running), Origin::Created, true, PAUSE, now);
    for (run, pause) in [(0, 5), (1, 10), (2, 20), (3, 40), (4, 80), (5, 160), (6, 300), (7, 300)] {
        now += Duration::from_secs(61);
        let pause = Duration::from_secs(pause);
        let advice =
            deaths.note(&container(run, 0, ContainerState::Exited), Origin::Created, true, PAUSE, now);
        assert_eq!(advice, Advice::StartAfter(pause), "run {run}");
        assert!(!deaths.take_due(now) && deaths.is_waiting());
        now += pause;
        assert!(deaths.take_due(now) && !deaths.is_waiting() && !deaths.take_due(now));
        deaths.note(&container(run + 1, 0, ContainerState::Running), Origin::Created, true, PAUSE, now);
    }
    now += CALM_AFTER + Duration::from_secs(1);
    let advice = deaths.note(&container(8, 0, ContainerState::Exited), Origin::Created, true, PAUSE, now);
    assert_eq!(advice, Advice::StartAfter(PAUSE));
}

#[test]
fn ends_between_which_somebody_started_it_are_no_loop() {
    let (mut deaths, now) = (Deaths::default(), Instant::now());
    for run in 0..6 {
        deaths.begin_after(Some(OperationId::new()));
        deaths.note(&container(run, 0, ContainerState::Running), Origin::Created, true, PAUSE, now);
        let advice =
            deaths.note(&container(run, 0, ContainerState::Exited), Origin::Created, true, PAUSE, now);
        assert!(matches!(advice, Advice::StartAfter(_)), "run {run}: {advice:?}");
    }
    // Our own start begins nothing anew.
    let own = OperationId::new();
    let down = seen::Seen::inspected(&container(5, 0, ContainerState::Exited));
    deaths.begin_own_start(own, &down);
    deaths.begin_after(Some(own));
    for (run, is_over) in [(6, false), (7, true)] {
        deaths.note(&container(run, 0, ContainerState::Running), Origin::Created, true, PAUSE, now);
        let advice =
            deaths.note(&container(run, 0, ContainerState::Exited), Origin::Created, true, PAUSE, now);
        assert_eq!(matches!(advice, Advice::GiveUp { .. }), is_over, "run {run}: {advice:?}");
    }
}

#[test]
fn restarts_by_podman_count_even_when_it_is_seen_running() {
    let (mut deaths, now) = (Deaths::default(), Instant::now());
    deaths.note(&container(0, 0, ContainerState::Running), Origin::Created, true, PAUSE, now);
    let advice = deaths.note(&container(1, 2, ContainerState::Running), Origin::Created, true, PAUSE, now);
    assert_eq!(advice, Advice::Nothing);
    let advice = deaths.note(&container(2, 3, ContainerState::Running), Origin::Created, true, PAUSE, now);
    assert_eq!(advice, Advice::GiveUp { times: 3 });
}

#[test]
fn three_ends_spread_over_more_than_a_minute_are_no_loop() {
    let (mut deaths, now) = (Deaths::default(), Instant::now());
    deaths.note(&container(0, 0, ContainerState::Running), Origin::Created, true, PAUSE, now);
    for run in 1..=5_u32 {
        let at = now + Duration::from_secs(31) * run;
        let advice = deaths.note(
            &container(run.into(), run, ContainerState::Running),
            Origin::Created,
            true,
            PAUSE,
            at,
        );
        assert_eq!(advice, Advice::Nothing);
    }
}

#[test]
fn adopted_one_is_never_started_and_its_loop_is_over_when_it_has_run_for_a_while() {
    let (mut deaths, now) = (Deaths::default(), Instant::now());
    let note = |deaths: &mut Deaths, restarts, state| {
        deaths.note(&container(0, restarts, state), Origin::Adopted, true, PAUSE, now)
    };
    assert_eq!(note(&mut deaths, 0, ContainerState::Running), Advice::Nothing);
    assert_eq!(note(&mut deaths, 0, ContainerState::Exited), Advice::LeaveToOthers);
    assert!(!deaths.is_waiting());
    assert_eq!(note(&mut deaths, 3, ContainerState::Running), Advice::GiveUp { times: 3 });
    assert!(deaths.due().is_some_and(|due| due > now), "it is looked at again");
    let again = seen::Seen::inspected(&container(1, 4, ContainerState::Running));
    let started = again.started_at.unwrap();
    let mut is_left =
        |seconds| deaths.has_given_up_on(&again, Origin::Adopted, started + TimeDelta::seconds(seconds));
    assert!(is_left(9) && !is_left(10) && !is_left(11));
}

#[test]
fn one_of_ours_that_was_given_up_is_left_alone_until_somebody_starts_it_after_its_stop() {
    let (mut deaths, now) = (Deaths::default(), Instant::now());
    let mut note =
        |restarts, state| deaths.note(&container(0, restarts, state), Origin::Created, true, PAUSE, now);
    assert_eq!(note(0, ContainerState::Running), Advice::Nothing);
    assert_eq!(note(3, ContainerState::Running), Advice::GiveUp { times: 3 });
    let next = seen::Seen::inspected(&container(1, 4, ContainerState::Running));
    let is_left = |deaths: &mut Deaths, seen| deaths.has_given_up_on(seen, Origin::Created, Utc::now());
    assert!(is_left(&mut deaths, &next), "Podman starts it once more before it is stopped");
    deaths.stop_of_given_up().set(DateTime::UNIX_EPOCH + TimeDelta::seconds(90)).unwrap();
    assert!(is_left(&mut deaths, &next), "what was seen before the stop");
    let down = seen::Seen::inspected(&container(1, 4, ContainerState::Exited));
    assert!(is_left(&mut deaths, &down));
    let by_somebody = seen::Seen::inspected(&container(2, 0, ContainerState::Running));
    assert!(!is_left(&mut deaths, &by_somebody));
}

#[test]
fn a_start_by_somebody_else_begins_a_new_count() {
    let (mut deaths, now) = (Deaths::default(), Instant::now());
    deaths.note(&container(0, 5, ContainerState::Exited), Origin::Created, false, PAUSE, now);
    let advice = deaths.note(&container(1, 0, ContainerState::Running), Origin::Created, false, PAUSE, now);
    assert_eq!(advice, Advice::Nothing);
    let advice = deaths.note(&container(1, 0, ContainerState::Exited), Origin::Created, false, PAUSE, now);
    assert_eq!(advice, Advice::StartAfter(PAUSE));
}

#[test]
fn what_an_operation_did_is_no_end_by_itself() {
    let (mut deaths, now) = (Deaths::default(), Instant::now());
    deaths.begin_after(Some(OperationId::new()));
    deaths.note(&container(0, 0, ContainerState::Running), Origin::Created, true, PAUSE, now);
    deaths.begin_after(Some(OperationId::new()));
    let advice = deaths.note(&container(0, 0, ContainerState::Exited), Origin::Created, false, PAUSE, now);
    assert_eq!(advice, Advice::Nothing);
}

#[test]
fn what_ended_before_the_first_look_counts_once_and_only_when_it_was_believed_to_run() {
    let now = Instant::now();
    let ended = container(0, 5, ContainerState::Exited);
    assert_eq!(Deaths::default().note(&ended, Origin::Created, false, PAUSE, now), Advice::Nothing);
    assert_eq!(Deaths::default().note(&ended, Origin::Created, true, PAUSE, now), Advice::StartAfter(PAUSE));
}

#[test]
fn an_end_after_a_start_of_our_own_counts_and_a_start_that_did_not_come_about_does_not() {
    let (mut deaths, now) = (Deaths::default(), Instant::now());
    let note = |deaths: &mut Deaths, run| {
        deaths.note(&container(run, 0, ContainerState::Exited), Origin::Created, false, PAUSE, now)
    };
    let down = seen::Seen::inspected(&container(0, 0, ContainerState::Exited));
    let start = |deaths: &mut Deaths| {
        let operation = OperationId::new();
        deaths.begin_own_start(operation, &down);
        deaths.begin_after(Some(operation));
    };
    start(&mut deaths);
    assert_eq!(note(&mut deaths, 0), Advice::Nothing, "its port was taken, say");
    start(&mut deaths);
    assert_eq!(note(&mut deaths, 1), Advice::StartAfter(PAUSE));
    start(&mut deaths);
    assert_eq!(note(&mut deaths, 2), Advice::StartAfter(PAUSE));
    start(&mut deaths);
    assert_eq!(note(&mut deaths, 3), Advice::GiveUp { times: 3 });
}
