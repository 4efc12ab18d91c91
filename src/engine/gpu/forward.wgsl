// A hidden layer, forward: z = x W, its columns' statistics, and y = activation(normalise(z + bias) + shortcut).
//
// A workgroup owns all rows of a batch for a block of 8 columns, so the statistics need no other one. A thread owns 8 rows in every 128;
// it writes z and reads back what it wrote itself. Layer normalisation takes z from here (rows_forward.wgsl).

@group(0) @binding(0) var<uniform> layer: Layer;
@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> order: array<u32>;
@group(0) @binding(3) var<storage, read> parameters: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read> shortcut: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read_write> z: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read_write> y: array<vec4<f32>>;
@group(0) @binding(7) var<storage, read_write> running: array<vec4<f32>>;
@group(1) @binding(0) var<uniform> step: Step;

// Of each thread's rows: 8 columns' sums, then 8 columns' squares around the mean.
var<workgroup> parts: array<array<f32, 16>, 16>;
// The same over all threads.
var<workgroup> totals: array<f32, 16>;

// Where row `row` of x begins.
fn place(row: u32) -> u32 {
    if layer.gathered == 1u && step.statistics == TRAINING {
        return order[step.start + row] * layer.inputs;
    }
    return row * layer.inputs;
}

@compute @workgroup_size(16)
fn forward(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
    let begin = group.y * step.size;
    let end = select(begin + step.size, step.rows, group.y + 1u == step.batches);
    let column = 2u * group.x;
    let first = begin + 8u * thread;

    var sum = mat2x4<f32>();
    for (var row = first; row < end; row += 128u) {
        let x0 = place(row);
        let x1 = place(min(row + 1u, end - 1u));
        let x2 = place(min(row + 2u, end - 1u));
        let x3 = place(min(row + 3u, end - 1u));
        let x4 = place(min(row + 4u, end - 1u));
        let x5 = place(min(row + 5u, end - 1u));
        let x6 = place(min(row + 6u, end - 1u));
        let x7 = place(min(row + 7u, end - 1u));
        // A matrix for 4 rows and 4 columns: its columns are the rows.
        var a = mat4x4<f32>();
        var b = mat4x4<f32>();
        var c = mat4x4<f32>();
        var d = mat4x4<f32>();
        var w = layer.weight + 4u * column * layer.inputs;
        for (var k = 0u; k < layer.inputs; k++) {
            let above = mat4x4<f32>(x[x0 + k], x[x1 + k], x[x2 + k], x[x3 + k]);
            let below = mat4x4<f32>(x[x4 + k], x[x5 + k], x[x6 + k], x[x7 + k]);
            let left = mat4x4<f32>(parameters[w], parameters[w + 2u], parameters[w + 4u], parameters[w + 6u]);
            let right = mat4x4<f32>(parameters[w + 1u], parameters[w + 3u], parameters[w + 5u], parameters[w + 7u]);
            a += left * above;
            b += right * above;
            c += left * below;
            d += right * below;
            w += 8u;
        }
        let to = row * layer.outputs + column;
        let rows = end - row;
        sum += put(to, a[0], b[0]);
        if rows > 1u { sum += put(to + 1u * layer.outputs, a[1], b[1]); }
        if rows > 2u { sum += put(to + 2u * layer.outputs, a[2], b[2]); }
        if rows > 3u { sum += put(to + 3u * layer.outputs, a[3], b[3]); }
        if rows > 4u { sum += put(to + 4u * layer.outputs, c[0], d[0]); }
        if rows > 5u { sum += put(to + 5u * layer.outputs, c[1], d[1]); }
        if rows > 6u { sum += put(to + 6u * layer.outputs, c[2], d[2]); }
        if rows > 7u { sum += put(to + 7u * layer.outputs, c[3], d[3]); }
    }
    if normalization == NORM_LAYER {
        return;
    }

    let bias = pair(layer.bias + column);
    var factor = mat2x4<f32>(vec4<f32>(1.0), vec4<f32>(1.0));
    var offset = bias;
    if normalization == NORM_BATCH {
        let scale = pair(layer.scale + column);
        let shift = pair(layer.shift + column);
        let at = layer.running + column;
        if step.statistics == RUNNING {
            for (var i = 0u; i < 2u; i++) {
                factor[i] = scale[i] / sqrt(running[at + layer.outputs + i] + NORM_EPSILON);
                offset[i] = shift[i] + (bias[i] - running[at + i]) * factor[i];
            }
        } else {
            let rows = f32(end - begin);
            let mean = total(0u, thread, sum) * (1.0 / rows);
            var square = mat2x4<f32>();
            for (var chunk = first; chunk < end; chunk += 128u) {
                for (var row = chunk; row < min(chunk + 8u, end); row++) {
                    let at = row * layer.outputs + column;
                    let left = z[at] - mean[0];
                    let right = z[at + 1u] - mean[1];
                    square += mat2x4<f32>(left * left, right * right);
                }
            }
            let variance = total(8u, thread, square) * (1.0 / rows);
            for (var i = 0u; i < 2u; i++) {
                let inverse = 1.0 / sqrt(variance[i] + NORM_EPSILON);
                factor[i] = scale[i] * inverse;
                offset[i] = shift[i] - mean[i] * factor[i];
                if step.statistics == TRAINING && thread == 0u {
                    z[layer.means + column + i] = mean[i];
                    z[layer.means + layer.outputs + column + i] = inverse;
                    let unbiased = variance[i] * (rows / (rows - 1.0));
                    running[at + i] += RUNNING_MOMENTUM * (mean[i] + bias[i] - running[at + i]);
                    running[at + layer.outputs + i] += RUNNING_MOMENTUM * (unbiased - running[at + layer.outputs + i]);
                }
            }
        }
    }
    for (var chunk = first; chunk < end; chunk += 128u) {
        for (var row = chunk; row < min(chunk + 8u, end); row++) {
            let at = row * layer.outputs + column;
            var left = z[at] * factor[0] + offset[0];
            var right = z[at + 1u] * factor[1] + offset[1];
            if layer.ends_block == 1u {
                left += shortcut[at];
                right += shortcut[at + 1u];
            }
            y[at] = activate(left, layer.slope);
            y[at + 1u] = activate(right, layer.slope);
        }
    }
}

// Writes 8 columns of a row of z.
fn put(to: u32, left: vec4<f32>, right: vec4<f32>) -> mat2x4<f32> {
    z[to] = left;
    z[to + 1u] = right;
    return mat2x4<f32>(left, right);
}

// The sum of `part` over all threads, through places `at` to `at` + 7 of the workgroup's memory. A thread sums a column.
fn total(at: u32, thread: u32, part: mat2x4<f32>) -> mat2x4<f32> {
    for (var i = 0u; i < 4u; i++) {
        parts[thread][at + i] = part[0][i];
        parts[thread][at + 4u + i] = part[1][i];
    }
    workgroupBarrier();
    if thread < 8u {
        var sum = 0.0;
        for (var i = 0u; i < 16u; i++) {
            sum += parts[i][at + thread];
        }
        totals[at + thread] = sum;
    }
    workgroupBarrier();
    return mat2x4<f32>(
        totals[at], totals[at + 1u], totals[at + 2u], totals[at + 3u],
        totals[at + 4u], totals[at + 5u], totals[at + 6u], totals[at + 7u],
    );
}

fn pair(at: u32) -> mat2x4<f32> {
    return mat2x4<f32>(parameters[at], parameters[at + 1u]);
}
