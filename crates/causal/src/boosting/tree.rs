//! One regression tree on histograms, grown leaf by leaf where the gain is largest.
//!
//! The histogram of the smaller child is summed, that of its sibling is the parent's minus it (Ke et al.
//! 2017), so each level of the tree reads at most half of the rows.

use std::ops::Range;

use super::BoostingOptions;
use super::binned::{BINS, Binned};

/// Gradient and curvature summed per bin of one column.
type Histogram = [[f64; 2]; BINS];

/// A split with less gain than this share of the root's own score is rounding.
const LEAST_GAIN: f64 = 1e-10;

#[derive(Debug, Clone, Copy, Default)]
struct Node {
    column: u32,
    /// Rows with a code up to this go left.
    bin: u8,
    /// Index of the left child, the right one follows; 0 marks a leaf.
    left: u32,
    value: f64,
}

/// A fitted tree; values are shrunk already.
#[derive(Debug, Clone)]
pub(crate) struct Tree {
    nodes: Vec<Node>,
}

impl Tree {
    /// What the tree adds to the score of a row.
    pub(crate) fn value(&self, row: &[u8]) -> f64 {
        let mut node = &self.nodes[0];
        while node.left > 0 {
            node = &self.nodes[node.left as usize + usize::from(row[node.column as usize] > node.bin)];
        }
        node.value
    }

    /// Whether no split was worth while.
    pub(crate) fn is_stump(&self) -> bool {
        self.nodes.len() == 1
    }
}

#[derive(Debug, Clone, Copy)]
struct Split {
    column: usize,
    bin: u8,
    gain: f64,
    left: [f64; 2],
}

struct Leaf {
    node: usize,
    rows: Range<usize>,
    sums: [f64; 2],
    histograms: Vec<Histogram>,
    split: Option<Split>,
}

/// Grows trees on the same rows and options, with its scratch memory kept.
pub(crate) struct Grower<'a> {
    binned: &'a Binned,
    options: &'a BoostingOptions,
    rows: Vec<u32>,
    moved: Vec<u32>,
}

impl<'a> Grower<'a> {
    pub(crate) fn new(binned: &'a Binned, options: &'a BoostingOptions) -> Self {
        Self { binned, options, rows: Vec::new(), moved: Vec::new() }
    }

    /// Fits one tree to the derivatives (indexed by row) of these rows.
    pub(crate) fn grow(&mut self, rows: &[u32], derivatives: &[[f32; 2]]) -> Tree {
        self.rows.clear();
        self.rows.extend_from_slice(rows);
        let mut sums = [0.0; 2];
        for &row in rows {
            let [gradient, curvature] = derivatives[row as usize];
            sums[0] += f64::from(gradient);
            sums[1] += f64::from(curvature);
        }
        let mut nodes = vec![Node { value: self.leaf_value(sums), ..Node::default() }];
        let least_gain = LEAST_GAIN * self.score(sums).max(f64::MIN_POSITIVE);
        let histograms = self.histograms(0..rows.len(), derivatives);
        let mut root = Leaf { node: 0, rows: 0..rows.len(), sums, histograms, split: None };
        root.split = self.best_split(&root, least_gain);
        let mut leaves = vec![root];
        while let Some((chosen, split)) = most_gain(&leaves) {
            let leaf = leaves.swap_remove(chosen);
            let mut pair = self.divide(leaf, split, &mut nodes);
            if leaves.len() + 2 >= self.options.leaves {
                break;
            }
            self.examine(&mut pair, derivatives, least_gain);
            leaves.extend(pair);
        }
        Tree { nodes }
    }

    fn score(&self, [gradient, curvature]: [f64; 2]) -> f64 {
        gradient * gradient / (curvature + self.options.l2)
    }

    fn leaf_value(&self, [gradient, curvature]: [f64; 2]) -> f64 {
        -self.options.learning_rate * gradient / (curvature + self.options.l2)
    }

    fn histograms(&self, rows: Range<usize>, derivatives: &[[f32; 2]]) -> Vec<Histogram> {
        let mut histograms = vec![[[0.0; 2]; BINS]; self.binned.columns()];
        for &row in &self.rows[rows] {
            let [gradient, curvature] = derivatives[row as usize].map(f64::from);
            for (histogram, &code) in histograms.iter_mut().zip(self.binned.row(row as usize)) {
                let bin = &mut histogram[usize::from(code) % BINS];
                bin[0] += gradient;
                bin[1] += curvature;
            }
        }
        histograms
    }

