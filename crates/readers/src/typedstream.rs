//! Apple's typedstream archives, as far as messages need them: the text of an attributed string and what is
//! attached to its runs.
//!
//! The format is that of NSArchiver (version 4, "streamtyped", little-endian); layout learnt from public
//! descriptions of it (gnustep-base, pytypedstream's notes) and from the blobs in imessage-exporter's test
//! data. What follows a damaged byte is not read, what came before it is kept. Deliberately no writing, no
//! big-endian streams, no objects beyond their values.

/// The first bytes of such an archive.
pub(crate) const MAGIC: &[u8] = b"\x04\x0bstreamtyped";

/// What an archived attributed string says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Attributed {
    /// The text; none if the archive holds no string.
    pub(crate) text: Option<String>,
    /// What its runs are marked with, in order: the attribute's name and its value, if that is a text, a
    /// number or an address. The same pair once.
    pub(crate) marks: Vec<(String, String)>,
    /// Whether the archive was read to its end.
    pub(crate) extent: Extent,
}

/// How far an archive could be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Extent {
    /// To its end.
    #[default]
    Whole,
    /// Up to a byte that makes no sense.
    Cut,
}

/// Most marks that are kept of one text.
const MARKS_MOST: usize = 200;
/// Deepest nesting of objects.
const DEPTH_MOST: usize = 32;

/// Reads an archived string or attributed string; none if the bytes are no such archive.
pub(crate) fn attributed(bytes: &[u8]) -> Option<Attributed> {
    let rest = bytes.strip_prefix(MAGIC)?;
    let mut stream = Stream { rest, strings: Vec::new(), objects: Vec::new(), depth: 0 };
    let extent = if stream.whole().is_some() { Extent::Whole } else { Extent::Cut };
    let mut read = Attributed { extent, ..Attributed::default() };
    for object in &stream.objects {
        let Slot::Object { class, values } = object else { continue };
        match *class {
            b"NSString" | b"NSMutableString" if read.text.is_none() => {
                read.text = text_in(values).map(|bytes| String::from_utf8_lossy(bytes).into_owned());
            }
            b"NSDictionary" | b"NSMutableDictionary" => stream.marks(values, &mut read.marks),
            _ => {}
        }
    }
    Some(read)
}

fn text_in<'b>(values: &[Value<'b>]) -> Option<&'b [u8]> {
    values.iter().find_map(|value| if let Value::Bytes(bytes) = value { Some(*bytes) } else { None })
}

/// What is there of a string that should be longer: as far as it is text.
fn begun(bytes: &[u8]) -> Option<&[u8]> {
    let head = match *bytes.first()? {
        SHORT => 3,
        LONG => 5,
        _ => 1,
    };
    let rest = bytes.get(head..)?;
    let valid = rest.utf8_chunks().next().map_or(0, |chunk| chunk.valid().len());
    rest.get(..valid).filter(|text| !text.is_empty())
}

/// A value in an object.
#[derive(Clone, Copy)]
enum Value<'b> {
    Nothing,
    Integer(i64),
    Real(f64),
    Bytes(&'b [u8]),
    Object(usize),
}

/// What has a number that later parts of the archive refer to.
enum Slot<'b> {
    Class(&'b [u8]),
    Text(&'b [u8]),
    Object { class: &'b [u8], values: Vec<Value<'b>> },
}

struct Stream<'b> {
    rest: &'b [u8],
    strings: Vec<&'b [u8]>,
    objects: Vec<Slot<'b>>,
    depth: usize,
}

const SHORT: u8 = 0x81;
const LONG: u8 = 0x82;
const FLOAT: u8 = 0x83;
const NEW: u8 = 0x84;
const NIL: u8 = 0x85;
const END: u8 = 0x86;
/// The byte that refers to the first thing that has a number.
const FIRST_REFERENCE: i64 = -110;

impl<'b> Stream<'b> {
    /// The system version, then groups of values to the end.
    fn whole(&mut self) -> Option<()> {
        self.integer()?;
        while !self.rest.is_empty() {
            self.group(&mut Vec::new())?;
        }
        Some(())
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn take(&mut self, count: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    fn fixed<const COUNT: usize>(&mut self) -> Option<[u8; COUNT]> {
        self.take(COUNT)?.try_into().ok()
    }

    fn integer(&mut self) -> Option<i64> {
        let head = self.byte()?;
        self.integer_from(head)
    }

    fn integer_from(&mut self, head: u8) -> Option<i64> {
        match head {
            SHORT => Some(i64::from(i16::from_le_bytes(self.fixed()?))),
            LONG => Some(i64::from(i32::from_le_bytes(self.fixed()?))),
            FLOAT..=0x91 => None,
            small => Some(i64::from(i8::from_le_bytes([small]))),
        }
    }

    /// A number that refers to something seen before.
    fn reference(&mut self, head: u8) -> Option<usize> {
        let number = self.integer_from(head)?.checked_sub(FIRST_REFERENCE)?;
        usize::try_from(number).ok()
    }

    fn plain_string(&mut self) -> Option<&'b [u8]> {
        let length = match self.byte()? {
            SHORT => usize::from(u16::from_le_bytes(self.fixed()?)),
            LONG => usize::try_from(u32::from_le_bytes(self.fixed()?)).ok()?,
            FLOAT..=0x91 => return None,
            small => usize::from(small),
        };
        self.take(length)
    }

    /// A string that is written once and referred to afterwards.
    fn shared_string(&mut self) -> Option<&'b [u8]> {
        match self.byte()? {
            NEW => {
                let string = self.plain_string()?;
                self.strings.push(string);
                Some(string)
            }
            NIL => Some(b""),
            head => {
                let number = self.reference(head)?;
                self.strings.get(number).copied()
            }
        }
    }

