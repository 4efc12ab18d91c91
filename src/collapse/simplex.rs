//! The ideal simplex equiangular tight frame: K unit vectors with all pairwise cosines -1/(K-1).

use crate::separation::corner;

/// The vertices `[K x (K-1)]` of the ideal simplex of the classes of `ring`, which has each class 0 .. K once; row k is class k's.
///
/// They are the real discrete Fourier basis without its constant. So in the first two coordinates, x to the right and y down, the vertices
/// are the corners of a regular polygon of radius sqrt(2 / (K-1)), in the ring's order clockwise from the top. K = 2 is a line, 3 a
/// triangle, 4 a tetrahedron.
pub fn simplex(ring: &[u16]) -> Vec<f64> {
    let classes = ring.len();
    let dim = classes.saturating_sub(1);
    let mut vertices = vec![0.0; classes * dim];
    for (at, &class) in ring.iter().enumerate() {
        let (pairs, middle) = vertices[usize::from(class) * dim..][..dim].as_chunks_mut::<2>();
        for (harmonic, pair) in (1..).zip(pairs) {
            let length = (2.0 / dim as f64).sqrt();
            let [x, y] = corner(at * harmonic, classes);
            *pair = [length * x, length * y];
        }
        // An even number of classes has one harmonic left, which is its own pair.
        middle.iter_mut().for_each(|x| *x = (if at % 2 == 0 { 1.0 } else { -1.0 }) / (dim as f64).sqrt());
    }
    vertices
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unit_vectors_with_equal_angles_for_any_number_of_classes() {
        for classes in 2..=30 {
            let ring: Vec<u16> = (0..classes).rev().collect();
            let dim = usize::from(classes) - 1;
            let vertices = simplex(&ring);
            for (i, a) in vertices.chunks_exact(dim).enumerate() {
                for (j, b) in vertices.chunks_exact(dim).enumerate() {
                    let cosine = a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
                    let expected = if i == j { 1.0 } else { -1.0 / dim as f64 };
                    assert!((cosine - expected).abs() < 1e-13, "{classes} classes, {i} and {j}: {cosine}");
                }
            }
        }
    }

    #[test]
    fn the_first_two_coordinates_are_the_polygon_in_the_rings_order() {
        let vertices = simplex(&[2, 0, 1, 4, 3]);
        let radius = 0.5f64.sqrt();
        for (at, class) in [2, 0, 1, 4, 3].into_iter().enumerate() {
            let expected = corner(at, 5).map(|x| radius * x);
            assert_eq!(vertices[4 * class..][..2], expected, "class {class}");
        }
        assert_eq!(simplex(&[1, 0]), [-1.0, 1.0]);
    }
}
