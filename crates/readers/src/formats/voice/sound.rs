//! What the headers of sound files say: one function for each kind.
//!
//! Ogg (RFC 3533) with Opus (RFC 7845), Vorbis and Speex; AMR (RFC 4867); MPEG sound with ID3v2 and the
//! frame counts of Xing and Info; RIFF WAVE with INFO and `bext` (EBU Tech 3285); CAF of Apple; ADTS.

use std::io;

use model::record::{Extra, Precision, TimeReading, wall_ms};

use super::id3;
use crate::boxes::Trouble;
use crate::media::{Bytes, MpegFrame, adts_frame, as_ms, mpeg_frame, number, number_low, shown};

/// Most chunks of one file, and most notes in it.
const CHUNKS: usize = 10_000;
const NOTES: usize = 100;

/// What a sound says about itself.
#[derive(Debug, Default)]
pub(super) struct Sound {
    pub(super) media_type: &'static str,
    pub(super) duration_ms: Option<u64>,
    pub(super) taken: Option<TimeReading>,
    pub(super) extra: Extra,
    pub(super) trouble: Option<Trouble>,
}

impl Sound {
    pub(super) fn note(&mut self, name: &str, value: impl Into<String>) {
        let value = value.into();
        if self.extra.len() < NOTES && !value.is_empty() {
            self.extra.push((name.to_owned(), value));
        }
    }

    fn number(&mut self, name: &str, value: impl std::fmt::Display) {
        self.note(name, value.to_string());
    }

    fn wrong(&mut self, trouble: Trouble) {
        self.trouble = self.trouble.or(Some(trouble));
    }

    /// Ogg: the first pages say what it is, the last one how long it is.
    pub(super) fn ogg(&mut self, bytes: &Bytes) -> io::Result<()> {
        // A page has at most 65 307 bytes, so the last one begins in here.
        const TAIL: u64 = 128 << 10;
        let head = bytes.read(0, 64 << 10)?;
        let serial = head.get(14..18).unwrap_or_default().to_vec();
        let Some((first, next)) = page(&head, 0) else {
            self.media_type = "audio/ogg";
            self.wrong(Trouble::Truncated);
            return Ok(());
        };
        let (rate, skipped) = self.ogg_head(first);
        if let Some((second, _)) = page(&head, next) {
            let comments = second.strip_prefix(b"OpusTags").or(second.strip_prefix(b"\x03vorbis"));
            self.comments(comments.unwrap_or_default());
        }
        let begin = bytes.size().saturating_sub(TAIL);
        let tail = bytes.read(begin, usize::try_from(TAIL).unwrap_or(0))?;
        let last = last_page(&tail, &serial);
        let granule = last
            .and_then(|at| number_low(&tail, at.checked_add(6)?, 8))
            .filter(|granule| *granule != u64::MAX);
        if let (Some(granule), Some(rate)) = (granule, rate) {
            self.duration_ms = as_ms(granule.saturating_sub(skipped), rate);
        }
        if last.and_then(|at| page(&tail, at)).is_none() {
            self.wrong(Trouble::Truncated);
        }
        Ok(())
    }

    /// What the first packet says: how many units make a second, and how many are left out at the beginning.
    fn ogg_head(&mut self, packet: &[u8]) -> (Option<u64>, u64) {
        self.media_type = "audio/ogg";
        if packet.starts_with(b"OpusHead") {
            self.media_type = "audio/ogg; codecs=opus";
            self.number("channels", number_low(packet, 9, 1).unwrap_or(0));
            self.number("recorded-hertz", number_low(packet, 12, 4).unwrap_or(0));
            return (Some(48_000), number_low(packet, 10, 2).unwrap_or(0));
        }
        if packet.starts_with(b"\x01vorbis") {
            self.media_type = "audio/ogg; codecs=vorbis";
            self.number("channels", number_low(packet, 11, 1).unwrap_or(0));
            let rate = number_low(packet, 12, 4);
            self.number("recorded-hertz", rate.unwrap_or(0));
            return (rate, 0);
        }
        if packet.starts_with(b"Speex   ") {
            self.media_type = "audio/ogg; codecs=speex";
            let rate = number_low(packet, 36, 4);
            self.number("recorded-hertz", rate.unwrap_or(0));
            return (rate, 0);
        }
        if packet.starts_with(b"\x80theora") || packet.starts_with(b"fishead\0") {
            self.media_type = "application/ogg";
        }
        (None, 0)
    }

