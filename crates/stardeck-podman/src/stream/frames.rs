//! Output of containers and processes: frames of one type byte, three zero bytes, a big-endian length and the
//! payload (Docker's "stdcopy" format, which libpod uses for logs and attached processes).

use bytes::{Buf, Bytes, BytesMut};

use crate::endpoint::Endpoint;
use crate::error::Error;

/// Longest payload that is accepted. Podman cuts at 8 KiB for logs and 32 KiB for processes.
pub(crate) const MAX_FRAME: usize = 16 * 1024 * 1024;
const HEADER: usize = 8;

/// Where a process wrote to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OutputSource {
    /// Standard output.
    Stdout,
    /// Standard error. Podman mixes its own complaints into that of exec sessions.
    Stderr,
}

/// One frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) source: OutputSource,
    pub(crate) payload: Bytes,
}

/// Why a stream of frames can not be read on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FrameError {
    /// A payload longer than [`MAX_FRAME`].
    TooLarge,
    /// Not a frame at all.
    NotAFrame,
}

impl FrameError {
    /// The error of a call whose answer holds such a frame.
    pub(crate) fn of(self, endpoint: Endpoint) -> Error {
        match self {
            Self::TooLarge => Error::TooLarge { endpoint, what: "frame", limit: MAX_FRAME },
            Self::NotAFrame => Error::Decode { endpoint, reason: "not a frame of output".to_owned() },
        }
    }
}

/// Collects pieces and gives out whole frames.
#[derive(Debug, Default)]
pub(crate) struct FrameDecoder {
    buffer: BytesMut,
}

impl FrameDecoder {
    pub(crate) fn push(&mut self, piece: &[u8]) {
        self.buffer.extend_from_slice(piece);
    }

    /// The next whole frame, empty ones left out.
    pub(crate) fn next_frame(&mut self) -> Result<Option<Frame>, FrameError> {
        loop {
            let Some(mut header) = self.buffer.get(..HEADER) else { return Ok(None) };
            let source = match header.get_u32() {
                // Zero is standard input, which nobody sends; Docker counts it as output.
                0 | 0x0100_0000 => OutputSource::Stdout,
                0x0200_0000 => OutputSource::Stderr,
                _ => return Err(FrameError::NotAFrame),
            };
            let length = usize::try_from(header.get_u32()).unwrap_or(usize::MAX);
            if length > MAX_FRAME {
                return Err(FrameError::TooLarge);
            }
            if self.buffer.len() < HEADER.saturating_add(length) {
                return Ok(None);
            }
            self.buffer.advance(HEADER);
            let payload = self.buffer.split_to(length).freeze();
            if !payload.is_empty() {
                return Ok(Some(Frame { source, payload }));
            }
        }
    }

    /// Did the stream end between two frames?
    pub(crate) fn is_empty(&self) -> bool {
        self.buffer.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn encode(frames: &[(u8, Vec<u8>)]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (kind, payload) in frames {
            bytes.extend([*kind, 0, 0, 0]);
            bytes.extend(u32::try_from(payload.len()).unwrap().to_be_bytes());
            bytes.extend(payload);
        }
        bytes
    }

    fn decode<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Result<Vec<Frame>, FrameError> {
        let mut decoder = FrameDecoder::default();
        let mut frames = Vec::new();
        for piece in pieces {
            decoder.push(piece);
            while let Some(frame) = decoder.next_frame()? {
                frames.push(frame);
            }
        }
        assert!(decoder.is_empty());
        Ok(frames)
    }

    #[test]
    fn measured_frame_of_podman_is_read() {
        // First bytes of a log of Podman 4.3.1.
        let bytes = *b"\x02\0\0\0\0\0\0\x192026-11-23T22:33:36Z err\n";
        let frames = decode([bytes.as_slice()]).unwrap();
        assert_eq!(frames[0].source, OutputSource::Stderr);
        assert_eq!(frames[0].payload, "2026-11-23T22:33:36Z err\n");
    }

    #[test]
    fn text_instead_of_frames_is_refused() {
        assert_eq!(decode([b"Error: something".as_slice()]), Err(FrameError::NotAFrame));
    }

    #[test]
    fn frame_beyond_the_limit_is_refused_before_it_is_read() {
        assert_eq!(decode([b"\x01\0\0\0\xff\0\0\0".as_slice()]), Err(FrameError::TooLarge));
    }

    proptest! {
        #[test]
        fn any_cut_gives_the_same_frames(
            frames in prop::collection::vec((1u8..=2, prop::collection::vec(any::<u8>(), 0..20)), 0..6),
            size in 1usize..30,
        ) {
            let bytes = encode(&frames);
            let whole: Vec<Vec<u8>> = decode(bytes.chunks(size)).unwrap().iter().map(|f| f.payload.to_vec()).collect();
            let expected: Vec<Vec<u8>> = frames.into_iter().map(|(_, p)| p).filter(|p| !p.is_empty()).collect();
            prop_assert_eq!(whole, expected);
        }
    }
}
