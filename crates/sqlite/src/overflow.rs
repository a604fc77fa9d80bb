//! Overflow chains: where a payload goes on that does not fit on its page ("Cell Payload Overflow Pages").

use crate::bytes::{size, u32_at};
use crate::problem::What;

/// Buffers that one chain after the other uses.
#[derive(Debug, Default)]
pub(crate) struct ChainReader {
    page: Vec<u8>,
    /// The pages of the chain so far.
    chain: Vec<u32>,
}

/// Reads a page into a buffer.
pub(crate) type ReadPage<'r> = &'r mut dyn FnMut(u32, &mut Vec<u8>) -> Result<(), What>;

impl ChainReader {
    /// Adds what lies on the chain to a payload, until so many bytes were added. On an error the payload has
    /// grown by what was there.
    pub(crate) fn read(
        &mut self,
        first: u32,
        mut missing: u64,
        usable_bytes: usize,
        read_page: ReadPage<'_>,
        into: &mut Vec<u8>,
    ) -> Result<(), What> {
        self.chain.clear();
        let local = into.len();
        let per_page = usable_bytes.saturating_sub(4);
        // Brent's way to find a circle: an anchor that moves on after 1, 2, 4, … steps.
        let (mut page, mut anchor, mut steps, mut power) = (first, first, 0_u64, 1_u64);
        loop {
            read_page(page, &mut self.page).map_err(|_| What::Overflow(page))?;
            self.chain.push(page);
            let content = self.page.get(4..).unwrap_or_default();
            let taken = content.len().min(size(missing));
            into.extend_from_slice(content.get(..taken).unwrap_or_default());
            missing = missing.saturating_sub(taken as u64);
            if missing == 0 {
                return Ok(());
            }
            let next = u32_at(&self.page, 0).filter(|_| taken == per_page).ok_or(What::Overflow(page))?;
            if next == anchor {
                into.truncate(
                    local.saturating_add(
                        self.distinct(size(steps).saturating_add(1)).saturating_mul(per_page),
                    ),
                );
                return Err(What::OverflowCycle(next));
            }
            page = next;
            steps += 1;
            if steps == power {
                (anchor, steps, power) = (page, 0, power.saturating_mul(2));
            }
        }
    }

    /// How many pages of a chain that runs in a circle of so many pages differ: what comes before the circle,
    /// and once around.
    fn distinct(&self, around: usize) -> usize {
        let later = self.chain.iter().skip(around);
        let before = self.chain.iter().zip(later).take_while(|(page, later)| page != later).count();
        before.saturating_add(around).min(self.chain.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A chain in which page n leads to `next[n]` and holds the byte n four times.
    fn read(next: &'static [u32], missing: u64) -> (Result<(), What>, Vec<u8>) {
        let mut into = b"local".to_vec();
        let mut read_page = |page: u32, buffer: &mut Vec<u8>| {
            let next = next.get(page as usize).filter(|_| page > 0).ok_or(What::NoPage(page))?;
            *buffer = [next.to_be_bytes(), [u8::try_from(page).unwrap_or(0); 4]].concat();
            Ok(())
        };
        let result = ChainReader::default().read(1, missing, 8, &mut read_page, &mut into);
        (result, into.split_off(5))
    }

    #[test]
    fn a_chain_ends_with_the_payload() {
        assert_eq!(read(&[0, 2, 3, 0], 9), (Ok(()), b"\x01\x01\x01\x01\x02\x02\x02\x02\x03".to_vec()));
        assert_eq!(read(&[0, 2, 3, 0], 12).0, Ok(()));
        assert_eq!(read(&[0, 2, 3, 0], 13).0, Err(What::Overflow(0)));
        assert_eq!(
            read(&[0, 2, 9], 13),
            (Err(What::Overflow(9)), b"\x01\x01\x01\x01\x02\x02\x02\x02".to_vec())
        );
    }

    #[test]
    fn a_circle_is_left_after_one_round() {
        for next in [&[0, 1][..], &[0, 2, 1], &[0, 2, 2], &[0, 2, 3, 4, 5, 3], &[0, 2, 3, 4, 5, 6, 7, 4]] {
            let pages: Vec<u8> = (1..).take(next.len() - 1).flat_map(|page| [page; 4]).collect();
            let next: &'static [u32] = Box::leak(next.to_vec().into());
            let (result, bytes) = read(next, 1 << 40);
            assert!(matches!(result, Err(What::OverflowCycle(_))), "{result:?}");
            assert_eq!(bytes, pages, "{next:?}");
        }
    }
}
