//! Distinct values and how often each stands, all of them, as long as they fit a bound.

use super::hash::hash;

/// One distinct value.
pub(super) struct Counted {
    pub(super) hash: u64,
    pub(super) count: u64,
    start: usize,
    length: usize,
}

/// An open-addressing table over values that lie one behind the other.
pub(super) struct Counts {
    entries: Vec<Counted>,
    text: Vec<u8>,
    /// Index of an entry plus one; 0 where there is none. Twice as many as entries, at least.
    slots: Vec<u32>,
    max_bytes: usize,
}

/// The bytes an entry costs besides its text: itself, and four slots when they have just doubled.
const ENTRY_BYTES: usize = size_of::<Counted>() + 4 * size_of::<u32>();

impl Counts {
    pub(super) fn new(max_bytes: usize) -> Self {
        Self { entries: Vec::new(), text: Vec::new(), slots: vec![0; 64], max_bytes }
    }

    pub(super) fn entries(&self) -> &[Counted] {
        &self.entries
    }

    pub(super) fn value(&self, entry: &Counted) -> &[u8] {
        &self.text[entry.start..entry.start + entry.length]
    }

    /// Counts a value; false when it is new and there is no room for it.
    pub(super) fn observe(&mut self, value: &[u8]) -> bool {
        let hash = hash(value);
        let mut slot = self.slot_of(hash);
        while let Some(index) = (self.slots[slot] as usize).checked_sub(1) {
            let entry = &self.entries[index];
            if entry.hash == hash && self.value(entry) == value {
                self.entries[index].count += 1;
                return true;
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
        self.insert(slot, hash, value)
    }

    fn insert(&mut self, slot: usize, hash: u64, value: &[u8]) -> bool {
        let needed = (self.entries.len() + 1) * ENTRY_BYTES + self.text.len() + value.len();
        let Ok(number) = u32::try_from(self.entries.len() + 1) else { return false };
        if needed > self.max_bytes {
            return false;
        }
        self.entries.push(Counted { hash, count: 1, start: self.text.len(), length: value.len() });
        self.text.extend_from_slice(value);
        self.slots[slot] = number;
        if self.entries.len() * 2 > self.slots.len() {
            self.grow();
        }
        true
    }

    fn grow(&mut self) {
        self.slots = vec![0; self.slots.len() * 2];
        for index in 0..self.entries.len() {
            let mut slot = self.slot_of(self.entries[index].hash);
            while self.slots[slot] != 0 {
                slot = (slot + 1) & (self.slots.len() - 1);
            }
            self.slots[slot] = u32::try_from(index + 1).unwrap_or(u32::MAX);
        }
    }

    fn slot_of(&self, hash: u64) -> usize {
        usize::try_from(hash & (self.slots.len() as u64 - 1)).unwrap_or_default()
    }
}
