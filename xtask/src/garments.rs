//! The mean image of each class: what stands beside its name.

use separation_playground::dataset::Dataset;

/// A byte a pixel, class by class: 0 is paper, 255 ink.
pub fn mean_images(data: &Dataset) -> Vec<u8> {
    let (points, counts) = (&data.train, data.train.class_counts(data.classes));
    let length = points.features.ncols();
    let mut sums = vec![0.0_f32; data.classes * length];
    for (image, &label) in points.features.rows().into_iter().zip(&points.labels) {
        sums[usize::from(label) * length..][..length].iter_mut().zip(image).for_each(|(sum, pixel)| *sum += (pixel + 1.0) / 2.0);
    }
    sums.chunks_exact(length)
        .zip(counts)
        .flat_map(|(sums, count)| sums.iter().map(move |sum| (255.0 * sum / count as f32).round() as u8))
        .collect()
}
