//! Checks over whole trees: what is recognised, what becomes a fact, what damage costs.

mod androidqf;
mod apk;
mod damage;
mod help;
