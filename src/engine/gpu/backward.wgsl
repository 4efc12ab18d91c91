
// The gradient by a hidden layer's z, from the one by the next layer's: dy = dz_next W_next^T, back through residual block, activation and
// batch normalisation, with the gradients of bias, scale and shift.
//
// The work is shared as in forward.wgsl. Layer normalisation takes dy behind the activation from here (rows_backward.wgsl).

@group(0) @binding(0) var<uniform> layer: Layer;
@group(0) @binding(1) var<storage, read> dz_next: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> parameters: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> y: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read> z: array<vec4<f32>>;
// The gradient that waits at a residual block's end for its start.
@group(0) @binding(5) var<storage, read_write> skipped: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read_write> dz: array<vec4<f32>>;
@group(0) @binding(7) var<storage, read_write> gradient: array<vec4<f32>>;
@group(1) @binding(0) var<uniform> step: Step;

// Where 4 rows of dz_next begin; past the last row, that one.
fn places(row: u32) -> vec4<u32> {
    return min(row + vec4<u32>(0u, 1u, 2u, 3u), vec4<u32>(step.rows - 1u)) * layer.next_outputs;
}

// 4 of the next layer's outputs in 4 rows.
fn deltas(at: vec4<u32>) -> mat4x4<f32> {
    return mat4x4<f32>(dz_next[at.x], dz_next[at.y], dz_next[at.z], dz_next[at.w]);
}

// The weights from 16 columns to 4 of the next layer's outputs: a matrix for each 4 columns, in it a column for each output.
fn weights(at: u32) -> Tile {
    return Tile(
        transpose(mat4x4<f32>(parameters[at], parameters[at + 4u], parameters[at + 8u], parameters[at + 12u])),
        transpose(mat4x4<f32>(parameters[at + 16u], parameters[at + 20u], parameters[at + 24u], parameters[at + 28u])),
        transpose(mat4x4<f32>(parameters[at + 32u], parameters[at + 36u], parameters[at + 40u], parameters[at + 44u])),
        transpose(mat4x4<f32>(parameters[at + 48u], parameters[at + 52u], parameters[at + 56u], parameters[at + 60u])),
    );
}

@compute @workgroup_size(threads)
fn backward(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
    let column = 4u * group.x;
    for (var chunk = 0u; chunk < step.rows; chunk += 128u) {
        let row = chunk + 4u * thread;
        let d0 = places(row);
        let d1 = places(row + 32u);
        let d2 = places(row + 64u);
        let d3 = places(row + 96u);
        var t0 = Tile();
        var t1 = Tile();
        var t2 = Tile();
        var t3 = Tile();
        for (var k = 0u; k < layer.next_outputs; k++) {
            // A block of the next layer's weight has 4 of these k; its rows are this layer's columns.
            let w = weights(layer.next_weight + 16u * (layer.outputs * (k / 4u) + column) + k % 4u);
            t0 = plus(t0, w, deltas(d0 + k));
            if threads == 8u {
                t1 = plus(t1, w, deltas(d1 + k));
                t2 = plus(t2, w, deltas(d2 + k));
                t3 = plus(t3, w, deltas(d3 + k));
            }
        }
        put(row, column, t0);
        if threads == 8u {
            put(row + 32u, column, t1);
            put(row + 64u, column, t2);
            put(row + 96u, column, t3);
        }
    }
    var mean = mat4x4<f32>();
    if normalization == NORM_BATCH {
        mean = stored(layer.means + column);
    }
    var sums = Sums();
    for (var first = 4u * thread; first < step.rows; first += 4u * threads) {
        for (var row = first; row < min(first + 4u, step.rows); row++) {
            sums = back(sums, row * layer.outputs + column, mean);
        }
    }
    if normalization == NORM_LAYER {
        return;
    }

    let sum = total(thread, sums.dy);
    if normalization == NORM_NONE {
        if thread == 0u {
            keep(layer.bias + column, sum);
        }
        return;
    }

    // The batch's mean takes any constant out again: the bias has no gradient, and its place stays 0.
    let at = layer.scale + column;
    let scale = mat4x4<f32>(parameters[at], parameters[at + 1u], parameters[at + 2u], parameters[at + 3u]);
    let inverse = stored(layer.means + layer.outputs + column);
    let product = times(total(thread, sums.dy_z), inverse);
    if thread == 0u {
        keep(at, product);
        keep(layer.shift + column, sum);
    }
    let share = 1.0 / f32(step.rows);
    let factor = times(scale, inverse);
    let shift = sum * share;
    let slope = times(product, inverse) * share;
    for (var first = 4u * thread; first < step.rows; first += 4u * threads) {
        for (var row = first; row < min(first + 4u, step.rows); row++) {
            let to = row * layer.outputs + column;
            let dy = mat4x4<f32>(dz[to], dz[to + 1u], dz[to + 2u], dz[to + 3u]);
            let result = times(factor, dy - shift - times(stored(to) - mean, slope));
            put_row(to, result);
        }
    }
}

