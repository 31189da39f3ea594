//! A runtime in memory, with state, conflicts and faults on demand.
//!
//! It exists for fault injection only; that Podman really behaves like this is shown by the tests on a real one. The
//! parts: the objects it holds, the faults that can be armed, and the journal of calls.

mod apps;
mod effects;
mod events;
mod faults;
mod follow;
mod implementation;
mod journal;
mod meddling;
mod objects;
mod recreation;
mod snapshot;
mod world;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use stardeck_service::runtime::{RuntimeError, RuntimeResult};
use tokio::sync::watch;

pub use journal::{Call, Method};
pub use snapshot::{ContainerFacts, Snapshot};
pub use world::{ForeignContainer, POSTGRES_16, POSTGRES_17, TakenContainer};

pub(crate) use faults::Fault;
pub(crate) use objects::Objects;

use crate::{deadline::within_deadline, engine::registry};
use faults::Faults;

/// A runtime in memory. Clones are the same runtime, and it outlives the server that uses it.
#[derive(Clone)]
pub struct FakeRuntime {
    inner: Arc<Inner>,
}

pub(crate) struct Inner {
    state: Mutex<State>,
    pub(crate) feed: events::Feed,
    /// Counts releases; calls that hang wait for the next.
    releases: watch::Sender<u32>,
    /// How many calls hang now.
    hanging: watch::Sender<u32>,
}

#[derive(Default)]
pub(crate) struct State {
    pub(crate) objects: Objects,
    pub(crate) faults: Faults,
    journal: Vec<Call>,
}

/// Arming faults, and looking at what happened.
impl FakeRuntime {
    /// A runtime with an image of PostgreSQL 16, a registry with one of 17, and nothing else.
    pub fn new() -> Self {
        registry::sweep();
        let inner = Inner {
            state: Mutex::default(),
            feed: events::Feed::default(),
            releases: watch::Sender::new(0),
            hanging: watch::Sender::new(0),
        };
        let runtime = Self { inner: Arc::new(inner) };
        runtime.add_usual_images();
        runtime
    }

    /// The N-th call from now on, counted from 1, changes nothing and fails.
    pub fn fail_at(&self, call: u32, error: RuntimeError) {
        self.inner.lock().faults.arm_call(call, Fault::Fail(error));
    }

    /// The N-th call from now on is carried out, and fails nevertheless.
    pub fn lose_answer_at(&self, call: u32, error: RuntimeError) {
        self.inner.lock().faults.arm_call(call, Fault::LoseAnswer(error));
    }

    /// The N-th call from now on changes nothing and does not return; see [`Self::release`].
    pub fn hang_before(&self, call: u32) {
        self.inner.lock().faults.arm_call(call, Fault::HangBefore);
    }

    /// The N-th call from now on is carried out and does not return; see [`Self::release`].
    pub fn hang_after(&self, call: u32) {
        self.inner.lock().faults.arm_call(call, Fault::HangAfter);
    }

    /// The next calls of this method, so many, change nothing and fail.
    pub fn fail_method(&self, method: Method, error: RuntimeError, times: u32) {
        self.inner.lock().faults.arm_method(method, Fault::Fail(error), times);
    }

    /// The next calls of this method, so many, are carried out and fail nevertheless.
    pub fn lose_answer_of(&self, method: Method, error: RuntimeError, times: u32) {
        self.inner.lock().faults.arm_method(method, Fault::LoseAnswer(error), times);
    }

    /// The next call of this method changes nothing and does not return; see [`Self::release`].
    pub fn hang_method(&self, method: Method) {
        self.inner.lock().faults.arm_method(method, Fault::HangBefore, 1);
    }

    /// The next call of this method is carried out and does not return; see [`Self::release`].
    pub fn hang_after_method(&self, method: Method) {
        self.inner.lock().faults.arm_method(method, Fault::HangAfter, 1);
    }

    /// From now on the runtime does not answer.
    pub fn go_away(&self) {
        self.inner.lock().faults.go_away();
    }

    /// From the N-th call on the runtime does not answer, for so many calls; None for until [`Self::come_back`].
    pub fn go_away_at(&self, call: u32, refusals: Option<u32>) {
        self.inner.lock().faults.go_away_at(call, refusals);
    }

    /// The runtime answers again.
    pub fn come_back(&self) {
        self.inner.lock().faults.come_back();
    }

    /// Lets calls that hang go on.
    pub fn release(&self) {
        self.inner.releases.send_modify(|count| *count += 1);
    }

    /// Forgets all faults.
    pub fn clear_faults(&self) {
        self.inner.lock().faults.reset();
    }

    /// Whether the fault that was armed last has struck a call.
    pub fn has_struck(&self) -> bool {
        self.inner.lock().faults.has_struck
    }

    /// Waits until a call hangs.
    ///
    /// # Panics
    /// When none does within the deadline.
    pub async fn until_hanging(&self) {
        let mut hanging = self.inner.hanging.subscribe();
        within_deadline("a call that hangs", hanging.wait_for(|count| *count > 0))
            .await
            .expect("we hold the sender");
    }

    /// All calls so far.
    pub fn journal(&self) -> Vec<Call> {
        self.inner.lock().journal.clone()
    }

    /// How often a method was called so far.
    pub fn count(&self, method: Method) -> usize {
        self.inner.lock().journal.iter().filter(|call| call.method == method).count()
    }

    pub(crate) fn inner(&self) -> &Arc<Inner> {
        &self.inner
    }
}

impl Default for FakeRuntime {
    fn default() -> Self {
        Self::new()
    }
}

impl Inner {
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes the call down, lets an armed fault strike, and carries the call out.
    pub(crate) async fn call<T>(
        &self,
        method: Method,
        subject: &str,
        effect: impl FnOnce(&mut Objects) -> RuntimeResult<T> + Send,
    ) -> RuntimeResult<T> {
        match self.begin(method, subject).await {
            None => {
                let answer = effect(&mut self.lock().objects);
                self.feed.called(method, subject);
                answer
            }
            Some(Fault::Fail(error)) => Err(error),
            Some(Fault::LoseAnswer(error)) => {
                // What the call itself would have answered is lost, too.
                drop(effect(&mut self.lock().objects));
                Err(error)
            }
            Some(Fault::HangBefore) => {
                self.hang().await;
                effect(&mut self.lock().objects)
            }
            Some(Fault::HangAfter) => {
                let answer = effect(&mut self.lock().objects);
                self.hang().await;
                answer
            }
        }
    }

    /// Writes the call down and says which fault strikes it.
    pub(crate) async fn begin(&self, method: Method, subject: &str) -> Option<Fault> {
        // A real call is never done in one go, so that others get their turn here too.
        tokio::task::yield_now().await;
        let mut state = self.lock();
        let fault = state.faults.next(method);
        let number = u32::try_from(state.journal.len()).unwrap_or(u32::MAX).saturating_add(1);
        let call = Call { number, method, subject: subject.to_owned(), is_struck: fault.is_some() };
        state.journal.push(call);
        fault
    }

    /// Returns when calls that hang are released.
    pub(crate) async fn hang(&self) {
        let mut releases = self.releases.subscribe();
        let before = *releases.borrow_and_update();
        self.hanging.send_modify(|count| *count += 1);
        let _count_down = CountDown(&self.hanging);
        // An error would mean that the runtime is gone, and with it everybody who waits.
        if releases.wait_for(|count| *count > before).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// Counts a call that hangs down again, also when whoever made it gives up.
struct CountDown<'a>(&'a watch::Sender<u32>);

impl Drop for CountDown<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}
