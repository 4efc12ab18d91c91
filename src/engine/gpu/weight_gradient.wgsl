
// The gradient of a weight, x^T dz. A workgroup owns 16 inputs and 128 outputs, of which a thread makes a tile or, of 8 threads, 4 tiles:
// what shapes.wgsl calls the rows of a tile are here outputs, and its columns inputs.
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

// Where these rows of x begin.
fn places(rows: vec4<u32>) -> vec4<u32> {
    if layer.gathered == 1u {
        let at = step.start + rows;
        return vec4<u32>(order[at.x], order[at.y], order[at.z], order[at.w]) * layer.inputs;
    }
    return rows * layer.inputs;
}

// Outputs of a workgroup, in vec4s.
const ACROSS = 32u;

// 16 inputs of 4 rows, as weights of a product: a matrix for each 4 inputs, in it a column for each row.
fn inputs(at: vec4<u32>) -> Tile {
    return Tile(four(at), four(at + 1u), four(at + 2u), four(at + 3u));
}

fn four(at: vec4<u32>) -> mat4x4<f32> {
    return mat4x4<f32>(x[at.x], x[at.y], x[at.z], x[at.w]);
}

// 4 outputs of 4 rows: a column of the matrix for each output.
fn deltas(at: vec4<u32>, there: vec4<f32>) -> mat4x4<f32> {
    return transpose(mat4x4<f32>(dz[at.x] * there.x, dz[at.y] * there.y, dz[at.z] * there.z, dz[at.w] * there.w));
}

@compute @workgroup_size(threads)
fn weight_gradient(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
    let across = (layer.outputs + ACROSS - 1u) / ACROSS;
    let groups = across * (layer.inputs / 4u);
    if group.x >= groups {
        column_sums(threads * (group.x - groups) + thread);
        return;
    }
    let input = 4u * (group.x / across);
    let output = ACROSS * (group.x % across) + thread;
    let last = step.rows - 1u;
    var t0 = Tile();
    var t1 = Tile();
    var t2 = Tile();
    var t3 = Tile();
    for (var row = 0u; row < step.rows; row += 4u) {
        // Past the end stands the last row again, which must not count twice.
        let rows = row + vec4<u32>(0u, 1u, 2u, 3u);
        let there = vec4<f32>(rows <= vec4<u32>(last));
        let inside = min(rows, vec4<u32>(last));
        let w = inputs(input + places(inside));
        // Past the last output stands nothing that is written.
        let at = inside * layer.outputs;
        let end = layer.outputs - 1u;
        t0 = plus(t0, w, deltas(at + min(output, end), there));
        if threads == 8u {
            t1 = plus(t1, w, deltas(at + min(output + 8u, end), there));
            t2 = plus(t2, w, deltas(at + min(output + 16u, end), there));
            t3 = plus(t3, w, deltas(at + min(output + 24u, end), there));
        }
    }
    put(input, output, t0);
    if threads == 8u {
        put(input, output + 8u, t1);
        put(input, output + 16u, t2);
        put(input, output + 24u, t3);
    }
}

// Writes the gradient from 16 inputs to 4 outputs, if those are there.
fn put(input: u32, output: u32, tile: Tile) {
    if output < layer.outputs {
        let to = layer.weight + 16u * (output / 4u) * layer.inputs + output % 4u + 16u * input;
        put_four(to, transpose(tile.a));
        put_four(to + 16u, transpose(tile.b));
        put_four(to + 32u, transpose(tile.c));
        put_four(to + 48u, transpose(tile.d));
    }
}

fn put_four(to: u32, inputs: mat4x4<f32>) {
    gradient[to] = inputs[0];
    gradient[to + 4u] = inputs[1];
    gradient[to + 8u] = inputs[2];
    gradient[to + 12u] = inputs[3];
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
