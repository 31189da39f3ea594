//! How much a follower may send: frames that are announced as too long end the connection before they are taken in.
//!
//! The library that reads the frames looks at their length when they are whole only, and holds them in memory until then.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use actix_web::{dev, error::PayloadError, web::Bytes};
use futures_util::{Stream, StreamExt as _};

/// Passes on what comes in until a frame is announced that is longer than `most`; that one is [`PayloadError::Overflow`].
pub(super) fn limited(incoming: dev::Payload, most: u64) -> dev::Payload {
    let frames = Frames::new(most);
    let limited: Pin<Box<dyn Stream<Item = Result<Bytes, PayloadError>>>> =
        Box::pin(Limited { incoming, frames });
    dev::Payload::from(limited)
}

struct Limited {
    incoming: dev::Payload,
    frames: Frames,
}

impl Stream for Limited {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.incoming.poll_next_unpin(cx).map(|next| {
            next.map(|chunk| {
                let chunk = chunk?;
                if self.frames.take(&chunk) { Ok(chunk) } else { Err(PayloadError::Overflow) }
            })
        })
    }
}

/// Where in the frames of RFC 6455, section 5.2, the incoming bytes are.
struct Frames {
    most: u64,
    /// The header of the frame that is coming, as far as it has come.
    header: Vec<u8>,
    /// How many bytes of the frame are still to come after its header.
    left: u64,
}

impl Frames {
    const fn new(most: u64) -> Self {
        Self { most, header: Vec::new(), left: 0 }
    }

    /// Takes more bytes. False when a frame is announced that is too long.
    fn take(&mut self, mut bytes: &[u8]) -> bool {
        while let Some(first) = bytes.first() {
            if self.left > 0 {
                let passed = usize::try_from(self.left).unwrap_or(usize::MAX).min(bytes.len());
                self.left -= u64::try_from(passed).unwrap_or(self.left);
                bytes = bytes.get(passed..).unwrap_or_default();
                continue;
            }
            self.header.push(*first);
            bytes = bytes.get(1..).unwrap_or_default();
            if let Some((payload, mask)) = announced(&self.header) {
                if payload > self.most {
                    return false;
                }
                self.left = payload + mask;
                self.header.clear();
            }
        }
        true
    }
}

/// How long the payload and its mask are, as soon as the header tells.
fn announced(header: &[u8]) -> Option<(u64, u64)> {
    let (second, rest) = (header.get(1)?, header.get(2..)?);
    let mask = if second & 0x80 == 0 { 0 } else { 4 };
    let extended = match second & 0x7f {
        126 => rest.get(..2)?,
        127 => rest.get(..8)?,
        short => return Some((u64::from(short), mask)),
    };
    let length = extended.iter().fold(0_u64, |length, byte| (length << 8) | u64::from(*byte));
    Some((length, mask))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes of a masked frame with so long a payload, all of it or as much as `sent`.
    fn frame(length: u64, sent: usize) -> Vec<u8> {
        let mut bytes = vec![0x82];
        match length {
            0..126 => bytes.push(0x80 | u8::try_from(length).unwrap()),
            126..65_536 => {
                bytes.push(0x80 + 126);
                bytes.extend(u16::try_from(length).unwrap().to_be_bytes());
            }
            _ => {
                bytes.push(0x80 + 127);
                bytes.extend(length.to_be_bytes());
            }
        }
        bytes.extend(vec![7; 4 + sent]);
        bytes
    }

    #[test]
    fn frames_within_the_limit_pass_however_they_are_cut() {
        let all = [frame(0, 0), frame(125, 125), frame(126, 126), frame(256, 256), frame(3, 3)].concat();
        for size in [1, 2, 3, 7, 130, all.len()] {
            let mut frames = Frames::new(256);
            assert!(all.chunks(size).all(|chunk| frames.take(chunk)), "cut into {size}");
            assert!(frames.header.is_empty() && frames.left == 0, "cut into {size}");
        }
    }

    #[test]
    fn frame_that_is_too_long_is_refused_by_its_header() {
        for length in [257, 65_535, 65_536, 1 << 40, u64::MAX] {
            let header = frame(length, 0);
            let whole = header.len() - 4;
            let mut frames = Frames::new(256);
            let passed = header.iter().take_while(|byte| frames.take(&[**byte])).count();
            assert_eq!(passed, whole - 1, "{length}: with the last byte of its length");
            assert!(!Frames::new(256).take(&[frame(5, 5), header].concat()), "{length}");
        }
    }
}
