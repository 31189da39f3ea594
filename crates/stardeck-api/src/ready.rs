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
    /// A page as it is now. One that has to be made is made once, for all who wait for it.
    pub(crate) async fn get(&self, databases: &Databases, page: Page) -> Result<Body, Problem> {
        let mut pages = self.0.lock().await;
        // Before the store is read: what is changed meanwhile makes the page an old one.
        let (changes, read_at) = (databases.changes(), Instant::now());
        pages.retain(|ready| ready.changes == changes && read_at.duration_since(ready.read_at) < GOOD_FOR);
        if let Some(ready) = pages.iter().find(|ready| ready.page == page) {
            return Ok(ready.body.clone());
        }
        let (items, next_cursor) = views(databases.list(page.clone()).await?, DatabaseView::of);
        let body = Body::of(&DatabaseList { items, next_cursor })?;
        if pages.len() >= PAGES {
            pages.remove(0);
        }
        pages.push(Ready { page, body: body.clone(), changes, read_at });
        Ok(body)
    }
}
