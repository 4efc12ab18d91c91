
// A hidden layer, forward: z = x W, its columns' statistics, and y = activation(normalise(z + bias) + shortcut).
//
// A workgroup owns all rows of a batch for a block of 16 columns, so the statistics need no other one, and goes through them in chunks of
// 128; a thread writes z and reads back what it wrote itself. Layer normalisation takes z from here (rows_forward.wgsl).

@group(0) @binding(0) var<uniform> layer: Layer;
@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> order: array<u32>;
@group(0) @binding(3) var<storage, read> parameters: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read> shortcut: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read_write> z: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read_write> y: array<vec4<f32>>;
@group(0) @binding(7) var<storage, read_write> running: array<vec4<f32>>;
@group(1) @binding(0) var<uniform> step: Step;

// Where 4 rows of x begin; past the last row, that one.
fn places(row: u32, last: u32) -> vec4<u32> {
    let rows = min(row + vec4<u32>(0u, 1u, 2u, 3u), vec4<u32>(last));
    if layer.gathered == 1u && step.statistics == TRAINING {
        let at = step.start + rows;
        return vec4<u32>(order[at.x], order[at.y], order[at.z], order[at.w]) * layer.inputs;
    }
    return rows * layer.inputs;
}

// 4 inputs of 4 rows.
fn inputs(at: vec4<u32>) -> mat4x4<f32> {
    return mat4x4<f32>(x[at.x], x[at.y], x[at.z], x[at.w]);
}

// The weights from 4 inputs to 16 columns: a matrix for each 4 columns, in it a column for each input.
fn weights(at: u32) -> Tile {
    return Tile(
        mat4x4<f32>(parameters[at], parameters[at + 4u], parameters[at + 8u], parameters[at + 12u]),
        mat4x4<f32>(parameters[at + 1u], parameters[at + 5u], parameters[at + 9u], parameters[at + 13u]),
        mat4x4<f32>(parameters[at + 2u], parameters[at + 6u], parameters[at + 10u], parameters[at + 14u]),
        mat4x4<f32>(parameters[at + 3u], parameters[at + 7u], parameters[at + 11u], parameters[at + 15u]),
    );
}

@compute @workgroup_size(threads)
fn forward(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
    let begin = group.y * step.size;
    let end = select(begin + step.size, step.rows, group.y + 1u == step.batches);
    let column = 4u * group.x;

    for (var chunk = begin; chunk < end; chunk += 128u) {
        let row = chunk + 4u * thread;
        let x0 = places(row, end - 1u);
        let x1 = places(row + 32u, end - 1u);
        let x2 = places(row + 64u, end - 1u);
        let x3 = places(row + 96u, end - 1u);
        var t0 = Tile();
        var t1 = Tile();
        var t2 = Tile();
        var t3 = Tile();
        for (var k = 0u; k < layer.inputs; k++) {
            let w = weights(layer.weight + 4u * column * layer.inputs + 16u * k);
            t0 = plus(t0, w, inputs(x0 + k));
            if threads == 8u {
                t1 = plus(t1, w, inputs(x1 + k));
                t2 = plus(t2, w, inputs(x2 + k));
                t3 = plus(t3, w, inputs(x3 + k));
            }
        }
        put(row, end, column, t0);
        if threads == 8u {
            put(row + 32u, end, column, t1);
            put(row + 64u, end, column, t2);
            put(row + 96u, end, column, t3);
        }
    }
    if normalization == NORM_LAYER {
        return;
    }

    let bias = columns(layer.bias + column);
    var factor = mat4x4<f32>(vec4<f32>(1.0), vec4<f32>(1.0), vec4<f32>(1.0), vec4<f32>(1.0));
    var offset = bias;
    if normalization == NORM_BATCH {
        let scale = columns(layer.scale + column);
        let shift = columns(layer.shift + column);
        let at = layer.running + column;
        if step.statistics == RUNNING {
            let mean = mat4x4<f32>(running[at], running[at + 1u], running[at + 2u], running[at + 3u]);
            let v = at + layer.outputs;
            factor = times(scale, inverse_roots(mat4x4<f32>(running[v], running[v + 1u], running[v + 2u], running[v + 3u])));
            offset = shift + times(bias - mean, factor);
        } else {
            let rows = f32(end - begin);
            var sum = mat4x4<f32>();
            for (var first = begin + 4u * thread; first < end; first += 4u * threads) {
                for (var row = first; row < min(first + 4u, end); row++) {
                    sum += stored(row * layer.outputs + column);
                }
            }
            let mean = total(thread, sum) * (1.0 / rows);
            var square = mat4x4<f32>();
            for (var first = begin + 4u * thread; first < end; first += 4u * threads) {
                for (var row = first; row < min(first + 4u, end); row++) {
                    let centred = stored(row * layer.outputs + column) - mean;
                    square += times(centred, centred);
                }
            }
            let variance = total(thread, square) * (1.0 / rows);
            let inverse = inverse_roots(variance);
            factor = times(scale, inverse);
            offset = shift - times(mean, factor);
            if step.statistics == TRAINING && thread == 0u {
                let unbiased = variance * (rows / (rows - 1.0));
                keep(column, 0u, mean[0], inverse[0], mean[0] + bias[0], unbiased[0]);
                keep(column, 1u, mean[1], inverse[1], mean[1] + bias[1], unbiased[1]);
                keep(column, 2u, mean[2], inverse[2], mean[2] + bias[2], unbiased[2]);
                keep(column, 3u, mean[3], inverse[3], mean[3] + bias[3], unbiased[3]);
            }
        }
    }
    for (var first = begin + 4u * thread; first < end; first += 4u * threads) {
        for (var row = first; row < min(first + 4u, end); row++) {
            let at = row * layer.outputs + column;
            var value = times(stored(at), factor) + offset;
            if layer.ends_block == 1u {
                value += mat4x4<f32>(shortcut[at], shortcut[at + 1u], shortcut[at + 2u], shortcut[at + 3u]);
            }
            y[at] = activate(value[0], layer.slope);
            y[at + 1u] = activate(value[1], layer.slope);
            y[at + 2u] = activate(value[2], layer.slope);
            y[at + 3u] = activate(value[3], layer.slope);
        }
    }
}

