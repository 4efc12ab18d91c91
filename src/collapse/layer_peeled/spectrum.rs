//! The layer-peeled model reduced to four numbers, and solved: the singular values of the optimal logits.
//!
//! The energies bound W and H only through the logits Z = W H^T `[K x K]`: some W and H of these energies give Z if and only if its nuclear
//! norm |Z|_* is at most B = K sqrt(E_H E_W), since |W H^T|_* <= |W|_F |H|_F with equality for the balanced factors U S^1/2 and V S^1/2 of
//! Z = U S V^T. So the model is convex: minimise the cross-entropy over the ball |Z|_* <= B. That is the relaxation of Fang et al.,
//! and where the vectors have p >= K - 1 dimensions nothing is relaxed.
//!
//! Exchanging classes of equal weight, and adding a number to a column of Z, change no loss. So the mean over all exchanges, with
//! the columns' means taken out, is an optimum too, and has the form
//!
//! ```text
//! Z = a P_A + b P_B + e (x 1_A / sqrt(K_A) - y 1_B / sqrt(K_B))^T,     |Z|_* = (K_A - 1) a + (K_B - 1) b + sqrt(x^2 + y^2)
//! ```
//!
//! with P_A = 1 - J / K_A on the majority classes A, P_B on the minority classes B, and e the unit vector that is constant on A, constant on
//! B and sums to 0. Here `a` tells the majority classes from each other, `b` the minority classes, and x and y tell A from B in the columns
//! of A and of B. **Minority Collapse is b = 0**, exactly: a corner of the nuclear norm.
//!
//! A unit of nuclear norm saves the same loss wherever it is spent, the price. At a given price, and slopes cos t and sin t of sqrt(x^2 + y^2)
//! in x and y, the softmax probabilities of each group follow in closed form. What is left are two nested searches
//! for roots of monotone functions: the angle t, at which (x, y) points as t says, and the price, at which B is spent.

use super::root::root_of_decreasing;

/// The optimal logits: what they spend of the nuclear norm, and on what. Majority first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Spectrum {
    /// The singular values a and b, K_A - 1 and K_B - 1 times; 0 for a group of one class, or none.
    pub within: [f64; 2],
    /// The singular value sqrt(x^2 + y^2) that tells the groups apart; 0 where there is only one.
    pub between: f64,
    /// (x, y) / sqrt(x^2 + y^2): its right singular vector on the groups, both parts positive.
    pub direction: [f64; 2],
    /// Mean cross-entropy in nats.
    pub loss: f64,
}

/// ln of a price at which nothing is worth having: no gradient of the loss in Z is larger than sqrt(2).
const PROHIBITIVE: f64 = 0.5;

impl Spectrum {
    /// The optimum for groups of `sizes` classes, each class of the first weighing `imbalance` times one of the second, within the nuclear
    /// norm `budget`.
    pub(super) fn optimal(sizes: [usize; 2], imbalance: f64, budget: f64) -> Self {
        let [majority, minority] = sizes.map(|size| size as f64);
        let classes = majority + minority;
        if sizes.contains(&0) {
            // All classes weigh the same: a simplex.
            let value = budget / (classes - 1.0);
            return Self {
                within: sizes.map(|size| if size == 0 { 0.0 } else { value }),
                between: 0.0,
                direction: [0.0; 2],
                loss: libm::log1p((classes - 1.0) * libm::exp(-value)),
            };
        }
        let total = majority * imbalance + minority;
        let groups = [Group::new(majority, minority, majority * imbalance / total), Group::new(minority, majority, minority / total)];

        let mut step = 1.0;
        let mut cheap = PROHIBITIVE - step;
        while spent(&groups, &bought(&groups, cheap)) < budget {
            step *= 2.0;
            cheap -= step;
        }
        let log_price = root_of_decreasing(cheap, PROHIBITIVE, |log_price| spent(&groups, &bought(&groups, log_price)) - budget);
        let choice = bought(&groups, log_price);
        // The last bits of the price: the energies are met to rounding.
        let scale = budget / spent(&groups, &choice);
        let [a, b] = choice.map(|choice| Choice { within: choice.within * scale, between: choice.between * scale });
        let between = a.between.hypot(b.between);
        Self {
            within: [a.within, b.within],
            between,
            direction: if between > 0.0 { [a.between / between, b.between / between] } else { [0.0; 2] },
            loss: groups[0].loss(a) + groups[1].loss(b),
        }
    }
}

