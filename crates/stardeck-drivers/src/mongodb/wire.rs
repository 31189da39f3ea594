//! Messages: a header, flags and one document, both ways.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::bson::Document;
use crate::{
    Error,
    net::{Limited, connect, io_error},
};

/// Most bytes one session reads.
const READ_MAX: u64 = 1024 * 1024;

/// Longest message taken, in bytes. The answers to our own commands have a few thousand.
const MESSAGE_MAX: usize = 256 * 1024;

/// The message that all servers since 3.6 take.
const OP_MSG: i32 = 2013;

/// Length, number, number answered, kind, flags and the kind of the one section.
const HEADER: usize = 21;

/// A connection on which commands are answered one after the other.
pub(super) struct Wire {
    addr: SocketAddr,
    stream: Limited,
    number: i32,
}

impl Wire {
    pub(super) async fn open(addr: SocketAddr) -> Result<Self, Error> {
        Ok(Self { addr, stream: Limited::new(connect(addr).await?, READ_MAX), number: 0 })
    }

    /// Sends a command and reads its answer.
    pub(super) async fn ask(&mut self, command: &Document) -> Result<Document, Error> {
        self.number += 1;
        let addr = self.addr;
        let failed = |error: std::io::Error| io_error(addr, &error);
        self.stream.write_all(&message(self.number, command)).await.map_err(failed)?;
        let mut header = [0; HEADER];
        self.stream.read_exact(&mut header).await.map_err(failed)?;
        let length = body_length(&header, self.number).ok_or_else(stranger)?;
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).await.map_err(failed)?;
        Document::decode(&body).ok_or_else(stranger)
    }
}

fn stranger() -> Error {
    Error::protocol("it does not answer as MongoDB does")
}

fn message(number: i32, command: &Document) -> Vec<u8> {
    let body = command.encode();
    let length = i32::try_from(HEADER + body.len()).unwrap_or(i32::MAX);
    let header: Vec<u8> = [length, number, 0, OP_MSG, 0].iter().flat_map(|word| word.to_le_bytes()).collect();
    [&header[..], &[0], &body].concat()
}

/// The length of the answer's document; None when it is no answer to the message with this number.
fn body_length(header: &[u8; HEADER], number: i32) -> Option<usize> {
    let (words, section) = header.split_at(HEADER - 1);
    let mut words = words.chunks_exact(4).filter_map(|word| word.try_into().ok().map(i32::from_le_bytes));
    let (length, _, answers, kind, flags) =
        (words.next()?, words.next()?, words.next()?, words.next()?, words.next()?);
    let is_answer = answers == number && kind == OP_MSG && flags == 0 && section == [0];
    let body = usize::try_from(length).ok()?.checked_sub(HEADER)?;
    (is_answer && body <= MESSAGE_MAX).then_some(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_answers_of_a_possible_length_are_read() {
        let header = |words: [i32; 5]| -> [u8; HEADER] {
            let mut bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
            bytes.push(0);
            bytes.try_into().unwrap()
        };
        assert_eq!(body_length(&header([26, 9, 1, OP_MSG, 0]), 1), Some(5));
        for words in [
            [i32::MAX, 9, 1, OP_MSG, 0],
            [-1, 9, 1, OP_MSG, 0],
            [20, 9, 1, OP_MSG, 0],
            [26, 9, 2, OP_MSG, 0],
            [26, 9, 1, 1, 0],
            [26, 9, 1, OP_MSG, 1],
        ] {
            assert_eq!(body_length(&header(words), 1), None, "{words:?}");
        }
    }
}
