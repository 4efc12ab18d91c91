//! How the layers of an analysis are looked at: in which order, which are left out, and which are the outputs of blocks.

use super::analysis::{Analysis, LayerAnalysis};
use super::layer::LayerMeasures;
use crate::separation::{Law, fit_law};
use std::cmp::Ordering;

/// A layer, as it is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Part {
    /// Which layer of the analysis.
    pub layer: usize,
    /// Whether it is drawn and fitted.
    pub used: bool,
    /// Whether it is a block's output.
    pub block: bool,
}

/// The layers of an analysis in the order in which they are looked at. Nothing is measured anew for another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrangement(Vec<Part>);

impl Arrangement {
    /// All layers in the files' order, none of them a block.
    pub fn new(layers: usize) -> Self {
        Self((0..layers).map(|layer| Part { layer, used: true, block: false }).collect())
    }

    /// The layers in their order, those that are left out among them.
    pub fn parts(&self) -> &[Part] {
        &self.0
    }

    /// The part at a place, to be changed.
    pub fn part_mut(&mut self, place: usize) -> Option<&mut Part> {
        self.0.get_mut(place)
    }

    /// Changes places with the neighbour after it, or before it; whether there is one.
    pub fn shift(&mut self, place: usize, later: bool) -> bool {
        let other = if later { place.checked_add(1) } else { place.checked_sub(1) };
        let there = other.filter(|&other| other.max(place) < self.0.len());
        if let Some(other) = there {
            self.0.swap(place, other);
        }
        there.is_some()
    }

    /// Puts the layers in the order of their arrays' names, as `compare` has it.
    pub fn sort(&mut self, analysis: &Analysis, mut compare: impl FnMut(&str, &str) -> Ordering) {
        let name = |part: &Part| analysis.layers.get(part.layer).map_or("", |layer| layer.array.as_str());
        self.0.sort_by(|a, b| compare(name(a), name(b)));
    }

    /// The layers that are drawn, in their order: positions on the axis.
    pub fn layers<'a>(&self, analysis: &'a Analysis) -> Vec<&'a LayerAnalysis> {
        self.used().filter_map(|part| analysis.layers.get(part.layer)).collect()
    }

    /// The layers that are drawn, as the analysis counts them.
    pub fn numbers(&self) -> Vec<usize> {
        self.used().map(|part| part.layer).collect()
    }

    fn used(&self) -> impl Iterator<Item = &Part> {
        self.0.iter().filter(|part| part.used)
    }

    /// Separation fuzziness D of the layers that are drawn.
    pub fn fuzziness(&self, analysis: &Analysis) -> Vec<Option<f64>> {
        self.layers(analysis).iter().map(|layer| layer.measures.fuzziness).collect()
    }

    /// The fit of ln D on the position. None with fewer than 3 usable ones.
    pub fn law(&self, analysis: &Analysis) -> Option<Law> {
        fit_law(&self.fuzziness(analysis))
    }

    /// Positions on the axis of the outputs of blocks, the first position with them: there the first block begins. Empty where none is marked.
    pub fn blocks(&self) -> Vec<usize> {
        let marked = self.used().enumerate().filter(|(at, part)| part.block && *at > 0).map(|(at, _)| at).collect::<Vec<_>>();
        if marked.is_empty() { marked } else { [0].into_iter().chain(marked).collect() }
    }

    /// The fit of ln D on the number of the block. None with fewer than 3 usable ones.
    pub fn block_law(&self, analysis: &Analysis) -> Option<Law> {
        let fuzziness = self.fuzziness(analysis);
        fit_law(&self.blocks().into_iter().map(|at| fuzziness[at]).collect::<Vec<_>>())
    }

    /// The layers that are drawn as comma-separated values with a heading, an empty field where something is undefined: the position on the
    /// axis, the names of file and array, d, D, its rank, NC1, NC2, the share of points nearest to their own class's mean, whether it is a
    /// block's output, the fits over layers and over blocks (the same in every line), each D_k by its label, and why something is undefined.
    pub fn csv(&self, analysis: &Analysis) -> String {
        let mut headings: Vec<String> =
            ["layer", "file", "array", "columns", "D", "rank", "nc1", "nc2_lengths", "nc2_angles", "ncc_accuracy"]
                .into_iter()
                .chain(["block", "rho", "r", "block_rho", "block_r"])
                .map(str::to_owned)
                .collect();
        headings.extend(analysis.classes.iter().map(|label| format!("D_class_{label}")));
        headings.push("undefined".to_owned());
        let number = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
        let fits = [self.law(analysis), self.block_law(analysis)];
        let fits = fits.iter().flat_map(|law| [law.as_ref().map(|law| law.rho), law.as_ref().map(|law| law.pearson)]).map(number);
        let fits = fits.collect::<Vec<_>>();
        let mut lines = vec![headings.join(",")];
        for (at, (part, layer)) in self.used().zip(self.layers(analysis)).enumerate() {
            let LayerAnalysis { file, array, measures } = layer;
            let LayerMeasures { columns, fuzziness, per_class, rank, nc1, equinorm, angles, ncc_accuracy, undefined } = measures;
            let mut fields = vec![at.to_string(), quoted(file), quoted(array), columns.to_string(), number(*fuzziness), rank.to_string()];
            fields.extend([nc1, equinorm, angles, ncc_accuracy].into_iter().copied().map(number));
            fields.push(part.block.to_string());
            fields.extend_from_slice(&fits);
            fields.extend(per_class.iter().copied().map(number));
            fields.push(undefined.as_deref().map_or_else(String::new, quoted));
            lines.push(fields.join(","));
        }
        lines.join("\n") + "\n"
    }
}

