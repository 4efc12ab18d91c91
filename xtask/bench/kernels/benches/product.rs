//! `cargo bench --package kernel-bench`: the same products natively.

use divan::Bencher;
use divan::counter::ItemsCount;
use kernel_bench::{CONTENDERS, Case, Contender, FORMS, Form};

fn main() {
    divan::main();
}

/// The shapes of a training step: a whole batch, a ragged one, the output layer, a wide layer.
const SHAPES: [[usize; 3]; 4] = [[128, 100, 100], [104, 100, 100], [128, 100, 10], [128, 1000, 1000]];

fn cases() -> impl Iterator<Item = (Contender, Form, [usize; 3])> {
    SHAPES.into_iter().flat_map(|shape| FORMS.into_iter().flat_map(move |form| CONTENDERS.map(|contender| (contender, form, shape))))
}

/// Items are floating-point operations.
#[divan::bench(args = cases().map(Named))]
fn product(bencher: Bencher, Named((contender, form, shape)): &Named) {
    let mut case = Case::new(*shape, *form);
    bencher.counter(ItemsCount::new(2 * shape.iter().product::<usize>())).bench_local(|| case.multiply(*contender));
}

struct Named((Contender, Form, [usize; 3]));

impl std::fmt::Display for Named {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        let Self((contender, form, [m, k, n])) = self;
        write!(f, "{m}x{k}x{n} {form:?} {contender:?}")
    }
}
