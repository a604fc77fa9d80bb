//! Acquisitions by AndroidQF, bug reports and packages, made here: what is recognised, what becomes a fact, what
//! damage costs.

mod androidqf;
mod apk;
mod damage;
mod help;