/// A field of a table, in quotation marks. One that a spreadsheet would take for a formula begins with an apostrophe.
fn quoted(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@']) { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(array: &str, fuzziness: Option<f64>) -> LayerAnalysis {
        LayerAnalysis {
            file: "f.npz".to_owned(),
            array: array.to_owned(),
            measures: LayerMeasures {
                columns: 4,
                fuzziness,
                per_class: vec![fuzziness, None],
                rank: 1,
                nc1: None,
                equinorm: None,
                angles: None,
                ncc_accuracy: Some(0.5),
                undefined: None,
            },
        }
    }

    fn analysis(fuzziness: &[f64]) -> Analysis {
        let layers: Vec<_> = fuzziness.iter().enumerate().map(|(at, &d)| layer(&format!("h{at}"), Some(d))).collect();
        let law = fit_law(&layers.iter().map(|layer| layer.measures.fuzziness).collect::<Vec<_>>());
        Analysis { points: 4, classes: vec![-1, 7], counts: vec![2, 2], layers, law, simplex: None }
    }

    #[test]
    fn layers_change_places_and_are_left_out() {
        let of = analysis(&[8.0, 2.0, 4.0, 1.0, 100.0]);
        let mut arrangement = Arrangement::new(5);
        assert!(arrangement.shift(1, true) && !arrangement.shift(0, false) && !arrangement.shift(4, true) && !arrangement.shift(9, false));
        arrangement.sort(&of, |a, b| b.cmp(a));
        assert_eq!(arrangement.numbers(), [4, 3, 2, 1, 0]);
        arrangement = Arrangement::new(5);
        arrangement.shift(1, true);
        arrangement.part_mut(4).unwrap().used = false;
        assert_eq!(arrangement.fuzziness(&of), [8.0, 4.0, 2.0, 1.0].map(Some));
        assert_eq!(arrangement.numbers(), [0, 2, 1, 3]);
        assert!(arrangement.blocks().is_empty(), "no block is marked");
        assert_eq!(arrangement.block_law(&of), None);
    }

    #[test]
    fn blocks_are_positions_among_what_is_drawn_and_begin_at_the_first() {
        let of = analysis(&[9.0, 16.0, 16.0, 8.0, 8.0, 4.0]);
        let mut arrangement = Arrangement::new(6);
        arrangement.part_mut(0).unwrap().used = false;
        for place in [3, 5] {
            arrangement.part_mut(place).unwrap().block = true;
        }
        assert_eq!(arrangement.blocks(), [0, 2, 4]);
        let law = arrangement.block_law(&of).unwrap();
        assert!((law.rho - 0.5).abs() < 1e-12 && (law.pearson + 1.0).abs() < 1e-12, "{law:?}");
    }

    #[test]
    fn a_table_has_a_field_for_each_heading_and_no_formula() {
        let mut of = analysis(&[8.0, 4.0, 2.0]);
        of.layers[1].array = "=1+1,\"x\"".to_owned();
        let (csv, law) = (Arrangement::new(3).csv(&of), of.law.clone().unwrap());
        let lines: Vec<_> = csv.lines().collect();
        assert_eq!(
            lines[0],
            "layer,file,array,columns,D,rank,nc1,nc2_lengths,nc2_angles,ncc_accuracy,block,rho,r,block_rho,block_r,D_class_-1,D_class_7,undefined"
        );
        assert_eq!(lines[1], format!("0,\"f.npz\",\"h0\",4,8,1,,,,0.5,false,{},{},,,8,,", law.rho, law.pearson));
        assert!(lines[2].starts_with("1,\"f.npz\",\"'=1+1,\"\"x\"\"\",4,4,"), "{}", lines[2]);
    }
}
