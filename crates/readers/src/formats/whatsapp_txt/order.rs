//! In which order a file writes day, month and year: decided from evidence, or left open.
//!
//! Evidence, strongest first: dates that one order makes impossible; the dates in names of media files; what
//! forms of dates exist (no locale of Unicode writes `3.18.22` or `18-3` with the month first, and a year of
//! two digits comes first only with dashes or with dots and spaces); months-wide steps back in time that an
//! order would mean. A file may hold several orders: each form of writing is decided for itself, and within
//! one form each stretch between dates that contradict each other. What nothing decides keeps all readings.
//! Deliberately no order of a country as a default.

use super::calendar::{day_of, is_likely};
use super::stamp::{Header, Number, Separator, YearPlace};

/// An order of day, month and year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    DayMonth,
    MonthDay,
    YearFirst,
}

impl Order {
    pub(super) const ALL: [Self; 3] = [Self::DayMonth, Self::MonthDay, Self::YearFirst];

    fn bit(self) -> u8 {
        1 << self as u8
    }

    /// In a word, for the record.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::DayMonth => "day-month-year",
            Self::MonthDay => "month-day-year",
            Self::YearFirst => "year-month-day",
        }
    }

    /// Year, month and day of a header in this order.
    fn pick(self, date: &[Number; 3]) -> (Number, Number, Number) {
        let [first, second, third] = *date;
        match self {
            Self::DayMonth => (third, second, first),
            Self::MonthDay => (third, first, second),
            Self::YearFirst => (first, second, third),
        }
    }
}

const YEAR_FIRST: u8 = 1 << Order::YearFirst as u8;

/// The orders that exist in no locale for the form of a date: a year of two digits first before `/` or `.`.
fn unusual(header: &Header) -> u8 {
    let open =
        header.year == YearPlace::Open && matches!(header.separator, Separator::Slash | Separator::Dot);
    if open { YEAR_FIRST } else { 0 }
}

/// Days since 1970 of a date, read in an order; none if there is no such day or its calendar is not known.
pub(super) fn days_in(header: &Header, order: Order) -> Option<i64> {
    let (year, month, day) = order.pick(&header.date);
    day_of(year, month, day, header.calendar)
}

/// The orders in which a header's date is a date, those of likely years if there are any.
fn possible(header: &Header) -> Possible {
    let orders = match header.year {
        YearPlace::First => Order::YearFirst.bit(),
        YearPlace::Last => Order::DayMonth.bit() | Order::MonthDay.bit(),
        YearPlace::Open => 7,
    };
    let mut found = Possible { likely: 0, valid: 0 };
    for order in Order::ALL {
        if orders & order.bit() != 0 && days_in(header, order).is_some() {
            found.valid |= order.bit();
            let (year, _, _) = order.pick(&header.date);
            if is_likely(year, header.calendar) {
                found.likely |= order.bit();
            }
        }
    }
    found
}

struct Possible {
    likely: u8,
    valid: u8,
}

impl Possible {
    fn orders(&self) -> u8 {
        if self.likely == 0 { self.valid } else { self.likely }
    }
}

/// What the headers of a file say about the order of its dates; gathered in one pass.
#[derive(Default)]
pub(super) struct Evidence {
    forms: Vec<Form>,
}

/// All dates written in one way.
struct Form {
    key: u8,
    separator: Separator,
    last: [Number; 3],
    last_possible: u8,
    runs: Vec<Run>,
    /// How many dates one after the other differ, and how many of them only the year first explains.
    dates: u32,
    year_first: u32,
}

/// Headers one after the other that one order can explain.
struct Run {
    first: u64,
    /// The last header that only some orders can explain.
    informative: u64,
    count: u64,
    orders: u8,
    distinct: u32,
    stamps: [u32; 3],
    back: [u32; 3],
    last_day: [Option<i64>; 3],
}

