//! Which apps hold a role: text messages, calls, assistant, home screen, screening of calls.
//!
//! `name=android.app.role.X` and `holders=package` under each user (AOSP 10 to 15); each holder becomes a
//! setting of the space `role`. Deliberately not judged: which holder is odd.

use super::words::is_package;
use super::{Out, Reader, Section};
use crate::{Flow, Question};

pub(super) struct Roles;

impl Section for Roles {
    fn names(&self) -> &'static [&'static str] {
        &["role"]
    }

    fn first_lines(&self) -> &'static [&'static str] {
        &["ROLE MANAGER STATE (dumpsys role)", "ROLES (dumpsys role)"]
    }

    fn answers(&self) -> &'static [Question] {
        &[]
    }

    fn begin(&self) -> Box<dyn Reader> {
        Box::<Holders>::default()
    }
}

#[derive(Default)]
struct Holders {
    role: Option<String>,
}

impl Reader for Holders {
    fn line(&mut self, line: &str, out: &mut Out<'_>) -> Flow {
        let text = line.trim();
        if let Some(name) = text.strip_prefix("name=") {
            self.role =
                name.strip_prefix("android.app.role.").filter(|name| name.len() < 100).map(str::to_owned);
        } else if let (Some(role), Some(holders)) = (&self.role, text.strip_prefix("holders=")) {
            let packages = holders.split([',', ' ', '[', ']']).filter(|name| is_package(name));
            for package in packages.take(100) {
                out.setting("role", role, package)?;
            }
        } else if text == "}" {
            self.role = None;
        }
        Flow::Continue(())
    }

    fn end(&mut self, _: &mut Out<'_>) -> Flow {
        Flow::Continue(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dumpsys::testing::{read_section, settings};

    #[test]
    fn holders_of_roles() {
        let text = "ROLES (dumpsys role):\n{\n  user_state={\n    user_id=0\n    roles=[\n      {\n        \
                    name=android.app.role.SMS\n        fallback_enabled=true\n        \
                    holders=com.example.sms\n      }\n      {\n        \
                    name=android.app.role.ASSISTANT\n      }\n    ]\n  }\n}\n";
        let kept = settings(&read_section(&Roles, text));
        assert_eq!(kept, [("role".to_owned(), "SMS".to_owned(), "com.example.sms".to_owned())]);
    }
}