    /// Vendor and comments: lengths before texts.
    fn comments(&mut self, packet: &[u8]) {
        let mut at: usize = 0;
        let mut take = || {
            let length = usize::try_from(number_low(packet, at, 4)?).ok()?;
            let begin = at.checked_add(4)?;
            let end = begin.checked_add(length)?;
            let text = packet.get(begin..end)?;
            at = end;
            Some(text)
        };
        let Some(vendor) = take() else { return };
        let count = number_low(packet, 4 + vendor.len(), 4).unwrap_or(0);
        self.note("vendor", shown(vendor));
        let mut rest = packet.get(8 + vendor.len()..).unwrap_or_default();
        for _ in 0..count.min(NOTES as u64) {
            let Some(length) = number_low(rest, 0, 4).and_then(|length| usize::try_from(length).ok()) else {
                return;
            };
            let Some(text) = length.checked_add(4).and_then(|end| rest.get(4..end)) else { return };
            rest = rest.get(4 + text.len()..).unwrap_or_default();
            let text = shown(text);
            let (name, value) = text.split_once('=').unwrap_or(("comment", &text));
            self.note(&name.to_ascii_lowercase(), value);
        }
    }

    /// AMR: frames of 20 milliseconds, counted.
    pub(super) fn amr(&mut self, bytes: &Bytes) -> io::Result<()> {
        const NARROW: [Option<u64>; 16] = [
            Some(12),
            Some(13),
            Some(15),
            Some(17),
            Some(19),
            Some(20),
            Some(26),
            Some(31),
            Some(5),
            Some(6),
            Some(5),
            Some(5),
            None,
            None,
            None,
            Some(0),
        ];
        const WIDE: [Option<u64>; 16] = [
            Some(17),
            Some(23),
            Some(32),
            Some(36),
            Some(40),
            Some(46),
            Some(50),
            Some(58),
            Some(60),
            Some(5),
            None,
            None,
            None,
            None,
            Some(0),
            Some(0),
        ];
        let head = bytes.read(0, 9)?;
        let (sizes, mut at) = if head == b"#!AMR-WB\n" {
            self.media_type = "audio/amr-wb";
            (WIDE, 9)
        } else {
            self.media_type = "audio/amr";
            (NARROW, 6)
        };
        if !head.starts_with(b"#!AMR\n") && at == 6 {
            // Several channels, which nobody uses.
            self.wrong(Trouble::Damaged);
            return Ok(());
        }
        let mut window = Window::new(bytes);
        let mut frames: u64 = 0;
        while let Some(byte) = window.get(at, 1)?.first().copied() {
            let size = sizes.get(usize::from(byte >> 3 & 15)).copied().flatten();
            let Some(size) = size.filter(|_| byte & 0x83 == 0) else {
                self.wrong(Trouble::Damaged);
                break;
            };
            at = at.saturating_add(1).saturating_add(size);
            if at > bytes.size() {
                self.wrong(Trouble::Truncated);
                break;
            }
            frames = frames.saturating_add(1);
        }
        self.duration_ms = frames.checked_mul(20);
        Ok(())
    }

    /// MPEG sound: tags, then the first frame, which may count them all.
    pub(super) fn mp3(&mut self, bytes: &Bytes) -> io::Result<()> {
        self.media_type = "audio/mpeg";
        let begin = id3::read(self, bytes)?;
        let head = bytes.read(begin, 8 << 10)?;
        // Programs put zeros between the tag and the first frame.
        let zeros = head.iter().take_while(|byte| **byte == 0).count();
        let head = head.get(zeros..).unwrap_or_default();
        let Some(frame) = mpeg_frame(head) else {
            self.wrong(if head.is_empty() { Trouble::Truncated } else { Trouble::Damaged });
            return Ok(());
        };
        self.number("channels", frame.channels);
        self.number("recorded-hertz", frame.rate);
        if let Some(frames) = counted_frames(head, frame) {
            self.duration_ms = as_ms(frames.saturating_mul(u64::from(frame.samples)), u64::from(frame.rate));
            self.note("duration-from", "the count of frames in the file");
        } else {
            let size = bytes.size().saturating_sub(begin).saturating_mul(8);
            self.duration_ms = as_ms(size, u64::from(frame.bits_per_second));
            self.note("duration-from", "an estimate from the first frame");
        }
        Ok(())
    }

    /// ADTS: frames of 1024 samples, counted.
    pub(super) fn adts(&mut self, bytes: &Bytes) -> io::Result<()> {
        const RATES: [u64; 13] = [
            96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000,
            7_350,
        ];
        self.media_type = "audio/aac";
        let mut window = Window::new(bytes);
        let (mut at, mut frames, mut rate) = (0, 0_u64, None);
        loop {
            let head = window.get(at, 7)?;
            if head.is_empty() {
                break;
            }
            let Some(length) = adts_frame(head) else {
                self.wrong(if head.len() < 7 { Trouble::Truncated } else { Trouble::Damaged });
                break;
            };
            rate = rate.or_else(|| RATES.get(usize::from(head.get(2)? >> 2 & 15)).copied());
            at = at.saturating_add(length as u64);
            if at > bytes.size() {
                self.wrong(Trouble::Truncated);
                break;
            }
            frames = frames.saturating_add(1);
        }
        if let Some(rate) = rate {
            self.number("recorded-hertz", rate);
            self.duration_ms = as_ms(frames.saturating_mul(1024), rate);
        }
        Ok(())
    }

