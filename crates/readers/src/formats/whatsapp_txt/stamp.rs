//! The header of a line: date and time in any form that WhatsApp writes, found by a tolerant scan of bytes.
//!
//! Forms: `[date, time] `, `date, time - `, `date time: ` (2012), each also with the time first; any digits,
//! any of the separators `/ . -` and 年月日; words for halves of the day, eras, prepositions (see
//! `stamp_words.rs`). Source: exports of many locales (whats_json, timelinize, whats-reader) and the locale
//! data of Unicode. Deliberately decides nothing about the order of day and month: see `order.rs`.

use super::characters::{at, digit, is_mark, is_space};
use super::stamp_words::{Half, StampWord, meaning};

/// A line begins with this.
#[derive(Clone, Copy, Debug)]
pub(super) struct Header {
    /// The three numbers of the date, as written.
    pub(super) date: [Number; 3],
    /// What stands between them.
    pub(super) separator: Separator,
    /// Which of them is the year, as far as the form tells.
    pub(super) year: YearPlace,
    /// How its years count.
    pub(super) calendar: Calendar,
    /// Hour as written, minute, second.
    pub(super) clock: (u8, u8, Option<u8>),
    /// The word beside the time.
    pub(super) half: Half,
    /// Where that word stands in the line, if it is not known.
    pub(super) unknown: (usize, usize),
    /// What encloses it.
    pub(super) frame: Frame,
    /// Whether time or date comes first, and whether words stand in it.
    pub(super) shape: u8,
    /// Where date and time begin and end in the line.
    pub(super) stamp: (usize, usize),
    /// Where the rest of the line begins.
    pub(super) rest: usize,
}

/// A number as written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Number {
    pub(super) value: u32,
    /// How many digits.
    pub(super) digits: u8,
}

/// What stands between the numbers of a date.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Separator {
    #[default]
    None,
    Slash,
    Dot,
    /// A dot and a space: `2024. 03. 15.`
    DotSpace,
    Dash,
    /// 年, 月, 日 and their like.
    Words,
    /// A colon: of a time only.
    Colon,
}

/// Which number of a date is the year, as far as the form tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum YearPlace {
    First,
    Last,
    Open,
}

/// How the years of a date count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Calendar {
    /// Nothing is said.
    #[default]
    Plain,
    Buddhist,
    /// From this year on.
    Era(u16),
}

/// What encloses date and time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Frame {
    /// `[…] `
    Bracket,
    /// `… - `
    Dash,
    /// `…: `
    Colon,
}

impl Header {
    /// What all headers of one phone and one setting have in common, separators aside.
    pub(super) fn family(&self) -> u16 {
        let half = match self.half {
            Half::Whole => 0,
            Half::Unknown => 2,
            _ => 1,
        };
        let seconds = u16::from(self.clock.2.is_some());
        (self.frame as u16) | seconds << 2 | half << 3 | u16::from(self.shape) << 5
    }

    /// What all dates written in one way have in common.
    pub(super) fn date_form(&self) -> u8 {
        (self.frame as u8) | (self.separator as u8) << 2 | (self.year as u8) << 5
    }

    /// Whether a word of the time is not known.
    pub(super) fn unknown_word<'l>(&self, line: &'l [u8]) -> &'l [u8] {
        line.get(self.unknown.0..self.unknown.1).unwrap_or_default()
    }
}

/// The header that a line begins with; none if it begins with none.
pub(super) fn scan(line: &[u8]) -> Option<Header> {
    // Most lines that are none are recognised as such by their first byte.
    if line
        .first()
        .is_none_or(|first| matches!(first, b' '..=b'/' | b':'..=b'Q' | b'S'..=b'Z' | b'\\'..=0x7f))
    {
        return None;
    }
    let mut scanner = Scanner { line, place: 0, bracket: false };
    scanner.skip_marks();
    if scanner.line.get(scanner.place) == Some(&b'[') {
        scanner.bracket = true;
        scanner.place = scanner.place.saturating_add(1);
    }
    let begin = scanner.place;
    let mut numbers = [Number::default(); 6];
    let mut gaps = [Gap::default(); 7];
    let mut count: usize = 0;
    loop {
        let gap = scanner.gap(count)?;
        let end = gap.end;
        *gaps.get_mut(count)? = gap;
        match end {
            GapEnd::Digit => {}
            GapEnd::Frame(frame) => return assemble(&numbers, &gaps, count, (frame, begin, scanner.place)),
        }
        *numbers.get_mut(count)? = scanner.number()?;
        count = count.saturating_add(1);
    }
}

