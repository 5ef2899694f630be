//! Changed copies of genuine bytes, the same at every run.

/// A source of changes; xorshift from a fixed seed.
pub(crate) struct Mutations {
    state: u64,
    pieces: &'static [&'static [u8]],
}

impl Mutations {
    /// Changes that also insert these pieces.
    pub(crate) fn new(pieces: &'static [&'static [u8]]) -> Self {
        Self {
            state: 0x9e37_79b9_7f4a_7c15,
            pieces,
        }
    }

    fn draw(&mut self, below: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        usize::try_from(self.state >> 33).unwrap() % below
    }

    /// A copy with one to three bytes cut, changed, removed, or a piece inserted.
    pub(crate) fn of(&mut self, seed: &[u8]) -> Vec<u8> {
        let mut changed = seed.to_vec();
        for _ in 0..=self.draw(3) {
            let at = self.draw(changed.len().max(1)).min(changed.len());
            match self.draw(8) {
                0 => changed.truncate(at),
                1..4 if at < changed.len() => {
                    changed[at] = u8::try_from(self.draw(256)).unwrap();
                }
                4..6 if at < changed.len() => drop(changed.remove(at)),
                _ => {
                    let piece = self.pieces[self.draw(self.pieces.len())];
                    drop(changed.splice(at..at, piece.iter().copied()));
                }
            }
        }
        changed
    }
}