    /// WAVE: chunks of RIFF.
    pub(super) fn wav(&mut self, bytes: &Bytes) -> io::Result<()> {
        self.media_type = "audio/wav";
        let (mut at, mut bytes_per_second) = (12_u64, None);
        for _ in 0..CHUNKS {
            let head = bytes.read(at, 8)?;
            let (Some(kind), Some(length)) = (head.get(..4), number_low(&head, 4, 4)) else { return Ok(()) };
            let begin = at.saturating_add(8);
            let end = begin.saturating_add(length);
            match kind {
                b"fmt " => {
                    let format = bytes.read(begin, 16)?;
                    self.number("channels", number_low(&format, 2, 2).unwrap_or(0));
                    self.number("recorded-hertz", number_low(&format, 4, 4).unwrap_or(0));
                    self.number("coding", number_low(&format, 0, 2).unwrap_or(0));
                    bytes_per_second = number_low(&format, 8, 4).filter(|rate| *rate > 0);
                }
                b"data" => {
                    let there = end.min(bytes.size()).saturating_sub(begin);
                    self.duration_ms = bytes_per_second.and_then(|rate| as_ms(there, rate));
                }
                b"LIST" => self.wave_info(&bytes.range(&(begin..end), 8 << 10)?),
                b"bext" => {
                    // Description, who, reference, date, time; the zone is not said.
                    let text = bytes.read(begin, 338)?;
                    self.note("originator", text.get(256..288).map(shown).unwrap_or_default());
                    self.taken = text.get(320..338).and_then(|time| bext_time(&shown(time)));
                }
                _ => {}
            }
            if end > bytes.size() {
                self.wrong(Trouble::Truncated);
                return Ok(());
            }
            at = end.saturating_add(length % 2);
        }
        self.wrong(Trouble::TooMany);
        Ok(())
    }

    fn wave_info(&mut self, list: &[u8]) {
        let Some(mut rest) = list.strip_prefix(b"INFO") else { return };
        while let (Some(kind), Some(length)) = (rest.get(..4), number_low(rest, 4, 4)) {
            let length = usize::try_from(length).unwrap_or(usize::MAX);
            let Some(text) = length.checked_add(8).and_then(|end| rest.get(8..end)) else { return };
            self.note(&shown(kind), shown(text));
            rest = rest.get(8 + length + length % 2..).unwrap_or_default();
        }
    }

    /// CAF, in which an iPhone keeps voice messages.
    pub(super) fn caf(&mut self, bytes: &Bytes) -> io::Result<()> {
        self.media_type = "audio/x-caf";
        let (mut at, mut rate) = (8_u64, None);
        for _ in 0..CHUNKS {
            let head = bytes.read(at, 12)?;
            let (Some(kind), Some(length)) = (head.get(..4), number(&head, 4, 8)) else { return Ok(()) };
            let begin = at.saturating_add(12);
            match kind {
                b"desc" => {
                    let format = bytes.read(begin, 32)?;
                    rate = number(&format, 0, 8).map(f64::from_bits).filter(|rate| (1.0..1e7).contains(rate));
                    self.note("coding", format.get(8..12).map(shown).unwrap_or_default());
                    self.number("channels", number(&format, 24, 4).unwrap_or(0));
                    self.number("recorded-hertz", rate.unwrap_or(0.0));
                }
                b"pakt" => {
                    let frames = number(&bytes.read(begin, 16)?, 8, 8);
                    #[expect(
                        clippy::cast_possible_truncation,
                        clippy::cast_sign_loss,
                        reason = "within 1 and 10^7"
                    )]
                    let rate = rate.map(|rate| rate.round() as u64);
                    self.duration_ms = frames.zip(rate).and_then(|(frames, rate)| as_ms(frames, rate));
                }
                // The last chunk may say that it goes on to the end.
                b"data" if length == u64::MAX => return Ok(()),
                _ => {}
            }
            at = begin.saturating_add(length);
            if at > bytes.size() {
                self.wrong(Trouble::Truncated);
                return Ok(());
            }
        }
        self.wrong(Trouble::TooMany);
        Ok(())
    }
}

