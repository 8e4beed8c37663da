//! Ids, states, parameter and result types: what every part of the house means by a word. No I/O.
