//! The Schulze method with winning votes.
//!
//! One option beats another along a path when each step of it is won; a path is as strong as its
//! weakest step, which is the number of ballots that prefer its winner. Options that no other beats
//! more strongly win, and there is always one. Source: M. Schulze, « A new monotonic, clone-independent,
//! reversal symmetric, and Condorcet-consistent single-winner election method », 2011; votes.md 4.11.

use std::collections::BTreeMap;

use crate::governance::question::OptionId;

/// The comparison of all options with each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schulze {
    /// By id, sorted: rows and columns of both matrices stand in this order.
    options: Vec<OptionId>,
    /// How many ballots prefer the row to the column.
    preferences: Vec<Vec<u64>>,
    /// How strong the strongest path from the row to the column is.
    strengths: Vec<Vec<u64>>,
    /// Whether any ballot ranks at all.
    has_ballots: bool,
}

impl Schulze {
    /// Compares the options by so many ballots of each ranking. A ranking is groups of equals, best
    /// first; options that it leaves out are last and equal, and ids that are no options are passed
    /// over.
    pub fn of<'r>(
        options: &[OptionId],
        rankings: impl IntoIterator<Item = (u64, &'r [Vec<OptionId>])>,
    ) -> Self {
        let mut options = options.to_vec();
        options.sort();
        let mut preferences = vec![vec![0; options.len()]; options.len()];
        let mut has_ballots = false;
        for (count, groups) in rankings {
            has_ballots |= count > 0;
            let places = places(&options, groups);
            for (row, above) in preferences.iter_mut().zip(&places) {
                for (cell, below) in row.iter_mut().zip(&places) {
                    if above < below {
                        *cell += count;
                    }
                }
            }
        }
        Self {
            strengths: strongest_paths(&preferences),
            options,
            preferences,
            has_ballots,
        }
    }

    /// The best options, sorted by id; none when no ballot ranks.
    pub fn winners(&self) -> Vec<OptionId> {
        let best = self.order().into_iter().next();
        best.filter(|_| self.has_ballots).unwrap_or_default()
    }

    /// The whole order: layers of options that no other of the same or a later layer beats, best
    /// first.
    pub fn order(&self) -> Vec<Vec<OptionId>> {
        let mut left: Vec<usize> = (0..self.options.len()).collect();
        let mut layers = vec![];
        while !left.is_empty() {
            let (best, rest): (Vec<usize>, Vec<usize>) = left
                .iter()
                .partition(|one| left.iter().all(|other| !self.beats(*other, **one)));
            // The relation is transitive (Schulze 2011, §4.1), so somebody is always unbeaten.
            let layer = if best.is_empty() { &left } else { &best };
            layers.push(
                layer
                    .iter()
                    .filter_map(|i| self.options.get(*i))
                    .copied()
                    .collect(),
            );
            left = if best.is_empty() { vec![] } else { rest };
        }
        layers
    }

    /// How many ballots prefer `one` to `other`.
    pub fn preference(&self, one: OptionId, other: OptionId) -> u64 {
        self.at(&self.preferences, one, other)
    }

    /// How strong the strongest path from `one` to `other` is; 0 without any.
    pub fn strength(&self, one: OptionId, other: OptionId) -> u64 {
        self.at(&self.strengths, one, other)
    }

    fn at(&self, matrix: &[Vec<u64>], one: OptionId, other: OptionId) -> u64 {
        let index = |id: OptionId| self.options.binary_search(&id).ok();
        match (index(one), index(other)) {
            (Some(row), Some(column)) => cell(matrix, row, column),
            _ => 0,
        }
    }

    fn beats(&self, one: usize, other: usize) -> bool {
        cell(&self.strengths, one, other) > cell(&self.strengths, other, one)
    }
}

/// The place of each option in a ranking, smaller is better.
fn places(options: &[OptionId], groups: &[Vec<OptionId>]) -> Vec<usize> {
    let named: BTreeMap<OptionId, usize> = groups
        .iter()
        .enumerate()
        .flat_map(|(place, group)| group.iter().map(move |id| (*id, place)))
        .collect();
    let last = groups.len();
    options
        .iter()
        .map(|id| named.get(id).copied().unwrap_or(last))
        .collect()
}

/// Widest paths by Floyd and Warshall, over the steps that are won.
fn strongest_paths(preferences: &[Vec<u64>]) -> Vec<Vec<u64>> {
    let won = |row: usize, column: usize| {
        let (pro, contra) = (
            cell(preferences, row, column),
            cell(preferences, column, row),
        );
        if pro > contra { pro } else { 0 }
    };
    let all = 0..preferences.len();
    let mut strengths: Vec<Vec<u64>> = all
        .clone()
        .map(|row| all.clone().map(|column| won(row, column)).collect())
        .collect();
    for through in all {
        let from_there = strengths.get(through).cloned().unwrap_or_default();
        for row in &mut strengths {
            let to_there = row.get(through).copied().unwrap_or(0);
            for (strength, onwards) in row.iter_mut().zip(&from_there) {
                *strength = (*strength).max(to_there.min(*onwards));
            }
        }
    }
    strengths
}

fn cell(matrix: &[Vec<u64>], row: usize, column: usize) -> u64 {
    let found = matrix.get(row).and_then(|row| row.get(column));
    found.copied().unwrap_or(0)
}