/// The first packet of the page of Ogg that begins here, and where the next page begins.
fn page(bytes: &[u8], at: usize) -> Option<(&[u8], usize)> {
    let page = bytes.get(at..)?;
    let count = usize::from(*page.strip_prefix(b"OggS").and(page.get(26))?);
    let sizes = page.get(27..27 + count)?;
    let begin = at.checked_add(27)?.checked_add(count)?;
    let whole: usize = sizes.iter().map(|size| usize::from(*size)).sum();
    let packet: usize = match sizes.iter().position(|size| *size < 255) {
        Some(last) => sizes.get(..=last)?.iter().map(|size| usize::from(*size)).sum(),
        None => whole,
    };
    let end = begin.checked_add(whole)?;
    bytes.get(begin..end)?;
    Some((bytes.get(begin..begin.checked_add(packet)?)?, end))
}

/// Where the last page of a stream begins.
fn last_page(tail: &[u8], serial: &[u8]) -> Option<usize> {
    let begins = |at: &usize| {
        let page = tail.get(*at..).unwrap_or_default();
        page.starts_with(b"OggS\0") && page.get(14..18) == Some(serial)
    };
    memchr::memrchr_iter(b'O', tail).find(begins)
}

/// How many frames a file of MPEG sound has, as its first frame says.
fn counted_frames(head: &[u8], frame: MpegFrame) -> Option<u64> {
    let side = match (frame.is_first_version, frame.channels) {
        (true, 1) | (false, 2) => 17,
        (true, _) => 32,
        (false, _) => 9,
    };
    let tag = head.get(4 + side..)?;
    if frame.layer == 3 && (tag.starts_with(b"Xing") || tag.starts_with(b"Info")) {
        return number(tag, 4, 4).filter(|flags| flags & 1 == 1).and_then(|_| number(tag, 8, 4));
    }
    let tag = head.get(36..)?;
    tag.starts_with(b"VBRI").then(|| number(tag, 14, 4)).flatten()
}

/// The date and time of `bext`: `2025-01-06` and `12:00:00` without anything between.
fn bext_time(raw: &str) -> Option<TimeReading> {
    let numbers: Vec<i64> =
        raw.split(|c: char| !c.is_ascii_digit()).map(|part| part.parse().unwrap_or(-1)).collect();
    let clock = raw.get(10..)?;
    let clock: Vec<i64> =
        clock.split(|c: char| !c.is_ascii_digit()).map(|part| part.parse().unwrap_or(-1)).collect();
    let (Some(year), Some(month), Some(day)) =
        (numbers.first(), numbers.get(1), raw.get(8..10)?.parse().ok())
    else {
        return None;
    };
    let [hour, minute, second] = clock.as_slice() else { return None };
    let wall = wall_ms((*year, *month, day), (*hour, *minute, *second));
    Some(TimeReading::wall(raw.to_owned(), wall, Precision::Second))
}

/// A piece of a file that moves on, so that frames are not read one by one from the disk.
struct Window<'b> {
    bytes: &'b Bytes,
    begin: u64,
    held: Vec<u8>,
}

impl<'b> Window<'b> {
    fn new(bytes: &'b Bytes) -> Self {
        Self { bytes, begin: 0, held: Vec::new() }
    }

    /// So many bytes from a place on; fewer at the end.
    fn get(&mut self, at: u64, length: usize) -> io::Result<&[u8]> {
        const HELD: usize = 64 << 10;
        let end = self.begin.saturating_add(self.held.len() as u64);
        if at < self.begin || at.saturating_add(length as u64) > end {
            self.held = self.bytes.read(at, HELD)?;
            self.begin = at;
        }
        let from = usize::try_from(at.saturating_sub(self.begin)).unwrap_or(usize::MAX);
        let rest = self.held.get(from..).unwrap_or_default();
        Ok(rest.get(..length).unwrap_or(rest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_a_recorder_is_a_wall_clock() {
        assert_eq!(bext_time("2025-01-0612:00:00").unwrap().first_ms, Some(1_736_164_800_000));
        assert_eq!(bext_time("kaputt"), None);
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_break_it(bytes: Vec<u8>, kind in 0_usize..6) {
            let heads: [&[u8]; 6] = [
                b"OggS\0\x02\0\0\0\0\0\0\0\0abcd\0\0\0\0\0\0\0\0\x01\x13\
                  OpusHead\x01\x01\x38\x01\x80\xbb\0\0\0\0\0",
                b"#!AMR\n",
                b"ID3\x04\0\0\0\0\0\x20TIT2\0\0\0\x05\0\0\x03abcd",
                b"\xff\xf1\x50\x80\x01\x7f\xfc",
                b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0",
                b"caff\0\x01\0\0desc\0\0\0\0\0\0\0\x20",
            ];
            let file = Bytes::held([heads[kind], &bytes].concat());
            let mut sound = Sound::default();
            match kind {
                0 => sound.ogg(&file),
                1 => sound.amr(&file),
                2 => sound.mp3(&file),
                3 => sound.adts(&file),
                4 => sound.wav(&file),
                _ => sound.caf(&file),
            }.unwrap();
        }
    }
}
