//! Answers that are ready: a page of the databases that is asked for again is sent again, as long as nothing was written.

use std::time::{Duration, Instant};

use stardeck_service::{Page, databases::Databases};
use tokio::sync::Mutex;

use crate::{
    dto::{
        databases::{DatabaseList, DatabaseView},
        lists::views,
    },
    etag::Body,
    problem::Problem,
};

/// How many pages are ready at most. The largest is about a megabyte.
const PAGES: usize = 8;
/// How long a page is good at most: what another process writes is not counted, nor what changes on the host.
const GOOD_FOR: Duration = Duration::from_secs(1);

/// Pages of the list of databases.
#[derive(Default)]
pub(crate) struct ReadyPages(Mutex<Vec<Ready>>);

struct Ready {
    page: Page,
    body: Body,
    /// How much had been changed before it was read.
    changes: u64,
    read_at: Instant,
}

impl ReadyPages {
    /// A page as it is now.
    pub(crate) async fn get(&self, databases: &Databases, page: Page) -> Result<Body, Problem> {
        let part = page.clone();
        let make = async || {
            let (items, next_cursor) = views(databases.list(part).await?, DatabaseView::of);
            Body::of(&DatabaseList { items, next_cursor })
        };
        self.get_or_make(|| databases.changes(), page, make).await
    }

    /// One that has to be made is made once, for all who wait for it: also while much is written, where each of them would
    /// otherwise make it anew after the other.
    async fn get_or_make(
        &self,
        changes: impl Fn() -> u64,
        page: Page,
        make: impl AsyncFnOnce() -> Result<Body, Problem>,
    ) -> Result<Body, Problem> {
        let asked_at = Instant::now();
        let mut pages = self.0.lock().await;
        // Before the store is read: what is changed meanwhile makes the page an old one.
        let (changes, read_at) = (changes(), Instant::now());
        pages.retain(|ready| {
            let is_unchanged = ready.changes == changes && read_at.duration_since(ready.read_at) < GOOD_FOR;
            // What was read after somebody asked is what there was when that one asked, or newer.
            is_unchanged || ready.read_at >= asked_at
        });
        if let Some(ready) = pages.iter().find(|ready| ready.page == page) {
            return Ok(ready.body.clone());
        }
        let body = make().await?;
        if pages.len() >= PAGES {
            pages.remove(0);
        }
        pages.push(Ready { page, body: body.clone(), changes, read_at });
        Ok(body)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use futures_util::future::join_all;

    use super::*;

    #[tokio::test]
    async fn all_who_wait_share_a_page_though_something_is_written_all_the_time() {
        let (pages, made, writes) = (ReadyPages::default(), Cell::new(0), Cell::new(0));
        let ask = || {
            let page = async || {
                made.set(made.get() + 1);
                tokio::task::yield_now().await;
                Body::of(&made.get())
            };
            let changes = || {
                writes.set(writes.get() + 1);
                writes.get()
            };
            pages.get_or_make(changes, Page { limit: 100, after: None }, page)
        };
        for answer in join_all((0..50).map(|_| ask())).await {
            assert!(answer.is_ok());
        }
        // The first was being made when the others asked, so that it may be older than what they want.
        assert_eq!(made.get(), 2);
        assert!(ask().await.is_ok());
        assert_eq!(made.get(), 3, "who asks later is told what was written since");
    }
}
