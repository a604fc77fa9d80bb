//! Tar, BagIt, capsule and package layout, names, the file tree. Holds no keys.
