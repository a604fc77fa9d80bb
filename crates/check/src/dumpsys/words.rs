//! Words that many sections have in common: components, package names, times of the device's clock, users.

use std::borrow::Cow;

use model::record::{Precision, TimeReading, wall_ms};

/// Most bytes of a text that goes into a fact.
const TEXT_BYTES: usize = 1024;

/// A text as it may go into a fact: its first 1 KiB.
pub(crate) fn clip(text: &str) -> &str {
    if text.len() <= TEXT_BYTES {
        return text;
    }
    let end = (0..=TEXT_BYTES).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    text.get(..end).unwrap_or_default()
}

/// How many spaces or tabs a line begins with.
pub(crate) fn indent(line: &str) -> usize {
    line.bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
}

/// Whether this can be the name of a package.
pub(crate) fn is_package(text: &str) -> bool {
    let names = text.len() <= 255 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
    names && (text == "android" || text.contains('.')) && text.starts_with(|c: char| c.is_ascii_alphabetic())
}

/// A component of an app.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Component {
    /// The package.
    pub(crate) package: String,
    /// The class with its full name.
    pub(crate) class: String,
}

impl Component {
    /// From `package/class`, the class short (`.Name`) or full, perhaps in `ComponentInfo{…}` or `{…}`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix("ComponentInfo").unwrap_or(text);
        let text = text.strip_prefix('{').map_or(text, |inner| inner.strip_suffix('}').unwrap_or(inner));
        let (package, class) = text.split_once('/')?;
        let good = |c: char| c.is_ascii_alphanumeric() || "._$-".contains(c);
        if !is_package(package) || class.is_empty() || class.len() > TEXT_BYTES || !class.chars().all(good) {
            return None;
        }
        let class: Cow<'_, str> = if class.starts_with('.') {
            Cow::Owned(format!("{package}{class}"))
        } else {
            Cow::Borrowed(class)
        };
        Some(Self { package: package.to_owned(), class: class.into_owned() })
    }

    /// As it is written in facts: `package/full.class`.
    pub(crate) fn text(&self) -> String {
        format!("{}/{}", self.package, self.class)
    }
}

/// All components in a text, whatever stands between them.
pub(crate) fn components(text: &str) -> impl Iterator<Item = Component> + '_ {
    let apart = |c: char| !(c.is_ascii_alphanumeric() || "._$-/".contains(c));
    text.split(apart).filter(|word| word.contains('/')).filter_map(Component::parse)
}

/// What follows a key such as `installed=`, up to the next space; the key must begin a word.
pub(crate) fn value<'l>(line: &'l str, key: &str) -> Option<&'l str> {
    let bytes = line.as_bytes();
    let at = memchr::memmem::find_iter(bytes, key.as_bytes()).find(|at| {
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        before.is_none_or(|before| !before.is_ascii_alphanumeric() && *before != b'_')
    })?;
    let rest = line.get(at.checked_add(key.len())?..)?;
    Some(rest.split([' ', '\t']).next().unwrap_or_default())
}

/// What stands between two texts, the first occurrence of each.
pub(crate) fn between<'l>(line: &'l str, before: &str, after: &str) -> Option<&'l str> {
    let (_, rest) = line.split_once(before)?;
    rest.split_once(after).map(|(inner, _)| inner)
}

/// A number from the digits that a text begins with.
pub(crate) fn leading_number(text: &str) -> Option<u64> {
    let end = text.bytes().take_while(u8::is_ascii_digit).count();
    text.get(..end)?.parse().ok()
}

/// A user's number from the digits that a text begins with.
pub(crate) fn user_number(text: &str) -> Option<u32> {
    leading_number(text).and_then(|number| u32::try_from(number).ok())
}

/// The user that a uid belongs to: `u10a103`, `u0i5`, `1010103`.
pub(crate) fn user_of_uid(uid: &str) -> Option<u32> {
    const UIDS_A_USER: u64 = 100_000;
    match uid.strip_prefix('u') {
        Some(rest) => user_number(rest),
        None => leading_number(uid).and_then(|uid| u32::try_from(uid.checked_div(UIDS_A_USER)?).ok()),
    }
}

