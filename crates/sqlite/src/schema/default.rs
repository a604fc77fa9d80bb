//! The default of a column, as far as it is a plain value: a number, a text, a blob, TRUE, FALSE or NULL,
//! signed and in brackets or not. Anything that would have to be worked out is null.

use super::token::{Token, is_hexadecimal};
use super::{Affinity, DefaultValue};

/// Reads the value after the word DEFAULT, as a column of this affinity holds it.
pub(super) fn parse(tokens: &[Token], affinity: Affinity) -> DefaultValue {
    converted(plain(tokens), affinity)
}

/// A value before the column's affinity is applied. Numbers keep their text.
enum Plain {
    Null,
    Number(String),
    Text(String),
    Blob(Vec<u8>),
}

fn plain(tokens: &[Token]) -> Plain {
    let (mut rest, mut negative, mut brackets) = (tokens, false, 0_usize);
    while let Some((first, behind)) = rest.split_first() {
        match first {
            Token::Sign('(') => brackets += 1,
            Token::Sign('-') => negative = !negative,
            Token::Sign('+') => {}
            _ => break,
        }
        rest = behind;
    }
    let Some((value, behind)) = rest.split_first() else { return Plain::Null };
    // Behind a value in brackets only the brackets may close; else it is an expression.
    let closed = behind.iter().take(brackets).all(|token| *token == Token::Sign(')'));
    if !closed || behind.len() < brackets {
        return Plain::Null;
    }
    match value {
        Token::Number(number) if negative => Plain::Number(format!("-{number}")),
        Token::Number(number) => Plain::Number(number.clone()),
        _ if negative => Plain::Null,
        Token::Text(text) | Token::Name(text) => Plain::Text(text.clone()),
        Token::Blob(bytes) => Plain::Blob(bytes.clone()),
        Token::Word(_) if value.is("TRUE") => Plain::Number("1".to_owned()),
        Token::Word(_) if value.is("FALSE") => Plain::Number("0".to_owned()),
        Token::Word(_) if value.is_any(&["NULL", "CURRENT_TIME", "CURRENT_DATE", "CURRENT_TIMESTAMP"]) => {
            Plain::Null
        }
        Token::Word(word) => Plain::Text(word.clone()),
        Token::Sign(_) => Plain::Null,
    }
}

fn converted(value: Plain, affinity: Affinity) -> DefaultValue {
    match value {
        Plain::Null => DefaultValue::Null,
        Plain::Blob(bytes) => DefaultValue::Blob(bytes),
        Plain::Text(text) => match affinity {
            Affinity::Text | Affinity::Blob => DefaultValue::Text(text),
            _ => number(text.trim_matches(is_space), affinity).unwrap_or(DefaultValue::Text(text)),
        },
        Plain::Number(text) => match affinity {
            Affinity::Text => DefaultValue::Text(text),
            // A column without affinity keeps 1.0 a floating point number; the others make it whole.
            _ => number(&text.replace('_', ""), affinity).unwrap_or(DefaultValue::Null),
        },
    }
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\x0b' | '\x0c' | '\r')
}

/// Reads a number as a column of this affinity holds it.
fn number(text: &str, affinity: Affinity) -> Option<DefaultValue> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    if is_hexadecimal(unsigned) {
        let bits = u64::from_str_radix(unsigned.get(2..)?, 16).ok()?;
        let value = crate::bytes::signed(bits);
        return Some(DefaultValue::Integer(if text == unsigned { value } else { value.wrapping_neg() }));
    }
    if let Ok(value) = text.parse::<i64>() {
        #[expect(clippy::cast_precision_loss, reason = "this is how SQLite keeps it in such a column")]
        return Some(if affinity == Affinity::Real {
            DefaultValue::Real(value as f64)
        } else {
            DefaultValue::Integer(value)
        });
    }
    // What Rust takes for a number and SQLite does not: inf, nan.
    let digits = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    let value = text.parse::<f64>().ok().filter(|_| digits)?;
    if matches!(affinity, Affinity::Integer | Affinity::Numeric) {
        #[expect(clippy::cast_possible_truncation, reason = "only taken if nothing is lost")]
        let whole = value as i64;
        #[expect(clippy::cast_precision_loss, clippy::float_cmp, reason = "exactly the same or not")]
        if whole as f64 == value && whole.unsigned_abs() < 1 << 51 {
            return Some(DefaultValue::Integer(whole));
        }
    }
    Some(DefaultValue::Real(value))
}

#[cfg(test)]
mod tests {
    use super::super::token::tokens;
    use super::*;

    fn read(text: &str, declared_type: &str) -> DefaultValue {
        parse(&tokens(text, 99), Affinity::of(declared_type))
    }

    #[test]
    fn plain_values() {
        let text = |text: &str| DefaultValue::Text(text.to_owned());
        assert_eq!(read("-5", "INTEGER"), DefaultValue::Integer(-5));
        assert_eq!(read("'5'", "INTEGER"), DefaultValue::Integer(5));
        assert_eq!(read("'5 x'", "INTEGER"), text("5 x"));
        assert_eq!(read("((+5))", ""), DefaultValue::Integer(5));
        assert_eq!(read("5", "TEXT"), text("5"));
        assert_eq!(read("5", "REAL"), DefaultValue::Real(5.0));
        assert_eq!(read("5.0", "INT"), DefaultValue::Integer(5));
        assert_eq!(read("5.5", "INT"), DefaultValue::Real(5.5));
        assert_eq!(read("0x10", "INT"), DefaultValue::Integer(16));
        assert_eq!(read("TRUE", "BOOLEAN"), DefaultValue::Integer(1));
        assert_eq!(read("\"a\" NOT NULL", "TEXT"), text("a"));
        assert_eq!(read("x'00ff'", "BLOB"), DefaultValue::Blob(vec![0, 255]));
        assert_eq!(read("NULL", "TEXT"), DefaultValue::Null);
        assert_eq!(read("'nan'", "REAL"), text("nan"));
    }

    #[test]
    fn what_must_be_worked_out_is_null() {
        for expression in ["(1+1)", "(random())", "CURRENT_TIMESTAMP", "-'a'", "", "(", "-", "(5"] {
            assert_eq!(read(expression, "INTEGER"), DefaultValue::Null, "{expression}");
        }
    }
}
