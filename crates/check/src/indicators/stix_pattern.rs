//! Patterns of STIX 2.1 (OASIS standard of 2021-06-10, part 9), as far as they name single values.
//!
//! Understood are comparisons with `=` and `IN`, joined by `OR`, in any number of brackets and parentheses:
//! each value stands for itself. Deliberately not understood: `AND`, `FOLLOWEDBY`, `NOT`, qualifiers of time,
//! and other comparisons. A value that counts only together with another one must not count alone.

use super::list::IndicatorKind;

/// Longest pattern.
const PATTERN_BYTES_MOST: usize = 256 << 10;

/// A pattern cannot be told as single values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotSingle(pub(super) &'static str);

/// The values a pattern names, each with the path of the object it is of: `domain-name:value`.
pub(super) fn values(pattern: &str) -> Result<Vec<(String, String)>, NotSingle> {
    if pattern.len() > PATTERN_BYTES_MOST {
        return Err(NotSingle("a pattern of at most 256 KiB"));
    }
    let mut words = Words { rest: pattern };
    let mut values = Vec::new();
    let mut open = 0_usize;
    let mut joined = true;
    loop {
        match words.next()? {
            None if open == 0 && !joined && !values.is_empty() => return Ok(values),
            Some(Word::Sign('[' | '(')) if joined => open = open.saturating_add(1),
            Some(Word::Sign(']' | ')')) if open > 0 && !joined => open = open.saturating_sub(1),
            Some(Word::Name(name)) if name.eq_ignore_ascii_case("or") && !joined => joined = true,
            Some(Word::Name(name)) if joined && name.contains(':') && open > 0 => {
                comparison(&name, &mut words, &mut values)?;
                joined = false;
            }
            _ => return Err(NotSingle("comparisons joined by OR")),
        }
    }
}

/// The rest of a comparison, behind the path of the object.
fn comparison(
    path: &str,
    words: &mut Words<'_>,
    values: &mut Vec<(String, String)>,
) -> Result<(), NotSingle> {
    const EXPECTED: NotSingle = NotSingle("a comparison with = or IN and texts");
    match words.next()? {
        Some(Word::Sign('=')) => {
            let Some(Word::Text(value)) = words.next()? else { return Err(EXPECTED) };
            values.push((path.to_owned(), value));
            Ok(())
        }
        Some(Word::Name(name)) if name.eq_ignore_ascii_case("in") => {
            let Some(Word::Sign('(')) = words.next()? else { return Err(EXPECTED) };
            loop {
                let Some(Word::Text(value)) = words.next()? else { return Err(EXPECTED) };
                values.push((path.to_owned(), value));
                match words.next()? {
                    Some(Word::Sign(',')) => {}
                    Some(Word::Sign(')')) => return Ok(()),
                    _ => return Err(EXPECTED),
                }
            }
        }
        _ => Err(EXPECTED),
    }
}

/// A word of a pattern.
#[derive(Debug, PartialEq, Eq)]
enum Word {
    /// A path of an object or a word of the language.
    Name(String),
    /// A text in quotes, without them.
    Text(String),
    /// A bracket, a comma, an equals sign.
    Sign(char),
}

struct Words<'p> {
    rest: &'p str,
}

impl Words<'_> {
    fn next(&mut self) -> Result<Option<Word>, NotSingle> {
        self.rest = self.rest.trim_start();
        let Some(first) = self.rest.chars().next() else { return Ok(None) };
        match first {
            '\'' => self.quoted().map(|text| Some(Word::Text(text))),
            '[' | ']' | '(' | ')' | ',' | '=' => {
                self.rest = self.rest.get(first.len_utf8()..).unwrap_or_default();
                // `==` is an older spelling.
                if first == '=' {
                    self.rest = self.rest.strip_prefix('=').unwrap_or(self.rest);
                }
                Ok(Some(Word::Sign(first)))
            }
            _ => self.name().map(|name| Some(Word::Name(name))),
        }
    }

    /// A text in single quotes; a backslash takes the next sign as it is.
    fn quoted(&mut self) -> Result<String, NotSingle> {
        let mut text = String::new();
        let mut signs = self.rest.char_indices().skip(1);
        while let Some((at, sign)) = signs.next() {
            match sign {
                '\'' => {
                    self.rest = self.rest.get(at.saturating_add(1)..).unwrap_or_default();
                    return Ok(text);
                }
                '\\' => text.extend(signs.next().map(|(_, sign)| sign)),
                sign => text.push(sign),
            }
        }
        Err(NotSingle("a closing quote"))
    }

    /// A path such as `file:hashes.'SHA-256'`, told without its quotes, or a word.
    fn name(&mut self) -> Result<String, NotSingle> {
        let mut name = String::new();
        loop {
            let end = self.rest.find(|c: char| c.is_whitespace() || "[]()=,'\"!<>".contains(c));
            let end = end.unwrap_or(self.rest.len());
            name.push_str(self.rest.get(..end).unwrap_or_default());
            self.rest = self.rest.get(end..).unwrap_or_default();
            if !name.ends_with('.') {
                break;
            }
            match self.rest.chars().next() {
                Some('\'') => name.push_str(&self.quoted()?),
                Some('"') => self.double_quoted(&mut name)?,
                _ => break,
            }
        }
        if name.is_empty() { Err(NotSingle("a path of an object")) } else { Ok(name) }
    }

    fn double_quoted(&mut self, name: &mut String) -> Result<(), NotSingle> {
        let inner = self.rest.strip_prefix('"').and_then(|rest| rest.split_once('"'));
        let (inner, rest) = inner.ok_or(NotSingle("a closing quote"))?;
        name.push_str(inner);
        self.rest = rest;
        Ok(())
    }
}

