//! Tests of the custody log from outside: round trips, alterations, hostile bytes, state, and agreement
//! with Go.

#[cfg(test)]
mod altered;
#[cfg(test)]
mod go;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod round_trips;
#[cfg(test)]
mod state;
#[cfg(test)]
mod support;
