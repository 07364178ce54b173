//! A download that is unpacked as it arrives: never more in memory than what a small piece of it
//! unpacks to, and never more in all than a report can be.

use std::io::Write as _;

use bytes::Bytes;
use connector_core::{Error, ErrorKind, Result};
use flate2::write::MultiGzDecoder;
use futures::StreamExt as _;
use futures::stream::BoxStream;

/// So much is unpacked at once. Gzip makes a thousandth of something at best, so this is eight
/// megabytes at the most.
const PIECE: usize = 8 * 1024;

/// More than any report is, unpacked: what goes on beyond it was made to do harm.
const MOST: u64 = 4 * 1024 * 1024 * 1024;

/// A document's bytes.
pub(crate) struct Unpacked {
    body: BoxStream<'static, Result<Bytes>>,
    /// What has arrived and isn't unpacked yet.
    arrived: Bytes,
    /// Whether nothing more will arrive.
    ended: bool,
    gzip: Option<MultiGzDecoder<Vec<u8>>>,
    /// How many bytes are still to arrive, where the host said how many there are.
    missing: Option<u64>,
    /// How many bytes may still come out.
    left: u64,
}

impl Unpacked {
    pub(crate) fn new(
        body: BoxStream<'static, Result<Bytes>>,
        is_packed: bool,
        length: Option<u64>,
    ) -> Self {
        Self {
            body,
            arrived: Bytes::new(),
            ended: false,
            gzip: is_packed.then(|| MultiGzDecoder::new(Vec::new())),
            missing: length,
            left: MOST,
        }
    }

    /// The next bytes; `None` at the end.
    ///
    /// # Errors
    /// [`ErrorKind::ContractBroken`] for what is no gzip or more than a report can be;
    /// [`ErrorKind::Unavailable`] when the download breaks off.
    pub(crate) async fn next(&mut self) -> Result<Option<Vec<u8>>> {
        loop {
            if self.arrived.is_empty() && !self.ended {
                match self.body.next().await {
                    Some(piece) => self.arrive(piece?),
                    None => self.ended = true,
                }
            }
            let bytes = if self.arrived.is_empty() && self.ended {
                match self.last()? {
                    Some(bytes) => bytes,
                    None => return Ok(None),
                }
            } else {
                let piece = self.arrived.split_to(self.arrived.len().min(PIECE));
                match &mut self.gzip {
                    None => piece.to_vec(),
                    Some(gzip) => {
                        gzip.write_all(&piece).map_err(no_gzip)?;
                        std::mem::take(gzip.get_mut())
                    }
                }
            };
            self.left = u64::try_from(bytes.len())
                .ok()
                .and_then(|length| self.left.checked_sub(length))
                .ok_or_else(|| Error::contract("the report is larger than any can be"))?;
            if !bytes.is_empty() {
                return Ok(Some(bytes));
            }
        }
    }

    fn arrive(&mut self, piece: Bytes) {
        let length = u64::try_from(piece.len()).unwrap_or(u64::MAX);
        self.missing = self.missing.map(|missing| missing.saturating_sub(length));
        self.arrived = piece;
    }

    /// What is still in the unpacking when all has arrived, once; and makes sure that all has.
    fn last(&mut self) -> Result<Option<Vec<u8>>> {
        if self.missing.is_some_and(|missing| missing > 0) {
            return Err(broke_off());
        }
        let Some(mut gzip) = self.gzip.take() else {
            return Ok(None);
        };
        gzip.try_finish().map_err(|_cause| broke_off())?;
        Ok(Some(std::mem::take(gzip.get_mut())))
    }
}

fn no_gzip(cause: std::io::Error) -> Error {
    Error::contract("the report is not what it is said to be compressed with").with_source(cause)
}

/// What a report is that ends before its end.
pub(super) fn broke_off() -> Error {
    Error::new(ErrorKind::Unavailable, "the report broke off")
}

#[cfg(test)]
mod tests {
    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn packed(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn of(bytes: &[u8], size: usize, is_packed: bool) -> Unpacked {
        let pieces: Vec<_> = bytes
            .chunks(size)
            .map(|piece| Ok(Bytes::copy_from_slice(piece)))
            .collect();
        Unpacked::new(futures::stream::iter(pieces).boxed(), is_packed, None)
    }

    async fn whole(mut unpacked: Unpacked) -> Result<Vec<u8>> {
        let mut whole = Vec::new();
        while let Some(bytes) = unpacked.next().await? {
            whole.extend(bytes);
        }
        Ok(whole)
    }

    #[tokio::test]
    async fn however_it_arrives_it_unpacks_to_the_same() {
        let text = b"made up, ".repeat(5_000);
        let mut gzip = packed(&text);
        // Two files one after the other are one, as gzip has it.
        gzip.extend(packed(b"and so on"));
        let expected = [&text[..], b"and so on"].concat();
        for size in [1, 7, 100_000] {
            assert_eq!(whole(of(&gzip, size, true)).await.unwrap(), expected);
            assert_eq!(whole(of(&text, size, false)).await.unwrap(), text);
        }
    }

    #[tokio::test]
    async fn what_breaks_off_is_no_report() {
        let gzip = packed(&b"made up, ".repeat(50));
        for cut in [0, 1, 12, gzip.len() - 1] {
            let error = whole(of(&gzip[..cut], 5, true)).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Unavailable, "{cut}");
        }
        let mut plain = of(b"half", 2, false);
        plain.missing = Some(8);
        let error = whole(plain).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unavailable);
    }

    #[tokio::test]
    async fn what_is_no_gzip_breaks_the_contract() {
        let error = whole(of(b"<html>made up</html>", 9, true)).await;
        assert_eq!(error.unwrap_err().kind(), ErrorKind::ContractBroken);
    }

    #[tokio::test]
    async fn a_bomb_is_unpacked_bit_by_bit_and_not_to_its_end() {
        let gzip = packed(&vec![0; 64 * 1024 * 1024]);
        let mut unpacked = of(&gzip, gzip.len(), true);
        let first = unpacked.next().await.unwrap().unwrap();
        assert!(first.len() <= 1_100 * PIECE, "{}", first.len());
        unpacked.left = 1_000;
        let error = unpacked.next().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ContractBroken);
    }
}