// Writes a tile of z, as far as its rows are there, and returns their sum.
fn put(row: u32, end: u32, column: u32, tile: Tile) {
    let to = row * layer.outputs + column;
    if row < end { put_row(to, mat4x4<f32>(tile.a[0], tile.b[0], tile.c[0], tile.d[0])); }
    if row + 1u < end { put_row(to + layer.outputs, mat4x4<f32>(tile.a[1], tile.b[1], tile.c[1], tile.d[1])); }
    if row + 2u < end { put_row(to + 2u * layer.outputs, mat4x4<f32>(tile.a[2], tile.b[2], tile.c[2], tile.d[2])); }
    if row + 3u < end { put_row(to + 3u * layer.outputs, mat4x4<f32>(tile.a[3], tile.b[3], tile.c[3], tile.d[3])); }
}

fn put_row(to: u32, row: mat4x4<f32>) {
    z[to] = row[0];
    z[to + 1u] = row[1];
    z[to + 2u] = row[2];
    z[to + 3u] = row[3];
}

// 16 columns of a row of z.
fn stored(at: u32) -> mat4x4<f32> {
    return mat4x4<f32>(z[at], z[at + 1u], z[at + 2u], z[at + 3u]);
}

fn columns(at: u32) -> mat4x4<f32> {
    return mat4x4<f32>(parameters[at], parameters[at + 1u], parameters[at + 2u], parameters[at + 3u]);
}

fn inverse_roots(variance: mat4x4<f32>) -> mat4x4<f32> {
    return mat4x4<f32>(
        1.0 / sqrt(variance[0] + NORM_EPSILON), 1.0 / sqrt(variance[1] + NORM_EPSILON),
        1.0 / sqrt(variance[2] + NORM_EPSILON), 1.0 / sqrt(variance[3] + NORM_EPSILON),
    );
}

// Keeps the statistics of 4 columns for the way back, and moves the running ones.
fn keep(column: u32, nth: u32, mean: vec4<f32>, inverse: vec4<f32>, shifted: vec4<f32>, unbiased: vec4<f32>) {
    let at = column + nth;
    z[layer.means + at] = mean;
    z[layer.means + layer.outputs + at] = inverse;
    running[layer.running + at] += RUNNING_MOMENTUM * (shifted - running[layer.running + at]);
    let variance = layer.running + layer.outputs + at;
    running[variance] += RUNNING_MOMENTUM * (unbiased - running[variance]);
}
