//! Images from a real registry: Debian's docker-registry, on the loopback address.
