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

// For each thread: sums over its rows of dy, and of dy times the centred z.
var<workgroup> sums: array<mat4x4<f32>, 32>;

@compute @workgroup_size(32)
fn backward(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
    let wanted = 4u * group.x + 2u * (thread & 1u);
    let owns = wanted < layer.outputs;
    let column = select(0u, wanted, owns);
    let first = 8u * (thread >> 1u);
    var mean = mat2x4<f32>();
    if normalization == NORM_BATCH {
        mean = mat2x4<f32>(z[layer.means + column], z[layer.means + column + 1u]);
    }

    var sum = mat4x4<f32>();
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
        let w0 = layer.next_weight + 4u * column * layer.next_outputs;
        let w1 = w0 + layer.next_outputs;
        let w2 = w1 + layer.next_outputs;
        let w3 = w2 + layer.next_outputs;
        let w4 = w3 + layer.next_outputs;
        let w5 = w4 + layer.next_outputs;
        let w6 = w5 + layer.next_outputs;
        let w7 = w6 + layer.next_outputs;
        var a = mat4x4<f32>();
        var b = mat4x4<f32>();
        var c = mat4x4<f32>();
        var d = mat4x4<f32>();
        for (var k = 0u; k < layer.next_outputs; k++) {
            let above = mat4x4<f32>(dz_next[d0 + k], dz_next[d1 + k], dz_next[d2 + k], dz_next[d3 + k]);
            let below = mat4x4<f32>(dz_next[d4 + k], dz_next[d5 + k], dz_next[d6 + k], dz_next[d7 + k]);
            let left = transpose(mat4x4<f32>(parameters[w0 + k], parameters[w1 + k], parameters[w2 + k], parameters[w3 + k]));
            let right = transpose(mat4x4<f32>(parameters[w4 + k], parameters[w5 + k], parameters[w6 + k], parameters[w7 + k]));
            a += left * above;
            b += right * above;
            c += left * below;
            d += right * below;
        }
        let at = row * layer.outputs + column;
        let rows = step.rows - row;
        sum += put(at, owns, mean, a[0], b[0]);
        if rows > 1u { sum += put(at + 1u * layer.outputs, owns, mean, a[1], b[1]); }
        if rows > 2u { sum += put(at + 2u * layer.outputs, owns, mean, a[2], b[2]); }
        if rows > 3u { sum += put(at + 3u * layer.outputs, owns, mean, a[3], b[3]); }
        if rows > 4u { sum += put(at + 4u * layer.outputs, owns, mean, c[0], d[0]); }
        if rows > 5u { sum += put(at + 5u * layer.outputs, owns, mean, c[1], d[1]); }
        if rows > 6u { sum += put(at + 6u * layer.outputs, owns, mean, c[2], d[2]); }
        if rows > 7u { sum += put(at + 7u * layer.outputs, owns, mean, c[3], d[3]); }
    }
    if normalization == NORM_LAYER {
        return;
    }

    sums[thread] = sum;
    workgroupBarrier();
    if !owns {
        return;
    }
    var total = mat4x4<f32>();
    for (var i = thread & 1u; i < 32u; i += 2u) {
        total += sums[i];
    }
    if normalization == NORM_NONE {
        if thread < 2u {
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
        let product = total[2u + i] * inverse;
        if thread < 2u {
            gradient[layer.scale + column + i] = product;
            gradient[layer.shift + column + i] = total[i];
        }
        factor[i] = parameters[layer.scale + column + i] * inverse;
        shift[i] = total[i] * share;
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
fn put(at: u32, owns: bool, mean: mat2x4<f32>, left: vec4<f32>, right: vec4<f32>) -> mat4x4<f32> {
    if !owns {
        return mat4x4<f32>();
    }
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