/// More contradictions than this in one form are no change of settings: then nothing is decided.
const MOST_RUNS: usize = 4096;
/// More forms than this are not looked at.
const MOST_FORMS: usize = 64;
/// A step back of so many days or more is no late delivery.
const BACK_DAYS: i64 = 20;

impl Evidence {
    /// Notes the header of this number; `stamp` gives the day in the name of a media file of its message, and
    /// is asked only if that may decide something.
    pub(super) fn note(&mut self, number: u64, header: &Header, stamp: impl FnOnce() -> Option<i64>) {
        let key = header.date_form();
        let at = self.forms.iter().position(|form| form.key == key);
        let Some(form) = (match at {
            Some(at) => self.forms.get_mut(at),
            None if self.forms.len() < MOST_FORMS => {
                self.forms.push(Form::new(header));
                self.forms.last_mut()
            }
            None => None,
        }) else {
            return;
        };
        form.note(number, header, stamp);
    }

    /// What follows from it.
    pub(super) fn decide(mut self) -> Decisions {
        let forms = self.forms.iter_mut().map(|form| (form.key, form.decide())).collect();
        Decisions { forms }
    }
}

impl Form {
    fn new(header: &Header) -> Self {
        Self {
            key: header.date_form(),
            separator: header.separator,
            last: [Number::default(); 3],
            last_possible: 0,
            runs: Vec::new(),
            dates: 0,
            year_first: 0,
        }
    }

    fn note(&mut self, number: u64, header: &Header, stamp: impl FnOnce() -> Option<i64>) {
        let same = self.last == header.date && !self.runs.is_empty();
        if !same {
            self.last = header.date;
            self.last_possible = possible(header).likely;
            self.dates = self.dates.saturating_add(1);
            self.year_first = self.year_first.saturating_add(u32::from(self.last_possible == YEAR_FIRST));
        }
        let possible = self.last_possible & !unusual(header);
        if possible == 0 {
            return;
        }
        let fits = self.runs.last().is_some_and(|run| run.orders & possible != 0);
        if !fits {
            if self.runs.len() >= MOST_RUNS {
                return;
            }
            self.runs.push(Run::new(number));
        }
        if let Some(run) = self.runs.last_mut() {
            run.note((number, header, possible), same && fits, stamp);
        }
    }

    fn decide(&mut self) -> Vec<Span> {
        // A form that no locale has needs more than one date to prove it.
        if self.year_first > 2 && self.year_first.saturating_mul(10) >= self.dates {
            return vec![Span { first: 0, informative: u64::MAX, orders: YEAR_FIRST }];
        }
        let full = self.runs.len() >= MOST_RUNS;
        self.drop_strays();
        let separator = self.separator;
        let span = |run: &Run| Span {
            first: run.first,
            informative: run.informative,
            orders: if full { run.orders } else { run.decide(separator) },
        };
        self.runs.iter().map(span).collect()
    }

    /// One or two dates that contradict everything around them are pasted text, not a change of settings.
    fn drop_strays(&mut self) {
        let mut kept: Vec<Run> = Vec::new();
        for run in self.runs.drain(..) {
            let joins = |before: &Run| before.orders & run.orders != 0;
            // Is the run before a stray between two that fit together?
            if let [.., before, stray] = kept.as_slice()
                && stray.count <= 2
                && before.count > 2
                && joins(before)
            {
                kept.pop();
            }
            match kept.last_mut() {
                Some(before) if joins(before) => before.join(&run),
                _ => kept.push(run),
            }
        }
        self.runs = kept;
    }
}

impl Run {
    fn new(first: u64) -> Self {
        Self {
            first,
            informative: first,
            count: 0,
            orders: 7,
            distinct: 0,
            stamps: [0; 3],
            back: [0; 3],
            last_day: [None; 3],
        }
    }

