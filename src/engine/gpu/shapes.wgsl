// What every kernel knows. Rows are padded to multiples of 8 columns, and all offsets and strides count vec4s. A weight lies in blocks of
// 8 columns, one after the other: [outputs / 8, inputs, 8].

// One linear map and what stands behind it.
struct Layer {
    inputs: u32,
    outputs: u32,
    // Outputs without the padding.
    width: u32,
    // Whether x is the data, read through the shuffle, and not an activation.
    gathered: u32,
    weight: u32,
    bias: u32,
    scale: u32,
    shift: u32,
    // Of the next linear map.
    next_weight: u32,
    next_outputs: u32,
    // Where the running mean lies; the variance follows it.
    running: u32,
    // Where a normalisation keeps its means behind z. Batch normalisation: the columns' means, then their 1 / sqrt(variance + epsilon).
    // Layer normalisation: both of each row in a vec4.
    means: u32,
    // Whether a residual block ends in this layer, and whether one begins behind it.
    ends_block: u32,
    starts_block: u32,
    slope: f32,
}

// One training step, or all batches of a measurement.
struct Step {
    // Where the shuffle of the batch begins.
    start: u32,
    // Rows in all, rows of a batch and number of batches, of which the last takes what is left.
    rows: u32,
    size: u32,
    batches: u32,
    // The first slot of the step's losses and of its layers' rates.
    losses: u32,
    rates: u32,
    // TRAINING, RUNNING, or else the batch's own.
    statistics: u32,
}

const TRAINING: u32 = 0;
const RUNNING: u32 = 2;

const NORM_NONE: u32 = 0;
const NORM_BATCH: u32 = 1;
const NORM_LAYER: u32 = 2;

const NORM_EPSILON = 1e-5;
const RUNNING_MOMENTUM = 0.1;

override normalization: u32 = 0;
override activation: u32 = 0;

fn activate(x: vec4<f32>, slope: f32) -> vec4<f32> {
    switch activation {
        // Written so that NaN stays NaN: a diverged network must not look alive.
        case 0u: { return select(x, vec4<f32>(), x < vec4<f32>()); }
        case 1u: { return select(x, slope * x, x < vec4<f32>()); }
        // Some drivers' tanh overflows.
        case 2u: { return select(x, tanh(clamp(x, vec4<f32>(-15.0), vec4<f32>(15.0))), abs(x) < vec4<f32>(1e30)); }
        default: { return x; }
    }
}

// The activation's derivative, from its output.
fn slope_at(output: vec4<f32>, slope: f32) -> vec4<f32> {
    switch activation {
        case 0u: { return select(vec4<f32>(), vec4<f32>(1.0), output > vec4<f32>()); }
        case 1u: { return select(vec4<f32>(slope), vec4<f32>(1.0), output > vec4<f32>()); }
        case 2u: { return 1.0 - output * output; }
        default: { return vec4<f32>(1.0); }
    }
}
