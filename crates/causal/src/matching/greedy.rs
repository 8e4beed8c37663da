//! Greedy matching without replacement in several dimensions.
//!
//! Seekers are served in the order given. For a batch of them the nearest free places are listed at once;
//! each then takes the first of its list that is still free, and searches again only when the whole list
//! was taken within the batch. So each takes the nearest row that is free at its turn, exactly.

use super::blocks::{Blocks, Room};
use super::nearest::{Arm, Search};

/// Seekers for which lists are made together.
const BATCH: usize = 1024;
/// Rows in a list.
const LISTED: usize = 16;

/// In `rounds` rounds each of `seekers` takes the nearest row that is left; of places at the same
/// distance the first in the order of coordinates, of the rows of a place the first.
pub(super) fn take(arm: &Arm<'_>, blocks: &Blocks, seekers: &[u32], rounds: usize, furthest: f64) -> Vec<Vec<u32>> {
    let places = &arm.places;
    let mut room = blocks.full().clone();
    let mut free: usize = places.all().map(|place| places.size(place)).sum();
    let mut taken = vec![Vec::new(); seekers.len()];
    for _ in 0..rounds {
        for (batch, taken) in seekers.chunks(BATCH).zip(taken.chunks_mut(BATCH)) {
            if free == 0 {
                break;
            }
            let nearest = |rows: &[u32], wanted: usize, room: &Room| {
                blocks.nearest(arm.points, rows, Search { wanted, furthest }, room)
            };
            let lists = nearest(batch, LISTED, &room);
            for ((seeker, list), own) in batch.iter().zip(lists).zip(taken) {
                let first_free = |list: &[u32]| list.iter().copied().find(|&place| room.left(place) > 0);
                let again = || nearest(&[*seeker], 1, &room).first().and_then(|list| first_free(list));
                let Some(place) = first_free(&list).or_else(|| if list.is_empty() { None } else { again() }) else {
                    continue;
                };
                let rows = places.rows(place);
                own.push(rows[rows.len() - room.left(place)]);
                room.take(place);
                free -= 1;
            }
        }
    }
    taken
}