    /// Encoded types, and a value of each.
    fn group(&mut self, values: &mut Vec<Value<'b>>) -> Option<()> {
        let types = self.shared_string()?;
        let mut types = types;
        while !types.is_empty() {
            types = self.value(types, values)?;
        }
        Some(())
    }

    /// A value of the first of the types; the types that are left.
    fn value<'t>(&mut self, types: &'t [u8], values: &mut Vec<Value<'b>>) -> Option<&'t [u8]> {
        let (kind, left) = types.split_first()?;
        let value = match kind {
            b'c' | b'C' | b'B' => Value::Integer(i64::from(self.byte()?)),
            b's' | b'S' | b'i' | b'I' | b'l' | b'L' | b'q' | b'Q' => Value::Integer(self.integer()?),
            b'f' => self.real::<4>(|bytes| f64::from(f32::from_le_bytes(bytes)))?,
            b'd' => self.real::<8>(f64::from_le_bytes)?,
            b'+' => {
                let before = self.rest;
                let Some(string) = self.plain_string() else {
                    values.extend(begun(before).map(Value::Bytes));
                    return None;
                };
                Value::Bytes(string)
            }
            b'*' => self.c_string()?,
            b':' | b'%' => Value::Bytes(self.shared_string()?),
            b'#' => {
                self.class()?;
                Value::Nothing
            }
            b'@' => self.object()?,
            b'[' => return self.array(left, values),
            // The fields of a structure stand one after the other.
            b'{' => {
                let name = left.iter().position(|byte| *byte == b'=')?;
                return left.get(name.checked_add(1)?..);
            }
            b'}' | b'V' | b'v' | b'r' | b'n' => return Some(left),
            _ => return None,
        };
        values.push(value);
        Some(left)
    }

