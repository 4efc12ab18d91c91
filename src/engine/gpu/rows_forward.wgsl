// A hidden layer behind its product, with layer normalisation: y = activation(normalise(z + bias) + shortcut), a thread a row.

@group(0) @binding(0) var<uniform> layer: Layer;
@group(0) @binding(1) var<storage, read> parameters: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> shortcut: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> z: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> y: array<vec4<f32>>;
@group(1) @binding(0) var<uniform> step: Step;

@compute @workgroup_size(16)
fn rows_forward(@builtin(global_invocation_id) id: vec3<u32>) {
    let row = id.x;
    if row >= step.rows {
        return;
    }
    let at = row * layer.outputs;
    var total = vec4<f32>();
    for (var j = 0u; j < layer.outputs; j++) {
        total += z[at + j] + parameters[layer.bias + j];
    }
    let mean = dot(total, vec4<f32>(1.0)) / f32(layer.width);
    var squares = vec4<f32>();
    for (var j = 0u; j < layer.outputs; j++) {
        let inside = vec4<f32>(4u * j + vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(layer.width));
        let centred = (z[at + j] + parameters[layer.bias + j] - mean) * inside;
        squares += centred * centred;
    }
    let inverse = 1.0 / sqrt(dot(squares, vec4<f32>(1.0)) / f32(layer.width) + NORM_EPSILON);
    for (var j = 0u; j < layer.outputs; j++) {
        var value = (z[at + j] + parameters[layer.bias + j] - mean) * inverse * parameters[layer.scale + j] + parameters[layer.shift + j];
        if layer.ends_block == 1u {
            value += shortcut[at + j];
        }
        y[at + j] = activate(value, layer.slope);
    }
    if step.statistics == TRAINING {
        z[layer.means + row] = vec4<f32>(mean, inverse, 0.0, 0.0);
    }
}
