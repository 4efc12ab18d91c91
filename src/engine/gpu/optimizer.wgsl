// The update of all parameters, as one sweep over their slab, a thread 4 of them. Each layer's part begins at a workgroup's.

// What one layer's update takes. Adam's bias corrections are in `rate` and `root`.
struct Rate {
    rate: f32,
    root: f32,
    // Whether the layer learns.
    learns: u32,
}

@group(0) @binding(0) var<storage, read> layers: array<u32>;
@group(0) @binding(1) var<storage, read> rates: array<Rate>;
@group(0) @binding(2) var<storage, read> gradient: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> parameters: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> firsts: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read_write> seconds: array<vec4<f32>>;
@group(1) @binding(0) var<uniform> step: Step;

const SGD: u32 = 0;
const MOMENTUM: u32 = 1;

override rule: u32 = 0;
override momentum: f32 = 0.0;
override weight_decay: f32 = 0.0;

const BETA1: f32 = 0.9;
const BETA2: f32 = 0.999;
const EPSILON: f32 = 1e-8;

@compute @workgroup_size(256)
fn optimizer(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
    let rate = rates[step.rates + layers[group.x]];
    if rate.learns == 0u {
        return;
    }
    let at = 256u * group.x + thread;
    let weight = parameters[at];
    let g = gradient[at] + weight_decay * weight;
    if rule == SGD {
        parameters[at] = weight - rate.rate * g;
        return;
    }
    if rule == MOMENTUM {
        let velocity = momentum * firsts[at] + g;
        firsts[at] = velocity;
        parameters[at] = weight - rate.rate * velocity;
        return;
    }
    let first = BETA1 * firsts[at] + (1.0 - BETA1) * g;
    let second = BETA2 * seconds[at] + (1.0 - BETA2) * g * g;
    firsts[at] = first;
    seconds[at] = second;
    parameters[at] = weight - rate.rate * first / (sqrt(second) * rate.root + EPSILON);
}