// Over a thread's rows, for 16 columns: the sums of dy, and of dy times the centred z.
struct Sums {
    dy: mat4x4<f32>,
    dy_z: mat4x4<f32>,
}

// Writes a tile of dx, as far as its rows are there.
fn put(row: u32, column: u32, tile: Tile) {
    let to = row * layer.outputs + column;
    if row < step.rows { put_row(to, mat4x4<f32>(tile.a[0], tile.b[0], tile.c[0], tile.d[0])); }
    if row + 1u < step.rows { put_row(to + layer.outputs, mat4x4<f32>(tile.a[1], tile.b[1], tile.c[1], tile.d[1])); }
    if row + 2u < step.rows { put_row(to + 2u * layer.outputs, mat4x4<f32>(tile.a[2], tile.b[2], tile.c[2], tile.d[2])); }
    if row + 3u < step.rows { put_row(to + 3u * layer.outputs, mat4x4<f32>(tile.a[3], tile.b[3], tile.c[3], tile.d[3])); }
}

fn put_row(to: u32, row: mat4x4<f32>) {
    dz[to] = row[0];
    dz[to + 1u] = row[1];
    dz[to + 2u] = row[2];
    dz[to + 3u] = row[3];
}

// From dx to dy in 16 columns of a row, back through residual block and activation. Returns the sums with them.
fn back(before: Sums, at: u32, mean: mat4x4<f32>) -> Sums {
    var dy = mat4x4<f32>(dz[at], dz[at + 1u], dz[at + 2u], dz[at + 3u]);
    if layer.starts_block == 1u {
        dy += mat4x4<f32>(skipped[at], skipped[at + 1u], skipped[at + 2u], skipped[at + 3u]);
    }
    dy[0] *= slope_at(y[at], layer.slope);
    dy[1] *= slope_at(y[at + 1u], layer.slope);
    dy[2] *= slope_at(y[at + 2u], layer.slope);
    dy[3] *= slope_at(y[at + 3u], layer.slope);
    if layer.ends_block == 1u {
        skipped[at] = dy[0];
        skipped[at + 1u] = dy[1];
        skipped[at + 2u] = dy[2];
        skipped[at + 3u] = dy[3];
    }
    put_row(at, dy);
    var sums = before;
    sums.dy += dy;
    if normalization == NORM_BATCH {
        sums.dy_z += times(dy, stored(at) - mean);
    }
    return sums;
}

// 16 columns of a row of z.
fn stored(at: u32) -> mat4x4<f32> {
    return mat4x4<f32>(z[at], z[at + 1u], z[at + 2u], z[at + 3u]);
}

// Writes the gradients of 16 parameters.
fn keep(at: u32, values: mat4x4<f32>) {
    gradient[at] = values[0];
    gradient[at + 1u] = values[1];
    gradient[at + 2u] = values[2];
    gradient[at + 3u] = values[3];
}