/// What stands between two numbers, or after the last.
#[derive(Clone, Copy, Debug, Default)]
struct Gap {
    separator: Separator,
    comma: bool,
    spaced: bool,
    /// 年 says that the number before is the year.
    year_before: bool,
    word: Option<StampWord>,
    unknown: (usize, usize),
    end: GapEnd,
    /// Where the text of date and time ends, for the last gap.
    stop: usize,
}

impl Gap {
    /// Takes a separator in; says whether it was one.
    fn separate(&mut self, character: char, count: usize) -> bool {
        let separator = match character {
            ',' | '،' | '、' | '，' => {
                self.comma = true;
                return true;
            }
            '/' => Separator::Slash,
            '.' => Separator::Dot,
            '-' => Separator::Dash,
            ':' | '：' | '٫' | '時' | '时' | '시' => Separator::Colon,
            '年' | '년' => {
                self.year_before = true;
                Separator::Words
            }
            '月' | '월' | '日' | '일' => Separator::Words,
            // After minutes and seconds, where they are written with words.
            '分' | '분' | '秒' | '초' if count >= 2 => Separator::Colon,
            _ => return false,
        };
        if self.separator == Separator::None && count > 0 {
            self.separator = separator;
        }
        // A space after the dot is noted only if a number follows: see `assemble`.
        count > 0
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum GapEnd {
    #[default]
    Digit,
    Frame(Frame),
}

struct Scanner<'l> {
    line: &'l [u8],
    place: usize,
    bracket: bool,
}

impl Scanner<'_> {
    fn skip_marks(&mut self) {
        while let Some((_, length)) = at(self.line, self.place).filter(|(character, _)| is_mark(*character)) {
            self.place = self.place.saturating_add(length);
        }
    }

    /// A run of at most four digits.
    fn number(&mut self) -> Option<Number> {
        let mut number = Number::default();
        while let Some((character, length)) = at(self.line, self.place) {
            let Some(value) = digit(character) else { break };
            if number.digits == 4 {
                return None;
            }
            number.value = number.value.saturating_mul(10).saturating_add(value);
            number.digits = number.digits.saturating_add(1);
            self.place = self.place.saturating_add(length);
        }
        (number.digits > 0).then_some(number)
    }

    /// What comes before number `count`, or ends date and time.
    fn gap(&mut self, count: usize) -> Option<Gap> {
        let mut gap = Gap { stop: self.place, ..Gap::default() };
        loop {
            let (character, length) = at(self.line, self.place)?;
            if digit(character).is_some() {
                gap.end = GapEnd::Digit;
                return (count < 6).then_some(gap);
            }
            if count >= 5
                && let Some(frame) = self.frame(character, length, &gap)
            {
                gap.end = GapEnd::Frame(frame);
                return Some(gap);
            }
            if is_mark(character) || is_space(character) {
                gap.spaced |= is_space(character);
                self.place = self.place.saturating_add(length);
                continue;
            }
            if !gap.separate(character, count) {
                if !is_letter(character) {
                    return None;
                }
                self.word(count, &mut gap)?;
                continue;
            }
            self.place = self.place.saturating_add(length);
            gap.stop = self.place;
        }
    }

    /// Whether date and time end here; then the place is moved to the rest of the line.
    fn frame(&mut self, character: char, length: usize, gap: &Gap) -> Option<Frame> {
        let frame = match character {
            ']' if self.bracket => Frame::Bracket,
            '-' | '–' | '—' if !self.bracket && gap.spaced => Frame::Dash,
            ':' if !self.bracket && gap.separator == Separator::None => Frame::Colon,
            _ => return None,
        };
        let after = self.place.saturating_add(length);
        let next = at(self.line, after);
        match (frame, next) {
            (_, Some((space, length))) if is_space(space) => self.place = after.saturating_add(length),
            (Frame::Bracket, Some(_)) | (Frame::Bracket | Frame::Dash, None) if after <= self.line.len() => {
                self.place = after;
            }
            _ => return None,
        }
        Some(frame)
    }