/// A moment of the device's clock at the start of a text: `2022-03-29 18:37:30`, with `.315` perhaps, or
/// `2022-03-29-18-37-30`. The year 1970 and before stands for never.
pub(crate) fn wall(text: &str) -> Option<TimeReading> {
    const SHAPE: &[u8] = b"dddd-dd-dd?dd?dd?dd";
    let head = text.as_bytes().get(..SHAPE.len())?;
    let fits = |(byte, shape): (&u8, &u8)| match shape {
        b'd' => byte.is_ascii_digit(),
        b'?' => matches!(byte, b' ' | b'T' | b'-' | b':'),
        other => byte == other,
    };
    if !head.iter().zip(SHAPE).all(fits) {
        return None;
    }
    let number = |from: usize, to: usize| text.get(from..to).and_then(|digits| digits.parse::<i64>().ok());
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let seconds_ms = wall_ms((year, month, day), (hour, minute, second))?;
    if year <= 1970 {
        return None;
    }
    let fraction = text.get(19..23).filter(|f| f.starts_with('.')).and_then(|_| number(20, 23));
    let (end, precision) = match fraction {
        Some(_) => (23, Precision::Millisecond),
        None => (19, Precision::Second),
    };
    let ms = seconds_ms.checked_add(fraction.unwrap_or(0))?;
    Some(TimeReading::wall(text.get(..end)?.to_owned(), Some(ms), precision))
}

/// The first moment of the device's clock anywhere in a text.
pub(crate) fn wall_in(text: &str) -> Option<TimeReading> {
    const LOOKED_AT: usize = 4096;
    let dashes = memchr::memchr_iter(b'-', text.as_bytes());
    dashes
        .take_while(|at| *at < LOOKED_AT)
        .filter_map(|at| at.checked_sub(4))
        .find_map(|at| text.get(at..).and_then(wall))
}

/// The duration at the start of a text, in milliseconds: `+1d2h3m4s567ms`, with or without a sign.
pub(crate) fn duration_ms(text: &str) -> Option<i64> {
    let mut rest = text.trim_start_matches(['+', '-']);
    let mut total: i64 = 0;
    let mut parts = 0_u32;
    while let Some(number) = leading_number(rest) {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let unit = rest.get(digits..)?;
        let (length, factor) = match unit.as_bytes() {
            [b'm', b's', ..] => (2, 1),
            [b's', ..] => (1, 1000),
            [b'm', ..] => (1, 60_000),
            [b'h', ..] => (1, 3_600_000),
            [b'd', ..] => (1, 86_400_000),
            _ => break,
        };
        total = total.checked_add(i64::try_from(number).ok()?.checked_mul(factor)?)?;
        parts = parts.saturating_add(1);
        rest = unit.get(length..)?;
    }
    (parts > 0 || text == "0").then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn components_long_and_short_are_the_same() {
        let long = Component::parse("com.example.watch/com.example.watch.Service").unwrap();
        assert_eq!(Component::parse("com.example.watch/.Service"), Some(long.clone()));
        assert_eq!(Component::parse("ComponentInfo{com.example.watch/.Service}"), Some(long.clone()));
        assert_eq!(Component::parse("{com.example.watch/.Service}"), Some(long));
        for other in ["", "/", "a/b", "https://example.com/x", "com.example/", "com.example/x y"] {
            assert_eq!(Component::parse(other), None, "{other}");
        }
        let many: Vec<String> =
            components("{{com.a.b/.C}, {com.d.e/com.f.G$H}} 1/2").map(|found| found.text()).collect();
        assert_eq!(many, ["com.a.b/com.a.b.C", "com.d.e/com.f.G$H"]);
    }

    #[test]
    fn times_of_both_spellings() {
        let time = wall("2022-03-29 18:37:30.315 (-4h)").unwrap();
        assert_eq!((time.raw.as_str(), time.first_ms), ("2022-03-29 18:37:30.315", Some(1_648_579_050_315)));
        assert_eq!(wall("2022-03-29-18-37-30").unwrap().first_ms, Some(1_648_579_050_000));
        for none in ["", "2022-13-01 00:00:00", "1970-01-01 01:00:00", "2022-03-29", "2022-03-29x18:37:30"] {
            assert_eq!(wall(none), None, "{none}");
        }
        assert!(wall_in("Reject: [fg-s]2021-05-19 22:02:52.054 (-3d)").is_some());
        assert!(wall_in("é-----").is_none());
    }

    #[test]
    fn durations_users_and_values() {
        assert_eq!(duration_ms("+1d2h3m4s5ms"), Some(93_784_005));
        assert_eq!(duration_ms("0"), Some(0));
        assert_eq!(duration_ms("x"), None);
        assert_eq!(duration_ms("01-04"), None);
        assert_eq!(user_of_uid("u10a103"), Some(10));
        assert_eq!(user_of_uid("1010103"), Some(10));
        assert_eq!(user_of_uid("1000"), Some(0));
        assert_eq!(value("User 0: notinstalled=1 installed=true hidden=false", "installed="), Some("true"));
        assert_eq!(value("x", "installed="), None);
        let long = "é".repeat(2000);
        assert_eq!(clip(&long).len(), 1024);
    }
}
