//! What a real nginx with the configuration of the house does.

mod behind;
mod kept_running;
mod passing_on;
mod serving;
mod upstream;
