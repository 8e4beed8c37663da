//! Exact nearest neighbours in several dimensions, block against block.
//!
//! Places are halved along their widest dimension (a k-d tree of which the leaves are kept) and so are
//! the rows that seek. For each block of seekers the blocks of places are visited from the nearest box
//! outward, until none can hold a match; that decides nearly all in few dimensions. What is left is
//! judged by `|x|² - 2 q'x` in single precision, a matrix product, with its rounding error allowed for;
//! only what passes is measured in double precision. So it is exact, and as fast as multiplying
//! matrices where no tree can prune (twenty dimensions).

use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};
use rayon::prelude::*;

use super::nearest::{Search, TIE};
use super::places::{Places, Points};

/// Most places of a block.
const PLACES: usize = 256;
/// Most seekers of a block.
const SEEKERS: usize = 64;
/// Values scanned together for one below the threshold.
const LANES: usize = 16;

/// A box around some points.
struct Bounds {
    low: Vec<f64>,
    high: Vec<f64>,
}

impl Bounds {
    fn of(points: &Points, rows: &[u32]) -> Self {
        let mut bounds =
            Self { low: vec![f64::INFINITY; points.dimensions], high: vec![f64::NEG_INFINITY; points.dimensions] };
        for &row in rows {
            for ((low, high), &value) in bounds.low.iter_mut().zip(&mut bounds.high).zip(points.of_row(row)) {
                *low = low.min(value);
                *high = high.max(value);
            }
        }
        bounds
    }

    fn widest(&self) -> Option<usize> {
        let width = |dimension: &usize| self.high[*dimension] - self.low[*dimension];
        (0..self.low.len()).max_by(|left, right| width(left).total_cmp(&width(right)))
    }

    /// Least distance of any two points of the boxes, rounded down.
    fn distance(&self, other: &Self) -> f64 {
        let gaps = (0..self.low.len())
            .map(|index| (self.low[index] - other.high[index]).max(other.low[index] - self.high[index]).max(0.0));
        gaps.map(|gap| gap * gap).sum::<f64>().sqrt() * (1.0 - 1e-12)
    }
}

struct Block {
    places: Vec<u32>,
    /// The row that stands for each place.
    rows: Vec<u32>,
    bounds: Bounds,
    /// Column-major: the coordinates times -2, and the squared length less an allowance for rounding.
    filter: Vec<f32>,
}

/// The places of an arm in blocks.
pub(super) struct Blocks {
    blocks: Vec<Block>,
    full: Room,
}

/// Rows that may be matches, by place and by block.
#[derive(Debug, Clone, Default)]
pub(super) struct Room {
    of_place: Vec<u32>,
    of_block: Vec<u32>,
    block: Vec<u32>,
}

impl Room {
    fn of(blocks: &[Block], places: &Places) -> Self {
        let rows = |place: u32| u32::try_from(places.size(place)).unwrap_or(u32::MAX);
        let mut room = Self { of_place: places.all().map(rows).collect(), ..Self::default() };
        room.block = vec![0; places.count()];
        for (number, block) in (0..).zip(blocks) {
            room.of_block.push(block.places.iter().map(|&place| rows(place)).sum());
            block.places.iter().for_each(|&place| room.block[place as usize] = number);
        }
        room
    }

    /// Rows left of a place.
    pub(super) fn left(&self, place: u32) -> usize {
        self.of_place[place as usize] as usize
    }

    pub(super) fn take(&mut self, place: u32) {
        self.of_place[place as usize] -= 1;
        self.of_block[self.block[place as usize] as usize] -= 1;
    }
}

/// What has been found for one seeker.
struct Seeker {
    row: u32,
    /// Squared length of its coordinates.
    length: f64,
    /// Distance, place and rows, nearest first.
    found: Vec<(f64, u32, usize)>,
    limit: f64,
}

