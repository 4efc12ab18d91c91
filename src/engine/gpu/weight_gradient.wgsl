// The gradient of a weight, x^T dz: a thread makes a block of 8 inputs and 8 outputs.
//
// The last workgroups take column sums instead: the gradients of a classifier's bias, and of a layer normalisation's bias, scale and
// shift, 4 columns a thread.

@group(0) @binding(0) var<uniform> layer: Layer;
@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> order: array<u32>;
@group(0) @binding(3) var<storage, read> dz: array<vec4<f32>>;
// With layer normalisation: the gradient before it, and z.
@group(0) @binding(4) var<storage, read> dy: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read> z: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read> parameters: array<vec4<f32>>;
@group(0) @binding(7) var<storage, read_write> gradient: array<vec4<f32>>;
@group(1) @binding(0) var<uniform> step: Step;

// Where row `row` of x begins.
fn place(row: u32) -> u32 {
    if layer.gathered == 1u {
        return order[step.start + row] * layer.inputs;
    }
    return row * layer.inputs;
}

@compute @workgroup_size(32)
fn weight_gradient(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
    let across = layer.outputs / 2u;
    let blocks = across * (layer.inputs / 2u);
    let groups = (blocks + 31u) / 32u;
    if group.x >= groups {
        column_sums(32u * (group.x - groups) + thread);
        return;
    }
    let block = 32u * group.x + thread;
    if block >= blocks {
        return;
    }
    let input = 2u * (block / across);
    let output = 2u * (block % across);
    var a = mat4x4<f32>();
    var b = mat4x4<f32>();
    var c = mat4x4<f32>();
    var d = mat4x4<f32>();
    for (var row = 0u; row < step.rows; row += 4u) {
        let r1 = min(row + 1u, step.rows - 1u);
        let r2 = min(row + 2u, step.rows - 1u);
        let r3 = min(row + 3u, step.rows - 1u);
        let x0 = place(row) + input;
        let x1 = place(r1) + input;
        let x2 = place(r2) + input;
        let x3 = place(r3) + input;
        let d0 = row * layer.outputs + output;
        let d1 = r1 * layer.outputs + output;
        let d2 = r2 * layer.outputs + output;
        let d3 = r3 * layer.outputs + output;
        let above = transpose(mat4x4<f32>(x[x0], x[x1], x[x2], x[x3]));
        let below = transpose(mat4x4<f32>(x[x0 + 1u], x[x1 + 1u], x[x2 + 1u], x[x3 + 1u]));
        var left = mat4x4<f32>(dz[d0], dz[d1], dz[d2], dz[d3]);
        var right = mat4x4<f32>(dz[d0 + 1u], dz[d1 + 1u], dz[d2 + 1u], dz[d3 + 1u]);
        // Past the end stands the last row again, which must not count twice.
        if row + 4u > step.rows {
            let there = vec4<f32>(row + vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(step.rows));
            left = mat4x4<f32>(left[0], left[1] * there.y, left[2] * there.z, left[3] * there.w);
            right = mat4x4<f32>(right[0], right[1] * there.y, right[2] * there.z, right[3] * there.w);
        }
        a += left * above;
        b += right * above;
        c += left * below;
        d += right * below;
    }
    let to = layer.weight + 8u * input + 4u * output * layer.inputs;
    put(to, a[0], b[0]);
    put(to + 2u, a[1], b[1]);
    put(to + 4u, a[2], b[2]);
    put(to + 6u, a[3], b[3]);
    put(to + 8u, c[0], d[0]);
    put(to + 10u, c[1], d[1]);
    put(to + 12u, c[2], d[2]);
    put(to + 14u, c[3], d[3]);
}

fn put(to: u32, left: vec4<f32>, right: vec4<f32>) {
    gradient[to] = left;
    gradient[to + 1u] = right;
}

fn column_sums(column: u32) {
    if column >= layer.outputs {
        return;
    }
    var bias = vec4<f32>();
    var scale = vec4<f32>();
    var shift = vec4<f32>();
    for (var row = 0u; row < step.rows; row++) {
        let at = row * layer.outputs + column;
        bias += dz[at];
        if normalization == NORM_LAYER {
            let mean = z[layer.means + row].x;
            let inverse = z[layer.means + row].y;
            shift += dy[at];
            scale += dy[at] * (z[at] + parameters[layer.bias + column] - mean) * inverse;
        }
    }
    gradient[layer.bias + column] = bias;
    if normalization == NORM_LAYER {
        gradient[layer.scale + column] = scale;
        gradient[layer.shift + column] = shift;
    }
}