    fn note(
        &mut self,
        (number, header, possible): (u64, &Header, u8),
        same: bool,
        stamp: impl FnOnce() -> Option<i64>,
    ) {
        self.count = self.count.saturating_add(1);
        self.orders &= possible;
        // It tells day first from month first.
        if possible & 3 != 3 {
            self.informative = number;
        }
        if self.orders.count_ones() < 2 {
            return;
        }
        let stamp = stamp();
        if same && stamp.is_none() {
            return;
        }
        let days = Order::ALL.map(|order| days_in(header, order).filter(|_| self.orders & order.bit() != 0));
        if !same {
            self.step(days);
        }
        if let Some(stamp) = stamp {
            // A date that reads the same in all orders says nothing.
            let fits = days.map(|day| day == Some(stamp));
            if fits.iter().filter(|fits| **fits).count() == 1 {
                for (count, fits) in self.stamps.iter_mut().zip(fits) {
                    *count = count.saturating_add(u32::from(fits));
                }
            }
        }
    }

    fn step(&mut self, days: [Option<i64>; 3]) {
        // The very first line may be a notice with a later date: a step from it says nothing.
        let counts = self.distinct > 1 || (self.distinct == 1 && self.count > 2);
        self.distinct = self.distinct.saturating_add(1);
        for ((day, last), back) in days.into_iter().zip(&mut self.last_day).zip(&mut self.back) {
            if let (Some(day), Some(before)) = (day, *last)
                && counts
                && day.saturating_add(BACK_DAYS) < before
            {
                *back = back.saturating_add(1);
            }
            *last = day;
        }
    }

    fn join(&mut self, later: &Self) {
        self.orders &= later.orders;
        self.informative = later.informative;
        self.count = self.count.saturating_add(later.count);
        self.distinct = self.distinct.saturating_add(later.distinct);
        for (count, more) in self.stamps.iter_mut().zip(later.stamps) {
            *count = count.saturating_add(more);
        }
        for (count, more) in self.back.iter_mut().zip(later.back) {
            *count = count.saturating_add(more);
        }
    }

    /// The orders that remain.
    fn decide(&self, separator: Separator) -> u8 {
        if self.orders.count_ones() < 2 {
            return self.orders;
        }
        if let Some(order) = self.by_stamps() {
            return order;
        }
        let known = match separator {
            Separator::Dot => Order::DayMonth.bit(),
            Separator::Dash | Separator::DotSpace => Order::DayMonth.bit() | Order::YearFirst.bit(),
            Separator::Words => Order::YearFirst.bit(),
            Separator::Slash | Separator::None | Separator::Colon => 7,
        };
        let narrowed = if self.orders & known == 0 { self.orders } else { self.orders & known };
        if narrowed.is_power_of_two() {
            // The form says one thing and the order of the lines clearly another: open.
            let back = |order: Order| self.back.get(order as usize).copied().unwrap_or(0);
            let against = Order::ALL.iter().any(|order| narrowed & order.bit() != 0 && back(*order) >= 3);
            let other = Order::ALL
                .iter()
                .any(|order| self.orders & !narrowed & order.bit() != 0 && back(*order) == 0);
            return if against && other { self.orders } else { narrowed };
        }
        self.by_steps(narrowed)
    }

    fn by_stamps(&self) -> Option<u8> {
        let sum: u32 = self.stamps.iter().sum();
        let most = Order::ALL.iter().zip(self.stamps).max_by_key(|(_, count)| *count)?;
        let (order, count) = most;
        (count > 0 && count.saturating_mul(4) > sum.saturating_mul(3)).then_some(order.bit())
    }

    /// Without the orders that would mean steps of months back in time, where another order means none or
    /// few.
    fn by_steps(&self, orders: u8) -> u8 {
        let open = || Order::ALL.iter().zip(self.back).filter(|(order, _)| orders & order.bit() != 0);
        let Some(least) = open().map(|(_, back)| back).min() else { return orders };
        let clear = if least > 0 {
            least.saturating_mul(3).saturating_add(1)
        } else if self.distinct > 2 {
            1
        } else {
            2
        };
        open().filter(|(_, back)| *back < clear).fold(0, |orders, (order, _)| orders | order.bit())
    }
}