/// What the columns of a group buy: its own singular value, a or b, and its part of the one between the groups, x or y.
#[derive(Clone, Copy)]
struct Choice {
    within: f64,
    between: f64,
}

/// The classes of one weight.
struct Group {
    /// How many they are.
    size: f64,
    /// Classes of the other group.
    others: f64,
    /// ln of the share of the loss that is theirs, n_k/n summed over the group.
    log_weight: f64,
    /// sqrt(others / K): at slopes equal to the reaches of the groups all classes are treated alike.
    reach: f64,
}

impl Group {
    fn new(size: f64, others: f64, weight: f64) -> Self {
        Self { size, others, log_weight: libm::log(weight), reach: (others / (size + others)).sqrt() }
    }

    /// What minimises the group's loss and the cost, price * ((size - 1) within + slope * between), over within >= 0 and any between.
    fn choice(&self, log_price: f64, slope: f64) -> Choice {
        let relative = log_price - self.log_weight;
        let lean = slope * self.reach;
        let peers = self.size - 1.0;
        // The probabilities that a point of the group has on all its peers and on all classes of the other group, where the gradient vanishes.
        let on_peers = libm::exp(relative) * peers * (1.0 - lean);
        let on_others = libm::exp(relative) * self.size * lean;
        let own = 1.0 - on_peers - on_others;
        let (within, own) = if on_peers < peers * own {
            (libm::log(own) - relative - libm::log(1.0 - lean), own)
        } else {
            // Too dear: the group's classes stay alike.
            (0.0, ((1.0 - on_others) / self.size).max(f64::MIN_POSITIVE))
        };
        let log_others = relative + libm::log((self.size * lean).max(f64::MIN_POSITIVE));
        let margin = libm::log(self.others * own) - log_others;
        Choice { within, between: (margin * self.size - within * peers) * self.reach }
    }

    /// The group's part of the mean cross-entropy, in nats.
    fn loss(&self, Choice { within, between }: Choice) -> f64 {
        let peers = self.size - 1.0;
        let margin = (within * peers + between / self.reach) / self.size;
        libm::exp(self.log_weight) * libm::log1p(peers * libm::exp(-within) + self.others * libm::exp(-margin))
    }
}

/// What both groups buy at a price.
fn bought(groups: &[Group; 2], log_price: f64) -> [Choice; 2] {
    let at = |u: f64| {
        let [cosine, sine] = slopes(u);
        [groups[0].choice(log_price, cosine), groups[1].choice(log_price, sine)]
    };
    // x falls and y rises with the slopes, so this falls where both are positive.
    let turn = |u: f64| {
        let ([x, y], [cosine, sine]) = (at(u).map(|choice| choice.between), slopes(u));
        y * cosine - x * sine
    };
    let choices = at(root_of_decreasing(0.0, 1.0, turn));
    if choices.iter().all(|choice| choice.between > 0.0) {
        return choices;
    }
    // Telling the groups apart is too dear. Its slopes are then any within the unit circle: those at which none is bought.
    [0, 1].map(|g| {
        let slope = root_of_decreasing(0.0, 1.0, |slope| groups[g].choice(log_price, slope).between);
        Choice { between: 0.0, ..groups[g].choice(log_price, slope) }
    })
}

/// Cosine and sine of the angle whose half has the tangent `u`: arithmetic alone, and exact at both ends.
fn slopes(u: f64) -> [f64; 2] {
    let square = u * u;
    [(1.0 - square) / (1.0 + square), 2.0 * u / (1.0 + square)]
}

/// The nuclear norm of the logits.
fn spent(groups: &[Group; 2], choices: &[Choice; 2]) -> f64 {
    let [a, b] = choices;
    (groups[0].size - 1.0) * a.within + (groups[1].size - 1.0) * b.within + a.between.hypot(b.between)
}