impl Seeker {
    fn offer(&mut self, distance: f64, place: u32, size: usize, search: Search) {
        let position = self.found.partition_point(|known| (known.0, known.1) < (distance, place));
        self.found.insert(position, (distance, place, size));
        let mut rows = 0;
        let last = self.found.iter().find(|known| {
            rows += known.2;
            rows >= search.wanted
        });
        if let Some(&(distance, ..)) = last {
            self.limit = search.furthest.min(distance + TIE);
            self.found.truncate(self.found.partition_point(|known| known.0 <= self.limit));
        }
    }

    /// Filter values above this cannot be within the limit.
    #[expect(clippy::cast_possible_truncation, reason = "rounded up by the last term")]
    fn threshold(&self, allowance: f64) -> f32 {
        let threshold = self.limit * self.limit - self.length * (1.0 - allowance);
        (threshold + 1e-6 * threshold.abs() + 1e-30) as f32
    }
}

impl Block {
    #[expect(clippy::cast_possible_truncation, reason = "the allowance covers the rounding")]
    fn of(points: &Points, part: &[(u32, u32)]) -> Self {
        let (rows, places): (Vec<u32>, Vec<u32>) = part.iter().copied().unzip();
        let mut filter = Vec::with_capacity(rows.len() * (points.dimensions + 1));
        for dimension in 0..points.dimensions {
            filter.extend(rows.iter().map(|&row| -2.0 * points.of_row(row)[dimension] as f32));
        }
        let shrink = 1.0 - 2.0 * allowance(points.dimensions);
        filter.extend(rows.iter().map(|&row| (shrink * squared_length(points.of_row(row))) as f32));
        Self { places, bounds: Bounds::of(points, &rows), rows, filter }
    }
}

impl Blocks {
    pub(super) fn of(points: &Points, places: &Places) -> Self {
        let mut order: Vec<(u32, u32)> = places.all().map(|place| (places.first(place), place)).collect();
        let parts = halved(points, &mut order, PLACES);
        let blocks: Vec<Block> = parts.into_par_iter().map(|part| Block::of(points, &part)).collect();
        Self { full: Room::of(&blocks, places), blocks }
    }

    /// All rows.
    pub(super) fn full(&self) -> &Room {
        &self.full
    }

    /// Places that have room nearest to each row, nearest first.
    pub(super) fn nearest(&self, points: &Points, rows: &[u32], search: Search, room: &Room) -> Vec<Vec<u32>> {
        let mut order: Vec<(u32, u32)> = rows.iter().copied().zip(0..).collect();
        let groups = halved(points, &mut order, SEEKERS);
        let found: Vec<Vec<Seeker>> =
            groups.par_iter().map(|group| self.nearest_of_group(points, group, search, room)).collect();
        let mut places = vec![Vec::new(); rows.len()];
        for (&(_, index), seeker) in groups.iter().flatten().zip(found.into_iter().flatten()) {
            places[index as usize] = seeker.found.into_iter().map(|(_, place, _)| place).collect();
        }
        places
    }

    fn nearest_of_group(&self, points: &Points, group: &[(u32, u32)], search: Search, room: &Room) -> Vec<Seeker> {
        let rows: Vec<u32> = group.iter().map(|(row, _)| *row).collect();
        let bounds = Bounds::of(points, &rows);
        let distance = |(index, block): (usize, &Block)| (block.bounds.distance(&bounds), index);
        let with_room = self.blocks.iter().enumerate().filter(|(index, _)| room.of_block[*index] > 0);
        let mut order: Vec<(f64, usize)> = with_room.map(distance).collect();
        order.sort_unstable_by(|left, right| left.0.total_cmp(&right.0).then(left.1.cmp(&right.1)));
        let seeker = |&row: &u32| {
            let length = squared_length(points.of_row(row));
            Seeker { row, length, found: Vec::new(), limit: search.furthest }
        };
        let mut seekers: Vec<Seeker> = rows.iter().map(seeker).collect();
        let matrix = seekers_matrix(points, &rows);
        let mut products = vec![0.0_f32; PLACES * rows.len()];
        for (distance, index) in order {
            if seekers.iter().all(|own| distance > own.limit) {
                break;
            }
            let block = &self.blocks[index];
            let products = &mut products[..block.rows.len() * rows.len()];
            multiply(block, &matrix, products);
            for (seeker, values) in seekers.iter_mut().zip(products.chunks_exact(block.rows.len())) {
                scan(points, block, values, seeker, search, room);
            }
        }
        seekers
    }
}

