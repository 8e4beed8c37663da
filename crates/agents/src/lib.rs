//! What each agent computes: typed parameters and a table in, a typed result out.
