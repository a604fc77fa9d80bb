//! Binary property lists and the keyed archives in them, looked at where they lie.
//!
//! Apple's `bplist00` as CFBinaryPList.c describes it, and the objects that NSKeyedArchiver writes. Nothing
//! is built up: a value is found when it is asked for, so lists that refer to themselves or blow up cost
//! nothing. The lists in a phone backup's list of files are looked at in `source`, by a smaller one that is
//! made for hundreds of thousands of them. Deliberately no text form (crate `plist` reads it).

/// A property list.
pub struct PropertyList<'b> {
    bytes: &'b [u8],
    offset_bytes: usize,
    reference_bytes: usize,
    count: u64,
    top: u64,
    table: usize,
    /// The number of the list of objects, if this is a keyed archive.
    objects: Option<u64>,
}

/// A value in it.
#[derive(Clone, Copy)]
pub struct Value<'p> {
    list: &'p PropertyList<'p>,
    marker: u8,
    /// What follows the marker and the length.
    content: &'p [u8],
    /// How many bytes, characters, elements or pairs.
    length: u64,
}

/// Deepest way from one object of an archive to the next.
const STEPS_MOST: usize = 8;
/// Most pairs of a dictionary that are gone through.
const PAIRS_MOST: u64 = 10_000;
/// Most characters of a name in a dictionary; many may share one, so a long one is cut.
const NAME_MOST: usize = 16 << 10;

impl<'b> PropertyList<'b> {
    /// Opens one; none if these are not the bytes of one.
    pub fn open(bytes: &'b [u8]) -> Option<Self> {
        bytes.strip_prefix(b"bplist0")?;
        let trailer = bytes.get(bytes.len().checked_sub(26)?..)?;
        let (sizes, numbers) = trailer.split_at_checked(2)?;
        let [offset_bytes, reference_bytes] = *sizes else { return None };
        let number = |at: usize| unsigned(numbers.get(at..at.checked_add(8)?)?);
        let mut list = Self {
            bytes,
            offset_bytes: usize::from(offset_bytes),
            reference_bytes: usize::from(reference_bytes),
            count: number(0)?,
            top: number(8)?,
            table: usize::try_from(number(16)?).ok()?,
            objects: None,
        };
        list.objects = list.find_objects();
        Some(list)
    }

    /// The outermost value.
    pub fn top(&self) -> Option<Value<'_>> {
        self.object(self.top)
    }

    /// The root object, if the list is a keyed archive.
    pub fn root(&self) -> Option<Value<'_>> {
        self.top()?.get("$top")?.get("root")
    }

    fn find_objects(&self) -> Option<u64> {
        let top = self.top()?;
        let at = (0..top.count()).find(|at| {
            let key = top.referred(*at).and_then(Value::plain_text);
            key.is_some_and(|key| key == "$objects")
        })?;
        top.number(top.length.checked_add(at)?)
    }

    fn object(&self, number: u64) -> Option<Value<'_>> {
        if number >= self.count {
            return None;
        }
        let at = usize::try_from(number).ok()?.checked_mul(self.offset_bytes)?.checked_add(self.table)?;
        let offset = unsigned(self.bytes.get(at..at.checked_add(self.offset_bytes)?)?)?;
        let bytes = self.bytes.get(usize::try_from(offset).ok()?..)?;
        let (marker, content) = bytes.split_first()?;
        let short = u64::from(marker & 0x0f);
        let (length, content) = match marker >> 4 {
            0x4..=0x6 | 0xa..=0xd if short == 0x0f => {
                let (head, rest) = content.split_first()?;
                let width = 1_usize.checked_shl(u32::from(head & 0x0f)).filter(|_| head >> 4 == 1)?;
                let (number, rest) = rest.split_at_checked(width)?;
                (unsigned(number)?, rest)
            }
            _ => (short, content),
        };
        Some(Value { list: self, marker: *marker, content, length })
    }
}