/// What is known about the order of a file's dates.
pub(super) struct Decisions {
    forms: Vec<(u8, Vec<Span>)>,
}

/// A stretch of headers and the orders that explain it.
#[derive(Clone, Copy)]
struct Span {
    first: u64,
    informative: u64,
    orders: u8,
}

impl Decisions {
    /// The readings of the header of this number as days since 1970, with their orders; none if there is no
    /// such day.
    pub(super) fn read(&self, number: u64, header: &Header) -> Readings {
        let possible = possible(header);
        let decided = possible.orders() & self.orders(number, header);
        let usual = !unusual(header);
        let choices = [decided, possible.orders() & usual, possible.valid & usual];
        let orders = choices.into_iter().find(|orders| *orders != 0).unwrap_or(0);
        let mut readings = Readings::default();
        for order in Order::ALL.into_iter().filter(|order| orders & order.bit() != 0) {
            if let Some(day) = days_in(header, order) {
                readings.add(order, day);
            }
        }
        readings
    }

    /// Whether one form of date has one decision throughout, so that a reading may be used again.
    pub(super) fn is_even(&self, header: &Header) -> bool {
        let key = header.date_form();
        self.forms.iter().all(|(form, spans)| *form != key || spans.len() < 2)
    }

    fn orders(&self, number: u64, header: &Header) -> u8 {
        let key = header.date_form();
        let Some((_, spans)) = self.forms.iter().find(|(form, _)| *form == key) else {
            return 7 & !unusual(header);
        };
        let after = spans.partition_point(|span| span.first <= number);
        let current = after.checked_sub(1).and_then(|at| spans.get(at));
        match (current, spans.get(after)) {
            // Between the last date of one order and the first of another both may hold.
            (Some(span), Some(next)) if number > span.informative => span.orders | next.orders,
            (Some(span), _) => span.orders,
            (None, Some(next)) => next.orders,
            (None, None) => 7 & !unusual(header),
        }
    }
}

/// The days that a date can mean.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Readings {
    found: [Option<(Order, i64)>; 3],
}

impl Readings {
    fn add(&mut self, order: Order, day: i64) {
        let known = self.found.iter().flatten().any(|(_, other)| *other == day);
        if let Some(free) = self.found.iter_mut().find(|found| found.is_none() && !known) {
            *free = Some((order, day));
        }
    }

    /// The first day, and the second if two are possible.
    pub(super) fn days(&self) -> (Option<i64>, Option<i64>) {
        let [first, second, _] = self.found.map(|found| found.map(|(_, day)| day));
        (first, second)
    }

    /// The orders of the readings in words, if there is more than one.
    pub(super) fn orders(&self) -> Option<String> {
        let words: Vec<&str> = self.found.iter().flatten().map(|(order, _)| order.word()).collect();
        (words.len() > 1).then(|| words.join(" | "))
    }
}

#[cfg(test)]
mod tests {
    use super::super::media_names::media_day;
    use super::super::stamp::scan;
    use super::*;

    fn read(lines: &[&str]) -> Vec<String> {
        let mut evidence = Evidence::default();
        let headers: Vec<Header> = lines.iter().map(|line| scan(line.as_bytes()).unwrap()).collect();
        for ((number, header), line) in (0..).zip(&headers).zip(lines) {
            evidence.note(number, header, || media_day(line.as_bytes()));
        }
        let decisions = evidence.decide();
        let text = |day: Option<i64>| day.map_or(String::new(), |day| model::Date { days: day }.to_string());
        let read = (0..).zip(&headers).map(|(number, header)| {
            let (first, second) = decisions.read(number, header).days();
            format!("{}|{}", text(first), text(second)).trim_matches('|').to_owned()
        });
        read.collect()
    }