    /// Takes one word, perhaps of several parts (`a. m.`), into the gap.
    fn word(&mut self, count: usize, gap: &mut Gap) -> Option<()> {
        let begin = self.place;
        let mut word = Word { bytes: [0; 40], length: 0 };
        let mut place = begin;
        let mut end = begin;
        while let Some((character, length)) = at(self.line, place) {
            let is_letter = is_letter(character) || is_combining(character);
            if digit(character).is_some() || is_date_word(character) {
                break;
            }
            if is_letter {
                word.push(character)?;
                end = place.saturating_add(length);
            } else if character == '.' || character == '\'' {
                end = place.saturating_add(length);
            } else if !is_space(character) && !is_mark(character) {
                break;
            }
            place = place.saturating_add(length);
        }
        self.place = end;
        gap.stop = end;
        let found = word.as_str().and_then(meaning);
        match found {
            Some(StampWord::Half(half)) if count >= 2 => gap.word = Some(StampWord::Half(half)),
            Some(StampWord::Filler) if count >= 1 => {
                gap.word = gap.word.or(Some(StampWord::Filler));
            }
            Some(era @ (StampWord::Era(_) | StampWord::Buddhist)) => gap.word = Some(era),
            None if count >= 3 && gap.word.is_none() => {
                gap.word = Some(StampWord::Half(Half::Unknown));
                gap.unknown = (begin, end);
            }
            _ => return None,
        }
        Some(())
    }
}

fn is_letter(character: char) -> bool {
    character.is_ascii_alphabetic()
        || matches!(character, '\u{621}'..='\u{64a}')
        || (!character.is_ascii() && character.is_alphabetic())
}

/// Vowel signs and other marks that belong to the letter before them.
fn is_combining(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}' | '\u{900}'..='\u{963}'
            | '\u{980}'..='\u{9e3}'
        | '\u{e31}'..='\u{e4e}')
}

/// Characters that are letters and separate a date or a time.
fn is_date_word(character: char) -> bool {
    matches!(
        character,
        '年' | '月' | '日' | '년' | '월' | '일' | '時' | '时' | '시' | '分' | '분' | '秒' | '초'
    )
}

/// A short word in small letters.
struct Word {
    bytes: [u8; 40],
    length: usize,
}

impl Word {
    /// None if it grows too long to be one of a header.
    fn push(&mut self, character: char) -> Option<()> {
        // The letters of most scripts without small and capital ones need no look into tables.
        let same = matches!(
            character,
            'a'..='z' | '\u{621}'..='\u{64a}' | '\u{900}'..='\u{10ff}' | '\u{3000}'..='\u{d7a3}'
        );
        if same {
            return self.push_small(character);
        }
        for small in character.to_lowercase() {
            self.push_small(small)?;
        }
        Some(())
    }

    fn push_small(&mut self, small: char) -> Option<()> {
        let end = self.length.checked_add(small.len_utf8())?;
        small.encode_utf8(self.bytes.get_mut(self.length..end)?);
        self.length = end;
        Some(())
    }

    fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(self.bytes.get(..self.length)?).ok()
    }
}

/// Makes a header of the numbers and what stands between them, if they are a date and a time.
fn assemble(
    numbers: &[Number; 6],
    gaps: &[Gap; 7],
    count: usize,
    (frame, begin, rest): (Frame, usize, usize),
) -> Option<Header> {
    let split = split(gaps, count)?;
    let time_first = match (split, count) {
        (3, 6) => {
            let (left, right) = (gaps.get(1)?.separator, gaps.get(4)?.separator);
            left == Separator::Colon
                || (left == Separator::Dot && matches!(right, Separator::Slash | Separator::Dash))
        }
        (3, 5) => false,
        (2, 5) => true,
        _ => return None,
    };
    let (date_at, time_at) = if time_first { (split, 0) } else { (0, split) };
    let time_end = if time_first { split } else { count };
    let date: [Number; 3] = numbers.get(date_at..date_at.checked_add(3)?)?.try_into().ok()?;
    let (clock, half, unknown) = time(numbers, gaps, time_at, time_end)?;
    let inner = [*gaps.get(date_at.checked_add(1)?)?, *gaps.get(date_at.checked_add(2)?)?];
    let separator = date_separator(inner, gaps.get(date_at.checked_add(3)?)?)?;
    let (year, calendar) = year(&date, gaps, date_at)?;
    let fillers = gaps.iter().take(count.saturating_add(1)).any(|gap| gap.word == Some(StampWord::Filler));
    let stop = gaps.get(count)?.stop;
    let shape = u8::from(time_first) | u8::from(fillers) << 1;
    Some(Header {
        date,
        separator,
        year,
        calendar,
        clock,
        half,
        unknown,
        frame,
        shape,
        stamp: (begin, stop),
        rest,
    })
}

