//! A labelled set of invented messages.

/// The tactics.
const TACTICS: [&str; 10] = [
    "recruit", "debt", "docs", "monitor", "access", "threaten", "image", "exploit", "after", "isolate",
];

/// A message with its label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labelled {
    /// Its tactics; none for an ordinary message.
    pub tactics: Vec<String>,
    /// The text.
    pub text: String,
}

/// Reads a set.
pub fn read_set(text: &str) -> Result<Vec<Labelled>, String> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(number, line)| {
            let wrong = |what: &str| format!("line {}: {what}", number + 1);
            let (label, text) = line.split_once('\t').ok_or_else(|| wrong("no tab"))?;
            let tactics: Vec<String> = match label {
                "-" => Vec::new(),
                label => label.split('+').map(str::to_owned).collect(),
            };
            match tactics.iter().find(|tactic| !TACTICS.contains(&tactic.as_str())) {
                Some(other) => Err(wrong(&format!("no tactic: {other}"))),
                None => Ok(Labelled { tactics, text: text.to_owned() }),
            }
        })
        .collect()
}
