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

// Of each thread's rows: 8 columns' sums of dy, then of dy times the centred z.
var<workgroup> parts: array<array<f32, 16>, 16>;
// The same over all threads.
var<workgroup> totals: array<f32, 16>;

@compute @workgroup_size(16)
fn backward(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
    let column = 2u * group.x;
    let first = 8u * thread;
    var mean = mat2x4<f32>();
    if normalization == NORM_BATCH {
        mean = mat2x4<f32>(z[layer.means + column], z[layer.means + column + 1u]);
    }

    var sums = mat4x4<f32>();
    for (var row = first; row < step.rows; row += 128u) {
        let last = step.rows - 1u;
        let d0 = row * layer.next_outputs;
        let d1 = min(row + 1u, last) * layer.next_outputs;
        let d2 = min(row + 2u, last) * layer.next_outputs;
        let d3 = min(row + 3u, last) * layer.next_outputs;
        let d4 = min(row + 4u, last) * layer.next_outputs;
        let d5 = min(row + 5u, last) * layer.next_outputs;
        let d6 = min(row + 6u, last) * layer.next_outputs;
        let d7 = min(row + 7u, last) * layer.next_outputs;
        var a = mat4x4<f32>();
        var b = mat4x4<f32>();
        var c = mat4x4<f32>();
        var d = mat4x4<f32>();
        var w = layer.next_weight + 8u * column;
        // The next layer has as many inputs as this one outputs: blocks of its weight are so far apart.
        let apart = 8u * layer.outputs;
        for (var k = 0u; k < layer.next_outputs; k++) {
            let above = mat4x4<f32>(dz_next[d0 + k], dz_next[d1 + k], dz_next[d2 + k], dz_next[d3 + k]);
            let below = mat4x4<f32>(dz_next[d4 + k], dz_next[d5 + k], dz_next[d6 + k], dz_next[d7 + k]);
            let left = transpose(mat4x4<f32>(parameters[w], parameters[w + 2u], parameters[w + 4u], parameters[w + 6u]));
            let right = transpose(mat4x4<f32>(parameters[w + 8u], parameters[w + 10u], parameters[w + 12u], parameters[w + 14u]));
            a += left * above;
            b += right * above;
            c += left * below;
            d += right * below;
            // From the left half of a block to its right half, then to the next block.
            w += select(1u, apart - 1u, (k & 1u) == 1u);
        }
        let at = row * layer.outputs + column;
        let rows = step.rows - row;
        sums += put(at, mean, a[0], b[0]);
        if rows > 1u { sums += put(at + 1u * layer.outputs, mean, a[1], b[1]); }
        if rows > 2u { sums += put(at + 2u * layer.outputs, mean, a[2], b[2]); }
        if rows > 3u { sums += put(at + 3u * layer.outputs, mean, a[3], b[3]); }
        if rows > 4u { sums += put(at + 4u * layer.outputs, mean, c[0], d[0]); }
        if rows > 5u { sums += put(at + 5u * layer.outputs, mean, c[1], d[1]); }
        if rows > 6u { sums += put(at + 6u * layer.outputs, mean, c[2], d[2]); }
        if rows > 7u { sums += put(at + 7u * layer.outputs, mean, c[3], d[3]); }
    }
    if normalization == NORM_LAYER {
        return;
    }

    for (var i = 0u; i < 16u; i++) {
        parts[thread][i] = sums[i / 4u][i % 4u];
    }
    workgroupBarrier();
    var of_column = 0.0;
    for (var i = 0u; i < 16u; i++) {
        of_column += parts[i][thread];
    }
    totals[thread] = of_column;
    workgroupBarrier();
    let total = mat4x4<f32>(
        totals[0], totals[1], totals[2], totals[3], totals[4], totals[5], totals[6], totals[7],
        totals[8], totals[9], totals[10], totals[11], totals[12], totals[13], totals[14], totals[15],
    );
    if normalization == NORM_NONE {
        if thread == 0u {
            gradient[layer.bias + column] = total[0];
            gradient[layer.bias + column + 1u] = total[1];
        }
        return;
    }

    // The batch's mean takes any constant out again: the bias has no gradient, and its place stays 0.
    var factor = mat2x4<f32>();
    var shift = mat2x4<f32>();
    var slope = mat2x4<f32>();
    let share = 1.0 / f32(step.rows);
    for (var i = 0u; i < 2u; i++) {
        let inverse = z[layer.means + layer.outputs + column + i];
        let product = select(total[2], total[3], i == 1u) * inverse;
        let sum = select(total[0], total[1], i == 1u);
        if thread == 0u {
            gradient[layer.scale + column + i] = product;
            gradient[layer.shift + column + i] = sum;
        }
        factor[i] = parameters[layer.scale + column + i] * inverse;
        shift[i] = sum * share;
        slope[i] = product * share * inverse;
    }
    for (var chunk = first; chunk < step.rows; chunk += 128u) {
        for (var row = chunk; row < min(chunk + 8u, step.rows); row++) {
            let at = row * layer.outputs + column;
            dz[at] = factor[0] * (dz[at] - shift[0] - (z[at] - mean[0]) * slope[0]);
            dz[at + 1u] = factor[1] * (dz[at + 1u] - shift[1] - (z[at + 1u] - mean[1]) * slope[1]);
        }
    }
}

// From dx to dy, back through residual block and activation, for 8 columns of a row. Returns what they add to the sums.
fn put(at: u32, mean: mat2x4<f32>, left: vec4<f32>, right: vec4<f32>) -> mat4x4<f32> {
    var dy = mat2x4<f32>(left, right);
    if layer.starts_block == 1u {
        dy += mat2x4<f32>(skipped[at], skipped[at + 1u]);
    }
    dy = mat2x4<f32>(dy[0] * slope_at(y[at], layer.slope), dy[1] * slope_at(y[at + 1u], layer.slope));
    if layer.ends_block == 1u {
        skipped[at] = dy[0];
        skipped[at + 1u] = dy[1];
    }
    dz[at] = dy[0];
    dz[at + 1u] = dy[1];
    if normalization == NORM_BATCH {
        return mat4x4<f32>(dy[0], dy[1], dy[0] * (z[at] - mean[0]), dy[1] * (z[at + 1u] - mean[1]));
    }
    return mat4x4<f32>(dy[0], dy[1], vec4<f32>(), vec4<f32>());
}