fn unsigned(bytes: &[u8]) -> Option<u64> {
    if bytes.is_empty() || bytes.len() > 8 {
        return None;
    }
    Some(bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

impl<'p> Value<'p> {
    fn kind(self) -> u8 {
        self.marker >> 4
    }

    fn bytes_of(self, width: u64) -> Option<&'p [u8]> {
        self.content.get(..usize::try_from(self.length.checked_mul(width)?).ok()?)
    }

    /// The value that stands behind a reference in an array or dictionary.
    fn referred(self, at: u64) -> Option<Value<'p>> {
        self.list.object(self.number(at)?)
    }

    /// How many pairs of a dictionary are gone through.
    fn count(self) -> u64 {
        if self.kind() == 0xd { self.length.min(PAIRS_MOST) } else { 0 }
    }

    /// A reference in an array or dictionary.
    fn number(self, at: u64) -> Option<u64> {
        let width = self.list.reference_bytes;
        let start = usize::try_from(at).ok()?.checked_mul(width)?;
        unsigned(self.content.get(start..start.checked_add(width)?)?)
    }

    /// The member of a dictionary; in an archive the object that it refers to.
    pub fn get(self, key: &str) -> Option<Value<'p>> {
        let is_it = |at: &u64| self.referred(*at).is_some_and(|name| name.is_text(key));
        let at = (0..self.count()).find(is_it)?;
        self.referred(self.length.checked_add(at)?)?.resolved()
    }

    /// The pairs of a dictionary in their order, as they are.
    pub fn pairs(self) -> impl Iterator<Item = (String, Value<'p>)> {
        (0..self.count()).filter_map(move |at| {
            let key = self.referred(at)?.plain_text_within(NAME_MOST)?;
            Some((key, self.referred(self.length.checked_add(at)?)?))
        })
    }

    /// The elements of an array, as they are.
    pub fn elements(self) -> impl Iterator<Item = Value<'p>> {
        let count = if matches!(self.kind(), 0xa..=0xc) { self.length.min(PAIRS_MOST) } else { 0 };
        (0..count).filter_map(move |at| self.referred(at)?.resolved())
    }

    /// How many pairs a dictionary or elements a list claims to have; none for anything else.
    pub fn members(self) -> Option<u64> {
        matches!(self.kind(), 0xa..=0xd).then_some(self.length)
    }

    /// Whether it is a dictionary.
    pub fn is_dictionary(self) -> bool {
        self.kind() == 0xd
    }

    /// Whether it is a list.
    pub fn is_list(self) -> bool {
        matches!(self.kind(), 0xa..=0xc)
    }

    /// Where the references of a dictionary or list lie, and how many bytes they are.
    pub fn span(self) -> (u64, u64) {
        let offset = self.list.bytes.len().saturating_sub(self.content.len()) as u64;
        let each = if self.is_dictionary() { 2 } else { 1 };
        let bytes = self.length.saturating_mul(each).saturating_mul(self.list.reference_bytes as u64);
        (offset, bytes.min(self.content.len() as u64))
    }

    /// A date, in seconds since 2001.
    pub fn date(self) -> Option<f64> {
        if self.marker == 0x33 { self.real() } else { None }
    }

    /// Yes or no.
    pub fn truth(self) -> Option<bool> {
        match self.marker {
            0x08 => Some(false),
            0x09 => Some(true),
            _ => None,
        }
    }

    /// The member of an archived dictionary.
    pub fn archived(self, key: &str) -> Option<Value<'p>> {
        let keys = self.get("NS.keys")?;
        let at = keys.elements().position(|name| name.text().is_some_and(|name| name == key))?;
        self.get("NS.objects")?.elements().nth(at)
    }

    /// The object of the archive that is meant.
    fn resolved(self) -> Option<Value<'p>> {
        let mut value = self;
        for _ in 0..STEPS_MOST {
            if value.kind() != 0x8 {
                return Some(value);
            }
            let width = usize::try_from(value.length.checked_add(1)?).ok()?;
            let number = unsigned(value.content.get(..width)?)?;
            let objects = value.list.object(value.list.objects?)?;
            let count = objects.length;
            value = objects.referred(number).filter(|_| number < count)?;
        }
        None
    }

    /// Whether it is this text, without making one.
    fn is_text(self, text: &str) -> bool {
        match self.kind() {
            0x5 => self.bytes_of(1) == Some(text.as_bytes()),
            0x6 => self.bytes_of(2).is_some_and(|bytes| {
                let units = bytes.chunks_exact(2);
                units
                    .map(|pair| u16::from_be_bytes(pair.try_into().unwrap_or_default()))
                    .eq(text.encode_utf16())
            }),
            _ => false,
        }
    }

    fn plain_text(self) -> Option<String> {
        self.plain_text_within(usize::MAX)
    }

    /// The text, or as much of it as fits into so many characters.
    fn plain_text_within(self, most: usize) -> Option<String> {
        match self.kind() {
            0x5 => {
                let bytes = self.bytes_of(1)?;
                Some(String::from_utf8_lossy(bytes.get(..most).unwrap_or(bytes)).into_owned())
            }
            0x6 => {
                let bytes = self.bytes_of(2)?;
                let units = bytes.get(..most.saturating_mul(2)).unwrap_or(bytes).chunks_exact(2);
                let units = units.map(|pair| u16::from_be_bytes(pair.try_into().unwrap_or_default()));
                Some(
                    char::decode_utf16(units)
                        .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
                        .collect(),
                )
            }
            _ => None,
        }
    }

    /// A text: plain, or archived as a string or an address. Not `$null`, not empty.
    pub fn text(self) -> Option<String> {
        let plain = self.plain_text();
        let text = plain.or_else(|| self.get("NS.relative").and_then(Self::plain_text));
        let text = text.or_else(|| self.get("NS.string").and_then(Self::plain_text));
        text.filter(|text| !text.is_empty() && text != "$null")
    }

    /// As [`Value::text`], but no more than so many characters of it: many values may share one long text.
    pub fn text_within(self, most: usize) -> Option<String> {
        let plain = self.plain_text_within(most);
        let inner = |key: &str| self.get(key).and_then(|text| text.plain_text_within(most));
        let text = plain.or_else(|| inner("NS.relative")).or_else(|| inner("NS.string"));
        text.filter(|text| !text.is_empty() && text != "$null")
    }

    /// A whole number.
    pub fn integer(self) -> Option<i64> {
        let width = 1_usize.checked_shl(u32::from(self.marker & 0x0f)).filter(|_| self.kind() == 0x1)?;
        let number = unsigned(self.content.get(..width)?)?;
        i64::try_from(number).ok().or_else(|| Some(i64::from_be_bytes(number.to_be_bytes())))
    }

    /// A number; seconds since 2001 if it is a date.
    pub fn real(self) -> Option<f64> {
        match self.marker {
            0x22 => Some(f64::from(f32::from_be_bytes(self.content.get(..4)?.try_into().ok()?))),
            0x23 | 0x33 => Some(f64::from_be_bytes(self.content.get(..8)?.try_into().ok()?)),
            #[expect(clippy::cast_precision_loss, reason = "a count of seconds")]
            _ => self.integer().map(|number| number as f64),
        }
    }

    /// Bytes.
    pub fn bytes(self) -> Option<&'p [u8]> {
        if self.kind() == 0x4 { self.bytes_of(1) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(value: &plist::Value) -> Vec<u8> {
        let mut bytes = Vec::new();
        value.to_writer_binary(&mut bytes).unwrap();
        bytes
    }

    #[test]
    fn values_are_found_where_they_lie() {
        let mut inner = plist::Dictionary::new();
        inner.insert("a".into(), plist::Value::Integer((-5).into()));
        inner.insert("b".into(), plist::Value::String("größer".into()));
        inner.insert("c".into(), plist::Value::Real(1.5));
        inner.insert("d".into(), plist::Value::Data(vec![7; 40]));
        let array =
            plist::Value::Array(vec![plist::Value::Dictionary(inner), plist::Value::Integer(300.into())]);
        let mut outer = plist::Dictionary::new();
        outer.insert("list".into(), array);
        let bytes = list(&plist::Value::Dictionary(outer));
        let read = PropertyList::open(&bytes).unwrap();
        let elements: Vec<Value<'_>> = read.top().unwrap().get("list").unwrap().elements().collect();
        assert_eq!(elements[1].integer(), Some(300));
        assert_eq!(elements[0].get("a").unwrap().integer(), Some(-5));
        assert_eq!(elements[0].get("b").unwrap().text().as_deref(), Some("größer"));
        assert_eq!(elements[0].get("c").unwrap().real(), Some(1.5));
        assert_eq!(elements[0].get("d").unwrap().bytes().map(<[u8]>::len), Some(40));
        assert!(elements[0].get("e").is_none());
    }

    #[test]
    fn a_long_text_is_cut_and_a_name_is_compared_in_either_form() {
        let mut inner = plist::Dictionary::new();
        inner.insert("größe".into(), plist::Value::String("ü".repeat(50)));
        inner.insert("x".repeat(20_000), plist::Value::Boolean(true));
        let bytes = list(&plist::Value::Dictionary(inner));
        let read = PropertyList::open(&bytes).unwrap();
        let top = read.top().unwrap();
        assert_eq!(top.get("größe").unwrap().text_within(3).as_deref(), Some("üüü"));
        assert!(top.get(&"x".repeat(20_000)).is_some());
        assert!(top.pairs().any(|(name, _)| name.len() == NAME_MOST));
    }

    #[test]
    fn damage_is_no_panic() {
        let mut inner = plist::Dictionary::new();
        inner.insert("$top".into(), plist::Value::Dictionary(plist::Dictionary::new()));
        inner.insert("$objects".into(), plist::Value::Array(vec![plist::Value::Uid(plist::Uid::new(0))]));
        let whole = list(&plist::Value::Dictionary(inner));
        for at in 0..whole.len() {
            for bit in 0..8 {
                let mut bytes = whole.clone();
                bytes[at] ^= 1 << bit;
                if let Some(read) = PropertyList::open(&bytes) {
                    drop(read.root().and_then(|root| root.archived("x")).and_then(Value::text));
                    let objects = read.top().and_then(|top| top.get("$objects"));
                    assert!(objects.is_none_or(|objects| objects.elements().count() < 100));
                }
            }
        }
        // A reference that refers to itself.
        let read = PropertyList::open(&whole).unwrap();
        assert_eq!(read.top().unwrap().get("$objects").unwrap().elements().count(), 0);
    }
}
