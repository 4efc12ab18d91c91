//! Measuring on the GPU: forward over all points, class sums, and what the CPU's projections leave of each point.

use super::device::{Copies, Device};
use super::kernel::{Kernel, Slot, Task};
use super::network::{Data, Network, Shuffled, Space, StepShape, loss_slots};
use super::slab::padded;
use crate::dataset::Points;
use crate::engine::measurement::Reader;
use crate::engine::{EngineError, Evaluation, Measurement, Statistics, Wanted};
use crate::network::Batches;
use crate::separation::{Between, Whitened};
use wgpu::{Buffer, BufferUsages, CommandEncoder, CommandEncoderDescriptor, ComputePassDescriptor};

/// Points of one class that a workgroup sums over.
const SEGMENT: usize = 128;
/// Columns that a workgroup of class_sums.wgsl sums.
const COLUMNS: usize = 128;
/// Points of a batch where batches do not matter.
const ROWS: usize = 128;
/// Numbers that come back in one go at most, unless one projection has more: 16 MB.
const TOGETHER: usize = 4_000_000;

/// The kernels that measure a layer.
pub struct Gauges {
    class_sums: Kernel,
    project: Kernel,
}

impl Gauges {
    /// Compiles them.
    pub fn new(device: &Device) -> Self {
        use Slot::{Read, Uniform, Write};
        let kernel = |name, source, slots: &[Slot]| Kernel::new(&device.device, name, source, slots, None, &[]);
        Self {
            class_sums: kernel("class_sums", include_str!("class_sums.wgsl"), &[Uniform, Read, Read, Read, Write]),
            project: kernel("project", include_str!("project.wgsl"), &[Uniform, Read, Read, Read, Read, Read, Write]),
        }
    }
}

/// The points of one class in a stretch of `members`.
struct Segment {
    /// Index among the classes with points.
    class: usize,
    points: usize,
}

/// Everything that measuring one set of points dispatches.
pub struct Measuring {
    data: Data,
    /// Labels 0 .. `classes`, one a point.
    labels: Vec<u16>,
    classes: usize,
    /// Points class by class, in stretches.
    segments: Vec<Segment>,
    segment_buffer: Buffer,
    members: Buffer,
    /// What the way forward writes; made when it is needed.
    way: Option<Way>,
}

struct Way {
    space: Space,
    forward: Vec<Vec<Task>>,
    classifier: Task,
}

impl Measuring {
    /// For the points `points` with labels 0 .. `classes`.
    pub fn new(device: &Device, points: &Points, classes: usize) -> Self {
        let labels = points.labels.clone();
        let (mut members, mut segments, mut words) = (Vec::new(), Vec::new(), Vec::new());
        let present = (0..classes as u16).filter(|class| labels.contains(class));
        for (class, label) in present.enumerate() {
            let of_class: Vec<u32> = (0..).zip(&labels).filter(|(_, other)| **other == label).map(|(point, _)| point).collect();
            for stretch in of_class.chunks(SEGMENT) {
                words.extend([class, members.len(), members.len() + stretch.len()].map(|word| word as u32));
                members.extend_from_slice(stretch);
                segments.push(Segment { class, points: stretch.len() });
            }
        }
        Self {
            data: Data::new(device, points),
            segment_buffer: device.filled(&words, BufferUsages::STORAGE),
            members: device.filled(&members, BufferUsages::STORAGE),
            labels,
            classes,
            segments,
            way: None,
        }
    }

    /// The points.
    pub fn data(&self) -> &Data {
        &self.data
    }

    /// Checks that activations of so many points fit in a buffer.
    ///
    /// # Errors
    /// If not.
    pub fn check(device: &Device, points: usize, inputs: usize, widest: usize) -> Result<(), EngineError> {
        device.fits("The points", points * padded(inputs))?;
        device.fits("The activations of all points", points * padded(widest) + 4 * padded(widest.max(points)))
    }

    fn way(&mut self, device: &Device, network: &Network) -> &Way {
        let Self { data, way, members, .. } = self;
        way.get_or_insert_with(|| {
            let logits = device.storage(data.count * padded(network.architecture.classes));
            let space = network.space(device, data.count, false, logits, 1);
            // Points are taken as they lie: the order is not looked at.
            let (forward, classifier) = network.forward(device, Shuffled { data, order: members }, &space);
            Way { space, forward, classifier }
        })
    }

