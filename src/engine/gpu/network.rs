//! A network on the GPU: its kernels, its parameters, and the way forward through it.

use super::device::Device;
use super::kernel::{Kernel, Slot, Steps, Task};
use super::slab::{BLOCK, CHUNK, Slab, padded};
use crate::dataset::Points;
use crate::engine::{EngineError, State, Statistics};
use crate::network::{Activation, Architecture, Normalization, Optimizer, OptimizerKind};
use wgpu::{Buffer, BufferUsages};

/// Rows that a workgroup of classifier.wgsl owns, and one of rows_forward.wgsl and rows_backward.wgsl.
const CLASSIFIER_ROWS: usize = 32;
const ROWS: usize = 16;
/// Outputs that a workgroup of weight_gradient.wgsl owns.
const ACROSS: usize = 128;

/// Steps of one submit at most.
pub const MOST_STEPS: usize = 256;

/// A kernel's source behind what it shares with others.
macro_rules! source {
    ($($file:literal),+) => {
        concat!(include_str!("shapes.wgsl"), $(include_str!($file)),+)
    };
}

struct Kernels {
    forward: Kernel,
    classifier: Kernel,
    backward: Kernel,
    gradient: Kernel,
    optimizer: Kernel,
    /// Only with layer normalisation: software adapters take long to compile.
    rows: Option<RowKernels>,
}

/// What layer normalisation takes.
struct RowKernels {
    forward: Kernel,
    backward: Kernel,
    /// Of a hidden layer; the classifier's is as without normalisation.
    gradient: Kernel,
}

/// A network of one architecture and optimiser, with its state.
pub struct Network {
    pub architecture: Architecture,
    pub optimizer: Optimizer,
    /// Of a workgroup that makes a product: see shapes.wgsl.
    threads: usize,
    pub slab: Slab,
    /// The steps that a submit goes through.
    pub steps: Steps,
    step_buffer: Buffer,
    kernels: Kernels,
    /// What kernels know of each layer.
    layers: Vec<Buffer>,
    /// In the slab's order.
    pub parameters: Buffer,
    pub gradient: Buffer,
    pub running: Buffer,
    pub moments: [Buffer; 2],
}

/// Labelled points on the GPU.
pub struct Data {
    /// Features `[n x padded d]`.
    pub features: Buffer,
    /// Labels `[n]`, each a u32.
    pub labels: Buffer,
    /// How many.
    pub count: usize,
}

impl Data {
    /// A copy of `points`.
    pub fn new(device: &Device, points: &Points) -> Self {
        let dim = points.features.ncols();
        let mut features = vec![0.0; points.labels.len() * padded(dim)];
        for (to, from) in features.chunks_exact_mut(padded(dim)).zip(points.features.rows()) {
            to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
        }
        let labels: Vec<u32> = points.labels.iter().map(|&label| label.into()).collect();
        let usage = BufferUsages::STORAGE | BufferUsages::COPY_SRC;
        Self { features: device.filled(&features, usage), labels: device.filled(&labels, usage), count: labels.len() }
    }
}

/// Points in an order of theirs.
#[derive(Clone, Copy)]
pub struct Shuffled<'a> {
    /// The points.
    pub data: &'a Data,
    /// Indices, batch after batch: looked at in training only.
    pub order: &'a Buffer,
}

/// What the way forward writes, for so many rows at most.
pub struct Space {
    pub rows: usize,
    /// Outputs of the hidden layers `[rows x padded width]`.
    pub y: Vec<Buffer>,
    /// Outputs of their linear maps, and what their normalisations keep; one for all of them, if nothing goes back.
    pub z: Vec<Buffer>,
    pub logits: Buffer,
    /// Each workgroup's loss and number of right rows, for each step.
    pub losses: Buffer,
}

