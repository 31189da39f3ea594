//! What the fake runtime tells of its own accord. By default nothing, so that nobody looks who was not asked to and a
//! test can count calls.

use std::sync::{Mutex, PoisonError};

use chrono::Utc;
use stardeck_service::runtime::{ObjectKind, RuntimeChange, RuntimeEvent};
use tokio::sync::mpsc;

use super::{FakeRuntime, Method};

/// Who listens, and whether there is anything to hear.
#[derive(Debug, Default)]
pub(crate) struct Feed(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    is_told: bool,
    is_cut: bool,
    listeners: Vec<mpsc::UnboundedSender<RuntimeEvent>>,
}

impl Feed {
    fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A new listener.
    pub(crate) fn listen(&self) -> mpsc::Receiver<RuntimeEvent> {
        let (unbounded, mut told) = mpsc::unbounded_channel();
        self.with(|state| {
            if state.is_told && !state.is_cut {
                unbounded.send(RuntimeEvent::Connected).ok();
            }
            state.listeners.push(unbounded);
        });
        let (sender, receiver) = mpsc::channel(16);
        tokio::spawn(async move {
            while let Some(event) = told.recv().await {
                if sender.send(event).await.is_err() {
                    return;
                }
            }
        });
        receiver
    }

    /// Something happened; nobody hears it while the stream is cut.
    pub(crate) fn happened(&self, what: ObjectKind, action: &str, id: &str) {
        let change = RuntimeChange {
            what,
            action: action.to_owned(),
            id: id.to_owned(),
            name: Some(id.to_owned()),
            at: Utc::now(),
        };
        self.with(|state| {
            if state.is_told && !state.is_cut {
                state.tell(&RuntimeEvent::Changed(change));
            }
        });
    }

    /// What a call of ours changed is told like everything else.
    pub(crate) fn called(&self, method: Method, subject: &str) {
        let what = match method {
            Method::CreateContainer
            | Method::StartContainer
            | Method::StopContainer
            | Method::RemoveContainer => ObjectKind::Container,
            Method::ConnectNetwork | Method::DisconnectNetwork => ObjectKind::Network,
            Method::CreateVolume | Method::RemoveVolume => ObjectKind::Volume,
            _ => return,
        };
        self.happened(what, "called", subject);
    }
}

impl State {
    fn tell(&mut self, event: &RuntimeEvent) {
        self.listeners.retain(|listener| listener.send(event.clone()).is_ok());
    }
}

/// Letting the runtime tell what happens.
impl FakeRuntime {
    /// From now on the runtime tells what happens. To be called before the services start.
    pub fn tell_events(&self) {
        self.inner().feed.with(|state| state.is_told = true);
    }

    /// Cuts the stream of events: what happens from now on is never told.
    pub fn cut_events(&self) {
        self.inner().feed.with(|state| {
            state.is_cut = true;
            state.tell(&RuntimeEvent::Lost { detail: "connection reset".to_owned() });
        });
    }

    /// The runtime is heard again.
    pub fn mend_events(&self) {
        self.inner().feed.with(|state| {
            state.is_cut = false;
            state.tell(&RuntimeEvent::Connected);
        });
    }
}
