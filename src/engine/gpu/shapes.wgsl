// What every kernel knows. Rows are padded to multiples of 16 columns, and all offsets and strides count vec4s. A weight lies in blocks of
// 16 columns, one after the other: [outputs / 16, inputs, 16].

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
// Threads of a workgroup that makes a product of 128 rows: 32, to keep a GPU busy, each with a tile of 4 rows. A program on the CPU gains
// more from loading less: there 8, each with 4 tiles, 32 rows apart.
override threads: u32 = 32;

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

// The products of entries in the same place.
fn times(a: mat4x4<f32>, b: mat4x4<f32>) -> mat4x4<f32> {
    return mat4x4<f32>(a[0] * b[0], a[1] * b[1], a[2] * b[2], a[3] * b[3]);
}

// 4 rows of 16 columns, as a matrix for each 4 columns: its columns are the rows.
struct Tile {
    a: mat4x4<f32>,
    b: mat4x4<f32>,
    c: mat4x4<f32>,
    d: mat4x4<f32>,
}

// `tile` and a product: `w` has for each 4 columns what 4 entries of a row weigh, `rows` those entries of 4 rows.
fn plus(tile: Tile, w: Tile, rows: mat4x4<f32>) -> Tile {
    return Tile(tile.a + w.a * rows, tile.b + w.b * rows, tile.c + w.c * rows, tile.d + w.d * rows);
}