/// One dispatch's view of a step: see shapes.wgsl.
#[derive(Clone, Copy, Debug)]
pub struct StepShape {
    pub start: usize,
    pub rows: usize,
    pub size: usize,
    pub batches: usize,
    pub losses: usize,
    pub rates: usize,
    pub statistics: Statistics,
}

impl Network {
    /// A network in `state`, whose training batches have up to `rows` rows.
    pub fn new(device: &Device, architecture: Architecture, optimizer: Optimizer, threads: usize, rows: usize, state: &State) -> Self {
        let slab = Slab::new(&architecture);
        let step_buffer = device.buffer(MOST_STEPS * Steps::STRIDE / 4, BufferUsages::UNIFORM | BufferUsages::COPY_DST);
        let steps = Steps::new(&device.device, &step_buffer);
        let layers = (0..architecture.layers()).map(|layer| layer_uniform(device, &architecture, &slab, layer, rows)).collect();
        let moments = |nth| device.storage(if nth < optimizer.moments() { slab.length } else { 0 });
        let network = Self {
            kernels: Kernels::new(&device.device, &architecture, &optimizer, threads, &steps),
            parameters: device.storage(slab.length),
            gradient: device.storage(slab.length),
            running: device.storage(slab.running_length),
            moments: [moments(0), moments(1)],
            architecture,
            optimizer,
            threads,
            slab,
            steps,
            step_buffer,
            layers,
        };
        network.put(device, state);
        network
    }

    /// Checks that the parameters fit in a buffer.
    ///
    /// # Errors
    /// If not.
    pub fn check(device: &Device, architecture: &Architecture) -> Result<(), EngineError> {
        device.fits("The network's weights", Slab::new(architecture).length)
    }

    /// Overwrites parameters, running statistics and moments with those of `state`.
    pub fn put(&self, device: &Device, state: &State) {
        device.write(&self.parameters, &self.slab.pad(&state.parameters));
        device.write(&self.running, &self.slab.pad_running(&state.running));
        for (buffer, moments) in self.moments.iter().zip(&state.moments) {
            device.write(buffer, &self.slab.pad(moments));
        }
    }

    /// What the way forward needs for `rows` rows; with a z for each layer if there is a way back.
    pub fn space(&self, device: &Device, rows: usize, backward: bool, logits: Buffer, steps: usize) -> Space {
        let hidden = &self.architecture.hidden;
        let z = |width: usize| device.storage(rows * padded(width) + kept(&self.architecture, width, rows));
        Space {
            rows,
            y: hidden.iter().map(|&width| device.storage(rows * padded(width))).collect(),
            z: if backward {
                hidden.iter().map(|&width| z(width)).collect()
            } else {
                hidden.iter().max().map(|&width| z(width)).into_iter().collect()
            },
            logits,
            losses: device.storage(2 * steps * loss_slots(rows)),
        }
    }

    /// The hidden layers' ways forward, each a dispatch for any number of batches, or with layer normalisation two; and the classifier.
    pub fn forward(&self, device: &Device, Shuffled { data, order }: Shuffled, space: &Space) -> (Vec<Vec<Task>>, Task) {
        let (device, parameters) = (&device.device, &self.parameters);
        let last = self.architecture.layers() - 1;
        let input = |layer: usize| if layer == 0 { &data.features } else { &space.y[layer - 1] };
        let hidden = |layer: usize| {
            let (uniform, z, y) = (&self.layers[layer], space.z.get(layer).unwrap_or(&space.z[0]), &space.y[layer]);
            let shortcut = self.architecture.shortcut(layer).map_or(parameters, |from| &space.y[from - 1]);
            let product = [uniform, input(layer), order, parameters, shortcut, z, y, &self.running];
            let columns = (self.slab.place(layer).outputs / BLOCK) as u32;
            let mut tasks = vec![self.kernels.forward.bind(device, &product, [columns, 1])];
            if let Some(rows) = &self.kernels.rows {
                let grid = [space.rows.div_ceil(ROWS) as u32, 1];
                tasks.push(rows.forward.bind(device, &[uniform, parameters, shortcut, z, y], grid));
            }
            tasks
        };
        let classifier = [&self.layers[last], input(last), order, &data.labels, parameters, &space.logits, &space.losses];
        let classifier = self.kernels.classifier.bind(device, &classifier, [loss_slots(space.rows) as u32, 1]);
        ((0..last).map(hidden).collect(), classifier)
    }

