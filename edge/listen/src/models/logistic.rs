//! Numbers to judge by, and what each of them was learnt to say.

/// A line for each sign: its name, then what one of it adds to the log odds of each outcome. The first line, "to begin
/// with", is what stands before any sign.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Weights<const SIGNS: usize, const OUTCOMES: usize> {
    bias: [f32; OUTCOMES],
    of_signs: [[f32; OUTCOMES]; SIGNS],
}

impl<const SIGNS: usize, const OUTCOMES: usize> Weights<SIGNS, OUTCOMES> {
    /// Reads a table of `model/`, its lines in any order. A sign that it does not hold says nothing.
    pub(crate) fn read(table: &str, names: [&str; SIGNS]) -> Self {
        let of = |name: &str| {
            let line = table.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('\t'));
            let mut numbers =
                line.into_iter().flat_map(|line| line.split('\t')).filter_map(|number| number.parse().ok());
            std::array::from_fn(|_| numbers.next().unwrap_or(0.0))
        };
        Self { bias: of("to begin with"), of_signs: names.map(of) }
    }

    /// The log odds of each outcome, given these signs.
    pub(crate) fn weigh(&self, signs: &[f32; SIGNS]) -> [f32; OUTCOMES] {
        let mut odds = self.bias;
        for (sign, weights) in signs.iter().zip(&self.of_signs) {
            for (odds, weight) in odds.iter_mut().zip(weights) {
                *odds += sign * weight;
            }
        }
        odds
    }

    /// What one of each sign adds to the log odds of each outcome.
    pub(crate) fn of_signs(&self) -> &[[f32; OUTCOMES]; SIGNS] {
        &self.of_signs
    }

    /// Whether the table held each sign and nothing else.
    #[cfg(test)]
    pub(crate) fn are_complete(&self, table: &str) -> bool {
        let learnt = self.of_signs.iter().chain([&self.bias]).all(|weights| *weights != [0.0; OUTCOMES]);
        learnt && table.lines().count() == SIGNS + 1
    }
}

pub(crate) fn flag(set: bool) -> f32 {
    f32::from(u8::from(set))
}
