//! `stardeck db logs`.

use chrono::{DateTime, Utc};
use clap::Args;
use stardeck_client::{
    Client,
    types::{ListLogsQuery, LogFrame, LogFrameType},
};

use crate::{
    error::Error,
    output::{note, say, say_foreign, say_json, time},
    values,
};

/// Which log, and how much of it.
#[derive(Debug, Args)]
pub(super) struct LogsArguments {
    /// The database's name or id
    #[arg(value_name = "DATABASE")]
    database: String,
    /// The last so many lines [default: as many as the server thinks fit]
    #[arg(long, value_name = "LINES")]
    tail: Option<u32>,
    /// Only lines since this time, such as 2026-01-31T12:00:00Z, or so long ago, such as 10m
    #[arg(long, value_name = "TIME", value_parser = values::moment)]
    since: Option<DateTime<Utc>>,
    /// Go on with what comes, over restarts, until the database is deleted
    #[arg(long, short)]
    follow: bool,
    /// Write before each line when it was written
    #[arg(long, short, conflicts_with = "json")]
    timestamps: bool,
    /// Print JSON, for programs: what the API answers; with --follow one frame a line
    #[arg(long)]
    json: bool,
}

pub(super) async fn logs(client: &Client, arguments: &LogsArguments) -> Result<(), Error> {
    let id = super::find(client, &arguments.database).await?.id;
    let query = ListLogsQuery { tail: arguments.tail, since: arguments.since };
    if arguments.follow {
        let mut log = client.follow_logs(id, &query).await?;
        while let Some(frame) = log.next().await? {
            show(&frame, arguments)?;
        }
        note("the database was deleted");
        return Ok(());
    }
    let list = client.list_logs(id, &query).await?;
    if arguments.json {
        return match serde_json::to_value(&list) {
            Ok(value) => say_json(&value),
            Err(error) => Err(Error::Output(error.into())),
        };
    }
    list.items.iter().try_for_each(|line| print(line.at, &line.line, arguments.timestamps))
}

fn show(frame: &LogFrame, arguments: &LogsArguments) -> Result<(), Error> {
    if arguments.json {
        return match serde_json::to_string(frame) {
            Ok(text) => say(&text),
            Err(error) => Err(Error::Output(error.into())),
        };
    }
    match (frame.r#type, &frame.line, frame.skipped) {
        (LogFrameType::Line, Some(line), _) => print(frame.at, line, arguments.timestamps),
        (LogFrameType::Gap, _, Some(skipped)) => {
            note(&format!("stardeck: {skipped} lines are left out: they came faster than they were taken"));
            Ok(())
        }
        // A newer server may have more to say.
        (LogFrameType::Line | LogFrameType::Gap | LogFrameType::Other, _, _) => Ok(()),
    }
}

fn print(at: Option<DateTime<Utc>>, line: &str, with_time: bool) -> Result<(), Error> {
    match (with_time, at) {
        (true, Some(at)) => say_foreign(&format!("{} {line}", time(at))),
        (true, None) => say_foreign(&format!("- {line}")),
        (false, _) => say_foreign(line),
    }
}
