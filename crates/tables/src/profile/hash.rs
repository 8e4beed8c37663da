//! A fast hash of short values: folded multiplication (as in wyhash), then the finisher of `MurmurHash3`, which
//! `HyperLogLog` needs: each bit must be as good as any other. Not keyed: who crafts collisions spoils his own profile.

const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;

pub(super) fn hash(bytes: &[u8]) -> u64 {
    let mut state = (bytes.len() as u64).wrapping_mul(MULTIPLIER);
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        state = fold(state ^ u64::from_le_bytes(*word));
    }
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    finish(fold(state ^ u64::from_le_bytes(last)))
}

const fn fold(value: u64) -> u64 {
    let product = (value ^ 0x2D35_8DCC_AA6C_78A5) as u128 * (MULTIPLIER as u128);
    #[expect(clippy::cast_possible_truncation, reason = "both halves are wanted")]
    let folded = product as u64 ^ (product >> 64) as u64;
    folded
}

const fn finish(mut value: u64) -> u64 {
    value ^= value >> 33;
    value = value.wrapping_mul(0xFF51_AFD7_ED55_8CCD);
    value ^= value >> 33;
    value = value.wrapping_mul(0xC4CE_B9FE_1A85_EC53);
    value ^ (value >> 33)
}