    #[test]
    fn an_impossible_date_decides_for_all() {
        assert_eq!(read(&["2/3/24, 10:00 - a", "13/3/24, 10:00 - a"]), ["2024-03-02", "2024-03-13"]);
        assert_eq!(read(&["2/3/24, 10:00 - a", "2/13/24, 10:00 - a"]), ["2024-02-03", "2024-02-13"]);
    }

    #[test]
    fn what_nothing_decides_stays_open() {
        assert_eq!(
            read(&["2/3/24, 10:00 - a", "3/3/24, 10:00 - a"]),
            ["2024-03-02|2024-02-03", "2024-03-03"]
        );
    }

    #[test]
    fn steps_back_decide() {
        let days = ["2/3/24, 10:00 - a", "3/3/24, 10:00 - a", "9/3/24, 10:00 - a", "1/4/24, 10:00 - a"];
        assert_eq!(read(&days).last().unwrap(), "2024-04-01");
    }

    #[test]
    fn names_of_media_decide() {
        let lines = [
            "[2/3/24, 10:00:00] A: <attached: 00000001-PHOTO-2024-02-03-10-00-00.jpg>",
            "[2/4/24, 10:00:00] A: x",
        ];
        assert_eq!(read(&lines), ["2024-02-03", "2024-02-04"]);
        assert_eq!(read(&["5/4/24, 10:00 - A: IMG-20240405-WA0001.jpg (file attached)"]), ["2024-04-05"]);
    }

    #[test]
    fn forms_that_exist_decide() {
        assert_eq!(read(&["02.03.24, 10:00 - a"]), ["2024-03-02"]);
        assert_eq!(read(&["02-03-2024 10:00 - a"]), ["2024-03-02"]);
        assert_eq!(read(&["2024/3/2 10:00 - a"]), ["2024-03-02"]);
        assert_eq!(read(&["24. 3. 2. 오후 3:04 - a"]), ["2024-03-02"]);
    }

    #[test]
    fn a_day_that_is_none_decides_nothing() {
        assert_eq!(read(&["14.03.24, 10:00 - a", "31.02.24, 10:00 - a"]), ["2024-03-14", ""]);
        assert_eq!(read(&["14/3/24, 10:00 - a", "31/2/24, 10:00 - a"]), ["2024-03-14", ""]);
        let basque = ["24/3/15, 1:00 - a", "24/4/2, 1:00 - a", "24/4/3, 1:00 - a", "24/5/1, 1:00 - a"];
        assert_eq!(read(&basque), ["2024-03-15", "2024-04-02", "2024-04-03", "2024-05-01"]);
    }

    #[test]
    fn two_orders_in_one_file() {
        let lines =
            ["6/30/23, 16:14 - a", "7/2/23, 16:14 - a", "30/7/2023, 16:15 - a", "2/8/2023, 16:15 - a"];
        assert_eq!(read(&lines), ["2023-06-30", "2023-07-02", "2023-07-30", "2023-08-02"]);
        let same = [
            "6/30/23, 1:00 - a",
            "7/2/23, 1:00 - a",
            "7/30/23, 1:00 - a",
            "31/7/23, 1:00 - a",
            "2/8/23, 1:00 - a",
        ];
        assert_eq!(read(&same), ["2023-06-30", "2023-07-02", "2023-07-30", "2023-07-31", "2023-08-02"]);
    }

    #[test]
    fn calendars() {
        assert_eq!(read(&["[3/18/2565 BE, 14:56:01] a"]), ["2022-03-18"]);
        assert_eq!(read(&["[18/3/65 14:56:01] a"]), ["2022-03-18"]);
        assert_eq!(read(&["[3/18/R4, 14:56:01] a"]), ["2022-03-18"]);
        assert_eq!(read(&["[R4/3/18, 14:56:01] a"]), ["2022-03-18"]);
        assert_eq!(read(&["[1403/1/5, 14:56:01] a"]), ["2024-03-24"]);
        assert_eq!(read(&["[1445/9/5, 14:56:01] a"]), [""]);
    }
}
