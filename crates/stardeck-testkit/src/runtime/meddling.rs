//! What somebody with the runtime's own program does to containers behind Stardeck's back. Each is told as an event.

use stardeck_domain::ContainerId;
use stardeck_service::runtime::{ContainerState, Labels, ObjectKind};

use super::{FakeRuntime, objects::Container};

impl FakeRuntime {
    /// Freezes a container.
    pub fn pause_container(&self, name: &str) {
        self.meddle(name, "pause", |container| container.state = ContainerState::Paused);
    }

    /// Lets it go on.
    pub fn unpause_container(&self, name: &str) {
        self.meddle(name, "unpause", |container| container.state = ContainerState::Running);
    }

    /// Stops it and starts it again, before anybody can look.
    pub fn restart_container(&self, name: &str) {
        self.meddle(name, "restart", Container::start_once_more);
    }

    /// The kernel kills it for want of memory.
    pub fn kill_for_memory(&self, name: &str) {
        self.inner().lock().objects.end_container(name, 137);
        self.meddle(name, "died", |container| container.oom_killed = true);
    }

    /// Gives it another name.
    pub fn rename_container(&self, name: &str, new: &str) {
        let mut state = self.inner().lock();
        let container = state.objects.containers.remove(name).expect("the container exists");
        let id = container.id.clone();
        state.objects.containers.insert(new.to_owned(), container);
        drop(state);
        self.inner().feed.happened(ObjectKind::Container, "rename", id.as_str());
    }

    /// Removes it and makes it anew under the same name, running, with the labels it had or with these.
    pub fn replace_container(&self, name: &str, labels: Option<Labels>) {
        let number = self.inner().lock().objects.next_number();
        self.meddle(name, "start", |container| {
            container.id = ContainerId::new(format!("{number:064x}"));
            if let Some(labels) = labels {
                container.labels = labels;
            }
        });
    }

    /// Takes it off a network.
    pub fn take_off_network(&self, name: &str, network: &str) {
        let mut state = self.inner().lock();
        state.objects.containers.get_mut(name).expect("the container exists").networks.remove(network);
        drop(state);
        self.inner().feed.happened(ObjectKind::Network, "disconnect", name);
    }

    /// From now on the healthchecks of containers that are made anew fail, as those do that miss something.
    pub fn recreate_unhealthy(&self) {
        self.inner().lock().objects.recreates_unhealthy = true;
    }

    /// Removes a secret.
    pub fn remove_secret_by_hand(&self, name: &str) {
        self.inner().lock().objects.secrets.remove(name);
        self.inner().feed.happened(ObjectKind::Secret, "remove", name);
    }

    /// Tells that something happened to a container, as after any change that is told by no method here.
    pub fn tell_of(&self, name: &str) {
        self.inner().feed.happened(ObjectKind::Container, "changed", name);
    }

    fn meddle(&self, name: &str, action: &str, change: impl FnOnce(&mut Container)) {
        change(self.inner().lock().objects.containers.get_mut(name).expect("the container exists"));
        self.inner().feed.happened(ObjectKind::Container, action, name);
    }
}
