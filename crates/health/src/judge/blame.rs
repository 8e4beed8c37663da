//! Who is to blame for a part's failing.
//!
//! One hop is asked for and the chain is followed by itself: a parent that fails because of its own parent is not well either.
//! A child often fails before its parent is known to be down, since its looks come earlier or its threshold is lower. So
//! nothing is raised for it until each parent has been looked at since the child's trouble began; a parent that was seen down
//! once, and is not believed to be down yet, is waited for until it is, or is well.

use super::Judge;
use super::moment::{Moment, micros};
use super::track::Track;

/// What is known of a part's parents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Blame {
    /// This one is to blame: the end of the chain.
    Parent(usize),
    /// Not known yet.
    Unclear,
    /// They are well.
    Itself,
}

impl Judge {
    /// A parent that is down, or goes up and down: the end of the chain.
    pub(super) fn root(&self, place: usize) -> Option<usize> {
        let mut passed = vec![place];
        let mut root = None;
        let mut at = place;
        // Parts may stand on each other in a ring; each is passed once.
        while let Some(parent) = self.tracks[at]
            .parents
            .iter()
            .copied()
            .find(|parent| !passed.contains(parent) && self.tracks[*parent].at_fault())
        {
            passed.push(parent);
            root = Some(parent);
            at = parent;
        }
        root
    }

    /// Who is to blame for the part's trouble. Asks for the looks that are needed to know.
    pub(super) fn blame(&mut self, place: usize, now: Moment) -> Blame {
        if let Some(root) = self.root(place) {
            return Blame::Parent(root);
        }
        let parents = self.tracks[place].parents.clone();
        let mut unclear = false;
        for parent in parents {
            unclear |= self.is_unclear(place, parent, now);
        }
        if unclear { Blame::Unclear } else { Blame::Itself }
    }

    fn is_unclear(&mut self, place: usize, parent: usize, now: Moment) -> bool {
        let Some(onset) = self.tracks[place].onset() else { return false };
        let patience = micros(self.rules.parent_patience + self.tracks[parent].part.cadence.timeout);
        let looked = self.tracks[parent].looked.filter(|(began, _)| *began >= onset);
        let until = match looked {
            Some((_, ended)) if doubtful(&self.tracks[parent]) => ended + patience + micros(self.rules.confirm_every),
            Some(_) => return false,
            None => {
                self.tracks[parent].want();
                *self.tracks[place].waits.entry(parent).or_insert(now.micros() + patience)
            }
        };
        now.micros() < until
    }
}

/// Seen down, and not believed to be.
fn doubtful(track: &Track) -> bool {
    track.seen_down() && !track.at_fault()
}
