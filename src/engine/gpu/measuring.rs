//! Measuring on the GPU: forward over all points, class sums, and the scatter that the CPU's projection lets through.

use super::device::{Copies, Device};
use super::kernel::{Kernel, Slot, Task};
use super::network::{Data, Network, Shuffled, Space, StepShape, loss_slots};
use super::slab::padded;
use crate::dataset::Points;
use crate::engine::{EngineError, Evaluation, Measurement, Statistics};
use crate::network::Batches;
use crate::separation::{Between, Cast, Film, SeparationError};
use ndarray::ArrayView2;
use wgpu::{Buffer, BufferUsages, CommandEncoder, CommandEncoderDescriptor, ComputePassDescriptor};

/// Points of one class that a workgroup sums over.
const SEGMENT: usize = 128;
/// Columns that a workgroup of class_sums.wgsl sums.
const COLUMNS: usize = 128;
/// Points of a batch where batches do not matter.
const ROWS: usize = 128;

/// The kernels that measure a layer.
pub struct Gauges {
    class_sums: Kernel,
    scatter: Kernel,
}

impl Gauges {
    /// Compiles them.
    pub fn new(device: &Device) -> Self {
        use Slot::{Read, Uniform, Write};
        let kernel = |name, source, slots: &[Slot]| Kernel::new(&device.device, name, source, slots, None, &[]);
        Self {
            class_sums: kernel("class_sums", include_str!("class_sums.wgsl"), &[Uniform, Read, Read, Read, Write]),
            scatter: kernel("scatter", include_str!("scatter.wgsl"), &[Uniform, Read, Read, Read, Read, Read, Write]),
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

    /// Every layer's separation, the film of `cast`, loss and accuracy. What comes back from the GPU: two numbers for each class and
    /// column, one for each class, and the cast.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn measure(
        &mut self,
        device: &Device,
        network: &Network,
        gauges: &Gauges,
        statistics: Statistics,
        cast: Option<&Cast>,
    ) -> Result<Measurement, EngineError> {
        let architecture = &network.architecture;
        let widths: Vec<usize> = (0..architecture.layers()).map(|layer| architecture.fan_in(layer)).collect();
        let (segments, losses) = (self.segments.len(), 2 * loss_slots(self.data.count));
        let rows = cast.map_or(&[][..], Cast::rows);
        let parts = |width: usize| [2 * segments * padded(width), rows.len() * width];
        let length = losses + widths.iter().flat_map(|&width| parts(width)).sum::<usize>();

        let staging = device.watched(|| {
            let mut encoder = device.device.create_command_encoder(&CommandEncoderDescriptor::default());
            self.sweep(device, network, &mut encoder, statistics);
            let mut copies = Copies::new(device, length);
            copies.add(&mut encoder, &self.way(device, network).space.losses, 0, losses);
            for (layer, &width) in widths.iter().enumerate() {
                let stride = padded(width);
                let sums = device.storage(2 * segments * stride);
                let buffers = [&self.shape(device, stride, 0), &self.segment_buffer, &self.members, self.features(layer), &sums];
                let task = gauges.class_sums.bind(&device.device, &buffers, [stride.div_ceil(COLUMNS) as u32, segments as u32]);
                task.run(&mut encoder.begin_compute_pass(&ComputePassDescriptor::default()));
                copies.add(&mut encoder, &sums, 0, 2 * segments * stride);
                for &row in rows {
                    copies.add(&mut encoder, self.features(layer), row as usize * stride, width);
                }
            }
            device.queue.submit([encoder.finish()]);
            copies.staging
        });
        let staging = staging.await?;
        let numbers = device.read(&staging, length).await?;
        let (sums, mut rest) = numbers.split_at(losses);
        let evaluation = self.evaluation(sums);

        let mut film = cast.map(Film::new);
        let mut betweens = Vec::new();
        for &width in &widths {
            let [sums, cast_length] = parts(width);
            let (sums, after) = rest.split_at(sums);
            let (features, after) = after.split_at(cast_length);
            rest = after;
            let between = Between::of_means(&self.labels, self.classes, &self.means(sums, width));
            if let (Some(film), Some(cast)) = (&mut film, cast) {
                let features = ArrayView2::from_shape((rows.len(), width), features).expect("the cast's rows were copied");
                film.push(cast, features, between.as_ref().ok());
            }
            betweens.push(between);
        }
        let scatters = self.scatters(device, gauges, &betweens).await?;
        let layers = betweens.into_iter().zip(scatters).map(|(between, scatter)| between?.fuzziness_of(&scatter)).collect();
        Ok(Measurement { layers, film, evaluation })
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

    /// The projected scatter of each class, for each layer that has a projection.
    async fn scatters(
        &self,
        device: &Device,
        gauges: &Gauges,
        betweens: &[Result<Between, SeparationError>],
    ) -> Result<Vec<Vec<f64>>, EngineError> {
        let segments = self.segments.len();
        let staging = device
            .watched(|| {
                let mut encoder = device.device.create_command_encoder(&CommandEncoderDescriptor::default());
                let mut copies = Copies::new(device, segments * betweens.len());
                for (layer, between) in betweens.iter().enumerate() {
                    let scatters = device.storage(segments);
                    if let Ok(between) = between {
                        let task = self.scatter(device, gauges, layer, between, &scatters);
                        task.run(&mut encoder.begin_compute_pass(&ComputePassDescriptor::default()));
                    }
                    copies.add(&mut encoder, &scatters, 0, segments);
                }
                device.queue.submit([encoder.finish()]);
                copies.staging
            })
            .await?;
        let numbers = device.read(&staging, segments * betweens.len()).await?;
        let of_classes = |scatters: &[f32]| {
            let mut classes = vec![0.0; self.segments.last().map_or(0, |segment| segment.class + 1)];
            self.segments.iter().zip(scatters).for_each(|(segment, scatter)| classes[segment.class] += f64::from(*scatter));
            classes
        };
        Ok(numbers.chunks_exact(segments.max(1)).map(of_classes).collect())
    }

    fn scatter(&self, device: &Device, gauges: &Gauges, layer: usize, between: &Between, scatters: &Buffer) -> Task {
        let stride = padded(between.columns());
        let rank = between.rank().next_multiple_of(4);
        let rows = |values: &[f64], rows: usize| {
            let mut padded = vec![0f32; rows * stride];
            for (to, from) in padded.chunks_exact_mut(stride).zip(values.chunks_exact(between.columns())) {
                to.iter_mut().zip(from).for_each(|(to, from)| *to = *from as f32);
            }
            device.filled(&padded, BufferUsages::STORAGE)
        };
        let centers = between.centers();
        let (centers, projection) = (rows(&centers, centers.len() / between.columns()), rows(between.projection(), rank));
        let shape = self.shape(device, stride, rank);
        let buffers = [&shape, &self.segment_buffer, &self.members, self.features(layer), &centers, &projection, scatters];
        gauges.scatter.bind(&device.device, &buffers, [self.segments.len() as u32, 1])
    }
}