/// After how many numbers date changes to time or time to date.
fn split(gaps: &[Gap; 7], count: usize) -> Option<usize> {
    let is_wide = |gap: &Gap| {
        let word = matches!(gap.word, Some(StampWord::Half(_) | StampWord::Filler | StampWord::Buddhist));
        gap.comma
            || (word && gap.separator != Separator::Colon)
            || (gap.spaced && gap.separator == Separator::None)
    };
    let wide = (1..count).find(|place| gaps.get(*place).is_some_and(is_wide));
    let colon = |place: usize| gaps.get(place).is_some_and(|gap| gap.separator == Separator::Colon);
    match wide {
        Some(place) => Some(place),
        // `2024. 03. 15. 10:00`: nothing but dots and spaces.
        None if count >= 5 && colon(4) => Some(3),
        None => None,
    }
}

type Time = ((u8, u8, Option<u8>), Half, (usize, usize));

fn time(numbers: &[Number; 6], gaps: &[Gap; 7], from: usize, to: usize) -> Option<Time> {
    let part = |place: usize, most: u32, digits: std::ops::RangeInclusive<u8>| -> Option<u8> {
        let number = numbers.get(place)?;
        (number.value <= most && digits.contains(&number.digits)).then_some(u8::try_from(number.value).ok()?)
    };
    let hour = part(from, 24, 1..=2)?;
    let minute_at = from.checked_add(1)?;
    let minute = part(minute_at, 59, 2..=2)?;
    let second_at = from.checked_add(2)?;
    let second = if second_at < to { Some(part(second_at, 60, 2..=2)?) } else { None };
    for place in minute_at..to {
        let gap = gaps.get(place)?;
        let hours = gap.separator == Separator::None && gap.word == Some(StampWord::Filler);
        if !matches!(gap.separator, Separator::Colon | Separator::Dot) && !hours {
            return None;
        }
    }
    let mut half = (Half::Whole, (0, 0));
    for place in [from, to] {
        let gap = gaps.get(place)?;
        if let Some(StampWord::Half(found)) = gap.word {
            half = (found, gap.unknown);
        }
    }
    Some(((hour, minute, second), half.0, half.1))
}

fn date_separator(inner: [Gap; 2], after: &Gap) -> Option<Separator> {
    let [first, second] = inner;
    if [first, second].iter().any(|gap| gap.comma || matches!(gap.word, Some(StampWord::Half(_)))) {
        return None;
    }
    let fits = match (first.separator, second.separator) {
        (Separator::Words, Separator::Words) => true,
        (left, right) => left == right && matches!(left, Separator::Slash | Separator::Dot | Separator::Dash),
    };
    let spaced = first.separator == Separator::Dot && (first.spaced || after.separator == Separator::Dot);
    fits.then_some(if spaced { Separator::DotSpace } else { first.separator })
}

fn year(date: &[Number; 3], gaps: &[Gap; 7], from: usize) -> Option<(YearPlace, Calendar)> {
    let [first, second, third] = date;
    if second.digits > 2 || (first.digits > 2 && third.digits > 2) || first.digits == 3 || third.digits == 3 {
        return None;
    }
    let word = |place: usize| gaps.get(from.saturating_add(place)).and_then(|gap| gap.word);
    let era = |place: usize| match word(place) {
        Some(StampWord::Era(from)) => Some(Calendar::Era(from)),
        Some(StampWord::Buddhist) => Some(Calendar::Buddhist),
        _ => None,
    };
    let named = gaps.get(from.saturating_add(1)).is_some_and(|gap| gap.year_before);
    if let Some(calendar) = era(0) {
        return Some((YearPlace::First, calendar));
    }
    if let Some(calendar) = era(2).or(era(3)) {
        return Some((if first.digits == 4 { YearPlace::First } else { YearPlace::Last }, calendar));
    }
    let place = match (named, first.digits, third.digits) {
        (true, ..) | (_, 4, _) => YearPlace::First,
        (_, _, 4) => YearPlace::Last,
        _ => YearPlace::Open,
    };
    Some((place, Calendar::Plain))
}