    /// The way back through hidden layer `layer`, from `dz[1]` to `dz[0]`.
    pub fn backward(&self, device: &Device, layer: usize, space: &Space, skipped: &Buffer, dy: &Buffer, dz: [&Buffer; 2]) -> Vec<Task> {
        let (device, uniform, parameters) = (&device.device, &self.layers[layer], &self.parameters);
        let columns = (self.slab.place(layer).outputs / BLOCK) as u32;
        let to = if self.kernels.rows.is_some() { dy } else { dz[0] };
        let product = [uniform, dz[1], parameters, &space.y[layer], &space.z[layer], skipped, to, &self.gradient];
        let mut tasks = vec![self.kernels.backward.bind(device, &product, [columns, 1])];
        if let Some(rows) = &self.kernels.rows {
            let grid = [space.rows.div_ceil(ROWS) as u32, 1];
            tasks.push(rows.backward.bind(device, &[uniform, dy, parameters, &space.z[layer], dz[0]], grid));
        }
        tasks
    }

    /// The gradient of layer `layer`'s weight, and of what else is a sum over columns.
    pub fn weight_gradient(&self, device: &Device, layer: usize, points: Shuffled, space: &Space, [dy, dz]: [&Buffer; 2]) -> Task {
        let (place, Shuffled { data, order }) = (self.slab.place(layer), points);
        let classifier = layer + 1 == self.architecture.layers();
        let input = if layer == 0 { &data.features } else { &space.y[layer - 1] };
        let (kernel, dy, z) = match &self.kernels.rows {
            Some(rows) if !classifier => (&rows.gradient, dy, &space.z[layer]),
            _ => (&self.kernels.gradient, &self.parameters, &self.parameters),
        };
        let sums = classifier || self.kernels.rows.is_some();
        let buffers = [&self.layers[layer], input, order, dz, dy, z, &self.parameters, &self.gradient];
        let blocks = (place.inputs / BLOCK) * place.outputs.div_ceil(ACROSS);
        let groups = blocks + if sums { (place.outputs / 4).div_ceil(self.threads) } else { 0 };
        kernel.bind(&device.device, &buffers, [groups as u32, 1])
    }

    /// The update of all parameters; `rates` has three numbers a layer for each step.
    pub fn update(&self, device: &Device, rates: &Buffer) -> Task {
        let chunks = device.filled(&self.slab.chunks, BufferUsages::STORAGE);
        let [first, second] = &self.moments;
        let buffers = [&chunks, rates, &self.gradient, &self.parameters, first, second];
        self.kernels.optimizer.bind(&device.device, &buffers, [(self.slab.length / CHUNK) as u32, 1])
    }

    /// Tells the GPU of the steps to come.
    pub fn announce(&self, device: &Device, steps: &[StepShape]) {
        let mut words = vec![0u32; steps.len() * Steps::STRIDE / 4];
        for (words, step) in words.chunks_exact_mut(Steps::STRIDE / 4).zip(steps) {
            let statistics = match step.statistics {
                Statistics::Training => 0,
                Statistics::Batch => 1,
                Statistics::Running => 2,
            };
            let numbers = [step.start, step.rows, step.size, step.batches, step.losses, step.rates, statistics];
            words.iter_mut().zip(numbers).for_each(|(word, number)| *word = number as u32);
        }
        device.write(&self.step_buffer, &words);
    }
}

