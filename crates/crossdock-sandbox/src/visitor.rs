//! A person in front of a page: which buttons there are, and what pressing one sends.
//!
//! For tests and demonstrations that go through a consent page as a browser would. Reads as much of
//! HTML as such pages need.

/// Words on a button that says no.
const NO: &[&str] = &["cancel", "decline", "deny", "refuse", "reject"];

/// A button of a form, with all that pressing it sends.
#[derive(Clone, Debug, Default)]
pub struct Button {
    /// Where its form goes, as the page writes it: to be joined to the page's own address.
    pub action: String,
    /// Whether it is posted; otherwise the fields are the query.
    pub post: bool,
    /// The form's hidden fields, and the button's own.
    pub fields: Vec<(String, String)>,
    /// What is written on it, and its own value.
    pub words: String,
}

impl Button {
    /// Whether it declines what the page asks.
    #[must_use]
    pub fn says_no(&self) -> bool {
        let words = self.words.to_ascii_lowercase();
        NO.iter().any(|no| words.contains(no))
    }

    /// The fields as a form or a query carries them.
    #[must_use]
    pub fn encoded(&self) -> String {
        url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&self.fields)
            .finish()
    }
}

/// The buttons of all forms of a page, in order.
#[must_use]
pub fn buttons(page: &str) -> Vec<Button> {
    let mut buttons = Vec::new();
    for form in page.split("<form").skip(1) {
        let form = form.split("</form").next().unwrap_or_default();
        let head = form.split('>').next().unwrap_or_default();
        let mut hidden = Vec::new();
        let mut found = Vec::new();
        for part in form.split('<').skip(1) {
            let (tag, text) = part.split_once('>').unwrap_or((part, ""));
            let name = attribute(tag, "name");
            let value = attribute(tag, "value").unwrap_or_default();
            let kind = attribute(tag, "type").unwrap_or_default();
            let is_button =
                tag.starts_with("button") || (tag.starts_with("input") && kind == "submit");
            if is_button {
                let words = format!("{text} {value}");
                found.push((name.map(|name| (name, value)), words));
            } else if let Some(name) = name.filter(|_| tag.starts_with("input")) {
                hidden.push((name, value));
            }
        }
        for (own, words) in found {
            let fields = hidden.iter().cloned().chain(own).collect();
            let action = attribute(head, "action").unwrap_or_default();
            let post = attribute(head, "method").is_some_and(|it| it.eq_ignore_ascii_case("post"));
            buttons.push(Button {
                action,
                post,
                fields,
                words,
            });
        }
    }
    buttons
}

/// An attribute's value in quotes, its character references resolved.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}="))?;
    let quote = rest
        .chars()
        .next()
        .filter(|quote| matches!(quote, '"' | '\''))?;
    let value = rest.split(quote).nth(1)?;
    let references = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&amp;", "&"),
    ];
    Some(
        references
            .iter()
            .fold(value.to_owned(), |value, (from, to)| {
                value.replace(from, to)
            }),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buttons_carry_the_hidden_fields_of_their_form() {
        let page = r#"<form action="/other"><button>Search</button></form>
            <form method="post" action="/consent?a=1&amp;b=2">
              <input type="hidden" name="state" value="a&quot;b">
              <button type="submit" name="decision" value="approve">Install</button>
              <input type='submit' name='decision' value='Deny'>
            </form>"#;
        let buttons = buttons(page);
        let encoded: Vec<_> = buttons.iter().map(Button::encoded).collect();
        assert_eq!(
            encoded,
            [
                "",
                "state=a%22b&decision=approve",
                "state=a%22b&decision=Deny"
            ]
        );
        assert_eq!(buttons[1].action, "/consent?a=1&b=2");
        assert!(buttons[1].post && !buttons[0].post);
        assert_eq!(
            buttons.iter().map(Button::says_no).collect::<Vec<_>>(),
            [false, false, true]
        );
    }
}
