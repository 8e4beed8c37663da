//! `make test-health`, `make bench-health`: parts of the running platform are hurt, and what health tells people of it is
//! counted.
//!
//! The platform is the base tier, brought up as people do, with health at its default intervals. What stands for Slack is a
//! listener of this program ([`ear`]); how things stand is asked of health by its own address ([`sight`]), so that nothing
//! that is hurt stands between.
//!
//! | module | what for |
//! | --- | --- |
//! | [`part`], [`wound`] | what is hurt, and how: killed, paused, slowed |
//! | [`ear`], [`sight`] | what health told people, and what it answers |
//! | [`account`] | which messages are due and which are not |
//! | [`room`] | the platform with both of them |
//! | [`cases`], [`trial`] | what is tried: a part by itself; several together, health itself, a flood of questions |
//! | [`flood`] | so many questions a second, whatever becomes of the answers |
//! | [`run`](mod@run), [`report`] | one case after the other, and the page |
//! | [`bench`](mod@bench) | the figures: `make bench-health` |

pub mod account;
pub mod bench;
pub mod cases;
pub mod ear;
pub mod flood;
pub mod part;
pub mod report;
pub mod room;
pub mod run;
pub mod sight;
pub mod trial;
pub mod wound;
