//! Answers of Podman in one piece, and containers that are made anew from what an inspection shows.

use serde_json::Value;
use stardeck_podman::{
    Alteration, Client, Error, Filters, ImageInspect, InspectedContainer, ListContainers, Recreation,
};

use crate::{
    podman::{ask, chunked, told, whole},
    text,
};

/// A byte for the call, and the JSON that is answered.
///
/// # Panics
/// The property does not hold.
pub fn check(input: &[u8]) {
    let (call, json) = text::chosen(input);
    let at_once = answered(call, whole(json));
    let in_pieces = answered(call, chunked(json.chunks(7 + call), true));
    assert_eq!(at_once, in_pieces, "cut into pieces it means something else");
    if let Ok(mut value) = serde_json::from_slice(json) {
        mark(&mut value);
        let marked = value.to_string();
        if let Err(error) = answered(call, whole(marked.as_bytes())) {
            text::assert_hides(&error, "an error");
        }
        check_recreation(marked.as_bytes());
    }
    check_recreation(json);
}

fn answered(call: usize, answer: Vec<Vec<u8>>) -> Result<String, String> {
    ask(vec![answer], async |client| ask_for(call, client).await.map_err(|error| told(&error)))
}

async fn ask_for(call: usize, client: &Client) -> Result<String, Error> {
    let filters = Filters::default();
    Ok(match call % 8 {
        0 => format!("{:?}", client.containers().inspect("web").await?),
        1 => format!("{:?}", client.containers().list(&ListContainers::default()).await?),
        2 => format!("{:?}", client.images().inspect("web").await?),
        3 => format!("{:?}", client.networks().list(&filters).await?),
        4 => format!("{:?}", client.volumes().list(&filters).await?),
        5 => format!("{:?}", client.secrets().list(&filters).await?),
        6 => format!("{:?}", client.system().info().await?),
        _ => format!("{:?}", client.system().version().await?),
    })
}

/// Puts the marker into every text of the JSON but names, which are shown. It stands behind a quotation mark.
fn mark(value: &mut Value) {
    match value {
        Value::String(text) => *text = format!("{text}\"{}", text::MARKER),
        Value::Array(items) => items.iter_mut().for_each(mark),
        Value::Object(fields) => {
            fields.iter_mut().filter(|(key, _)| *key != "Name").for_each(|(_, value)| mark(value));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn check_recreation(json: &[u8]) {
    let container = match InspectedContainer::from_json(json) {
        Ok(container) => container,
        Err(reason) => return text::assert_hides(&reason, "an error"),
    };
    text::assert_hides(&format!("{container:?}"), "Debug of a container");
    let same = Alteration::default();
    let differences = container.differences(&container, &same);
    assert!(differences.is_empty(), "it differs from itself in {differences:?}");
    let named = Alteration { name: "again".to_owned(), ..Alteration::default() };
    match Recreation::of(&container, &ImageInspect::default(), None, &named) {
        Ok(again) => {
            text::assert_hides(&format!("{again:?}"), "Debug of a recreation");
            let repeated = Recreation::of(&container, &ImageInspect::default(), None, &named);
            assert!(repeated.is_ok_and(|repeated| repeated == again), "it is not read the same twice");
        }
        Err(unkept) => {
            assert!(
                !unkept.is_empty()
                    && unkept.iter().all(|field| !field.field.is_empty() && !field.reason.is_empty())
            );
        }
    }
}
