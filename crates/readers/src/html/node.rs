//! One block of a document as a tree.

use super::entities::decoded;
use super::{Kind, Tag, Tokens};

/// More parts than any message has; what comes beyond stands in the element before it.
const MOST_NODES: usize = 100_000;
/// Deeper than any message.
const MOST_DEPTH: usize = 64;

/// An element with what is in it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Node {
    /// Its tag; without a name for the whole of a block.
    pub(crate) tag: Tag,
    /// What is in it, in order.
    pub(crate) inside: Vec<Inner>,
}

/// What is in an element.
#[derive(Clone, Debug)]
pub(crate) enum Inner {
    /// Text, its references replaced.
    Text(String),
    /// An element.
    Node(Node),
}

/// The block as a tree.
pub(crate) fn parse(bytes: &[u8]) -> Node {
    let mut tokens = Tokens::new(bytes, bytes.len() as u64);
    let mut open = vec![Node::default()];
    let mut nodes = 0;
    // Reading bytes in memory does not fail.
    while let Ok(Some((kind, _))) = tokens.next() {
        match kind {
            Kind::Open => {
                nodes += 1;
                let node = Node { tag: Tag::new(tokens.raw()), inside: Vec::new() };
                if nodes > MOST_NODES {
                    continue;
                }
                if node.tag.is_void() || open.len() >= MOST_DEPTH {
                    put(&mut open, Inner::Node(node));
                } else {
                    open.push(node);
                }
            }
            Kind::Close => close(&mut open, &Tag::new(tokens.raw()).name),
            Kind::Text | Kind::Broken => {
                let text = decoded(&String::from_utf8_lossy(tokens.raw()));
                if kind == Kind::Text {
                    put(&mut open, Inner::Text(text));
                }
            }
            Kind::Other => {}
        }
    }
    while open.len() > 1 {
        close_last(&mut open);
    }
    open.pop().unwrap_or_default()
}

fn put(open: &mut [Node], inner: Inner) {
    if let Some(last) = open.last_mut() {
        match (last.inside.last_mut(), inner) {
            (Some(Inner::Text(before)), Inner::Text(text)) => before.push_str(&text),
            (_, inner) => last.inside.push(inner),
        }
    }
}

fn close(open: &mut Vec<Node>, name: &str) {
    let Some(at) = open.iter().rposition(|node| node.tag.name == name).filter(|at| *at > 0) else { return };
    while open.len() > at {
        close_last(open);
    }
}

fn close_last(open: &mut Vec<Node>) {
    if let Some(node) = open.pop() {
        put(open, Inner::Node(node));
    }
}

impl Node {
    /// The elements in it.
    pub(crate) fn children(&self) -> impl Iterator<Item = &Node> {
        self.inside.iter().filter_map(|inner| match inner {
            Inner::Node(node) => Some(node),
            Inner::Text(_) => None,
        })
    }

    /// Every element below it for which this holds, outermost first; not what lies inside one that was found.
    pub(crate) fn all<'n>(&'n self, holds: &dyn Fn(&Node) -> bool) -> Vec<&'n Node> {
        let mut found = Vec::new();
        for child in self.children() {
            if holds(child) {
                found.push(child);
            } else {
                found.extend(child.all(holds));
            }
        }
        found
    }

    /// The first element below it of this class.
    pub(crate) fn first(&self, class: &str) -> Option<&Node> {
        self.children().find_map(
            |child| {
                if child.tag.has_class(class) { Some(child) } else { child.first(class) }
            },
        )
    }

    /// Its text as it is shown: a new line for each block and break, space drawn together; without the
    /// elements for which `left_out` holds. None if there is none.
    pub(crate) fn text(&self, left_out: &dyn Fn(&Node) -> bool) -> Option<String> {
        let mut out = String::new();
        self.write(&mut out, left_out);
        let lines: Vec<&str> = out.split('\n').map(str::trim).collect();
        let text = lines.join("\n");
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    fn write(&self, out: &mut String, left_out: &dyn Fn(&Node) -> bool) {
        for inner in &self.inside {
            match inner {
                Inner::Text(text) => write_text(out, text),
                Inner::Node(node) if node.tag.name == "br" => out.push('\n'),
                Inner::Node(node)
                    if left_out(node) || matches!(node.tag.name.as_str(), "script" | "style") => {}
                Inner::Node(node) => {
                    let is_block = matches!(
                        node.tag.name.as_str(),
                        "div" | "p" | "li" | "ul" | "section" | "footer" | "h1" | "h2" | "pre" | "blockquote"
                    );
                    if is_block {
                        begin_line(out);
                    }
                    node.write(out, left_out);
                    if is_block {
                        begin_line(out);
                    }
                }
            }
        }
    }
}

/// Text with its space drawn together, as it is shown.
fn write_text(out: &mut String, text: &str) {
    for character in text.chars() {
        if matches!(character, ' ' | '\t' | '\r' | '\n') {
            if !out.is_empty() && !out.ends_with([' ', '\n']) {
                out.push(' ');
            }
        } else {
            out.push(character);
        }
    }
}

fn begin_line(out: &mut String) {
    while out.ends_with(' ') {
        out.pop();
    }
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nothing(_: &Node) -> bool {
        false
    }

    #[test]
    fn text_is_as_it_is_shown() {
        let node =
            parse(b"<div>\n a <b>b</b><br>c<br/><br>d<div> e </div> &lt;f&gt;\n</div><i class=\"x\">no</i>");
        assert_eq!(node.text(&|node| node.tag.has_class("x")).as_deref(), Some("a b\nc\n\nd\ne\n<f>"));
        assert_eq!(parse(b"<div> </div>").text(&nothing), None);
    }

    #[test]
    fn what_is_not_closed_ends_with_what_it_stands_in() {
        let node = parse(b"<div class=\"a\"><span>x</div><p>y</b>z");
        assert_eq!(node.children().count(), 2);
        assert_eq!(node.first("a").and_then(|a| a.text(&nothing)).as_deref(), Some("x"));
        assert_eq!(node.text(&nothing).as_deref(), Some("x\nyz"));
        let deep = "<div>".repeat(100_000) + "x";
        assert_eq!(parse(deep.as_bytes()).text(&nothing).as_deref(), Some("x"));
    }
}