    /// Adds the way forward to the commands of `encoder`.
    fn sweep(&mut self, device: &Device, network: &Network, encoder: &mut CommandEncoder, statistics: Statistics) {
        let rows = self.data.count;
        let batches = match statistics {
            Statistics::Running => Batches { points: rows, size: ROWS, smallest: 1 },
            _ => Batches::measuring(rows),
        };
        let step = StepShape { start: 0, rows, size: batches.size, batches: batches.count(), losses: 0, rates: 0, statistics };
        network.announce(device, &[step]);
        let way = self.way(device, network);
        let mut pass = encoder.begin_compute_pass(&ComputePassDescriptor::default());
        network.steps.select(&mut pass, 0);
        for layer in &way.forward {
            layer[0].run_rows(&mut pass, batches.count() as u32);
            layer[1..].iter().for_each(|rows| rows.run(&mut pass));
        }
        way.classifier.run(&mut pass);
    }

    /// Loss and accuracy from what the classifier left.
    fn evaluation(&self, sums: &[f32]) -> Evaluation {
        let share = |nth: usize| sums[nth..].iter().step_by(2).map(|&sum| f64::from(sum)).sum::<f64>() / self.data.count as f64;
        Evaluation { loss: share(0), accuracy: share(1) }
    }

    /// Loss and accuracy with running statistics.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn evaluate(&mut self, device: &Device, network: &Network) -> Result<Evaluation, EngineError> {
        let length = 2 * loss_slots(self.data.count);
        let staging = device
            .watched(|| {
                let mut encoder = device.device.create_command_encoder(&CommandEncoderDescriptor::default());
                self.sweep(device, network, &mut encoder, Statistics::Running);
                let mut copies = Copies::new(device, length);
                copies.add(&mut encoder, &self.way(device, network).space.losses, 0, length);
                device.queue.submit([encoder.finish()]);
                copies.staging
            })
            .await?;
        Ok(self.evaluation(&device.read(&staging, length).await?))
    }

    /// What is `wanted` of every layer, loss and accuracy. What comes back from the GPU: two numbers for each class and column, and for each
    /// point as many as class means have dimensions, and logits.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn measure(
        &mut self,
        device: &Device,
        network: &Network,
        gauges: &Gauges,
        statistics: Statistics,
        wanted: Wanted<'_>,
    ) -> Result<Measurement, EngineError> {
        let architecture = &network.architecture;
        let widths: Vec<usize> = (0..architecture.layers()).map(|layer| architecture.fan_in(layer)).collect();
        let (segments, losses) = (self.segments.len(), 2 * loss_slots(self.data.count));
        let sums_of = |width: usize| 2 * segments * padded(width);
        let parameters = if wanted.classifier() { network.slab.classifier_range() } else { 0..0 };
        let length = losses + parameters.len() + widths.iter().copied().map(sums_of).sum::<usize>();

        let staging = device.watched(|| {
            let mut encoder = device.device.create_command_encoder(&CommandEncoderDescriptor::default());
            self.sweep(device, network, &mut encoder, statistics);
            let mut copies = Copies::new(device, length);
            copies.add(&mut encoder, &self.way(device, network).space.losses, 0, losses);
            copies.add(&mut encoder, &network.parameters, parameters.start, parameters.len());
            for (layer, &width) in widths.iter().enumerate() {
                let stride = padded(width);
                let sums = device.storage(sums_of(width));
                let buffers = [&self.shape(device, stride, 0), &self.segment_buffer, &self.members, self.features(layer), &sums];
                let task = gauges.class_sums.bind(&device.device, &buffers, [stride.div_ceil(COLUMNS) as u32, segments as u32]);
                task.run(&mut encoder.begin_compute_pass(&ComputePassDescriptor::default()));
                copies.add(&mut encoder, &sums, 0, sums_of(width));
            }
            device.queue.submit([encoder.finish()]);
            copies.staging
        });
        let staging = staging.await?;
        let numbers = device.read(&staging, length).await?;
        let (sums, rest) = numbers.split_at(losses);
        let evaluation = self.evaluation(sums);
        let (parameters, mut rest) = rest.split_at(parameters.len());
        let classifier = if wanted.classifier() { network.slab.classifier(parameters) } else { None };

        let mut betweens = Vec::new();
        for &width in &widths {
            let (sums, after) = rest.split_at(sums_of(width));
            rest = after;
            betweens.push(Between::of_means(&self.labels, self.classes, &self.means(sums, width)));
        }
        let defined = betweens.iter().enumerate().filter_map(|(layer, between)| Some((layer, between.as_ref().ok()?)));
        let mut projections: Vec<_> = defined.map(|(layer, between)| Projection { layer, between, rows: between.projection() }).collect();
        let last = widths.len() - 1;
        if let (Some(classifier), Some(Ok(between))) = (&classifier, betweens.last()) {
            projections.push(Projection { layer: last, between, rows: classifier.weight() });
        }
        let mut projected = self.project(device, gauges, &projections).await?.into_iter();

        let mut reader = Reader::new(wanted);
        // The classifier's projection is the one behind the last layer's.
        let logits = projections.len() > betweens.iter().flatten().count();
        let logits = logits.then(|| projected.next_back()).flatten();
        for (layer, between) in betweens.into_iter().enumerate() {
            let whitened = between.map(|between| Whitened::of(between, projected.next().unwrap_or_default()));
            reader.layer(whitened, classifier.as_ref().filter(|_| layer == last).zip(logits.as_deref()));
        }
        Ok(reader.finish(evaluation))
    }

    /// Activation `layer`, the input first.
    fn features(&self, layer: usize) -> &Buffer {
        match (&self.way, layer) {
            (Some(way), 1..) => &way.space.y[layer - 1],
            _ => &self.data.features,
        }
    }

    /// See class_sums.wgsl.
    fn shape(&self, device: &Device, stride: usize, rank: usize) -> Buffer {
        device.filled(&[stride as u32 / 4, rank as u32], BufferUsages::UNIFORM)
    }

    /// Class means [K x width] from what class_sums.wgsl left.
    fn means(&self, sums: &[f32], width: usize) -> Vec<f64> {
        let stride = padded(width);
        let classes = self.segments.last().map_or(0, |segment| segment.class + 1);
        let mut counts = vec![0; classes];
        self.segments.iter().for_each(|segment| counts[segment.class] += segment.points);
        let mut means = vec![0.0; classes * width];
        for (segment, sums) in self.segments.iter().zip(sums.chunks_exact(2 * stride)) {
            let (first, sum) = sums.split_at(stride);
            let mean = means[segment.class * width..][..width].iter_mut().zip(first).zip(sum);
            let (points, count) = (segment.points as f64, counts[segment.class] as f64);
            mean.for_each(|((mean, first), sum)| *mean += (points * f64::from(*first) + f64::from(*sum)) / count);
        }
        means
    }

    /// A (x - m_k) [n x rows] for each point x of class k, and each of `projections`.
    async fn project(&self, device: &Device, gauges: &Gauges, mut projections: &[Projection<'_>]) -> Result<Vec<Vec<f64>>, EngineError> {
        let count = self.data.count;
        let mut projected = Vec::new();
        while !projections.is_empty() {
            let mut length = 0;
            let fit = projections.iter().take_while(|projection| {
                length += count * projection.stride();
                length <= TOGETHER
            });
            let (together, after) = projections.split_at(fit.count().max(1));
            projections = after;
            let length = together.iter().map(|projection| count * projection.stride()).sum();
            let staging = device.watched(|| {
                let mut encoder = device.device.create_command_encoder(&CommandEncoderDescriptor::default());
                let mut copies = Copies::new(device, length);
                for projection in together {
                    let images = device.storage(count * projection.stride());
                    let task = self.task(device, gauges, projection, &images);
                    task.run(&mut encoder.begin_compute_pass(&ComputePassDescriptor::default()));
                    copies.add(&mut encoder, &images, 0, count * projection.stride());
                }
                device.queue.submit([encoder.finish()]);
                copies.staging
            });
            let staging = staging.await?;
            let mut numbers = &device.read(&staging, length).await?[..];
            for projection in together {
                let images = numbers.split_off(..count * projection.stride()).unwrap_or_default();
                let rows = images.chunks_exact(projection.stride()).flat_map(|image| &image[..projection.count()]);
                projected.push(rows.map(|&x| x.into()).collect());
            }
        }
        Ok(projected)
    }

    fn task(&self, device: &Device, gauges: &Gauges, projection: &Projection, images: &Buffer) -> Task {
        let columns = projection.between.columns();
        let stride = padded(columns);
        let rows = |values: &[f64], rows: usize| {
            let mut padded = vec![0f32; rows * stride];
            for (to, from) in padded.chunks_exact_mut(stride).zip(values.chunks_exact(columns)) {
                to.iter_mut().zip(from).for_each(|(to, from)| *to = *from as f32);
            }
            device.filled(&padded, BufferUsages::STORAGE)
        };
        let centers = projection.between.centers();
        let (centers, matrix) = (rows(&centers, centers.len() / columns), rows(projection.rows, projection.stride()));
        let shape = self.shape(device, stride, projection.stride());
        let buffers = [&shape, &self.segment_buffer, &self.members, self.features(projection.layer), &centers, &matrix, images];
        gauges.project.bind(&device.device, &buffers, [self.segments.len() as u32, (projection.stride() / 4) as u32])
    }
}

/// A map of a layer's points, around their class means.
struct Projection<'a> {
    layer: usize,
    between: &'a Between,
    /// A [rows x width].
    rows: &'a [f64],
}

impl Projection<'_> {
    /// Rows of A.
    fn count(&self) -> usize {
        self.rows.len() / self.between.columns()
    }

    /// Numbers from one point's image to the next's.
    fn stride(&self) -> usize {
        self.count().next_multiple_of(4)
    }
}
