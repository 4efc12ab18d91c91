// Back through layer normalisation, from dy to dz, a thread a row.

@group(0) @binding(0) var<uniform> layer: Layer;
@group(0) @binding(1) var<storage, read> dy: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> parameters: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> z: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> dz: array<vec4<f32>>;
@group(1) @binding(0) var<uniform> step: Step;

@compute @workgroup_size(16)
fn rows_backward(@builtin(global_invocation_id) id: vec3<u32>) {
    let row = id.x;
    if row >= step.rows {
        return;
    }
    let at = row * layer.outputs;
    let mean = z[layer.means + row].x;
    let inverse = z[layer.means + row].y;
    // Padded columns have scale 0, so they add nothing.
    var sum = vec4<f32>();
    var product = vec4<f32>();
    for (var j = 0u; j < layer.outputs; j++) {
        let delta = dy[at + j] * parameters[layer.scale + j];
        sum += delta;
        product += delta * (z[at + j] + parameters[layer.bias + j] - mean) * inverse;
    }
    let mean_delta = dot(sum, vec4<f32>(1.0)) / f32(layer.width);
    let mean_product = dot(product, vec4<f32>(1.0)) / f32(layer.width);
    for (var j = 0u; j < layer.outputs; j++) {
        let inside = vec4<f32>(4u * j + vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(layer.width));
        let delta = dy[at + j] * parameters[layer.scale + j];
        let normalized = (z[at + j] + parameters[layer.bias + j] - mean) * inverse;
        dz[at + j] = inside * inverse * (delta - mean_delta - normalized * mean_product);
    }
}