/// Measures the places of a block that may be within the seeker's limit.
fn scan(points: &Points, block: &Block, values: &[f32], seeker: &mut Seeker, search: Search, room: &Room) {
    let allowance = allowance(points.dimensions);
    let mut threshold = seeker.threshold(allowance);
    if least(values) > threshold {
        return;
    }
    for (start, lanes) in (0..).step_by(LANES).zip(values.chunks(LANES)) {
        if least(lanes) > threshold {
            continue;
        }
        for (position, value) in (start..).zip(lanes) {
            let place = block.places[position];
            if *value > threshold || room.left(place) == 0 {
                continue;
            }
            let distance = points.distance(seeker.row, block.rows[position]);
            if distance <= seeker.limit {
                seeker.offer(distance, place, room.left(place), search);
                threshold = seeker.threshold(allowance);
            }
        }
    }
}

/// The least value, compared in lanes.
fn least(values: &[f32]) -> f32 {
    let lesser = |left: f32, right: f32| if right < left { right } else { left };
    let (chunks, rest) = values.as_chunks::<LANES>();
    let mut lanes = [f32::INFINITY; LANES];
    for chunk in chunks {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane = lesser(*lane, *value);
        }
    }
    lanes.iter().chain(rest).copied().fold(f32::INFINITY, lesser)
}

/// Share of `|x|² + |q|²` that `|x|² - 2 q'x` may be off in single precision: each of the `p + 1` terms
/// is rounded three times and added, in any order; doubled.
fn allowance(dimensions: usize) -> f64 {
    2.0 * (dimensions as f64 + 4.0) * f64::from(f32::EPSILON)
}

fn squared_length(point: &[f64]) -> f64 {
    point.iter().map(|value| value * value).sum()
}

/// Column-major: for each seeker its coordinates and a one.
#[expect(clippy::cast_possible_truncation, reason = "the allowance covers the rounding")]
fn seekers_matrix(points: &Points, rows: &[u32]) -> Vec<f32> {
    let one = |row: &u32| points.of_row(*row).iter().map(|&value| value as f32).chain([1.0]);
    rows.iter().flat_map(one).collect()
}

fn multiply(block: &Block, seekers: &[f32], products: &mut [f32]) {
    let count = block.rows.len();
    let inner = block.filter.len() / count;
    let columns = seekers.len() / inner;
    matmul(
        MatMut::from_column_major_slice_mut(products, count, columns),
        Accum::Replace,
        MatRef::from_column_major_slice(&block.filter, count, inner),
        MatRef::from_column_major_slice(seekers, inner, columns),
        1.0,
        Par::Seq,
    );
}

/// Rows (each with a number of the caller's) halved along their widest dimension until at most `most`
/// are together.
fn halved(points: &Points, entries: &mut [(u32, u32)], most: usize) -> Vec<Vec<(u32, u32)>> {
    if entries.len() <= most {
        return if entries.is_empty() { Vec::new() } else { vec![entries.to_vec()] };
    }
    let rows: Vec<u32> = entries.iter().map(|(row, _)| *row).collect();
    let dimension = Bounds::of(points, &rows).widest();
    drop(rows);
    let middle = entries.len() / 2;
    entries.select_nth_unstable_by(middle, |left, right| {
        let value = |row: u32| dimension.map_or(0.0, |dimension| points.of_row(row)[dimension]);
        value(left.0).total_cmp(&value(right.0)).then(left.cmp(right))
    });
    let (left, right) = entries.split_at_mut(middle);
    let (mut parts, others) = rayon::join(|| halved(points, left, most), || halved(points, right, most));
    parts.extend(others);
    parts
}