    fn real<const COUNT: usize>(&mut self, read: impl Fn([u8; COUNT]) -> f64) -> Option<Value<'b>> {
        match self.byte()? {
            FLOAT => Some(Value::Real(read(self.fixed()?))),
            head => self.integer_from(head).map(Value::Integer),
        }
    }

    /// So many values of one type; bytes are given as they are.
    fn array<'t>(&mut self, types: &'t [u8], values: &mut Vec<Value<'b>>) -> Option<&'t [u8]> {
        let digits = types.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (count, element) = types.split_at_checked(digits)?;
        let count: usize = std::str::from_utf8(count).ok()?.parse().ok()?;
        if let Some(left) = element.strip_prefix(b"c]").or_else(|| element.strip_prefix(b"C]")) {
            values.push(Value::Bytes(self.take(count)?));
            return Some(left);
        }
        // Every value is a byte at least.
        if count > self.rest.len() {
            return None;
        }
        let mut left = element;
        for _ in 0..count {
            left = self.value(element, values)?;
        }
        left.strip_prefix(b"]")
    }

    fn c_string(&mut self) -> Option<Value<'b>> {
        match self.byte()? {
            NEW => {
                let place = self.objects.len();
                self.objects.push(Slot::Text(b""));
                let string = self.shared_string()?;
                *self.objects.get_mut(place)? = Slot::Text(string);
                Some(Value::Bytes(string))
            }
            NIL => Some(Value::Nothing),
            head => match self.reference(head).and_then(|number| self.objects.get(number))? {
                Slot::Text(text) => Some(Value::Bytes(text)),
                _ => None,
            },
        }
    }

    /// The name of the class; those it descends from are passed over.
    fn class(&mut self) -> Option<&'b [u8]> {
        let mut first = None;
        loop {
            match self.byte()? {
                NEW => {
                    let name = self.shared_string()?;
                    self.integer()?;
                    self.objects.push(Slot::Class(name));
                    first = first.or(Some(name));
                }
                NIL => return Some(first.unwrap_or_default()),
                head => match self.reference(head).and_then(|number| self.objects.get(number))? {
                    Slot::Class(name) => return Some(first.unwrap_or(name)),
                    _ => return None,
                },
            }
        }
    }

    fn object(&mut self) -> Option<Value<'b>> {
        match self.byte()? {
            NEW => {
                self.depth = self.depth.checked_add(1).filter(|depth| *depth <= DEPTH_MOST)?;
                let place = self.objects.len();
                self.objects.push(Slot::Object { class: b"", values: Vec::new() });
                let name = self.class()?;
                let mut read = Vec::new();
                let whole = self.members(&mut read);
                if let Some(Slot::Object { class, values }) = self.objects.get_mut(place) {
                    (*class, *values) = (name, read);
                }
                whole?;
                self.depth = self.depth.saturating_sub(1);
                Some(Value::Object(place))
            }
            NIL => Some(Value::Nothing),
            head => self.reference(head).filter(|number| *number < self.objects.len()).map(Value::Object),
        }
    }

    fn members(&mut self, values: &mut Vec<Value<'b>>) -> Option<()> {
        loop {
            if self.rest.first() == Some(&END) {
                self.byte()?;
                return Some(());
            }
            self.group(values)?;
        }
    }

    /// The pairs of a dictionary: how many, then key and value in turn.
    fn marks(&self, values: &[Value<'b>], marks: &mut Vec<(String, String)>) {
        for pair in values.get(1..).unwrap_or_default().chunks_exact(2) {
            let [key, value] = pair else { continue };
            let (Some(key), Some(value)) = (self.shown(*key, 0), self.shown(*value, 0)) else { continue };
            let pair = (key, value);
            if marks.len() < MARKS_MOST && !marks.contains(&pair) {
                marks.push(pair);
            }
        }
    }

    /// A text, a number or an address as text.
    fn shown(&self, value: Value<'b>, depth: usize) -> Option<String> {
        if depth > DEPTH_MOST {
            return None;
        }
        match value {
            Value::Nothing => None,
            Value::Integer(number) => Some(number.to_string()),
            Value::Real(number) => Some(number.to_string()),
            Value::Bytes(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
            Value::Object(number) => match self.objects.get(number)? {
                Slot::Object { class: b"NSString" | b"NSMutableString", values } => {
                    text_in(values).map(|bytes| String::from_utf8_lossy(bytes).into_owned())
                }
                // The value follows its encoded type.
                Slot::Object { class: b"NSNumber" | b"NSURL", values } => {
                    values.last().and_then(|value| self.shown(*value, depth.saturating_add(1)))
                }
                _ => None,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archive(body: &[u8]) -> Vec<u8> {
        [MAGIC, b"\x81\xe8\x03", body].concat()
    }

    const HELLO: &[u8] = b"\x84\x01@\x84\x84\x84\x12NSAttributedString\x00\x84\x84\x08NSObject\x00\x85\x92\
        \x84\x84\x84\x08NSString\x01\x94\x84\x01+\x05hello\x86\x86";

    #[test]
    fn text_of_an_attributed_string() {
        let read = attributed(&archive(HELLO)).unwrap();
        assert_eq!((read.text.as_deref(), read.extent), (Some("hello"), Extent::Whole));
        assert!(attributed(b"no archive").is_none());
    }

    #[test]
    fn whatever_is_cut_keeps_what_came_before() {
        let whole = archive(HELLO);
        for end in 0..whole.len() {
            let read = attributed(&whole[..end]);
            assert_eq!(read.is_some(), end >= MAGIC.len());
        }
        let read = attributed(&whole[..whole.len() - 2]).unwrap();
        assert_eq!((read.text.as_deref(), read.extent), (Some("hello"), Extent::Cut));
    }

    #[test]
    fn deep_and_wide_archives_end() {
        let deep = b"\x84\x01@".iter().copied().chain(b"\x84\x84\x84\x01A\x00\x85\x92".repeat(100_000));
        assert_eq!(attributed(&archive(&deep.collect::<Vec<_>>())).unwrap().extent, Extent::Cut);
        let wide = b"\x84\x0c[999999999i]\x00\x00\x00";
        assert_eq!(attributed(&archive(wide)).unwrap().extent, Extent::Cut);
    }

    /// The blobs of real messages.
    #[test]
    fn real_archives() {
        const EXPECTED: [(&str, &str); 7] = [
            ("AttributedBodyTextOnly", "Noter test"),
            ("AttributedBodyTextOnly2", "Test 3"),
            ("Blank", ""),
            ("ExtraData", "This is parsing  "),
            ("MultiPart", "\u{fffc}test 1\u{fffc}test 2 \u{fffc}test 3"),
            ("URL", "https://github.com/ReagentX/Logria"),
            ("WeirdText", "𝖍𝖊𝖑𝖑𝖔 𝖜𝖔𝖗𝖑𝖉"),
        ];
        for (name, text) in EXPECTED {
            let path = format!("imessage-exporter/test_data/streamtyped/{name}");
            let Some(bytes) = crate::shared_data::real(&path) else { return };
            let read = attributed(&bytes).unwrap();
            let found = read.text.clone().unwrap();
            assert_eq!(found, text, "{name}");
            // One was shortened by hand: its text should be 157 bytes long.
            let extent = if name == "ExtraData" { Extent::Cut } else { Extent::Whole };
            assert_eq!(read.extent, extent, "{name}");
            if name == "MultiPart" {
                let files = read.marks.iter().filter(|(key, _)| key == "__kIMFileTransferGUIDAttributeName");
                assert_eq!(files.count(), 3);
            }
            if name == "URL" {
                let link = ("__kIMLinkAttributeName".to_owned(), text.to_owned());
                assert!(read.marks.contains(&link), "{:?}", read.marks);
            }
        }
    }
}
