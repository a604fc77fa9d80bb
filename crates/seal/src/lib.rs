//! All cryptography: the age payload, keys, holders, recovery split, signatures. Knows nothing of cases.