/// What sort of indicator the path of an object stands for; none if it is none of ours.
pub(super) fn kind_of(path: &str) -> Option<IndicatorKind> {
    use IndicatorKind as K;
    let path = path.to_ascii_lowercase();
    let (object, member) = path.split_once(':')?;
    let is_hash = |member: &str| {
        let name = member.rsplit('.').next().unwrap_or_default().replace('-', "");
        matches!(name.as_str(), "md5" | "sha1" | "sha256")
    };
    Some(match (object, member) {
        ("domain-name" | "ipv4-addr" | "ipv6-addr" | "url", "value") => K::Domain,
        ("process", "name" | "image_ref.name") => K::Process,
        ("email-addr", "value") | ("email-message", "from_ref.value" | "sender_ref.value") => K::Mail,
        ("file", "name") => K::FileName,
        ("file", "path" | "parent_directory_ref.path") | ("directory", "path") => K::FilePath,
        ("file", member) if member.starts_with("hashes.") && is_hash(member) => K::FileHash,
        ("app", "id") => K::App,
        ("app", member) if member.starts_with("cert.") && is_hash(member) => K::Signer,
        ("x509-certificate", member) if member.starts_with("hashes.") && is_hash(member) => K::Signer,
        ("configuration-profile", "id") => K::Profile,
        ("android-property", "name") => K::Property,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(pattern: &str) -> Result<Vec<String>, NotSingle> {
        values(pattern).map(|all| all.into_iter().map(|(path, value)| format!("{path}|{value}")).collect())
    }

    #[test]
    fn single_values_in_every_spelling() {
        let cases: &[(&str, &[&str])] = &[
            ("[domain-name:value='a.example']", &["domain-name:value|a.example"]),
            ("[ domain-name:value = 'a.example' ]", &["domain-name:value|a.example"]),
            ("[file:hashes.'SHA-256' = 'aa']", &["file:hashes.SHA-256|aa"]),
            (
                "[file:hashes.\"SHA-256\"='aa' OR file:hashes.MD5='bb']",
                &["file:hashes.SHA-256|aa", "file:hashes.MD5|bb"],
            ),
            ("[url:value='http://a.example/?q=\\'x\\\\y=1']", &["url:value|http://a.example/?q='x\\y=1"]),
            ("[a:b='1'] OR [a:b='2' or (a:c='3')]", &["a:b|1", "a:b|2", "a:c|3"]),
            ("([a:b='1'])", &["a:b|1"]),
            ("[a:b IN ('1','2', '3')]", &["a:b|1", "a:b|2", "a:b|3"]),
            ("[file:name = 'a] OR [b']", &["file:name|a] OR [b"]),
        ];
        for (pattern, expected) in cases {
            assert_eq!(
                told(pattern).as_deref(),
                Ok(*expected)
                    .map(|all| all.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>())
                    .as_deref(),
                "{pattern}"
            );
        }
    }

    #[test]
    fn what_counts_only_together_is_refused() {
        for pattern in [
            "",
            "[a:b='1' AND a:c='2']",
            "[a:b='1'] FOLLOWEDBY [a:b='2']",
            "[a:b='1'] WITHIN 5 SECONDS",
            "[NOT a:b='1']",
            "[a:b!='1']",
            "[a:b LIKE '1%']",
            "[a:b='1",
            "[a:b='1'",
            "a:b='1'",
            "[a:b='1' OR]",
            "[a:b='1']]",
            "[]",
            "[a:b=1]",
            "[[[[[[",
        ] {
            assert!(told(pattern).is_err(), "{pattern}");
        }
    }

    #[test]
    fn objects_of_which_sort() {
        use IndicatorKind as K;
        for (path, kind) in [
            ("file:hashes.SHA-256", Some(K::FileHash)),
            ("file:hashes.sha1", Some(K::FileHash)),
            ("file:hashes.SSDEEP", None),
            ("app:cert.sha256", Some(K::Signer)),
            ("app:id", Some(K::App)),
            ("ipv6-addr:value", Some(K::Domain)),
            ("windows-registry-key:key", None),
        ] {
            assert_eq!(kind_of(path), kind, "{path}");
        }
    }
}