    /// Rows per bin are not kept: the least rows of a side are demanded of its curvature, at the leaf's
    /// average per row (exact for the squared loss, where each row has curvature one).
    fn best_split(&self, leaf: &Leaf, least_gain: f64) -> Option<Split> {
        if leaf.rows.len() < 2 * self.options.rows_per_leaf {
            return None;
        }
        let own = self.score(leaf.sums);
        let least_curvature = self.options.rows_per_leaf as f64 * leaf.sums[1] / leaf.rows.len() as f64;
        let mut best: Option<Split> = None;
        for (column, histogram) in leaf.histograms.iter().enumerate() {
            let mut left = [0.0; 2];
            for (bin, entry) in (0_u8..).zip(&histogram[..BINS - 1]) {
                if entry[1] <= 0.0 {
                    continue;
                }
                left[0] += entry[0];
                left[1] += entry[1];
                let right = [leaf.sums[0] - left[0], leaf.sums[1] - left[1]];
                if left[1] < least_curvature - 1e-9 {
                    continue;
                }
                if right[1] < least_curvature - 1e-9 {
                    break;
                }
                let gain = self.score(left) + self.score(right) - own;
                if gain > best.map_or(least_gain, |known| known.gain) {
                    best = Some(Split { column, bin, gain, left });
                }
            }
        }
        best
    }

    /// Turns a leaf into a node with two leaves, of which the first holds the parent's histograms.
    fn divide(&mut self, leaf: Leaf, split: Split, nodes: &mut Vec<Node>) -> [Leaf; 2] {
        let middle = self.partition(leaf.rows.clone(), split);
        let first = nodes.len();
        let right = [leaf.sums[0] - split.left[0], leaf.sums[1] - split.left[1]];
        let node = &mut nodes[leaf.node];
        node.column = u32::try_from(split.column).unwrap_or(u32::MAX);
        node.bin = split.bin;
        node.left = u32::try_from(first).unwrap_or(u32::MAX);
        for sums in [split.left, right] {
            nodes.push(Node { value: self.leaf_value(sums), ..Node::default() });
        }
        let child = |node, rows, sums, histograms| Leaf { node, rows, sums, histograms, split: None };
        [
            child(first, leaf.rows.start..middle, split.left, leaf.histograms),
            child(first + 1, middle..leaf.rows.end, right, Vec::new()),
        ]
    }

    /// Histograms and best splits of two new siblings, where they have the rows for one.
    fn examine(&self, [left, right]: &mut [Leaf; 2], derivatives: &[[f32; 2]], least_gain: f64) {
        if left.rows.len().max(right.rows.len()) < 2 * self.options.rows_per_leaf {
            return;
        }
        let (smaller, larger) =
            if left.rows.len() <= right.rows.len() { (&mut *left, &mut *right) } else { (&mut *right, &mut *left) };
        let mut parent = std::mem::take(&mut smaller.histograms);
        if parent.is_empty() {
            parent = std::mem::take(&mut larger.histograms);
        }
        smaller.histograms = self.histograms(smaller.rows.clone(), derivatives);
        for (total, part) in parent.iter_mut().flatten().flatten().zip(smaller.histograms.iter().flatten().flatten()) {
            *total -= part;
        }
        larger.histograms = parent;
        left.split = self.best_split(left, least_gain);
        right.split = self.best_split(right, least_gain);
    }

    /// Moves the rows of the right child behind those of the left, both in their order.
    fn partition(&mut self, range: Range<usize>, split: Split) -> usize {
        self.moved.clear();
        let mut next = range.start;
        for position in range.clone() {
            let row = self.rows[position];
            if self.binned.row(row as usize)[split.column] <= split.bin {
                self.rows[next] = row;
                next += 1;
            } else {
                self.moved.push(row);
            }
        }
        self.rows[next..range.end].copy_from_slice(&self.moved);
        next
    }
}

/// The leaf to split next, with its split; the earliest of equals.
fn most_gain(leaves: &[Leaf]) -> Option<(usize, Split)> {
    let mut best: Option<(usize, Split)> = None;
    for (index, leaf) in leaves.iter().enumerate() {
        if let Some(split) = leaf.split
            && best.is_none_or(|(_, known)| split.gain > known.gain)
        {
            best = Some((index, split));
        }
    }
    best
}