impl Kernels {
    fn new(device: &wgpu::Device, architecture: &Architecture, optimizer: &Optimizer, threads: usize, steps: &Steps) -> Self {
        use Slot::{Read, Uniform, Write};
        let normalization = match architecture.normalization {
            Normalization::None => 0.0,
            Normalization::Batch => 1.0,
            Normalization::Layer => 2.0,
        };
        let activation = match architecture.activation {
            Activation::Relu => 0.0,
            Activation::LeakyRelu => 1.0,
            Activation::Tanh => 2.0,
            Activation::Identity => 3.0,
        };
        let rule = match optimizer.kind {
            OptimizerKind::Sgd => 0.0,
            OptimizerKind::Momentum => 1.0,
            OptimizerKind::Adam => 2.0,
        };
        let behind = [("normalization", normalization), ("activation", activation)];
        let threads = ("threads", threads as f64);
        let product = [&behind[..], &[threads]].concat();
        let update = [("rule", rule), ("momentum", optimizer.momentum.into()), ("weight_decay", optimizer.weight_decay.into())];
        let kernel = |name, source, slots: &[Slot], constants: &[_]| Kernel::new(device, name, source, slots, Some(steps), constants);
        let gradient = |constants: &[_]| {
            let slots = [Uniform, Read, Read, Read, Read, Read, Read, Write];
            kernel("weight_gradient", source!("weight_gradient.wgsl"), &slots, constants)
        };
        let rows = || RowKernels {
            forward: kernel("rows_forward", source!("rows_forward.wgsl"), &[Uniform, Read, Read, Write, Write], &behind),
            backward: kernel("rows_backward", source!("rows_backward.wgsl"), &[Uniform, Read, Read, Read, Write], &behind),
            gradient: gradient(&product),
        };
        Self {
            forward: kernel(
                "forward",
                source!("totals.wgsl", "forward.wgsl"),
                &[Uniform, Read, Read, Read, Read, Write, Write, Write],
                &product,
            ),
            classifier: kernel("classifier", source!("classifier.wgsl"), &[Uniform, Read, Read, Read, Read, Write, Write], &[]),
            backward: kernel(
                "backward",
                source!("totals.wgsl", "backward.wgsl"),
                &[Uniform, Read, Read, Read, Read, Write, Write, Write],
                &product,
            ),
            gradient: gradient(&[threads]),
            optimizer: kernel("optimizer", source!("optimizer.wgsl"), &[Read, Read, Read, Write, Write, Write], &update),
            rows: (architecture.normalization == Normalization::Layer).then(rows),
        }
    }
}

/// Losses of a step of `rows` rows: one for each workgroup of the classifier.
pub fn loss_slots(rows: usize) -> usize {
    rows.div_ceil(CLASSIFIER_ROWS)
}

/// Numbers that a normalisation keeps behind z: see shapes.wgsl.
fn kept(architecture: &Architecture, width: usize, rows: usize) -> usize {
    match architecture.normalization {
        Normalization::None => 0,
        Normalization::Batch => 2 * padded(width),
        Normalization::Layer => 4 * rows,
    }
}

/// What kernels know of layer `layer`: see shapes.wgsl.
fn layer_uniform(device: &Device, architecture: &Architecture, slab: &Slab, layer: usize, rows: usize) -> Buffer {
    let place = slab.place(layer);
    let hidden = layer + 1 < architecture.layers();
    let next = if hidden { slab.place(layer + 1) } else { place };
    let words = [
        place.inputs / 4,
        place.outputs / 4,
        architecture.fan_out(layer),
        usize::from(layer == 0),
        place.weight / 4,
        place.bias / 4,
        place.scale / 4,
        place.shift / 4,
        next.weight / 4,
        next.outputs / 4,
        place.running / 4,
        rows * place.outputs / 4,
        usize::from(architecture.shortcut(layer).is_some()),
        usize::from(architecture.starts_block(layer + 1)),
    ];
    let mut words = words.map(|word| word as u32).to_vec();
    words.push(architecture.negative_slope.to_bits());
    device.filled(&words, BufferUsages::UNIFORM)
}
