//! Tables as CSV (RFC 4180) for spreadsheets: what a spreadsheet would take for a formula is put in front of
//! an apostrophe.

/// One row.
pub(crate) fn row<'c>(cells: impl IntoIterator<Item = &'c str>) -> String {
    cells.into_iter().map(cell).collect::<Vec<_>>().join(",")
}

fn cell(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let is_formula = plain.trim_start().starts_with(['=', '+', '-', '@', '\t']);
    let defused = if is_formula { format!("'{plain}") } else { plain };
    format!("\"{}\"", defused.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_defused_and_quotes_doubled() {
        assert_eq!(row(["a\"b", "=1+1", " +49 171", "x\ny"]), "\"a\"\"b\",\"'=1+1\",\"' +49 171\",\"x y\"");
    }
}
