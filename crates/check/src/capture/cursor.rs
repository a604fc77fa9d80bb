//! Bytes of a packet, taken from front to back; numbers are big-endian, as on the wire.

/// What is left of some bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'b>(pub(super) &'b [u8]);

impl<'b> Cursor<'b> {
    /// So many bytes; none if there are not as many.
    pub(super) fn take(&mut self, count: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn fixed<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*taken)
    }

    /// A number of one byte.
    pub(super) fn one(&mut self) -> Option<u8> {
        self.fixed::<1>().map(u8::from_be_bytes)
    }

    /// A number of two bytes.
    pub(super) fn two(&mut self) -> Option<u16> {
        self.fixed().map(u16::from_be_bytes)
    }

    /// A number of three bytes.
    pub(super) fn three(&mut self) -> Option<usize> {
        let [high, middle, low] = self.fixed()?;
        usize::try_from(u32::from_be_bytes([0, high, middle, low])).ok()
    }

    /// A number of four bytes.
    pub(super) fn four(&mut self) -> Option<u32> {
        self.fixed().map(u32::from_be_bytes)
    }

    /// A piece with its length in one byte before it.
    pub(super) fn piece_of_one(&mut self) -> Option<&'b [u8]> {
        let length = self.one()?;
        self.take(usize::from(length))
    }

    /// A piece with its length in two bytes before it.
    pub(super) fn piece_of_two(&mut self) -> Option<&'b [u8]> {
        let length = self.two()?;
        self.take(usize::from(length))
    }
}
